// Divides rows into a training and a test set, the same rows that scikit-learn would take.

import {Mt19937} from './mt19937.ts';

export type Split = {train: Uint32Array; test: Uint32Array};

/**
 * Row numbers as `train_test_split(range(rows), test_size=testShare, random_state=seed)` of scikit-learn returns them: the
 * first ceil(rows · testShare) of numpy's permutation are the test set, the rest the training set, both in that order.
 * @throws {RangeError} if either set would be empty.
 */
export function trainTestSplit({
  rows,
  testShare = 0.25,
  seed = 42,
}: {
  rows: number;
  testShare?: number;
  seed?: number;
}): Split {
  const testCount = Math.ceil(rows * testShare);
  if (testCount < 1 || testCount >= rows)
    throw new RangeError(
      `${rows} rows and a test share of ${testShare} leave ${rows - testCount} rows to train and ${testCount} to test`,
    );
  const order = new Mt19937(seed).permutation(rows);
  return {train: order.slice(testCount), test: order.slice(0, testCount)};
}

/**
 * Folds as scikit-learn's `KFold(folds)` (without `seed`: blocks in row order) and `KFold(folds, shuffle=True,
 * random_state=seed)`: sizes differ by one at most, the larger folds first, row numbers ascending in every set.
 * @throws {RangeError} unless 2 ≤ folds ≤ rows.
 */
export function kFold({rows, folds, seed}: {rows: number; folds: number; seed?: number | undefined}): Split[] {
  if (!Number.isInteger(folds) || folds < 2 || folds > rows)
    throw new RangeError(`cannot make ${folds} folds of ${rows} rows`);
  const order =
    seed === undefined ? Uint32Array.from({length: rows}, (_, i) => i) : new Mt19937(seed).permutation(rows);
  const splits: Split[] = [];
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const end = start + Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0);
    const isTest = new Set(order.subarray(start, end));
    const inOrder = Array.from({length: rows}, (_, row) => row);
    splits.push({
      train: Uint32Array.from(inOrder.filter(row => !isTest.has(row))),
      test: Uint32Array.from(inOrder.filter(row => isTest.has(row))),
    });
    start = end;
  }
  return splits;
}
