// SQLite databases, opened read-only: every plain table is a dataset. Views and virtual tables, which run code, are not read.

import {ImportError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Format, LoadedTable, LoadJob} from '../job.ts';
import type {GridRow} from './grid.ts';
import {loadGrid} from './grid.ts';

const maxTables = 100;

export const sqlite: Format = {
  name: 'sqlite',
  kinds: ['sqlite'],
  async load(job) {
    const {DatabaseSync} = await import('node:sqlite');
    const database = new DatabaseSync(job.stored.path, {readOnly: true, allowExtension: false});
    try {
      const tables: LoadedTable[] = [];
      for (const name of chooseTables(tableNames(database), job)) {
        const query = database.prepare(`SELECT * FROM ${quoteName(name)}`);
        query.setReadBigInts(true);
        query.setReturnArrays(true);
        const names = query.columns().map(column => column.name);
        const table = await loadGrid(job, textRows(query.iterate()), name, names);
        if (table) tables.push(table);
      }
      return tables;
    } catch (error) {
      if (error instanceof ImportError || job.signal.aborted) throw error;
      throw new ImportError('import.damaged', `${job.shown} is a damaged or encrypted SQLite database.`, {
        hint: 'Copy it again while no program writes to it.',
        cause: error,
      });
    } finally {
      database.close();
    }
  },
};

type Database = InstanceType<typeof import('node:sqlite').DatabaseSync>;

function tableNames(database: Database): string[] {
  const rows = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )
    .all();
  return rows.map(row => String(row.name));
}

function chooseTables(names: readonly string[], {options, shown}: LoadJob): readonly string[] {
  const list = names
    .map(name => printable(name, {oneLine: true}))
    .slice(0, 20)
    .join(', ');
  if (options.sheet === undefined) {
    if (names.length <= maxTables) return names;
    throw new ImportError('import.many_entries', `${shown} holds ${names.length} tables.`, {
      hint: `Choose one with --sheet: ${list}, …`,
    });
  }
  if (names.includes(options.sheet)) return [options.sheet];
  throw new ImportError(
    'import.no_entry',
    `${shown} has no table called "${printable(options.sheet, {oneLine: true})}".`,
    {
      hint: `Its tables: ${list}.`,
    },
  );
}

function* textRows(rows: Iterable<unknown>): Generator<GridRow> {
  let line = 0;
  for (const row of rows) {
    line++;
    if (Array.isArray(row)) yield {line, cells: row.map(cellText)};
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  return String(value);
}
