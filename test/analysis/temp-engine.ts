// A real query engine over tables written as SQL, in a folder of its own.

import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Dataset} from '../../src/core/dataset.ts';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import type {SqlEngine} from '../../src/engine/sql-engine.ts';

export type TempEngine = {
  engine: SqlEngine;
  /** Makes a dataset from one SELECT. */
  dataset(name: string, select: string): Promise<Dataset>;
  close(): Promise<void>;
};

export async function openTempEngine(): Promise<TempEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'ds-agent-analysis-'));
  const engine = await openQueryEngine({dataDirectory: folder, spillDirectory: join(folder, 'spill'), threads: 2});
  return {
    engine,
    async dataset(name, select) {
      const parquet = join(folder, `${name}.parquet`);
      const {rows} = await engine.writeParquet(select, parquet, {});
      await engine.addDataset(name, parquet);
      const {table} = await engine.query(`SELECT * FROM "${name}" LIMIT 0`, {maxRows: 1});
      const columns = table.columns.map(column => ({
        ...column,
        originalName: column.name,
        nullCount: 0,
        distinctCount: 0,
        min: null,
        max: null,
        topValues: [],
        notes: [],
      }));
      const source = {kind: 'query' as const, sql: select, parents: []};
      const version = {
        version: 1,
        createdAt: '2024-01-01T00:00:00Z',
        parquet,
        sha256: '0'.repeat(64),
        rows,
        columns,
        source,
        warnings: [],
      };
      return {name, versions: [version], current: 1};
    },
    async close() {
      engine.close();
      await rm(folder, {recursive: true, force: true});
    },
  };
}
