// What a family of distributions is to the code that fits and ranks them.

/** Parameters by the names SciPy gives them. `cdf` is P(X ≤ x), `quantile` its inverse for 0 < p < 1. */
export type Fit = {
  parameters: Readonly<Record<string, number>>;
  logLikelihood: number;
  cdf(x: number): number;
  quantile(p: number): number;
};

/**
 * `convention` says how the parameters stand in SciPy's terms. `free` is the number of parameters that were estimated, for
 * AIC and BIC. `fit` takes n ≥ 2 sorted finite values that are not all equal and gives the maximum of the likelihood, or
 * the reason why there is none.
 */
export type Family = {
  name: string;
  counts: boolean;
  free: number;
  convention: string;
  fit(sorted: Float64Array): Fit | string;
};

/** The x from `low` to `high` where a rising function reaches p, by bisection to the last digits. */
export function risingRoot(rising: (x: number) => number, p: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 300; step++) {
    const middle = (from + to) / 2;
    if (middle === from || middle === to) break;
    if (rising(middle) < p) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

export function meanOf(values: Float64Array, of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
}
