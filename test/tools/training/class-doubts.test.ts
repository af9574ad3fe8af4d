// What is said of classes that no figure shows to be odd.

import {expect, it} from 'vitest';
import type {Trained} from '../../../src/models/training-data.ts';
import {classDoubts} from '../../../src/tools/training/class-doubts.ts';

const repeated = (counts: number[]) =>
  Float64Array.from(counts.flatMap((count, k) => new Array<number>(count).fill(k)));
/** Held out are `actual` rows of each class, of which `said` are predicted. */
const doubts = (classes: string[], counts: number[], actual: number[], said: number[], baseline = false) => {
  const heldOut = {actual: repeated(actual), predicted: repeated(said), probabilities: null};
  const trained: Pick<Trained, 'heldOut' | 'leaderboard'> = {
    heldOut,
    leaderboard: [{estimator: 'logistic', describes: '', baseline, error: 0, sd: 0, ms: 0}],
  };
  const found = classDoubts({values: repeated(counts), classes}, 'bought', trained);
  smallest = found.map(({n}) => n);
  return found.map(({text}) => text);
};
let smallest: number[] = [];

it('classes that differ only in capitals or blanks are named, with how to make them one', () => {
  expect(doubts(['no', 'yes', 'Yes', ' yes '], [50, 50, 20, 20], [5, 5, 5, 5], [5, 5, 5, 5])).toEqual([
    'Classes that differ only in capitals or blanks: "yes", "Yes", " yes ". If they mean the same, clean first: /clean trim bought; lower bought',
  ]);
});

it('classes of fewer than ten rows are named, and not again as never predicted', () => {
  expect(doubts(['a', 'b'], [49, 1], [9, 1], [10, 0])).toEqual(['Too few rows to learn from or to measure by: b (1).']);
  expect(smallest).toEqual([1]);
});

it('a class of more rows that is never predicted is told of, unless nothing but a constant is kept', () => {
  expect(doubts(['0', '1'], [9_980, 20], [1_996, 4], [2_000, 0])).toEqual([
    'Of 2,000 rows held out none is predicted 1 (4 rows): accuracy says little of so rare a class (20 of 10,000). Go by its probability, or train balanced.',
  ]);
  expect(smallest).toEqual([4]);
  expect(doubts(['0', '1'], [9_980, 20], [1_996, 4], [2_000, 0], true)).toEqual([]);
});

it('nothing is said of ordinary classes, nor of a number', () => {
  expect(doubts(['a', 'b'], [60, 40], [6, 4], [7, 3])).toEqual([]);
  expect(doubts([], [60], [6], [7])).toEqual([]);
});
