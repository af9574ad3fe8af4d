// The engine of one import: runs statements of our own, reads the stored upload, writes into the data directory.

import type {Table} from '../core/dataset.ts';
import type {EngineOptions} from './duckdb.ts';
import {openLockedInstance, withConnection} from './instance.ts';
import {readRows} from './read-rows.ts';

export interface ImportEngine {
  /**
   * Runs statements of ours (never of a user or a model) and gives the rows of the last one.
   * @throws what DuckDB says, as an Error with its text; the caller knows what it asked for
   */
  run(sql: string, signal?: AbortSignal): Promise<Table>;
  close(): void;
}

export async function openLockedImportEngine(
  options: Required<EngineOptions> & {uploads: readonly string[]},
): Promise<ImportEngine> {
  const instance = await openLockedInstance(options, {
    directories: [options.dataDirectory],
    files: options.uploads,
    // It makes a join of every list of words in the typing of every column: 100 columns would take seconds, not milliseconds.
    disabledOptimizers: 'in_clause',
  });
  return {
    run: (sql, signal) =>
      withConnection(instance, signal, async connection => {
        const statements = await connection.extractStatements(sql);
        let table: Table = {columns: [], rows: [], totalRows: 0};
        for (let index = 0; index < statements.count; index++) {
          signal?.throwIfAborted();
          const statement = await statements.prepare(index);
          table = await readRows(statement, Number.POSITIVE_INFINITY, signal);
          statement.destroySync();
        }
        return table;
      }),
    close: () => instance.close(),
  };
}
