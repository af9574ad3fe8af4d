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
    splits.push(divide(rows, row => isTest.has(row)));
    start = end;
  }
  return splits;
}

/**
 * Folds in which every class has nearly its share, as scikit-learn's `StratifiedKFold(folds)`, with `seed` as
 * `shuffle=True, random_state=seed`. `classes` holds a class number per row.
 * @throws {RangeError} unless 2 ≤ folds ≤ rows, or when no class has as many rows as there are folds.
 */
export function stratifiedKFold({
  classes,
  folds,
  seed,
}: {
  classes: ArrayLike<number>;
  folds: number;
  seed?: number | undefined;
}): Split[] {
  const rows = classes.length;
  if (!Number.isInteger(folds) || folds < 2 || folds > rows)
    throw new RangeError(`cannot make ${folds} folds of ${rows} rows`);
  // Classes are taken in the order in which they first occur.
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const kind = classes[row] ?? 0;
    const sameKind = rowsOf.get(kind);
    if (sameKind) sameKind.push(row);
    else rowsOf.set(kind, [row]);
  }
  const largest = Math.max(...[...rowsOf.values()].map(each => each.length));
  if (largest < folds) throw new RangeError(`the largest class has ${largest} rows, fewer than the ${folds} folds`);
  const random = seed === undefined ? null : new Mt19937(seed);
  const foldOf = new Uint32Array(rows);
  let before = 0;
  for (const sameKind of rowsOf.values()) {
    // With all rows sorted by class, fold f would get every folds-th row from f on; each class is dealt out as that gives.
    const counts = new Array<number>(folds).fill(0);
    for (let i = before; i < before + sameKind.length; i++) counts[i % folds] = (counts[i % folds] ?? 0) + 1;
    const dealt = Uint32Array.from(counts.flatMap((count, fold) => new Array<number>(count).fill(fold)));
    random?.shuffle(dealt);
    sameKind.forEach((row, i) => {
      foldOf[row] = dealt[i] ?? 0;
    });
    before += sameKind.length;
  }
  return Array.from({length: folds}, (_, fold) => divide(rows, row => foldOf[row] === fold));
}

/** Row numbers ascending in both sets. */
function divide(rows: number, isTest: (row: number) => boolean): Split {
  const all = Array.from({length: rows}, (_, row) => row);
  return {train: Uint32Array.from(all.filter(row => !isTest(row))), test: Uint32Array.from(all.filter(isTest))};
}
