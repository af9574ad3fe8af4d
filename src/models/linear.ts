// Straight-line models of a number: ordinary least squares and ridge.

import {z} from 'zod';
import {type Columns, factorQr, leastSquares, rElement} from '../core/least-squares.ts';
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
  const shifts = [...means, targetMean];
  const intercepted = (coefficients: number[]): LinearParameters => ({
    intercept: coefficients.reduce((rest, coefficient, j) => rest - coefficient * (means[j] ?? 0), targetMean),
    coefficients,
  });
  const columns = [...features, target];
  if (penalty > 0 && features.length > target.length) {
    const found = ofFewRows(
      columns.map((column, j) => part(column, shifts[j])),
      penalty,
    );
    if (found) return intercepted(found);
  }
  const centred = target.length > blockRows ? triangleOf(columns, shifts) : columns.map((c, j) => part(c, shifts[j]));
  // A ridge is least squares with one more row per feature, √penalty on its own column and 0 as its target.
  const extra = penalty > 0 ? features.length : 0;
  const longer = centred.map((column, j) => {
    const whole = new Float64Array(column.length + extra);
    whole.set(column);
    if (extra > 0 && j < features.length) whole[column.length + j] = Math.sqrt(penalty);
    return whole;
  });
  const right = longer.pop() ?? new Float64Array();
  const coefficients = Array.from(leastSquares(longer, right).coefficients);
  return intercepted(coefficients);
}

/** Below this share of the squared length of a row the digits of the sums below would not last. */
const leastPenalty = 1e-7;

/**
 * Ridge coefficients by its dual, n equations instead of as many as features: Xᵀ (X Xᵀ + penalty · I)⁻¹ y (Saunders and others
 * 1998). The target is the last of the columns, which have mean 0. Null where the penalty is too small for it.
 */
function ofFewRows(columns: readonly Float64Array[], penalty: number): number[] | null {
  const features = columns.slice(0, -1);
  const y = columns.at(-1) ?? new Float64Array();
  const products = Array.from(y, () => new Float64Array(y.length));
  for (const column of features)
    for (let i = 0; i < y.length; i++) {
      const [row, value] = [products[i], column[i] ?? 0];
      if (row && value !== 0) for (let j = 0; j < y.length; j++) row[j] = (row[j] ?? 0) + value * (column[j] ?? 0);
    }
  const longest = products.reduce((most, row, i) => Math.max(most, row[i] ?? 0), 0);
  if (penalty < leastPenalty * longest) return null;
  products.forEach((row, i) => {
    row[i] = (row[i] ?? 0) + penalty;
  });
  const {coefficients: weights} = leastSquares(products, y);
  return features.map(column => column.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0));
}

const blockRows = 16_384;

function part(column: Float64Array, shift = 0, start = 0, end = column.length): Float64Array {
  return column.subarray(start, end).map(value => value - shift);
}

/**
 * A few rows with the same least squares as all of them: R of a QR that takes a block of rows after the other, so that no
 * copy of the whole is made (TSQR; Demmel et al. 2012).
 */
function triangleOf(columns: Columns, shifts: readonly number[]): Float64Array[] {
  const rows = columns[0]?.length ?? 0;
  let triangle = columns.map(() => new Float64Array());
  for (let start = 0; start < rows; start += blockRows) {
    const stacked = columns.map((column, j) => {
      const [above, below] = [
        triangle[j] ?? new Float64Array(),
        part(column, shifts[j], start, Math.min(rows, start + blockRows)),
      ];
      const both = new Float64Array(above.length + below.length);
      both.set(above);
      both.set(below, above.length);
      return both;
    });
    const factors = factorQr(stacked, {pivot: false});
    const height = Math.min(columns.length, stacked[0]?.length ?? 0);
    triangle = columns.map((_, j) =>
      Float64Array.from({length: height}, (_, row) => (row <= j ? rElement(factors, row, j) : 0)),
    );
  }
  return triangle;
}

export function linearModel(parameters: LinearParameters): FittedModel {
  const width = parameters.coefficients.length;
  return {width, parameters, predict: features => linearSum(features, parameters)};
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
