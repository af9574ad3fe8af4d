// SQLite databases, opened read-only: every plain table is a dataset. Views and virtual tables, which run code, are not read.

import {ImportError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {GridRow, ReadItem, ReadRequest} from './items.ts';
import {inBatches} from './items.ts';

const maxTables = 100;
const maxCellBytes = 4 * 2 ** 20;

/** Every table, or the one that was chosen. */
export async function* sqliteItems(request: ReadRequest): AsyncGenerator<ReadItem> {
  const {DatabaseSync} = await import('node:sqlite');
  const database = new DatabaseSync(request.path, {
    readOnly: true,
    allowExtension: false,
    limits: {length: maxCellBytes},
  });
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0');
    let warning = request.choice === undefined ? aboutViews(namesOf(database, 'view')) : undefined;
    for (const name of chooseTables(namesOf(database, 'table'), request)) {
      const query = database.prepare(`SELECT * FROM ${quoteName(name)}`);
      query.setReadBigInts(true);
      query.setReturnArrays(true);
      yield {kind: 'table', name, names: query.columns().map(column => column.name), warning};
      warning = undefined;
      yield* inBatches(textRows(query.iterate()));
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof Error && error.message === 'string or blob too big') {
      throw new ImportError('import.cell_too_long', `${request.shown} has a cell of more than 4 MB.`, {
        hint: 'Leave that column out, or export the table as CSV.',
      });
    }
    throw new ImportError('import.damaged', `${request.shown} is a damaged or encrypted SQLite database.`, {
      hint: 'Copy it again while no program writes to it.',
      cause: error,
    });
  } finally {
    database.close();
  }
}

type Database = InstanceType<typeof import('node:sqlite').DatabaseSync>;

function namesOf(database: Database, type: 'table' | 'view'): string[] {
  const rows = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )
    .all(type);
  return rows.map(row => String(row.name));
}

function aboutViews(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const list = names.slice(0, 10).map(name => printable(name, {oneLine: true}));
  return `Views are not read, since they run code: ${list.join(', ')}${names.length > list.length ? ', …' : ''}. Save one as a table to import it.`;
}

function chooseTables(names: readonly string[], {choice, shown}: ReadRequest): readonly string[] {
  const list = names
    .map(name => printable(name, {oneLine: true}))
    .slice(0, 20)
    .join(', ');
  if (choice === undefined) {
    if (names.length <= maxTables) return names;
    throw new ImportError('import.many_entries', `${shown} holds ${names.length} tables.`, {
      hint: `Choose one with --sheet: ${list}, …`,
    });
  }
  if (names.includes(choice)) return [choice];
  throw new ImportError('import.no_entry', `${shown} has no table called "${printable(choice, {oneLine: true})}".`, {
    hint: `Its tables: ${list}.`,
  });
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
