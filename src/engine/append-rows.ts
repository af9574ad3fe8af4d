// Rows from a statement through a function into a table, a chunk at a time, so that memory does not grow with them.

import {DOUBLE, type DuckDBConnection, DuckDBDataChunk} from '@duckdb/node-api';
import type {Cell} from '../core/dataset.ts';
import {cellOf} from './cells.ts';

/** @throws {Error} when `map` gives another number of columns than before, or of rows */
export async function appendRows(
  {reading, writing}: {reading: DuckDBConnection; writing: DuckDBConnection},
  table: string,
  sql: string,
  map: (cells: Cell[][], rows: number) => Promise<readonly Float64Array[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await reading.stream(sql);
  const appender = await writing.createAppender(table);
  const types = Array.from({length: appender.columnCount}, () => DOUBLE);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const {rowCount} = chunk;
      const cells = Array.from({length: chunk.columnCount}, (_, j) =>
        chunk.getColumnValues(j).map(value => cellOf(value)),
      );
      const made = await map(cells, rowCount);
      if (made.length !== types.length || made.some(column => column.length !== rowCount))
        throw new Error(`${made.length} columns for ${types.length}, or another number of rows than ${rowCount}`);
      const out = DuckDBDataChunk.create(types, rowCount);
      made.forEach((column, j) => {
        out.setColumnValues(j, Array.from(column));
      });
      appender.appendDataChunk(out);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}
