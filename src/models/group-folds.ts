// Folds for rows that are not independent: groups stay whole, and time is only ever tested after what was learnt.

import type {Split} from './train-test-split.ts';

/**
 * Folds in which all rows of a group (`groups[i]`, numbers from 0) are on one side, of nearly equal size: the largest group
 * first, each into the fold that has the fewest rows (scikit-learn: `GroupKFold(folds)`).
 * @throws {RangeError} when there are fewer groups than folds.
 */
export function groupKFold({groups, folds}: {groups: ArrayLike<number>; folds: number}): Split[] {
  const sizes = countsOf(groups);
  const present = [...sizes.keys()].filter(group => (sizes[group] ?? 0) > 0);
  requireGroups(present.length, folds);
  // Of equal groups the last comes first, as a sort that is turned round gives them.
  const order = present.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || b - a);
  const filled = new Float64Array(folds);
  const foldOf = new Int32Array(sizes.length);
  for (const group of order) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] = (filled[fold] ?? 0) + (sizes[group] ?? 0);
    foldOf[group] = fold;
  }
  return splitBy(groups, foldOf, folds);
}

/**
 * As `groupKFold`, and every class has nearly its share in each fold: the groups of the least even classes first, each into
 * the fold where the shares then differ least (scikit-learn: `StratifiedGroupKFold(folds)`).
 */
