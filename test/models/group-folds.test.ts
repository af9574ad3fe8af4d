import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {groupKFold, groupTimeFolds, latestRows, stratifiedGroupKFold, timeFolds} from '../../src/models/group-folds.ts';

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

describe('folds of a panel', () => {
  const [rows, groupCount] = [240, 12];
  const groups = Int32Array.from({length: rows}, (_, i) => i % groupCount);
  const time = Float64Array.from({length: rows}, (_, i) => Math.floor(i / groupCount));
  const folds = (more: object = {}) => groupTimeFolds({groups, time, folds: 5, testShare: 1 / 4, ...more});

  it('no group and no time is on both sides, and every late row is tested once', () => {
    const tested: number[] = [];
    for (const {train, test} of folds()) {
      const [learnt, judged] = [Array.from(train), Array.from(test)];
      const held = new Set(judged.map(row => groups[row]));
      expect(learnt.some(row => held.has(groups[row]))).toBe(false);
      expect(Math.max(...learnt.map(row => time[row] ?? 0))).toBeLessThan(
        Math.min(...judged.map(row => time[row] ?? 0)),
      );
      // Of the 15 early weeks, all rows of the groups that are not tested.
      expect(train.length).toBe(15 * (groupCount - held.size));
      tested.push(...judged);
    }
    expect(tested.sort((a, b) => a - b)).toEqual(Array.from({length: 60}, (_, i) => 180 + i));
  });

  it('a group that ends early is learnt from and never tested, a new one tested alone', () => {
    const changed = groups.map((group, i) => (group === 3 && (time[i] ?? 0) >= 15 ? 12 : group));
    const splits = folds({groups: changed});
    expect(splits.every(({test}) => Array.from(test).every(row => changed[row] !== 3))).toBe(true);
    expect(splits.every(({train}) => Array.from(train).some(row => changed[row] === 3))).toBe(true);
  });

  it('with fewer groups there are fewer folds; one group and one moment are refused', () => {
    expect(folds({groups: groups.map(group => group % 3)})).toHaveLength(3);
    expect(() => folds({groups: groups.map(() => 0)})).toThrow('two are needed');
    expect(() => folds({time: time.map(() => 7)})).toThrow('time can divide nothing');
  });

  it('of two classes each fold has nearly its share', () => {
    const classes = Float64Array.from(groups, group => (group < 4 ? 1 : 0));
    const counts = folds({classes, folds: 4}).map(({test}) => test.reduce((sum, row) => sum + (classes[row] ?? 0), 0));
    expect(counts).toEqual([5, 5, 5, 5]);
  });
});
