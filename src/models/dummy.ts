// The baselines: models that never look at a feature. A model that is not better than these has learnt nothing.

import {z} from 'zod';
import {type Estimator, type FittedModel, likeliestClass, requireRows, rowCountOf} from './estimator.ts';

const meanParameters = z.object({mean: z.number()});

/** Predicts the mean of the target for every row (scikit-learn: `DummyRegressor()`). */
export const dummyMean: Estimator = {
  name: 'dummy_mean',
  task: 'regression',
  describes: 'always the mean of the target',
  baseline: true,
  fit(input) {
    requireRows(input);
    return meanModel(input.target.reduce((sum, value) => sum + value, 0) / input.target.length);
  },
  load: parameters => meanModel(meanParameters.parse(parameters).mean),
};

function meanModel(mean: number): FittedModel {
  return {parameters: {mean}, predict: features => new Float64Array(rowCountOf(features)).fill(mean)};
}

const priorParameters = z.object({shares: z.array(z.number()).min(1)});

/** Predicts the most frequent class, with the classes' shares as probabilities (scikit-learn: `DummyClassifier(strategy='prior')`). */
export const dummyPrior: Estimator = {
  name: 'dummy_prior',
  task: 'classification',
  describes: 'always the most frequent class',
  baseline: true,
  fit(input) {
    requireRows(input);
    const shares = new Array<number>(input.classCount).fill(0);
    for (const k of input.target) shares[k] = (shares[k] ?? 0) + 1 / input.target.length;
    return priorModel(shares);
  },
  load: parameters => priorModel(priorParameters.parse(parameters).shares),
};

function priorModel(shares: number[]): FittedModel {
  const probabilities: FittedModel['probabilities'] = features =>
    shares.map(share => new Float64Array(rowCountOf(features)).fill(share));
  return {
    parameters: {shares},
    probabilities,
    predict: features => likeliestClass(shares.map(share => new Float64Array(rowCountOf(features)).fill(share))),
  };
}
