// Samples as every test wants them: missing values dropped and counted, moments without loss of digits, ranks with ties.

import {ToolError} from '../../core/errors.ts';

/** `values` has no NaN any more; `dropped` says how many there were. */
export type Sample = {values: Float64Array; dropped: number};

/** Drops NaN, which stands for a missing value. @throws ToolError `test.infinite_values`: no test can use those. */
export function present(values: Float64Array): Sample {
  requireFinite(values);
  const kept = values.filter(value => !Number.isNaN(value));
  return {values: kept, dropped: values.length - kept.length};
}

function requireFinite(values: Float64Array): void {
  const infinite = values.reduce((count, value) => count + (Math.abs(value) === Number.POSITIVE_INFINITY ? 1 : 0), 0);
  if (infinite === 0) return;
  throw new ToolError('test.infinite_values', `${infinite} of ${values.length} values are infinite`, {
    hint: 'Leave those rows out with a filter such as isfinite(column).',
  });
}

/** Rows in which both values are present. @throws {RangeError} if the lengths differ; ToolError `test.infinite_values`. */
export function presentPairs(x: Float64Array, y: Float64Array): {x: Float64Array; y: Float64Array; dropped: number} {
  if (x.length !== y.length) throw new RangeError(`pairs need equal lengths, not ${x.length} and ${y.length}`);
  requireFinite(x);
  requireFinite(y);
  const isComplete = (_: number, i: number) => !Number.isNaN(x[i]) && !Number.isNaN(y[i]);
  const kept = x.filter(isComplete);
  return {x: kept, y: y.filter(isComplete), dropped: x.length - kept.length};
}

/** @throws ToolError `test.too_few_values` when fewer than `least` values are left. */
export function requireCount(sample: ArrayLike<number>, least: number, what: string): void {
  if (sample.length >= least) return;
  const noun = sample.length === 1 ? 'value' : 'values';
  throw new ToolError('test.too_few_values', `${what} has ${sample.length} ${noun}; this test needs at least ${least}`);
}

/** For when all values are equal, so that nothing can be tested. */
export function noVariation(what: string): ToolError {
  return new ToolError('test.no_variation', `${what} does not vary: all values are equal`);
}

/**
 * True when a sum of squared deviations is too small to be told from none: below, its own square is no longer a number,
 * and values that close together (1e-75) are rounding, not variation.
 */
export function isConstant(squares: number): boolean {
  return !(squares > 1e-150);
}

/** n, mean and sum of squared deviations of values − `origin`. */
export type Moments = {n: number; mean: number; squares: number};

/**
 * Moments relative to `origin` (pass one of the values): far from zero, say near 1e9, the mean itself cannot hold the
 * digits that differences of means need. Deviations are taken around the first of the values, since an origin from a group
 * of another size (1e12 beside 1) would take the digits of the smaller ones.
 */
export function momentsOf(values: Float64Array, origin: number): Moments {
  const n = values.length;
  const own = values[0] ?? origin;
  let sum = 0;
  for (const value of values) sum += value - own;
  const mean = sum / n;
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    const deviation = value - own - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  return {n, mean: own - origin + mean, squares: squares - (rest * rest) / n};
}

/** Sample variance (n − 1). */
export function varianceOf({n, squares}: Moments): number {
  return squares / (n - 1);
}

/** Average ranks from 1, and the sizes of the groups of equal values larger than one. */
export type Ranks = {ranks: Float64Array; ties: number[]};

/**
 * Ranks as scipy.stats.rankdata: equal values share the mean of their ranks. The numbers alone are sorted, and each looks up
 * its place, since a sort of their indices by a comparison takes several times as long.
 */
export function rankValues(values: Float64Array): Ranks {
  const sorted = values.slice().sort();
  const means = new Float64Array(sorted.length);
  const ties: number[] = [];
  let distinct = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    sorted[distinct] = sorted[start] ?? 0;
    means[distinct++] = (start + 1 + end) / 2;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  const ranks = values.map(value => means[placeOf(sorted, distinct, value)] ?? 0);
  return {ranks, ties};
}

/** Where the value stands among the first `count` of ascending values, of which it is one. */
function placeOf(ascending: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Σ (t³ − t) over the groups of ties. */
export function tieTerm(ties: readonly number[]): number {
  return ties.reduce((sum, t) => sum + (t ** 3 - t), 0);
}

export function concatenate(samples: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(samples.reduce((sum, sample) => sum + sample.length, 0));
  let start = 0;
  for (const sample of samples) {
    all.set(sample, start);
    start += sample.length;
  }
  return all;
}

/** Quantile of sorted values by linear interpolation (type 7, numpy's default). */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (position - below) * (high - low);
}

export function medianOf(values: Float64Array): number {
  return quantileOfSorted(values.slice().sort(), 0.5);
}
