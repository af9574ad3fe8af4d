import {afterEach, expect, it, vi} from 'vitest';
import {dummyMean} from '../../src/models/dummy.ts';
import type {Estimator} from '../../src/models/estimator.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {type Entry, entryOf, ordered} from '../../src/models/search.ts';
import {train} from '../../src/models/train.ts';
import type {TrainingData} from '../../src/models/training-data.ts';
import {boostingRegressor} from '../../src/models/trees/boosting.ts';
import {randomForestRegressor} from '../../src/models/trees/forest.ts';

const random = new Mt19937(9);
const draw = () => Float64Array.from({length: 12_600}, () => random.nextDouble());
const data: TrainingData = {
  columns: [{name: 'x', kind: 'number', values: draw()}],
  target: draw(),
  classCount: 0,
  seed: 42,
  budgetMs: 100_000,
  keepLeaks: false,
};
const fit = randomForestRegressor.fit;
const skippedForest = {name: 'random_forest', why: 'no time left'};
afterEach(() => vi.restoreAllMocks());

it('once the time is over nothing more is fitted, not even to a few rows to see how long it would take', () => {
  const forest = vi.spyOn(randomForestRegressor, 'fit');
  const {skipped} = train({...data, budgetMs: -1}, () => 0);
  expect(skipped).toContainEqual(skippedForest);
  expect(forest).not.toHaveBeenCalled();
});

it('of what would take too long no more than the fewest rows are fitted', () => {
  let clock = 0;
  const forest = vi.spyOn(randomForestRegressor, 'fit').mockImplementation((input, settings) => {
    clock += 20_000;
    return fit(input, settings);
  });
  const {skipped} = train({...data, only: ['linear', 'random_forest']}, () => clock);
  expect(skipped).toContainEqual(skippedForest);
  expect(forest.mock.calls.map(([{target}]) => target.length)).toEqual([1000, 1000]);
});

it('of errors that differ by the rounding of their sums the baseline comes first, and what has no error last', () => {
  const [baseline, boosting] = [dummyMean, boostingRegressor];
  const entry = (of: Estimator, error: number): Entry => ({
    ...entryOf(of, {}, [error]),
    out: [],
    fitMs: 0,
    ms: 0,
  });
  const names = (board: Entry[]) => ordered(board).map(({estimator}) => estimator);
  expect(0.1 + 0.2).toBeGreaterThan(0.3);
  expect(names([entry(boosting, 0.3), entry(baseline, 0.1 + 0.2)])).toEqual(['dummy_mean', 'boosting']);
  expect(names([entry(baseline, 0.3), entry(boosting, 0.299_999)])).toEqual(['boosting', 'dummy_mean']);
  expect(names([entry(boosting, Number.NaN), entry(baseline, 5)])).toEqual(['dummy_mean', 'boosting']);
});
