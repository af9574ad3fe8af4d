// Straight-line models of a number: ordinary least squares and ridge.

import {z} from 'zod';
import {type Columns, leastSquares} from '../core/least-squares.ts';
import {type Estimator, type FitInput, type FittedModel, requireRows, rowCountOf} from './estimator.ts';

const linearParameters = z.object({intercept: z.number(), coefficients: z.array(z.number())});

/** A prediction is `intercept` + Σ coefficients[j] · features[j]. */
export type LinearParameters = z.output<typeof linearParameters>;

/** Ordinary least squares with intercept, by QR on centred columns (scikit-learn: `LinearRegression()`). */
export const linearRegression: Estimator = {
  name: 'linear',
  task: 'regression',
  describes: 'a weighted sum of the features, by least squares',
  baseline: false,
  fit: input => linearModel(fitLinear(input, 0)),
  load: parameters => linearModel(linearParameters.parse(parameters)),
};

/** Ridge with penalty 1 on the squared coefficients, intercept free (scikit-learn: `Ridge(alpha=1)`). */
export const ridgeRegression: Estimator = {
  name: 'ridge',
  task: 'regression',
  describes: 'a weighted sum of the features that keeps the weights small',
  baseline: false,
  tunes: [{alpha: 0.1}, {alpha: 10}, {alpha: 100}],
  fit: (input, {alpha = 1} = {}) => linearModel(fitLinear(input, alpha)),
  load: parameters => linearModel(linearParameters.parse(parameters)),
};

/**
 * Least squares of the target on the features plus `penalty` · Σ coefficient². Features that depend on each other share
 * their weight (the shortest coefficients), so nothing fails; with no features it is the mean.
 */
export function fitLinear(input: FitInput, penalty: number): LinearParameters {
  requireRows(input);
  const {features, target} = input;
  const targetMean = mean(target);
  const means = features.map(mean);
  // A ridge is least squares with one more row per feature, √penalty on its own column and 0 as its target.
  const extra = penalty > 0 ? features.length : 0;
  const centred = features.map((column, j) => {
    const longer = new Float64Array(column.length + extra);
    column.forEach((value, i) => {
      longer[i] = value - (means[j] ?? 0);
    });
    if (extra > 0) longer[column.length + j] = Math.sqrt(penalty);
    return longer;
  });
  const right = new Float64Array(target.length + extra);
  target.forEach((value, i) => {
    right[i] = value - targetMean;
  });
  const coefficients = Array.from(leastSquares(centred, right).coefficients);
  const intercept = coefficients.reduce((rest, coefficient, j) => rest - coefficient * (means[j] ?? 0), targetMean);
  return {intercept, coefficients};
}

export function linearModel(parameters: LinearParameters): FittedModel {
  return {parameters, predict: features => linearSum(features, parameters)};
}

/** intercept + Σ coefficient · feature for every row. */
export function linearSum(features: Columns, {intercept, coefficients}: LinearParameters): Float64Array {
  const sums = new Float64Array(rowCountOf(features)).fill(intercept);
  features.forEach((column, j) => {
    const coefficient = coefficients[j] ?? 0;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + coefficient * (column[i] ?? 0);
  });
  return sums;
}

export function mean(values: Float64Array): number {
  const first = values[0] ?? 0;
  // Differences from the first value keep their digits when all values are near 1e9.
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}
