// Logistic regression with a quadratic penalty, fitted by Newton's method to full precision.

import {z} from 'zod';
import {type Columns, leastSquares} from '../core/least-squares.ts';
import {type Estimator, type FitInput, type FittedModel, likeliestClass, requireRows, rowCountOf} from './estimator.ts';
import {linearSum} from './linear.ts';

const logisticParameters = z.object({
  /** One weighted sum per class; two classes have one, for class 1. */
  sums: z.array(z.object({intercept: z.number(), coefficients: z.array(z.number())})).min(1),
  classCount: z.int().min(1),
  iterations: z.int(),
});

export type LogisticParameters = z.output<typeof logisticParameters>;

/**
 * Logistic regression with L2 penalty ½ Σ coefficient² / C, C = 1, the intercept not penalised; more than two classes by
 * softmax (scikit-learn: `LogisticRegression()`, whose default stops earlier; fitted to full precision both agree).
 */
export const logisticRegression: Estimator = {
  name: 'logistic',
  task: 'classification',
  describes: 'a weighted sum of the features turned into probabilities',
  baseline: false,
  fit: input => logisticModel(fitLogistic(input)),
  load: parameters => logisticModel(logisticParameters.parse(parameters)),
};

const mostIterations = 100;

export function fitLogistic(input: FitInput, {inverseC = 1}: {inverseC?: number} = {}): LogisticParameters {
  requireRows(input);
  const {features, target, classCount} = input;
  const sumCount = classCount > 2 ? classCount : 1;
  const width = features.length + 1;
  const design: Columns = [...features, new Float64Array(target.length).fill(1)];
  let weights = new Float64Array(sumCount * width);
  let loss = penalisedLoss(design, target, weights, classCount, inverseC);
  let iterations = 0;
  while (iterations < mostIterations) {
    iterations++;
    const step = newtonStep(design, target, weights, classCount, inverseC);
    let scale = 1;
    let next = moved(weights, step, scale);
    let nextLoss = penalisedLoss(design, target, next, classCount, inverseC);
    while (!(nextLoss <= loss) && scale > 1e-10) {
      scale /= 2;
      next = moved(weights, step, scale);
      nextLoss = penalisedLoss(design, target, next, classCount, inverseC);
    }
    const size = largest(step) * scale;
    if (nextLoss <= loss) weights = next;
    loss = Math.min(loss, nextLoss);
    if (size <= 1e-12 * Math.max(1, largest(weights)) || scale <= 1e-10) break;
  }
  const sums = Array.from({length: sumCount}, (_, k) => ({
    intercept: weights[k * width + width - 1] ?? 0,
    coefficients: Array.from(weights.slice(k * width, k * width + width - 1)),
  }));
  return {sums, classCount, iterations};
}

function moved(weights: Float64Array, step: Float64Array, scale: number) {
  return weights.map((weight, i) => weight - scale * (step[i] ?? 0));
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The weighted sums of all rows, [k][i]; for two classes class 0 has the sum 0. */
function scoresOf(design: Columns, weights: Float64Array, classCount: number): Float64Array[] {
  const width = design.length;
  const sums = Array.from({length: weights.length / width}, (_, k) =>
    linearSum(design, {intercept: 0, coefficients: Array.from(weights.subarray(k * width, (k + 1) * width))}),
  );
  return classCount > 2 ? sums : [new Float64Array(rowCountOf(design)), ...sums];
}

function softmax(scores: Float64Array[]): Float64Array[] {
  const result = scores.map(score => score.slice());
  for (let i = 0; i < rowCountOf(scores); i++) {
    const most = scores.reduce((best, score) => Math.max(best, score[i] ?? 0), Number.NEGATIVE_INFINITY);
    const total = scores.reduce((sum, score) => sum + Math.exp((score[i] ?? 0) - most), 0);
    for (const score of result) score[i] = Math.exp((score[i] ?? 0) - most) / total;
  }
  return result;
}

function penalisedLoss(
  design: Columns,
  target: Float64Array,
  weights: Float64Array,
  classCount: number,
  inverseC: number,
): number {
  const scores = scoresOf(design, weights, classCount);
  let loss = 0;
  for (let i = 0; i < target.length; i++) {
    const most = scores.reduce((best, score) => Math.max(best, score[i] ?? 0), Number.NEGATIVE_INFINITY);
    const total = scores.reduce((sum, score) => sum + Math.exp((score[i] ?? 0) - most), 0);
    loss += most + Math.log(total) - (scores[target[i] ?? 0]?.[i] ?? 0);
  }
  const width = design.length;
  return weights.reduce(
    (sum, weight, i) => (i % width === width - 1 ? sum : sum + (inverseC / 2) * weight * weight),
    loss,
  );
}

/** H⁻¹·gradient of the penalised loss. */
function newtonStep(
  design: Columns,
  target: Float64Array,
  weights: Float64Array,
  classCount: number,
  inverseC: number,
): Float64Array {
  const width = design.length;
  const all = softmax(scoresOf(design, weights, classCount));
  const fitted = classCount > 2 ? all : all.slice(1);
  const firstClass = classCount > 2 ? 0 : 1;
  const gradient = new Float64Array(weights.length);
  const hessian = Array.from({length: weights.length}, () => new Float64Array(weights.length));
  fitted.forEach((p, k) => {
    for (let a = 0; a < width; a++) {
      const column = design[a] ?? new Float64Array();
      let sum = 0;
      for (let i = 0; i < target.length; i++)
        sum += ((p[i] ?? 0) - (target[i] === k + firstClass ? 1 : 0)) * (column[i] ?? 0);
      const isPenalised = a < width - 1;
      gradient[k * width + a] = sum + (isPenalised ? inverseC * (weights[k * width + a] ?? 0) : 0);
    }
    fitted.forEach((q, l) => {
      for (let a = 0; a < width; a++)
        for (let b = 0; b < width; b++) {
          const [x, y] = [design[a] ?? new Float64Array(), design[b] ?? new Float64Array()];
          let sum = k === l && a === b && a < width - 1 ? inverseC : 0;
          for (let i = 0; i < target.length; i++)
            sum += (p[i] ?? 0) * ((k === l ? 1 : 0) - (q[i] ?? 0)) * (x[i] ?? 0) * (y[i] ?? 0);
          // All intercepts may move together without any effect; this holds their sum at zero, as scikit-learn's start does.
          if (classCount > 2 && a === width - 1 && b === width - 1) sum += 1;
          const row = hessian[k * width + a];
          if (row) row[l * width + b] = sum;
        }
    });
  });
  if (classCount > 2) addInterceptPull(gradient, weights, width);
  return leastSquares(hessian, gradient).coefficients;
}

function addInterceptPull(gradient: Float64Array, weights: Float64Array, width: number): void {
  let total = 0;
  for (let i = width - 1; i < weights.length; i += width) total += weights[i] ?? 0;
  for (let i = width - 1; i < gradient.length; i += width) gradient[i] = (gradient[i] ?? 0) + total;
}

function logisticModel(parameters: LogisticParameters): FittedModel {
  const probabilities = (features: Columns): Float64Array[] => {
    const sums = parameters.sums.map(sum => linearSum(features, sum));
    return softmax(parameters.classCount > 2 ? sums : [new Float64Array(rowCountOf(features)), ...sums]);
  };
  return {parameters, probabilities, predict: features => likeliestClass(probabilities(features))};
}
