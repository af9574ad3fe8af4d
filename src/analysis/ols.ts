// Ordinary least squares for understanding: coefficients with standard errors, classical or robust.

import {ToolError} from '../core/errors.ts';
import {factorQr, type QrFactors, rElement, solveR} from '../core/least-squares.ts';
import {fUpperTail, tCritical, tTwoSided} from './distributions/tails.ts';
import {isConstant, momentsOf, noVariation, requireCount} from './hypothesis/sample.ts';

export type Coefficient = {
  name: string;
  value: number;
  standardError: number;
  t: number;
  p: number;
  low: number;
  high: number;
};

/** `dropped` rows had a NaN somewhere. Intervals are 95 %. `f` tests all coefficients but the intercept together. */
export type OlsResult = {
  coefficients: Coefficient[];
  n: number;
  dropped: number;
  df: number;
  r2: number;
  adjustedR2: number;
  residualStdError: number;
  f: number;
  fP: number;
  errors: 'classical' | 'HC3' | 'clustered';
  /** The number of clusters, where errors are clustered. */
  clusters: number | null;
};

export type OlsInput = {
  target: Float64Array;
  features: readonly {name: string; values: Float64Array}[];
  /** `clusters` holds a number a row; rows of the same number may depend on each other. */
  errors?: 'classical' | 'HC3' | {clusters: Float64Array};
};

/**
 * The target as intercept + Σ coefficient · feature over the complete rows, by QR on centred columns (statsmodels' OLS with
 * `add_constant`; HC3 as `cov_type='HC3', use_t=True`, clusters as `cov_type='cluster', use_t=True`; `f` is always the classical one).
 * @throws ToolError `test.too_few_values` unless more rows than coefficients are complete, `test.no_variation`,
 *   `ols.dependent_features` naming a feature that follows from the others.
 */
export function ols({target, features, errors = 'classical'}: OlsInput): OlsResult {
  const isComplete = (_: number, i: number) =>
    !Number.isNaN(target[i]) && features.every(({values}) => !Number.isNaN(values[i]));
  const y = centre(target.filter(isComplete));
  const x = features.map(({values}) => centre(values.filter(isComplete)));
  const n = y.values.length;
  requireCount(y.values, features.length + 2, 'the set of complete rows');
  const total = momentsOf(y.values, 0).squares;
  if (isConstant(total)) throw noVariation('the target');
  const factors = factorQr(
    x.map(column => column.values),
    {pivot: true, tolerance: 1e-11},
  );
  if (factors.rank < features.length) throw dependent(features[factors.order[factors.rank] ?? 0]?.name ?? '?');
  const q = thinQ(
    factors,
    x.map(column => column.values),
  );
  const projected = Float64Array.from(q, column => dot(column, y.values));
  const sorted = solveR(factors, projected);
  const residuals = y.values.map(
    (value, i) => value - q.reduce((sum, column, k) => sum + (column[i] ?? 0) * (projected[k] ?? 0), 0),
  );
  const df = n - features.length - 1;
  const rss = dot(residuals, residuals);
  const clusters = typeof errors === 'object' ? clusterCodes(errors.clusters.filter(isComplete)) : null;
  // The variance each row brings into a coefficient, which is Σ weight · target.
  const rowVariance = residuals.map((residual, i) => {
    if (errors !== 'HC3') return rss / df;
    const leverage = q.reduce((sum, column) => sum + (column[i] ?? 0) ** 2, 1 / n);
    return (residual / (1 - leverage)) ** 2;
  });
  const varianceOf = (weight: Float64Array) => {
    if (!clusters) return weight.reduce((sum, w, i) => sum + w * w * (rowVariance[i] ?? 0), 0);
    const sums = new Float64Array(clusters.count);
    weight.forEach((w, i) => {
      const code = clusters.codes[i] ?? 0;
      sums[code] = (sums[code] ?? 0) + w * (residuals[i] ?? 0);
    });
    return (clusters.count / (clusters.count - 1)) * ((n - 1) / df) * dot(sums, sums);
  };
  const inferenceDf = clusters ? clusters.count - 1 : df;
  const weights = slopeWeights(factors, q);
  const values = new Float64Array(features.length);
  sorted.forEach((value, k) => {
    values[factors.order[k] ?? k] = value;
  });
  const interceptWeights = new Float64Array(n).fill(1 / n);
  weights.forEach((weight, j) => {
    const mean = x[j]?.mean ?? 0;
    for (let i = 0; i < n; i++) interceptWeights[i] = (interceptWeights[i] ?? 0) - mean * (weight[i] ?? 0);
  });
  const critical = tCritical(0.05, inferenceDf);
  const describe = (name: string, value: number, weight: Float64Array): Coefficient => {
    const standardError = Math.sqrt(varianceOf(weight));
    const t = value / standardError;
    return {
      name,
      value,
      standardError,
      t,
      p: tTwoSided(t, inferenceDf),
      low: value - critical * standardError,
      high: value + critical * standardError,
    };
  };
  const intercept = values.reduce((rest, value, j) => rest - value * (x[j]?.mean ?? 0), y.mean);
  const r2 = 1 - rss / total;
  const f = (total - rss) / features.length / (rss / df);
  return {
    coefficients: [
      describe('intercept', intercept, interceptWeights),
      ...features.map(({name}, j) => describe(name, values[j] ?? 0, weights[j] ?? new Float64Array(n))),
    ],
    n,
    dropped: target.length - n,
    df,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / df,
    residualStdError: Math.sqrt(rss / df),
    f,
    fP: fUpperTail(f, features.length, df),
    errors: typeof errors === 'object' ? 'clustered' : errors,
    clusters: clusters?.count ?? null,
  };
}

