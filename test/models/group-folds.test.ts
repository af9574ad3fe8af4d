import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {groupKFold, latestRows, stratifiedGroupKFold, timeFolds} from '../../src/models/group-folds.ts';

type Golden = {
  groupFolds: {groups: number[]; folds: number; test: number[][]}[];
  stratifiedGroupFolds: {groups: number[]; classes: number[]; folds: number; test: number[][]}[];
  timeFolds: {rows: number; folds: number; splits: [train: number, first: number, last: number][]}[];
};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/models/training-sklearn.json', 'utf8'));

describe('folds of groups and of time are those of scikit-learn', () => {
  for (const {groups, folds, test} of golden.groupFolds)
    it(`GroupKFold(${folds}) keeps groups whole`, () => {
      const splits = groupKFold({groups, folds});
      expect(splits.map(split => Array.from(split.test))).toEqual(test);
      for (const {train, test} of splits) {
        const learnt = new Set(Array.from(train, row => groups[row]));
        expect(Array.from(test).some(row => learnt.has(groups[row]))).toBe(false);
        expect(train.length + test.length).toBe(groups.length);
      }
    });

  for (const {groups, classes, folds, test} of golden.stratifiedGroupFolds)
    it(`StratifiedGroupKFold(${folds}) of ${new Set(classes).size} classes`, () => {
      const splits = stratifiedGroupKFold({groups, classes, folds});
      expect(splits.map(split => Array.from(split.test))).toEqual(test);
    });

  for (const {rows, folds, splits} of golden.timeFolds)
    it(`TimeSeriesSplit(${folds}) of ${rows} rows, in whatever order they come`, () => {
      const time = Float64Array.from({length: rows}, (_, i) => (i * 7) % rows);
      const ours = timeFolds({time, folds}).map(({train, test}) => {
        const moments = Array.from(test, row => time[row] ?? 0).sort((a, b) => a - b);
        expect(Math.max(...Array.from(train, row => time[row] ?? 0))).toBeLessThan(moments[0] ?? 0);
        return [train.length, moments[0], moments.at(-1)];
      });
      expect(ours).toEqual(splits);
    });
});

it('rows of one moment are never on both sides', () => {
  const time = Float64Array.from({length: 40}, (_, i) => i >> 3);
  for (const {train, test} of [...timeFolds({time, folds: 3}), latestRows({time, testShare: 0.2})]) {
    const earliest = Math.min(...Array.from(test, row => time[row] ?? 0));
    expect(Array.from(train).every(row => (time[row] ?? 0) < earliest)).toBe(true);
  }
});

it('fewer groups than folds, too few rows and a single moment are refused', () => {
  expect(() => groupKFold({groups: [0, 0, 1], folds: 3})).toThrow('2 groups are fewer than the 3 folds');
  expect(() => timeFolds({time: new Float64Array(3), folds: 5})).toThrow('3 rows are too few');
  expect(() => latestRows({time: new Float64Array(9), testShare: 0.2})).toThrow(/time can divide nothing/);
});
