import {describe, expect, it} from 'vitest';
import type {FitInput} from '../../../src/models/estimator.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {boostingDefaults, fitBoosted} from '../../../src/models/trees/boosting.ts';
import {extraTreesRegressor, randomForestClassifier} from '../../../src/models/trees/forest.ts';
import {addByMasks, maskScorer} from '../../../src/models/trees/score-by-masks.ts';
import {addByWalking, walkScorer} from '../../../src/models/trees/score-by-walking.ts';
import {addLeaves} from '../../../src/models/trees/tree.ts';
import {unpackTrees} from '../../../src/models/trees/tree-file.ts';

/** Values on a grid, so that many lie exactly on a threshold; some missing. */
function sample(rows: number, width: number, classCount: number): FitInput {
  const random = new Mt19937(2);
  const cell = () => (random.nextDouble() < 0.15 ? Number.NaN : Math.round(random.nextDouble() * 40) / 4);
  const features = Array.from({length: width}, () => Float64Array.from({length: rows}, cell));
  const target = Float64Array.from({length: rows}, (_, i) => {
    const value = (features[0]?.[i] || 2) + (features[1]?.[i] || 0) * random.nextDouble();
    return classCount === 0 ? value : Math.min(classCount - 1, Math.floor(value / 3));
  });
  return {features, target, classCount, seed: 0};
}

describe.each([
  ['a number, trees that do not fill the last four', 0, 7, 5],
  ['two classes, one feature', 2, 12, 1],
  ['three classes', 3, 9, 6],
])('masks and walking give the same bits: %s', (_, classCount, rounds, width) => {
  const input = sample(9000, width, classCount);
  const {trees, start} = fitBoosted({...input, features: input.features}, {...boostingDefaults, rounds});
  const scorer = maskScorer(trees, width);

  it.each([1, 300, 9000])('%i rows', rows => {
    if (!scorer) throw new Error('these trees fit');
    const unseen = sample(9000, width, 0).features.map((column, j) => {
      const moved = column.map((value, i) => (i % 5 === 0 ? value * 3 - 7 : value)).subarray(0, rows);
      moved.set([[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300][j % 3] ?? 0]);
      return moved;
    });
    const sums = () => start.map(() => new Float64Array(rows));
    const [masked, walked] = [sums(), sums()];
    addByMasks(scorer, unseen, masked);
    addLeaves(trees, unseen, walked);
    expect(masked).toEqual(walked);
    expect(new Set(walked[0]).size).toBeGreaterThanOrEqual(Math.min(rows, 2));
  });
});

it('trees of more leaves than a mask has bits are walked', () => {
  const input = sample(2000, 4, 0);
  const {trees} = fitBoosted(input, {...boostingDefaults, rounds: 2, maxLeaves: 33, minLeafRows: 1});
  expect(maskScorer(trees, 4)).toBeNull();
  const fewer = fitBoosted(input, {...boostingDefaults, rounds: 2, maxLeaves: 32, minLeafRows: 1});
  expect(maskScorer(fewer.trees, 4)).not.toBeNull();
});

it.each([
  ['two classes', randomForestClassifier, 2],
  ['three classes', randomForestClassifier, 3],
  ['a number', extraTreesRegressor, 0],
])('deep trees: walking together and one by one give the same bits, %s', (_, estimator, classCount) => {
  const input = sample(3000, 5, classCount);
  const {trees} = unpackTrees(Object(estimator.fit(input).parameters).trees);
  const scorer = walkScorer(trees, 5);
  if (!scorer) throw new Error('these trees fit');
  for (const rows of [1, 13, 3000]) {
    const unseen = sample(3000, 5, 0).features.map(column => column.map(value => 1.1 * value).subarray(0, rows));
    const sums = () => Array.from({length: trees.outputs}, () => new Float64Array(rows));
    const [together, alone] = [sums(), sums()];
    addByWalking(scorer, trees, unseen, together);
    addLeaves(trees, unseen, alone);
    expect(together).toEqual(alone);
  }
});
