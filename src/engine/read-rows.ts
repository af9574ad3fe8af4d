// Reads the rows of one running statement up to a cap, so that a careless SELECT * can't fill the memory.

import type {DuckDBPreparedStatement} from '@duckdb/node-api';
import type {Cell, Table} from '../core/dataset.ts';
import {appendCells, kindOf, typeName} from './cells.ts';

/** Every row once, in the batches in which the engine makes them. */
export async function scanRows(
  statement: DuckDBPreparedStatement,
  onRows: (rows: Cell[][]) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await statement.stream();
  const types = Array.from({length: result.columnCount}, (_, index) => result.columnType(index));
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    const rows: Cell[][] = [];
    appendCells(rows, chunk, types, chunk.rowCount);
    onRows(rows);
  }
}

/** At most `maxRows` rows; `totalRows` is null when there are more. */
export async function readRows(
  statement: DuckDBPreparedStatement,
  maxRows: number,
  signal: AbortSignal | undefined,
): Promise<Table> {
  const result = await statement.stream();
  const types = Array.from({length: result.columnCount}, (_, index) => result.columnType(index));
  const columns = types.map((type, index) => ({
    name: result.columnName(index),
    type: typeName(type),
    kind: kindOf(type),
  }));
  const rows: Cell[][] = [];
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return {columns, rows, totalRows: rows.length};
    const count = Math.min(chunk.rowCount, maxRows - rows.length);
    if (count > 0) appendCells(rows, chunk, types, count);
    if (count < chunk.rowCount) return {columns, rows, totalRows: null};
  }
}
