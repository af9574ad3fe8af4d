// Bayesian ridge regression, as scikit-learn's BayesianRidge with its defaults: the penalty is learned from the data.

import {symmetricEigen} from '../../core/symmetric-eigen.ts';

export type LinearFit = {intercept: number; coefficients: Float64Array};

const hyper = 1e-6;
const mostIterations = 300;
const tolerance = 1e-3;

/**
 * `columns` are the features and `target` the values, all of n ≥ 1 rows without NaN. Follows scikit-learn 1.2: MacKay's updates
 * of both precisions with gamma priors of 1e-6 until the coefficients move by less than 1e-3 in all.
 */
export function bayesianRidge(columns: readonly Float64Array[], target: Float64Array): LinearFit {
  const n = target.length;
  const means = columns.map(mean);
  const targetMean = mean(target);
  const width = columns.length;
  const centred = columns.map((column, j) => column.map(value => value - (means[j] ?? 0)));
  const y = target.map(value => value - targetMean);
  const products = centred.map(a => Float64Array.from(centred, b => dot(a, b)));
  const withTarget = Float64Array.from(centred, column => dot(column, y));
  const {values, vectors} = symmetricEigen(products);
  const positive = values.map(value => Math.max(0, value));
  const projected = vectors.map(vector => dot(vector, withTarget));
  let alpha = 1 / (dot(y, y) / n + Number.EPSILON);
  let lambda = 1;
  let before: Float64Array | null = null;
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const coefficients = solve(alpha, lambda);
    const gamma = positive.reduce((sum, value) => sum + (alpha * value) / (lambda + alpha * value), 0);
    lambda = (gamma + 2 * hyper) / (dot(coefficients, coefficients) + 2 * hyper);
    alpha = (n - gamma + 2 * hyper) / (squaredResiduals(coefficients) + 2 * hyper);
    const moved = before?.reduce((sum, value, j) => sum + Math.abs(value - (coefficients[j] ?? 0)), 0);
    if (moved !== undefined && moved < tolerance) break;
    before = coefficients;
  }
  const coefficients = solve(alpha, lambda);
  const intercept = targetMean - means.reduce((sum, value, j) => sum + value * (coefficients[j] ?? 0), 0);
  return {intercept, coefficients};

  function solve(a: number, l: number): Float64Array {
    const result = new Float64Array(width);
    vectors.forEach((vector, k) => {
      const share = (projected[k] ?? 0) / ((positive[k] ?? 0) + l / a);
      for (let j = 0; j < width; j++) result[j] = (result[j] ?? 0) + share * (vector[j] ?? 0);
    });
    return result;
  }

  function squaredResiduals(coefficients: Float64Array): number {
    const residual = y.slice();
    centred.forEach((column, j) => {
      const slope = coefficients[j] ?? 0;
      for (let i = 0; i < n; i++) residual[i] = (residual[i] ?? 0) - slope * (column[i] ?? 0);
    });
    return dot(residual, residual);
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
