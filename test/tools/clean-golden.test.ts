// Cleaning steps against what scikit-learn and pandas make of the same table.

import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

const golden: Record<string, Cell[]> & Record<'knn' | 'iterative' | 'iterativeBig' | 'oneHot', Cell[][]> = JSON.parse(
  readFileSync('test/fixtures/analysis/clean-sklearn.json', 'utf8'),
);
const csv = readFileSync('test/fixtures/analysis/clean.csv', 'utf8');
const odd = 'c "ö"';
const numeric = ['a', 'b', odd, 'ties', 'whole'];

let bench: ToolBench;
beforeEach(async () => {
  bench = await openToolBench();
  await bench.data('t', csv);
});
afterEach(() => bench.close());

async function cleaned(steps: object[], columns: readonly string[]): Promise<Cell[][]> {
  success(await bench.run('clean_data', {dataset: 't', steps, apply: true}));
  const list = columns.map(name => `"${name.replaceAll('"', '""')}"`).join(', ');
  return success(await bench.run('run_sql', {sql: `SELECT ${list} FROM t`})).table?.rows ?? [];
}

function expectClose(got: readonly Cell[], wanted: readonly Cell[], relative = 1e-9): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    const ours = got[i] ?? null;
    if (typeof value !== 'number') expect([i, ours]).toEqual([i, value]);
    else
      expect(Math.abs(Number(ours) - value), `${i}: ${ours} is not ${value}`).toBeLessThanOrEqual(
        relative * Math.max(1, Math.abs(value)),
      );
  });
}

describe('imputation', () => {
  it('kNN fills as KNNImputer', async () => {
    const rows = await cleaned([{do: 'fill', columns: numeric, value: 'knn'}], numeric);
    expectClose(rows.flat(), golden.knn.flat());
  });

  it('iterative fills as IterativeImputer', async () => {
    const rows = await cleaned([{do: 'fill', columns: numeric, value: 'iterative'}], numeric);
    expectClose(rows.flat(), golden.iterative.flat(), 1e-6);
  });

  it('iterative keeps its digits beside a column around 1e9', async () => {
    const rows = await cleaned([{do: 'fill', columns: ['a', 'big'], value: 'iterative'}], ['a', 'big']);
    expectClose(rows.flat(), golden.iterativeBig.flat(), 1e-6);
  });

  it('cells that had a value keep it, and the plan counts those that had none', async () => {
    const {summary} = success(
      await bench.run('clean_data', {dataset: 't', steps: [{do: 'fill', columns: numeric, value: 'knn'}]}),
    );
    const lines = csv.trim().split('\n').slice(1);
    const gaps = lines.flatMap(line => line.split(',').slice(0, 6)).filter(cell => cell === '').length;
    expect(gaps).toBeGreaterThan(50);
    expect(summary).toContain(`${gaps} cells changed`);
  });
});

const one = (name: string) => [name];
describe('every other step', () => {
  it.each<[string, object, string]>([
    ['forward', {do: 'fill', columns: ['a'], value: 'forward'}, 'a'],
    ['backward', {do: 'fill', columns: ['a'], value: 'backward'}, 'a'],
    ['groupMean', {do: 'fill', columns: ['a'], value: 'mean', by: 'team'}, 'a'],
    ['groupMedian', {do: 'fill', columns: ['a'], value: 'median', by: 'team'}, 'a'],
    ['groupMode', {do: 'fill', columns: ['ties'], value: 'mode', by: 'team'}, 'ties'],
    ['mean', {do: 'fill', columns: ['a'], value: 'mean'}, 'a'],
    ['median', {do: 'fill', columns: ['ties'], value: 'median'}, 'ties'],
    ['mode', {do: 'fill', columns: ['ties'], value: 'mode'}, 'ties'],
    ['cap', {do: 'cap_outliers', columns: [odd]}, odd],
    ['minmax', {do: 'scale', columns: [odd], value: 'minmax'}, odd],
    ['zscore', {do: 'scale', columns: ['big']}, 'big'],
    ['bigZ', {do: 'scale', columns: ['big']}, 'big'],
    ['robust', {do: 'scale', columns: [odd], value: 'robust'}, odd],
    ['ordinal', {do: 'ordinal', columns: ['team']}, 'team'],
    ['frequency', {do: 'frequency', columns: ['team']}, 'team'],
    ['z', {do: 'flag_outliers', columns: [odd], value: 'z'}, `${odd}_outlier`],
    ['mad', {do: 'flag_outliers', columns: [odd], value: 'mad'}, `${odd}_outlier`],
  ])('%s', async (name, step, column) => {
    const wanted = golden[name] ?? [];
    expect(wanted.length).toBe(160);
    // StandardScaler itself keeps seven digits of values around 1e9; bigZ is exact.
    expectClose((await cleaned([step], one(column))).flat(), wanted, name === 'zscore' ? 1e-6 : 1e-9);
  });

  it('one-hot codes as get_dummies', async () => {
    const rows = await cleaned([{do: 'one_hot', columns: ['team']}], ['team_blue', 'team_green', 'team_red']);
    expectClose(rows.flat(), golden.oneHot.flat());
  });

  it('the mode of a group with equally common values is the smallest, whichever comes first', async () => {
    await bench.data('tied', 'g,v,s\na,3,z\na,1,m\na,3,z\na,1,m\na,,\nb,9,q\nb,2,c\nb,,\n');
    const step = {do: 'fill', columns: ['v', 's'], value: 'mode', by: 'g'};
    success(await bench.run('clean_data', {dataset: 'tied', steps: [step], apply: true}));
    const {table} = success(await bench.run('run_sql', {sql: 'SELECT v, s FROM tied'}));
    expect([table?.rows[4], table?.rows[7]]).toEqual([
      [1, 'm'],
      [2, 'c'],
    ]);
  });

  it.each<[string, string]>([
    ['cut', 'width 4'],
    ['qcut', 'quantile 4'],
    ['edges', '-10, 0, 5, 10'],
  ])('bins as pandas: %s', async (name, value) => {
    const rows = await cleaned([{do: 'bin', columns: ['whole'], value}], ['whole', 'whole_bin']);
    const codes = golden[name] ?? [];
    const labels = new Map<Cell, Set<Cell>>();
    rows.forEach(([, label = null], i) => {
      const code = codes[i] === -1 ? null : (codes[i] ?? null);
      labels.set(code, (labels.get(code) ?? new Set()).add(label));
    });
    // One label for each code, and another one for another code.
    for (const found of labels.values()) expect(found.size).toBe(1);
    expect(new Set([...labels.values()].flatMap(found => [...found])).size).toBe(labels.size);
    expect(labels.get(null)?.has(null) ?? true).toBe(true);
  });
});