/** Numbers as codes from 0. @throws ToolError `ols.one_cluster` */
function clusterCodes(values: Float64Array): {codes: Int32Array; count: number} {
  const places = new Map([...new Set(values)].map((value, i) => [value, i]));
  if (places.size < 2) throw new ToolError('ols.one_cluster', 'Clustered errors need two clusters or more.');
  return {codes: Int32Array.from(values, value => places.get(value) ?? 0), count: places.size};
}

function dependent(name: string): ToolError {
  return new ToolError(
    'ols.dependent_features',
    `"${name}" is constant or follows from the other features, so it has no effect of its own`,
    {
      hint: `Leave out "${name}" or one of the features it goes with.`,
    },
  );
}

function centre(values: Float64Array): {values: Float64Array; mean: number} {
  const origin = values[0] ?? 0;
  const {mean} = momentsOf(values, origin);
  return {values: values.map(value => value - origin - mean), mean: origin + mean};
}

/** The orthonormal columns of Q, one for each column of R: X·R⁻¹, column by column. */
function thinQ(factors: QrFactors, columns: readonly Float64Array[]): Float64Array[] {
  const q: Float64Array[] = [];
  for (let k = 0; k < factors.rank; k++) {
    const column = (columns[factors.order[k] ?? k] ?? new Float64Array()).slice();
    for (let j = 0; j < k; j++) subtract(column, q[j], rElement(factors, j, k));
    // Once more against rounding, so that the columns are orthogonal to the last digits.
    for (const earlier of q) subtract(column, earlier, dot(earlier, column));
    const size = rElement(factors, k, k);
    q.push(column.map(value => value / size));
  }
  return q;
}

function subtract(column: Float64Array, other: Float64Array | undefined, factor: number): void {
  for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - factor * (other?.[i] ?? 0);
}

/** Per feature the weights w with coefficient = Σ w·target: the rows of R⁻¹·Qᵀ. */
function slopeWeights(factors: QrFactors, q: readonly Float64Array[]): Float64Array[] {
  const n = q[0]?.length ?? 0;
  const weights = q.map(() => new Float64Array(n));
  for (let k = q.length - 1; k >= 0; k--) {
    const row = (q[k] ?? new Float64Array()).slice();
    for (let j = k + 1; j < q.length; j++) subtract(row, weights[factors.order[j] ?? j], rElement(factors, k, j));
    const size = rElement(factors, k, k);
    weights[factors.order[k] ?? k] = row.map(value => value / size);
  }
  return weights;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
