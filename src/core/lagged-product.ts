// How a series goes with itself some steps before. Pure numbers: used by models and by analysis, which don't know each other.

/** Σ x_t · x_{t − lag}: of deviations from the mean and divided by n, the autocovariance of the lag. */
export function laggedProduct(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += (values[t] ?? 0) * (values[t - lag] ?? 0);
  return sum;
}
