// The tools on columns of every type that the engine has, with the least and the greatest value each and a missing one: a
// Parquet file brings them all. Each call ends in a result, or in a failure that this program words, not the engine.

import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {systemClock} from '../../src/core/clock.ts';
import {currentVersion} from '../../src/core/dataset.ts';
import {importFile} from '../../src/import/import-file.ts';
import {openToolBench, type ToolBench} from './bench.ts';

let bench: ToolBench;
let columns: string[] = [];
beforeAll(async () => {
  bench = await openToolBench();
  const path = join(bench.folder, 'types.parquet');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  // No date that no calendar prints, and numbers that can be squared.
  const dates = ['date', 'timestamp', 'timestamp_s', 'timestamp_ms', 'timestamp_ns', 'timestamp_tz'].map(
    name => `(DATE '2024-01-01' + i::INTEGER)::${name === 'timestamp_tz' ? 'TIMESTAMPTZ' : name} AS ${name}`,
  );
  const replaced = [...dates, `sign("double") * 1e50 AS "double"`, `sign("float") * 1e30::FLOAT AS "float"`];
  const all = `SELECT i AS row, * REPLACE (${replaced.join(', ')}) FROM test_all_types(), range(20) r(i)`;
  await connection.run(`COPY (${all}) TO '${path}'`);
  connection.closeSync();
  instance.closeSync();
  const {signal} = new AbortController();
  const setting = {workspace: bench.workspace, signal, emit: () => {}, clock: systemClock};
  await importFile({path, name: 'types', limitBytes: 10_000_000}, setting);
  columns = currentVersion(await bench.catalog.dataset('types')).columns.map(({name}) => name);
});
afterAll(() => bench.close());

const calls: [string, (column: string) => object][] = [
  ['aggregate', c => ({measures: [{function: 'count', column: c}]})],
  ['aggregate', c => ({measures: [{function: 'max', column: c}]})],
  [
    'aggregate',
    c => ({
      measures: [
        {function: 'median', column: c},
        {function: 'std', column: c},
      ],
    }),
  ],
  ['aggregate', c => ({measures: [{function: 'mean', column: 'row'}], group_by: [c]})],
  ['aggregate', c => ({measures: [{function: 'mean', column: 'row'}], pivot: c})],
  ['correlate', c => ({columns: ['row', c]})],
  ['correlate', c => ({columns: ['row', c], method: 'spearman'})],
  ['test_hypothesis', c => ({value: c})],
  ['test_hypothesis', c => ({value: 'row', group: c})],
  ['test_hypothesis', c => ({value: c, group: 'bool'})],
  ['check_distribution', c => ({column: c})],
  ['analyze_text', c => ({column: c})],
  ['analyze_time_series', c => ({time: c, value: 'row'})],
  ['analyze_time_series', c => ({time: c, every: 'year'})],
  ['regress', c => ({target: 'row', features: [c], family: 'linear'})],
  ['regress', c => ({target: c, features: ['row'], family: 'linear'})],
  ['cluster', c => ({columns: ['row', c], k: 2})],
  ['forecast', c => ({time: c, value: 'row', steps: 2})],
  ['clean_data', c => ({steps: [{do: 'fill', columns: [c], value: 'mode'}]})],
  ['clean_data', c => ({steps: [{do: 'cap_outliers', columns: [c]}]})],
  ['clean_data', c => ({steps: [{do: 'one_hot', columns: [c]}]})],
  ['clean_data', c => ({steps: [{do: 'date_parts', columns: [c]}]})],
];

const marks: [string, (column: string) => object][] = [
  ['histogram', c => ({sql: `SELECT "${c}" FROM types`, x: c})],
  ['bar', c => ({sql: `SELECT "${c}", count(*) AS k FROM types GROUP BY ALL`, x: c, y: 'k'})],
  ['scatter', c => ({sql: `SELECT "${c}", "row" FROM types`, x: c, y: 'row'})],
  ['line', c => ({sql: `SELECT "row", "${c}" FROM types`, x: 'row', y: c})],
  ['box', c => ({sql: `SELECT "${c}", "row" FROM types`, x: 'row', y: c})],
  ['ecdf', c => ({sql: `SELECT "${c}" FROM types`, x: c})],
];

/** What the engine or a bug says instead of us. */
const foreign =
  /Binder Error|Conversion Error|Out of Range Error|Invalid Input Error|Parser Error|Catalog Error|INTERNAL|undefined|is not a function/;

async function wrong(tool: string, args: object): Promise<string | null> {
  const result = await bench.run(tool, args);
  if (result.ok)
    return foreign.test(result.summary) ? `${tool} ${JSON.stringify(args)}: ${result.summary.slice(0, 300)}` : null;
  const said = `${result.code}: ${result.message}`;
  return /^(sql|engine|tool\.(failed|arguments)|internal)/.test(result.code) || foreign.test(said)
    ? `${said.slice(0, 130)} @ ${JSON.stringify(args).slice(0, 150)}`
    : null;
}

describe('columns of every type', () => {
  it.each<[string, object]>([
    ['describe_dataset', {}],
    ['check_quality', {}],
    ['correlate', {}],
    ['correlate', {target: 'row'}],
    ['correlate', {target: 'small_enum'}],
    ['run_sql', {sql: 'SELECT * FROM types'}],
  ])('%s %j takes them all at once', async (tool, args) => {
    expect(await wrong(tool, {...(tool !== 'run_sql' && {dataset: 'types'}), ...args})).toBeNull();
  });

  it.each(calls)('%s %s words what it can not do', async (tool, args) => {
    const problems: string[] = [];
    for (const column of columns) {
      const found = await wrong(tool, {dataset: 'types', ...args(column)});
      if (found) problems.push(found);
    }
    expect(problems).toEqual([]);
  });

  it.each(marks)('a %s words what it can not draw', async (mark, args) => {
    const problems: string[] = [];
    for (const column of columns) {
      const found = await wrong('draw_chart', {mark, ...args(column)});
      if (found) problems.push(found);
    }
    expect(problems).toEqual([]);
  });
});
