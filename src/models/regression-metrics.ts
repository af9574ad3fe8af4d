// How far predicted numbers are from the actual ones, as scikit-learn's sklearn.metrics measures it.

function requirePairs(actual: Float64Array, predicted: Float64Array): void {
  if (actual.length !== predicted.length)
    throw new RangeError(`${actual.length} actual values but ${predicted.length} predicted ones`);
  if (actual.length === 0) throw new RangeError('a metric needs at least one row');
}

function meanOf(count: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum / count;
}

/**
 * Root-mean-square error of `predicted` against `actual`, in the target's own unit.
 * Both hold n ≥ 1 values in the same row order; a NaN in either gives NaN (rows are dropped by the caller, never here).
 * @throws {RangeError} if the lengths differ or n is 0. So do all metrics of this file.
 */
export function rmse(actual: Float64Array, predicted: Float64Array): number {
  requirePairs(actual, predicted);
  return Math.sqrt(meanOf(actual.length, i => ((actual[i] ?? 0) - (predicted[i] ?? 0)) ** 2));
}

/** Mean absolute error, in the target's own unit. */
export function mae(actual: Float64Array, predicted: Float64Array): number {
  requirePairs(actual, predicted);
  return meanOf(actual.length, i => Math.abs((actual[i] ?? 0) - (predicted[i] ?? 0)));
}

/** Median absolute error, in the target's own unit; the mean of the two middle ones for even n. */
export function medianAbsoluteError(actual: Float64Array, predicted: Float64Array): number {
  requirePairs(actual, predicted);
  const errors = actual.map((value, i) => Math.abs(value - (predicted[i] ?? 0))).sort();
  const middle = errors.length >> 1;
  const upper = errors[middle] ?? Number.NaN;
  return errors.length % 2 === 1 ? upper : ((errors[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Mean absolute percentage error as a share (0.1 is 10 %). Null when an actual value is 0, where it means nothing
 * (scikit-learn gives an arbitrarily large number there).
 */
export function mape(actual: Float64Array, predicted: Float64Array): number | null {
  requirePairs(actual, predicted);
  if (actual.includes(0)) return null;
  return meanOf(actual.length, i => Math.abs(((actual[i] ?? 0) - (predicted[i] ?? 0)) / (actual[i] ?? 1)));
}

/**
 * The share of the variance of `actual` that is explained: 1 is perfect, 0 is no better than the mean, below 0 is worse.
 * For a constant `actual` it is 1 when predicted exactly, else 0 (scikit-learn's rule).
 */
export function r2(actual: Float64Array, predicted: Float64Array): number {
  requirePairs(actual, predicted);
  const mean = meanOf(actual.length, i => actual[i] ?? 0);
  const residual = meanOf(actual.length, i => ((actual[i] ?? 0) - (predicted[i] ?? 0)) ** 2);
  const total = meanOf(actual.length, i => ((actual[i] ?? 0) - mean) ** 2);
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