export function stratifiedGroupKFold({
  groups,
  classes,
  folds,
}: {
  groups: ArrayLike<number>;
  classes: ArrayLike<number>;
  folds: number;
}): Split[] {
  const sizes = countsOf(groups);
  const totals = countsOf(classes);
  const present = [...sizes.keys()].filter(group => (sizes[group] ?? 0) > 0);
  requireGroups(present.length, folds);
  const width = totals.length;
  const counts = new Float64Array(sizes.length * width);
  for (let i = 0; i < groups.length; i++) {
    const at = (groups[i] ?? 0) * width + (classes[i] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const unevenness = sizes.map((_, group) => spread(counts.subarray(group * width, (group + 1) * width)));
  const order = present.sort((a, b) => (unevenness[b] ?? 0) - (unevenness[a] ?? 0) || a - b);
  const filled = Array.from({length: folds}, () => new Float64Array(width));
  const foldOf = new Int32Array(sizes.length);
  for (const group of order) {
    const own = counts.subarray(group * width, (group + 1) * width);
    const fold = bestFold(filled, own, totals);
    filled[fold]?.forEach((count, k, all) => {
      all[k] = count + (own[k] ?? 0);
    });
    foldOf[group] = fold;
  }
  return splitBy(groups, foldOf, folds);
}

function bestFold(filled: readonly Float64Array[], own: Float64Array, totals: Float64Array): number {
  let [best, least, fewest] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  filled.forEach((fold, f) => {
    let uneven = 0;
    totals.forEach((total, k) => {
      const shares = Float64Array.from(filled, (each, g) => ((each[k] ?? 0) + (g === f ? (own[k] ?? 0) : 0)) / total);
      uneven += total > 0 ? spread(shares) : 0;
    });
    uneven /= totals.length;
    const rows = fold.reduce((sum, count) => sum + count, 0);
    const isNearly = Math.abs(uneven - least) <= 1e-8 + 1e-5 * Math.abs(least);
    if (uneven < least || (isNearly && rows < fewest)) [best, least, fewest] = [f, uneven, rows];
  });
  return best;
}

/**
 * Blocks of time, each tested by what was learnt from all rows before it (scikit-learn: `TimeSeriesSplit(folds)` on the
 * rows in order of `time`). Rows of the moment at which a test block begins are not learnt from.
 * @throws {RangeError} when a block would be empty.
 */
export function timeFolds({time, folds}: {time: Float64Array; folds: number}): Split[] {
  const order = byTime(time);
  const size = Math.floor(order.length / (folds + 1));
  if (size < 1) throw new RangeError(`${order.length} rows are too few for ${folds} blocks of time`);
  return Array.from({length: folds}, (_, fold) => {
    const start = order.length - (folds - fold) * size;
    return {train: before(order, start, time), test: order.slice(start, start + size).sort()};
  });
}

/** The latest rows, the given share of all, as the test set; what is learnt from is earlier than all of them. */
export function latestRows({time, testShare}: {time: Float64Array; testShare: number}): Split {
  const order = byTime(time);
  const start = order.length - Math.ceil(order.length * testShare);
  const train = before(order, start, time);
  if (train.length === 0) throw new RangeError('no row is earlier than the latest ones, so time can divide nothing');
  return {train, test: order.slice(start).sort()};
}

/**
 * Folds of a panel, that is of groups with rows at several times: each tests the rows of its groups in the latest part of
 * time and learns from the earlier rows of the other groups, so that neither a group nor a time is on both sides. The latest
 * part is `testShare` of the rows; every row in it is tested once, at most `folds` times and as often as there are groups in
 * it. What shares its group or its time with the tested rows takes no part in that fold.
 * @throws {RangeError} when the latest part holds one group only, or nothing is left to learn from.
 */
export function groupTimeFolds({
  groups,
  time,
  classes,
  folds,
  testShare,
}: {
  groups: Int32Array;
  time: Float64Array;
  classes?: Float64Array | undefined;
  folds: number;
  testShare: number;
}): Split[] {
  const order = byTime(time);
  const moment = time[order[order.length - Math.ceil(order.length * testShare)] ?? 0] ?? 0;
  const late = order.filter(row => (time[row] ?? 0) >= moment).sort();
  const early = order.filter(row => (time[row] ?? 0) < moment).sort();
  if (early.length === 0) throw new RangeError('no row is earlier than the latest ones, so time can divide nothing');
  const own = Int32Array.from(late, row => groups[row] ?? 0);
  const parts = Math.min(folds, new Set(own).size);
  if (parts < 2)
    throw new RangeError(
      'the latest of these rows are of one group; to divide by group and time there, two are needed: give one of both',
    );
  const divided = classes
    ? stratifiedGroupKFold({groups: own, classes: Float64Array.from(late, row => classes[row] ?? 0), folds: parts})
    : groupKFold({groups: own, folds: parts});
  return divided.map(({test: places}) => {
    const tested = new Set(Array.from(places, place => own[place]));
    const train = early.filter(row => !tested.has(groups[row]));
    if (train.length === 0)
      throw new RangeError('no earlier row is of another group, so there is nothing to learn from');
    return {train, test: Uint32Array.from(places, place => late[place] ?? 0)};
  });
}

function byTime(time: Float64Array): Uint32Array {
  return Uint32Array.from({length: time.length}, (_, row) => row).sort(
    (a, b) => (time[a] ?? 0) - (time[b] ?? 0) || a - b,
  );
}

function before(order: Uint32Array, start: number, time: Float64Array): Uint32Array {
  const moment = time[order[start] ?? 0] ?? 0;
  return order
    .slice(0, start)
    .filter(row => (time[row] ?? 0) < moment)
    .sort();
}

function countsOf(numbers: ArrayLike<number>): Float64Array {
  let largest = -1;
  for (let i = 0; i < numbers.length; i++) largest = Math.max(largest, numbers[i] ?? 0);
  const counts = new Float64Array(largest + 1);
  for (let i = 0; i < numbers.length; i++) counts[numbers[i] ?? 0] = (counts[numbers[i] ?? 0] ?? 0) + 1;
  return counts;
}

function requireGroups(groups: number, folds: number): void {
  if (groups < folds) throw new RangeError(`${groups} groups are fewer than the ${folds} folds`);
}

/** Population standard deviation. */
function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function splitBy(groups: ArrayLike<number>, foldOf: Int32Array, folds: number): Split[] {
  const rows = Uint32Array.from({length: groups.length}, (_, row) => row);
  const of = (row: number) => foldOf[groups[row] ?? 0];
  return Array.from({length: folds}, (_, fold) => ({
    train: rows.filter(row => of(row) !== fold),
    test: rows.filter(row => of(row) === fold),
  }));
}
