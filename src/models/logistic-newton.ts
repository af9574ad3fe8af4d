// Where the loss of logistic regression is least: Newton's method, which finds it to full precision in a few steps.

import {leastSquares} from '../core/least-squares.ts';
import {largest, lbfgs} from './lbfgs.ts';
import {derive, type Problem, sumCountOf} from './logistic-fit.ts';

/** With the second derivatives where they were last taken. */
type Minimum = {weights: Float64Array; iterations: number; hessian: Float64Array[]};

const mostNewtonSteps = 100;

/** Of so many rows a part comes near the answer first, so that all of them are gone through less often. */
const manyRows = 20_000;
const partOfMany = 10;

/** Newton's method with halved steps, to full precision; of many rows with the curvature of a part of them. */
export function newton(problem: Problem): Minimum {
  if (problem.target.length < manyRows) return newtonFrom(problem, 1e-12);
  const every = (column: Float64Array) => {
    const part = new Float64Array(Math.ceil(column.length / partOfMany));
    for (let i = 0; i < part.length; i++) part[i] = column[i * partOfMany] ?? 0;
    return part;
  };
  const {features, target, penalty, rowWeights} = problem;
  const few = {
    ...problem,
    features: features.map(every),
    target: every(target),
    penalty: penalty / partOfMany,
    rowWeights: rowWeights && every(rowWeights),
  };
  const near = newtonFrom(few, 1e-3);
  return byPart(problem, near) ?? newtonFrom(problem, 1e-12, near.weights);
}

const mostSteps = 30;
/** So short a step is the last one: what is left after it is less than a tenth of it. */
const shortStep = 1e-8;

/**
 * From the answer of a part of the rows to that of all of them by gradients alone: the part's curvature, times its share,
 * is nearly that of all, and L-BFGS makes up for the rest. A pass without second derivatives costs a small share of one with
 * them. Null where that does not get there, as with a class that the part hardly has.
 */
function byPart(problem: Problem, {weights: start, hessian}: Minimum): Minimum | null {
  const width = problem.features.length + 1;
  const size = start.length;
  const columns = hessian.map(row => row.map(value => value * partOfMany));
  const measure = (at: Float64Array, gradient: Float64Array) => {
    const loss = derive(problem, at, gradient);
    if (problem.classCount > 2) holdIntercepts(null, gradient, at, width);
    return loss;
  };
  const found = lbfgs(measure, size, {
    tolerance: 0,
    ...{mostSteps, start, shortStep},
    metric: gradient => leastSquares(columns, gradient).coefficients,
  });
  return found.isShort ? {weights: found.at, iterations: found.iterations, hessian} : null;
}

/** Newton's steps square the error: one of 1e-7 leaves 1e-14, so the last one needs not be taken to be known as small. */
function newtonFrom(problem: Problem, precision: number, start?: Float64Array): Minimum {
  const width = problem.features.length + 1;
  const size = sumCountOf(problem) * width;
  let weights = start ? Float64Array.from(start) : new Float64Array(size);
  let [gradient, ahead] = [new Float64Array(size), new Float64Array(size)];
  let iterations = 0;
  let hessian: Float64Array[] = [];
  while (iterations < mostNewtonSteps) {
    iterations++;
    hessian = Array.from({length: size}, () => new Float64Array(size));
    const loss = derive(problem, weights, gradient, hessian);
    if (problem.classCount > 2) holdIntercepts(hessian, gradient, weights, width);
    const step = leastSquares(hessian, gradient).coefficients;
    let scale = 1;
    let next = moved(weights, step, scale);
    // So short a step is the last one and needs no look at where it leads.
    const squared = (largest(step) / Math.max(1, largest(weights))) ** 2;
    if (squared <= precision) return {weights: next, iterations, hessian};
    let nextLoss = derive(problem, next, ahead);
    // Near the end the loss changes by less than its own rounding.
    const most = loss + 1e-12 * Math.abs(loss);
    while (!(nextLoss <= most) && scale > 1e-10) {
      scale /= 2;
      next = moved(weights, step, scale);
      nextLoss = derive(problem, next, ahead);
    }
    if (!(nextLoss <= most)) break;
    weights = next;
    [gradient, ahead] = [ahead, gradient];
    if ((largest(step) * scale) / Math.max(1, largest(weights)) <= precision) break;
  }
  return {weights, iterations, hessian};
}

/** All intercepts may move together without any effect; this holds their sum at zero, as scikit-learn's start does. */
function holdIntercepts(
  hessian: Float64Array[] | null,
  gradient: Float64Array,
  weights: Float64Array,
  width: number,
): void {
  let total = 0;
  for (let at = width - 1; at < weights.length; at += width) total += weights[at] ?? 0;
  for (let a = width - 1; a < weights.length; a += width) {
    gradient[a] = (gradient[a] ?? 0) + total;
    const row = hessian?.[a];
    for (let b = width - 1; row && b < weights.length; b += width) row[b] = (row[b] ?? 0) + 1;
  }
}

function moved(weights: Float64Array, step: Float64Array, scale: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(weights, (weight, at) => weight - scale * (step[at] ?? 0));
}
