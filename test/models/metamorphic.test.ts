// What must not change what is learnt, and what must: over whole trainings, on small real data sets.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {ESTIMATORS} from '../../src/models/estimators.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {codeTexts, type RawColumn, takeRawRows} from '../../src/models/raw-columns.ts';
import {featuresOf} from '../../src/models/recipe.ts';
import {train} from '../../src/models/train.ts';
import type {Trained, TrainingData} from '../../src/models/training-data.ts';

type Case = {name: string; features: number[][]; target: number[]; classCount?: number};
const golden: {regression: Case[]; classification: Case[]} = JSON.parse(
  readFileSync('test/fixtures/models/models-sklearn.json', 'utf8'),
);

/** Without those whose trees draw numbers in the order of the rows. */
const steady = ['linear', 'ridge', 'lasso', 'logistic', 'naive_bayes', 'tree'];

/** A named category stands beside the numbers, and every ninth value of the second column is missing. */
function dataOf({features, target, classCount = 0}: Case): TrainingData {
  const columns = features.map((values, j): RawColumn => {
    const gaps = values.map((value, i) => (j === 1 && i % 9 === 0 ? Number.NaN : value));
    return {name: `column ${j}`, kind: 'number', values: Float64Array.from(gaps)};
  });
  const [first = []] = features;
  const middle = first.toSorted((a, b) => a - b)[first.length >> 1] ?? 0;
  const kind = codeTexts(
    'kind',
    'category',
    first.map(value => (value > middle ? 'high' : 'low')),
  );
  return {
    columns: [...columns, kind],
    target: Float64Array.from(target),
    classCount,
    seed: 42,
    budgetMs: Number.POSITIVE_INFINITY,
    keepLeaks: false,
    only: steady,
  };
}

const trained = (data: TrainingData) => train(data, () => 0);
/** What the kept model says of these rows. */
function answersOf(
  {estimator, parameters, recipe}: Trained,
  {columns, target, classCount}: TrainingData,
): Float64Array {
  const task = classCount > 0 ? 'classification' : 'regression';
  const model = ESTIMATORS.find(each => each.name === estimator && each.task === task)?.load(parameters);
  const features = featuresOf(recipe, columns, target.length);
  return (classCount > 0 ? model?.probabilities?.(features)[1] : model?.predict(features)) ?? new Float64Array();
}
function expectSame(ours: Float64Array, theirs: Float64Array): void {
  expect(ours.length).toBe(theirs.length);
  const scale = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  for (const [i, value] of ours.entries()) expect(Math.abs(value - (theirs[i] ?? 0)) / scale).toBeLessThan(1e-6);
}
const withRows = (data: TrainingData, rows: Uint32Array): TrainingData => ({
  ...data,
  columns: takeRawRows(data.columns, rows),
  target: Float64Array.from(rows, row => data.target[row] ?? 0),
});
const errorOf = ({leaderboard}: Trained, name: string) =>
  leaderboard.find(({estimator}) => estimator === name)?.error ?? Number.NaN;

const [diabetes, , ,] = golden.regression;
const [iris, wine] = golden.classification;

describe.each([diabetes, iris, wine].flatMap(each => (each ? [[each.name, each] as const] : [])))('%s', (_, each) => {
  const data = dataOf(each);
  const original = trained(data);
  const answers = answersOf(original, data);
  const steadyWinner = {...data, only: [original.estimator]};

  it('is learnt better than by the baseline', () => {
    const baseline = original.leaderboard.find(({baseline}) => baseline)?.error ?? 0;
    expect(original.leaderboard[0]?.error).toBeLessThan(0.9 * baseline);
  });

  it('shuffled rows give the same model, and an error within what folds differ by', () => {
    const order = new Mt19937(7).permutation(data.target.length);
    const shuffled = trained(withRows(steadyWinner, order));
    const same = trained(steadyWinner);
    if (shuffled.leaderboard[0]?.estimator === same.leaderboard[0]?.estimator)
      expectSame(answersOf(shuffled, data), answersOf(same, data));
    const spread = 3 * (original.leaderboard[0]?.sd ?? 0);
    expect(Math.abs(errorOf(shuffled, original.estimator) - errorOf(same, original.estimator))).toBeLessThan(spread);
  });

  it('renamed columns give the same model', () => {
    const columns = data.columns.map(column => ({...column, name: `my ${column.name}`}));
    const renamed = {...data, columns};
    expectSame(answersOf(trained(renamed), renamed), answers);
  });

  it('a column that is the same in every row changes nothing', () => {
    const flat: RawColumn = {name: 'flat', kind: 'number', values: new Float64Array(data.target.length).fill(7)};
    const more = trained({...data, columns: [flat, ...data.columns]});
    expect(more.leaderboard.map(({error}) => error)).toEqual(original.leaderboard.map(({error}) => error));
    expect(more.recipe.steps.map(({name}) => name)).not.toContain('flat');
  });

  it('numbers in another unit, or from another zero, change no answer', () => {
    const columns = data.columns.map(
      (column): RawColumn =>
        column.kind === 'number' ? {...column, values: column.values.map(value => 1024 * value + 4096)} : column,
    );
    expectSame(answersOf(trained({...data, columns}), {...data, columns}), answers);
  });

  it('rows given twice are found, and look no better than once', () => {
    const rows = data.target.length;
    const twice = Uint32Array.from({length: 2 * rows}, (_, i) => i % rows);
    const doubled = trained(withRows(data, twice));
    expect([doubled.split, doubled.notes.join()]).toEqual(['group', expect.stringContaining('repeat an earlier one')]);
    expect(doubled.leaderboard[0]?.error).toBeGreaterThan(0.5 * (original.leaderboard[0]?.error ?? 0));
  });

  it('a target in another order is not learnt: the best falls to the baseline', () => {
    const order = new Mt19937(5).permutation(data.target.length);
    const target = Float64Array.from(order, row => data.target[row] ?? 0);
    const {leaderboard, holdout} = trained({...data, target});
    const baseline = leaderboard.find(each => each.baseline)?.error ?? 0;
    expect(leaderboard[0]?.error).toBeGreaterThan(0.9 * baseline);
    const metric = data.classCount > 0 ? 'log_loss' : 'rmse';
    expect(holdout.winner[metric]).toBeGreaterThan(0.85 * (holdout.baseline[metric] ?? 0));
  });

  type MakeLeak = (target: Float64Array) => RawColumn;
  const leaks: [string, MakeLeak][] = [
    ['a copy of it', target => ({name: 'leak', kind: 'number', values: target.map(value => 3 - 2 * value)})],
    [
      'a copy with noise',
      target => ({name: 'leak', kind: 'number', values: target.map((value, i) => value + 1e-3 * Math.sin(i))}),
    ],
  ];
  if (data.classCount > 0)
    leaks.push(['its name', target => codeTexts('leak', 'category', Array.from(target, String))]);
  it.each(leaks)('a column that is %s is flagged, and left out', (_, leakOf) => {
    const {leaks: found, recipe} = trained({...data, columns: [...data.columns, leakOf(data.target)]});
    expect(found.map(({column}) => column)).toContain('leak');
    expect(recipe.steps.map(({name}) => name)).not.toContain('leak');
  });

  it('none of its own columns is called a leak', () => {
    expect(original.leaks).toEqual([]);
  });
});
