import {afterEach, expect, it, vi} from 'vitest';
import {Mt19937} from '../../src/models/mt19937.ts';
import {train} from '../../src/models/train.ts';
import type {TrainingData} from '../../src/models/training-data.ts';
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
