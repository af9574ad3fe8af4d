// Logistic regression with a quadratic penalty, by Newton's method or, where that would take long, by L-BFGS.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {type Estimator, type FitInput, type FittedModel, likeliestClass, requireRows, rowCountOf} from './estimator.ts';
import {lbfgs} from './lbfgs.ts';
import {linearSum} from './linear.ts';
import {derive, type Problem, sumCountOf} from './logistic-fit.ts';
import {newton} from './logistic-newton.ts';

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
  takesWeights: true,
  tunes: [{C: 0.01}, {C: 0.1}, {C: 10}],
  fit: (input, {C = 1} = {}) => logisticModel(fitLogistic(input, {inverseC: 1 / C})),
  load: parameters => logisticModel(logisticParameters.parse(parameters)),
};

/** Weights up to which second derivatives are worth their time: then each costs n · weights². */
const mostNewtonWeights = 200;

export function fitLogistic(input: FitInput, {inverseC = 1}: {inverseC?: number} = {}): LogisticParameters {
  requireRows(input);
  const {features, target, classCount, weights: rowWeights} = input;
  const problem: Problem = {features, target, classCount, penalty: inverseC, rowWeights};
  const width = features.length + 1;
  const size = sumCountOf(problem) * width;
  const {weights, iterations} = size <= mostNewtonWeights ? newton(problem) : byGradient(problem, size);
  const sums = Array.from({length: sumCountOf(problem)}, (_, k) => ({
    intercept: weights[k * width + width - 1] ?? 0,
    coefficients: Array.from(weights.slice(k * width, k * width + width - 1)),
  }));
  return {sums, classCount, iterations};
}

function byGradient(problem: Problem, size: number): {weights: Float64Array; iterations: number} {
  const tolerance = 1e-6 * problem.target.length;
  const {at, iterations} = lbfgs((weights, gradient) => derive(problem, weights, gradient), size, {
    tolerance,
    mostSteps: 500,
  });
  return {weights: at, iterations};
}

function softmax(scores: Float64Array[]): Float64Array[] {
  const result = scores.map(score => score.slice());
  for (let i = 0; i < rowCountOf(scores); i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const score of scores) most = Math.max(most, score[i] ?? 0);
    let total = 0;
    for (const score of scores) total += Math.exp((score[i] ?? 0) - most);
    for (const score of result) score[i] = Math.exp((score[i] ?? 0) - most) / total;
  }
  return result;
}

function logisticModel(parameters: LogisticParameters): FittedModel {
  const probabilities = (features: Columns): Float64Array[] => {
    const sums = parameters.sums.map(sum => linearSum(features, sum));
    return softmax(parameters.classCount > 2 ? sums : [new Float64Array(rowCountOf(features)), ...sums]);
  };
  const width = parameters.sums[0]?.coefficients.length ?? 0;
  return {width, parameters, probabilities, predict: features => likeliestClass(probabilities(features))};
}
