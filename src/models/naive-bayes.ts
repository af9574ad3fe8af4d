// Gaussian naive Bayes: every feature normal within a class, independent of the others.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {type Estimator, type FittedModel, likeliestClass, requireRows, rowCountOf} from './estimator.ts';

const bayesParameters = z.object({
  classes: z.array(z.object({share: z.number(), means: z.array(z.number()), variances: z.array(z.number())})).min(1),
});

export type BayesParameters = z.output<typeof bayesParameters>;

/** Added to every variance, as a share of the largest one, so that a constant feature does not divide by zero. */
const smoothing = 1e-9;

/** Gaussian naive Bayes (scikit-learn: `GaussianNB()`). */
export const gaussianNaiveBayes: Estimator = {
  name: 'naive_bayes',
  task: 'classification',
  describes: 'the class whose typical values are nearest, feature by feature',
  baseline: false,
  fit(input) {
    requireRows(input);
    const {features, target, classCount} = input;
    const largest = features.reduce((most, column) => Math.max(most, spread(column, () => true).variance), 0);
    const floor = largest > 0 ? smoothing * largest : smoothing;
    const classes = Array.from({length: classCount}, (_, k) => {
      const spreads = features.map(column => spread(column, i => target[i] === k));
      const count = target.reduce((sum, each) => sum + (each === k ? 1 : 0), 0);
      return {
        share: count / target.length,
        means: spreads.map(({mean}) => mean),
        variances: spreads.map(({variance}) => variance + floor),
      };
    });
    return bayesModel({classes});
  },
  load: parameters => bayesModel(bayesParameters.parse(parameters)),
};

/** Mean and population variance of the chosen rows; 0 and 0 when none is chosen. */
function spread(column: Float64Array, isChosen: (row: number) => boolean): {mean: number; variance: number} {
  const values = column.filter((_, i) => isChosen(i));
  const [first = 0] = values;
  const shift = values.reduce((sum, value) => sum + (value - first), 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - first - shift) ** 2, 0);
  return {mean: first + shift, variance: squares / Math.max(1, values.length)};
}

function bayesModel(parameters: BayesParameters): FittedModel {
  const probabilities = (features: Columns): Float64Array[] => {
    const logs = parameters.classes.map(({share, means, variances}) => {
      const sums = new Float64Array(rowCountOf(features)).fill(Math.log(share));
      features.forEach((column, j) => {
        const [mean, variance] = [means[j] ?? 0, variances[j] ?? 1];
        const constant = 0.5 * Math.log(2 * Math.PI * variance);
        for (let i = 0; i < sums.length; i++)
          sums[i] = (sums[i] ?? 0) - constant - ((column[i] ?? 0) - mean) ** 2 / (2 * variance);
      });
      return sums;
    });
    return normalised(logs);
  };
  const width = parameters.classes[0]?.means.length ?? 0;
  return {width, parameters, probabilities, predict: features => likeliestClass(probabilities(features))};
}

/** Probabilities from logarithms that lack a common summand in each row. */
export function normalised(logs: Float64Array[]): Float64Array[] {
  const result = logs.map(column => column.slice());
  for (let i = 0; i < rowCountOf(logs); i++) {
    const most = logs.reduce((best, column) => Math.max(best, column[i] ?? 0), Number.NEGATIVE_INFINITY);
    const total = logs.reduce((sum, column) => sum + Math.exp((column[i] ?? 0) - most), 0);
    for (const column of result) column[i] = Math.exp((column[i] ?? 0) - most) / total;
  }
  return result;
}
