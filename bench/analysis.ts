// What the analysis costs beside DuckDB's own statements on the same file, in the same process and on as many threads.

import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {createReader} from '../src/analysis/column-values.ts';
import {correlateColumns} from '../src/analysis/correlate-columns.ts';
import {profileDataset} from '../src/analysis/profile.ts';
import {type Column, currentVersion, type Dataset} from '../src/core/dataset.ts';
import {openQueryEngine} from '../src/engine/duckdb.ts';
import {profileColumns} from '../src/engine/profile-columns.ts';
import type {SqlEngine} from '../src/engine/sql-engine.ts';
import {alternately, median, withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

const memoryLimitBytes = 2 * 2 ** 30;

/** Ten columns as real tables mix them: ids, texts of few and many values, prices, dates, gaps. */
const mixedRows = 5_000_000;
const mixedSql = `SELECT i AS id, 'customer ' || (hash(i) % 1000000) AS customer, (hash(i * 3) % 1000000) / 100.0::DOUBLE AS price,
  (hash(i * 5) % 50)::INTEGER AS quantity, ['north', 'south', 'east', 'west'][1 + (hash(i * 7) % 4)::BIGINT] AS region,
  DATE '2020-01-01' + (hash(i * 11) % 1500)::INTEGER AS day, TIMESTAMP '2020-01-01' + to_seconds((hash(i * 13) % 100000000)::BIGINT) AS moment,
  hash(i * 17) % 2 = 0 AS member, CASE WHEN hash(i * 19) % 10 = 0 THEN NULL ELSE sqrt(hash(i * 23) % 1000000007)::DOUBLE END AS score,
  ((hash(i * 29) % 100000) / 100)::DECIMAL(10, 2) AS fee FROM range(${mixedRows}) r(i)`;

const numberColumns = 100;
const numberRows = 1_000_000;
const numbersSql = `SELECT ${Array.from({length: numberColumns}, (_, c) => `hash(i * ${c + 1}) % 1000 / 7.0::DOUBLE AS c${c}`).join(', ')} FROM range(${numberRows}) r(i)`;

export async function analysis(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const options = {dataDirectory: directory, spillDirectory: join(directory, 'spill'), memoryLimitBytes};
    const engine = await openQueryEngine(options);
    try {
      return [...(await profiling(engine, directory)), ...(await correlating(engine, directory))];
    } finally {
      engine.close();
    }
  });
}

async function profiling(engine: SqlEngine, directory: string): Promise<Figure[]> {
  const dataset = await datasetOf(engine, directory, 'mixed', mixedSql);
  const duckdb = await alone(directory, 'mixed');
  let estimates = 0;
  const ours = () =>
    timed(async () => {
      const {columns} = await profileDataset(engine, dataset);
      estimates = columns.filter(({distinctIsEstimate}) => distinctIsEstimate).length;
    });
  const [profiles, summaries] = await alternately(5, ours, () => timed(() => duckdb.run('SUMMARIZE mixed')));
  duckdb.close();
  return [
    {name: 'profile of 5M × 10 / SUMMARIZE, CPU time', value: cpu(profiles) / cpu(summaries), unit: '×', budget: 0.5},
    {name: 'profile of 5M × 10, quickest', value: quickest(profiles) / 1000, unit: 's', budget: 10},
    {name: 'columns whose distinct count is estimated', value: estimates, unit: 'of 10', budget: 4},
  ];
}

async function correlating(engine: SqlEngine, directory: string): Promise<Figure[]> {
  const dataset = await datasetOf(engine, directory, 'numbers', numbersSql);
  const {columns} = currentVersion(dataset);
  const duckdb = await alone(directory, 'numbers');
  const pairs = columns.flatMap((a, index) => columns.slice(index + 1).map(b => `sum(${a.name} * ${b.name})`));
  const singles = columns.flatMap(({name}) => [`sum(${name})`, `sum(${name} * ${name})`]);
  const sums = `SELECT ${[...singles, ...pairs].join(', ')} FROM numbers`;
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const ours = () =>
    timed(() => correlateColumns(createReader(engine), {dataset: 'numbers'}, {columns, method: 'pearson'}));
  const [matrices, yardsticks] = await alternately(2, ours, () => timed(() => duckdb.run(sums)));
  clearInterval(watch);
  duckdb.close();
  const ratio = cpu(matrices) / cpu(yardsticks);
  return [
    {name: 'correlation of 100 × 1M / same sums, CPU time', value: ratio, unit: '×', budget: 2},
    {name: 'memory above the start of it', value: (peak - before) / 2 ** 20, unit: 'MB', budget: 2_500},
  ];
}

/** A dataset as the import leaves it, with the facts of its columns. */
async function datasetOf(engine: SqlEngine, directory: string, name: string, sql: string): Promise<Dataset> {
  const parquet = join(directory, `${name}.parquet`);
  const {rows} = await engine.writeParquet(sql, parquet, {});
  await engine.addDataset(name, parquet);
  const read = async (select: string) => (await engine.query(select, {maxRows: 100_000})).table;
  const shape = (await read(`SELECT * FROM ${name} LIMIT 0`)).columns;
  const facts = await profileColumns(read, name, shape);
  const columns = shape.flatMap((column, index): Column[] => {
    const fact = facts[index];
    return fact ? [{...column, ...fact, originalName: column.name, notes: []}] : [];
  });
  const source = {kind: 'query' as const, sql, parents: []};
  const version = {
    version: 1,
    createdAt: '2024-01-01T00:00:00Z',
    parquet,
    sha256: '',
    rows,
    columns,
    source,
    warnings: [],
  };
  return {name, versions: [version], current: 1};
}

/** DuckDB without us, with the same limits. */
async function alone(directory: string, name: string): Promise<{run(sql: string): Promise<unknown>; close(): void}> {
  const threads = String(availableParallelism());
  const instance = await DuckDBInstance.create(':memory:', {threads, memory_limit: `${memoryLimitBytes}B`});
  const connection = await instance.connect();
  await connection.run(`CREATE VIEW ${name} AS FROM read_parquet('${join(directory, `${name}.parquet`)}')`);
  return {
    run: sql => connection.runAndReadAll(sql),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

type Timed = {wallMs: number; cpuMs: number};

/** CPU time of all threads, since a busy machine makes wall times of several statements longer than those of one. */
async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const {user, system} = process.cpuUsage(before);
  return {wallMs: performance.now() - started, cpuMs: (user + system) / 1000};
}

function cpu(runs: readonly Timed[]): number {
  return median(runs.map(({cpuMs}) => cpuMs));
}

function quickest(runs: readonly Timed[]): number {
  return Math.min(...runs.map(({wallMs}) => wallMs));
}
