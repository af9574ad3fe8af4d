// Interactions, powers, clusters and predictions against statsmodels; see test/fixtures/analysis/make_regression.py.

import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createReader} from '../../src/analysis/column-values.ts';
import {regressColumns} from '../../src/analysis/regress.ts';
import {currentVersion} from '../../src/core/dataset.ts';
import {expectClose} from '../analysis/golden.ts';
import {failure, openToolBench, type Success, success, type ToolBench} from './bench.ts';

type Fit = {values: number[]; errors: number[]; p: number[]; low: number[]; n: number};
type Golden = Record<'interaction' | 'power' | 'clustered' | 'many', Fit> & {
  additions: Record<'linear' | 'logistic', Record<string, number>>;
  predictions: Record<'power' | 'interaction' | 'clustered' | 'logit', number[]>;
};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/regression-statsmodels.json', 'utf8'));

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('t', readFileSync('test/fixtures/analysis/tools.csv', 'utf8'));
  success(
    await bench.run('run_sql', {sql: 'SELECT *, row // 7 AS batch, x AS "x:ties", x AS "a*b" FROM t', save_as: 'more'}),
  );
});
afterAll(() => bench.close());

const y = 'y "ü"';
const run = async (args: object) =>
  success(await bench.run('regress', {dataset: 't', target: y, family: 'linear', ...args}));
const terms = ({table}: Success) => (table?.rows ?? []).map(row => row[0]);

function expectFit({table}: Success, wanted: Fit, skip: number[] = []): void {
  wanted.values.forEach((value, i) => {
    if (skip.includes(i)) return;
    const [, coefficient, error, , p, low] = (table?.rows[i] ?? []).map(Number);
    expectClose(coefficient ?? Number.NaN, value, 1e-9);
    expectClose(error ?? Number.NaN, wanted.errors[i] ?? 0, 1e-9);
    expectClose(p ?? Number.NaN, wanted.p[i] ?? 0, 1e-6);
    expectClose(low ?? Number.NaN, wanted.low[i] ?? 0, 1e-8);
  });
}

function expectPrediction({table, summary}: Success, wanted: number[]): void {
  const row = table?.rows.find(([name]) => name === 'predicted') ?? [];
  [row[1], row[5], row[6]].forEach((value, i) => {
    expectClose(Number(value), wanted[i] ?? 0, 1e-8);
  });
  if (wanted.length > 3) expect(summary).toContain(`a single new row [${Number(wanted[3]?.toPrecision(6))}`);
}

it.each([
  ['linear', y],
  ['logistic', 'won'],
] as const)(
  'what each feature adds in a %s fit, a category as a whole, is that of statsmodels',
  async (family, target) => {
    const columns = currentVersion(await bench.catalog.dataset('t')).columns;
    const reader = createReader(await bench.catalog.engine());
    const features = ['x', 'ties', 'team'];
    const {additions} = await regressColumns(reader, {dataset: 't'}, {columns, target, features, family});
    const wanted = golden.additions[family];
    expect(additions.map(({name}) => name).sort()).toEqual(Object.keys(wanted).sort());
    for (const {name, value} of additions) expectClose(value, wanted[name] ?? Number.NaN, 1e-9);
    expect(additions.map(({value}) => value)).toEqual(additions.map(({value}) => value).sort((a, b) => b - a));
    const {summary} = success(await bench.run('regress', {dataset: 't', target, features, family}));
    expect(summary).toContain(
      family === 'linear'
        ? `What each adds to the R² of all others: ${additions[0]?.name}`
        : `Wald χ² of each beside all others: ${additions[0]?.name}`,
    );
  },
);

