// The engine of one import: runs statements of our own, reads the stored upload, writes into the data directory.

import type {Cell, Table} from '../core/dataset.ts';
import type {EngineOptions} from './duckdb.ts';
import {openLockedInstance, withFirstConnection} from './instance.ts';
import {readRows} from './read-rows.ts';

export interface ImportEngine {
  /**
   * Runs statements of ours (never of a user or a model) and gives the rows of the last one.
   * @throws what DuckDB says, as an Error with its text; the caller knows what it asked for
   */
  run(sql: string, signal?: AbortSignal): Promise<Table>;
  /**
   * Reads the rows of a SELECT a few thousand at a time and appends to `table`, whose columns are all DOUBLE, what `map`
   * makes of each piece: as many rows, in their order. `cells[j][i]` is column j of row i. Same errors as `run`.
   */
  append(
    table: string,
    sql: string,
    map: (cells: Cell[][], rows: number) => Promise<readonly Float64Array[]>,
    signal?: AbortSignal,
  ): Promise<void>;
  close(): void;
}

const lookEveryMs = 200;

/** `onProgress` hears now and then what share (0 to 1) of the running statement is done. One statement runs at a time. */
export async function openLockedImportEngine(
  options: Required<EngineOptions> & {uploads: readonly string[]; onProgress?: (share: number) => void},
): Promise<ImportEngine> {
  const instance = await openLockedInstance(options, {
    directories: [options.dataDirectory],
    files: options.uploads,
    // It makes a join of every list of words in the typing of every column: 100 columns would take seconds, not milliseconds.
    disabledOptimizers: 'in_clause',
  });
  const connection = instance.first;
  const {onProgress} = options;
  const look = () => {
    const {percentage} = connection.progress;
    if (percentage > 0) onProgress?.(Math.min(1, percentage / 100));
  };
  return {
    run(sql, signal) {
      const timer = onProgress && setInterval(look, lookEveryMs);
      return withFirstConnection(instance, signal, async () => {
        const statements = await connection.extractStatements(sql);
        let table: Table = {columns: [], rows: [], totalRows: 0};
        for (let index = 0; index < statements.count; index++) {
          signal?.throwIfAborted();
          const statement = await statements.prepare(index);
          table = await readRows(statement, Number.POSITIVE_INFINITY, signal);
          statement.destroySync();
        }
        return table;
      }).finally(() => clearInterval(timer));
    },
    append: (table, sql, map, signal) =>
      withFirstConnection(instance, signal, async () => {
        const {appendRows} = await import('./append-rows.ts');
        const writing = await instance.connect();
        try {
          await appendRows({reading: connection, writing}, table, sql, map, signal);
        } finally {
          writing.closeSync();
        }
      }),
    close: () => instance.close(),
  };
}
