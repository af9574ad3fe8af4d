// Ordinary least squares for understanding: coefficients with standard errors, classical or robust.

import {ToolError} from '../core/errors.ts';
import {solveR} from '../core/least-squares.ts';
import {fUpperTail, tCritical, tTwoSided} from './distributions/tails.ts';
import {isConstant, momentsOf, noVariation, requireCount} from './hypothesis/sample.ts';
import {centre, dot, inflationOf, lossWithout, slopesOf} from './slopes.ts';

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
  /** One value a feature: how much the others inflate the variance of its slope (statsmodels' variance_inflation_factor). */
  vif: number[];
  /** One value a group: by how much R² falls without it. */
  r2Lost: number[];
};

export type OlsInput = {
  target: Float64Array;
  features: readonly {name: string; values: Float64Array}[];
  /** `clusters` holds a number a row; rows of the same number may depend on each other. */
  errors?: 'classical' | 'HC3' | {clusters: Float64Array};
  /** Places of features that belong together, such as the values of a category. */
  groups?: readonly (readonly number[])[];
};

/**
 * The target as intercept + Σ coefficient · feature over the complete rows, by QR on centred columns (statsmodels' OLS with
 * `add_constant`; HC3 as `cov_type='HC3', use_t=True`, clusters as `cov_type='cluster', use_t=True`; `f` is always the classical one).
 * @throws ToolError `test.too_few_values` unless more rows than coefficients are complete, `test.no_variation`,
 *   `ols.dependent_features` naming a feature that follows from the others.
 */
export function ols({target, features, errors = 'classical', groups = []}: OlsInput): OlsResult {
  const isComplete = (_: number, i: number) =>
    !Number.isNaN(target[i]) && features.every(({values}) => !Number.isNaN(values[i]));
  const y = centre(target.filter(isComplete));
  const x = features.map(({values}) => centre(values.filter(isComplete)));
  const n = y.values.length;
  requireCount(y.values, features.length + 2, 'the set of complete rows');
  const total = momentsOf(y.values, 0).squares;
  if (isConstant(total)) throw noVariation('the target');
  const slopes = slopesOf(x.map(column => column.values));
  if ('dependent' in slopes) throw dependent(features[slopes.dependent]?.name ?? '?');
  const {factors, q, weights} = slopes;
  const projected = Float64Array.from(q, column => dot(column, y.values));
  const sorted = solveR(factors, projected);
  const residuals = y.values.slice();
  q.forEach((column, k) => {
    const along = projected[k] ?? 0;
    for (let i = 0; i < n; i++) residuals[i] = (residuals[i] ?? 0) - along * (column[i] ?? 0);
  });
  const df = n - features.length - 1;
  const rss = dot(residuals, residuals);
  const clusters = typeof errors === 'object' ? clusterCodes(errors.clusters.filter(isComplete)) : null;
  // The variance each row brings into a coefficient, which is Σ weight · target.
  const leverage = errors === 'HC3' ? leverageOf(q, n) : null;
  const rowVariance = residuals.map((residual, i) =>
    leverage ? (residual / (1 - (leverage[i] ?? 0))) ** 2 : rss / df,
  );
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
    vif: inflationOf(
      x.map(column => column.values),
      slopes,
    ),
    r2Lost: groups.map(places => lossWithout(places, values, weights) / total),
  };
}

function leverageOf(q: readonly Float64Array[], n: number): Float64Array {
  const leverage = new Float64Array(n).fill(1 / n);
  for (const column of q) for (let i = 0; i < n; i++) leverage[i] = (leverage[i] ?? 0) + (column[i] ?? 0) ** 2;
  return leverage;
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
