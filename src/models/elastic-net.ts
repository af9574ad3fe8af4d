// Straight-line models that leave features out: lasso and elastic net, by coordinate descent.

import {z} from 'zod';
import {type Estimator, type FitInput, requireRows, type Settings} from './estimator.ts';
import {type LinearParameters, linearModel, mean} from './linear.ts';

/** `alpha` and `l1Ratio` as scikit-learn's `alpha` and `l1_ratio`. */
export type Penalty = {alpha: number; l1Ratio: number};

const parametersSchema = z.object({intercept: z.number(), coefficients: z.array(z.number())});
const usualShare = 0.01;
const mostSweeps = 10_000;
const precision = 1e-11;

/**
 * As scikit-learn's `Lasso(alpha)`, where alpha is `alpha_share` of the smallest one that leaves every feature out, so that
 * it fits targets of any unit.
 */
export const lasso = estimator('lasso', 1, 'a weighted sum of a few of the features', [
  {alpha_share: 0.1},
  {alpha_share: 0.03},
  {alpha_share: 0.003},
  {alpha_share: 0.001},
]);
/** As scikit-learn's `ElasticNet(alpha, l1_ratio=0.5)`, alpha as in the lasso. */
export const elasticNet = estimator('elastic_net', 0.5, 'a weighted sum of some of the features, like ones together', [
  {alpha_share: 0.1},
  {alpha_share: 0.001},
]);

function estimator(name: string, l1Ratio: number, describes: string, tunes: readonly Settings[]): Estimator {
  return {
    name,
    task: 'regression',
    describes,
    baseline: false,
    tunes,
    fit: (input, {alpha_share: share = usualShare} = {}) =>
      linearModel(fitElasticNet(input, {alpha: share * largestAlpha(input, l1Ratio), l1Ratio})),
    load: parameters => linearModel(parametersSchema.parse(parameters)),
  };
}

/** The smallest alpha at which every coefficient is 0. */
export function largestAlpha({features, target}: FitInput, l1Ratio: number): number {
  const centre = mean(target);
  return features.reduce((most, column) => {
    const middle = mean(column);
    let sum = 0;
    for (let i = 0; i < column.length; i++) sum += ((column[i] ?? 0) - middle) * ((target[i] ?? 0) - centre);
    return Math.max(most, Math.abs(sum) / (target.length * l1Ratio));
  }, 0);
}

/**
 * The smallest (1 / 2n)·|y − X·w|² + alpha·l1Ratio·Σ|w| + ½·alpha·(1 − l1Ratio)·Σw², with the intercept free
 * (scikit-learn: `ElasticNet`, to full precision). Works on the products of features, so a sweep costs features².
 */
export function fitElasticNet(input: FitInput, {alpha, l1Ratio}: Penalty): LinearParameters {
  requireRows(input);
  const {features, target} = input;
  const rows = target.length;
  const [centre, means] = [mean(target), features.map(mean)];
  const {gram, moments} = products(input, means, centre);
  const coefficients = new Float64Array(features.length);
  // What each feature still has in common with the rest of the target.
  const open = moments.slice();
  const [l1, l2] = [alpha * l1Ratio * rows, alpha * (1 - l1Ratio) * rows];
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [moved, most] = [0, 0];
    for (let j = 0; j < coefficients.length; j++) {
      const own = gram[j]?.[j] ?? 0;
      const before = coefficients[j] ?? 0;
      const pull = (open[j] ?? 0) + own * before;
      const after = own > 0 ? (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / (own + l2) : 0;
      most = Math.max(most, Math.abs(after) * Math.sqrt(own));
      if (after === before) continue;
      coefficients[j] = after;
      moved = Math.max(moved, Math.abs(after - before) * Math.sqrt(own));
      const row = gram[j];
      for (let k = 0; row && k < open.length; k++) open[k] = (open[k] ?? 0) - (after - before) * (row[k] ?? 0);
    }
    if (moved <= precision * most) break;
  }
  const intercept = means.reduce((rest, middle, j) => rest - middle * (coefficients[j] ?? 0), centre);
  return {intercept, coefficients: Array.from(coefficients)};
}

const blockRows = 1_024;

/** Xᵀ·X and Xᵀ·y of the centred columns. */
function products({features, target}: FitInput, means: readonly number[], centre: number) {
  const width = features.length;
  const gram = features.map(() => new Float64Array(width));
  const moments = new Float64Array(width);
  const block = features.map(() => new Float64Array(blockRows));
  const right = new Float64Array(blockRows);
  for (let start = 0; start < target.length; start += blockRows) {
    const rows = Math.min(blockRows, target.length - start);
    for (let i = 0; i < rows; i++) right[i] = (target[start + i] ?? 0) - centre;
    block.forEach((column, j) => {
      const from = features[j];
      for (let i = 0; i < rows; i++) column[i] = (from?.[start + i] ?? 0) - (means[j] ?? 0);
    });
    block.forEach((column, j) => {
      moments[j] = (moments[j] ?? 0) + dot(column, right, rows);
      const row = gram[j];
      for (let k = j; row && k < width; k++) row[k] = (row[k] ?? 0) + dot(column, block[k], rows);
    });
  }
  gram.forEach((row, j) => {
    for (let k = 0; k < j; k++) row[k] = gram[k]?.[j] ?? 0;
  });
  return {gram, moments};
}

function dot(a: Float64Array, b: Float64Array | undefined, rows: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += (a[i] ?? 0) * (b?.[i] ?? 0);
  return sum;
}
