// Excel workbooks and SQLite databases: a process of their own reads them, and each table it sends is loaded as a grid.

import type {Format, LoadedTable, LoadJob} from '../job.ts';
import {readApart} from '../read-apart.ts';
import {unpackedLimit} from '../unpack.ts';
import {loadGrid} from './grid.ts';

export const xlsx: Format = {name: 'xlsx', kinds: ['xlsx'], load: job => loadTables(job, 'xlsx')};

export const sqlite: Format = {name: 'sqlite', kinds: ['sqlite'], load: job => loadTables(job, 'sqlite')};

async function loadTables(job: LoadJob, reader: 'xlsx' | 'sqlite'): Promise<LoadedTable[]> {
  const {stored, shown, options, signal, clock} = job;
  const maxBytes = unpackedLimit(job.limitBytes);
  const items = readApart(
    {reader, path: stored.path, shown, choice: options.sheet, maxBytes},
    {signal, clock, sizeBytes: stored.sizeBytes},
  );
  try {
    const tables: LoadedTable[] = [];
    let next = await items.next();
    const rows = async function* () {
      for (next = await items.next(); !next.done && next.value.kind === 'rows'; next = await items.next())
        yield* next.value.rows;
    };
    while (!next.done && next.value.kind === 'table') {
      const {name, names, warning} = next.value;
      const table = await loadGrid(job, rows(), name, names);
      if (table) tables.push({...table, warnings: [...table.warnings, ...(warning ? [warning] : [])]});
    }
    return tables;
  } finally {
    await items.return(undefined);
  }
}