describe('features', () => {
  it('a*b is both and their product, with each value of a category', async () => {
    const result = await run({features: ['x*team'], at: ['x=1', 'team=red']});
    expect(terms(result).slice(0, 6)).toEqual([
      'intercept',
      'x',
      'team = green',
      'team = red',
      'x × team = green',
      'x × team = red',
    ]);
    expectFit(result, golden.interaction);
    expectPrediction(result, golden.predictions.interaction);
    expect(result.summary).toContain('is compared with "blue"');
  });

  it('a^2 is a power, and a prediction there uses it too', async () => {
    const result = await run({features: ['x', 'x^2', 'ties'], at: ['x=1.5']});
    expect(terms(result)).toEqual(['intercept', 'x', 'x^2', 'ties', 'predicted']);
    expectFit(result, golden.power);
    expectPrediction(result, golden.predictions.power);
  });

  it('a column whose name looks like a product is that column', async () => {
    const result = await run({dataset: 'more', features: ['x:ties', 'ties']});
    expect(terms(result)).toEqual(['intercept', 'x:ties', 'ties']);
  });
});

describe('clustered errors', () => {
  it('are those of statsmodels, with t of the number of clusters', async () => {
    const result = await run({features: ['x', 'ties'], cluster: 'team', at: ['x=1']});
    expectFit(result, golden.clustered);
    expectPrediction(result, golden.predictions.clustered);
    expect(result.summary).toContain('clustered errors (3 clusters)');
  });

  it('also with many clusters, and beside an offset of 1e9', async () => {
    expectFit(await run({dataset: 'more', features: ['x', 'big'], cluster: 'batch'}), golden.many, [0]);
  });
});

it('a logistic prediction is a chance with its interval', async () => {
  const result = await run({target: 'won', features: ['x', 'ties'], family: 'logistic', at: ['x=0.5']});
  expectPrediction(result, golden.predictions.logit);
});

it.each<[string, object, string]>([
  ['an unknown part of a product', {features: ['x*teem']}, 'analysis.unknown_column'],
  ['a power of 9', {features: ['x^9']}, 'regress.bad_power'],
  ['the target in a product', {features: [`x:${y}`]}, 'regress.target_is_feature'],
  ['a setting that is no number', {features: ['x'], at: ['x=much']}, 'regress.bad_setting'],
  ['a setting of no feature', {features: ['x'], at: ['ties=1']}, 'analysis.unknown_column'],
  ['words as a setting', {features: ['x'], at: ['x']}, 'regress.bad_setting'],
  ['one cluster', {features: ['x'], cluster: 'same'}, 'ols.one_cluster'],
  [
    'clusters of a logistic fit',
    {target: 'won', features: ['x'], family: 'logistic', cluster: 'team'},
    'regress.errors_unavailable',
  ],
  ['a feature twice over', {dataset: 'more', features: ['x', 'a*b']}, 'ols.dependent_features'],
  [
    'classes told apart without error',
    {target: 'won', features: ['won^2', 'x'], family: 'logistic'},
    'regress.target_is_feature',
  ],
  [
    'a feature that gives the classes away',
    {dataset: 'more', target: 'side', features: ['row'], family: 'logistic', where: "(side = 'a') = (row < 60)"},
    'logit.separated',
  ],
])('refuses %s with a typed failure', async (_, args, code) => {
  expect(failure(await bench.run('regress', {dataset: 't', target: y, family: 'linear', ...args})).code).toBe(code);
});

it('writes p as everywhere: never as 0, which no p is, and with at most three digits', async () => {
  const sql = 'SELECT i AS a, (i * 7919) % 13 AS c, 2 * i + (i % 2) * 1e-6 AS b FROM range(2000) t(i)';
  success(await bench.run('run_sql', {sql, save_as: 'exact'}));
  const {summary, table} = success(
    await bench.run('regress', {dataset: 'exact', target: 'b', features: ['a', 'c'], family: 'linear'}),
  );
  expect(table?.rows.find(([term]) => term === 'a')?.[4]).toBe(0);
  expect(summary).toMatch(/^\| a \|.*\| < 1e-300 \|/m);
  expect(summary).toMatch(/^\| c \|(?: [^|]+ \|){3} (?:0\.\d{3}|> 0\.999) \|/m);
});
