import {describe, expect, it} from 'vitest';
import {logLoss} from '../../../src/models/class-metrics.ts';
import type {FitInput} from '../../../src/models/estimator.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {rmse} from '../../../src/models/regression-metrics.ts';
import {
  boostingClassifier,
  boostingDefaults,
  boostingRegressor,
  fitBoosted,
} from '../../../src/models/trees/boosting.ts';
import {randomForestClassifier} from '../../../src/models/trees/forest.ts';

/** Mostly noise, so that a model soon learns it by heart. */
function noisy(rows: number, classCount: number, seed = 1): FitInput {
  const random = new Mt19937(seed);
  const features = Array.from({length: 5}, () =>
    Float64Array.from({length: rows}, () => Math.round(random.nextDouble() * 50)),
  );
  const target = Float64Array.from({length: rows}, (_, i) => {
    const value = (features[0]?.[i] ?? 0) / 50 + 3 * random.nextDouble();
    return classCount === 0 ? value : Math.min(classCount - 1, Math.floor((value * classCount) / 4));
  });
  return {features, target, classCount, seed: 7};
}

describe('early stopping', () => {
  it.each([0, 2, 3])(
    'keeps the rounds that helped on rows held out, and is no worse on new rows: %i classes',
    classCount => {
      const input = noisy(1500, classCount);
      const unseen = noisy(3000, classCount, 2);
      const estimator = classCount === 0 ? boostingRegressor : boostingClassifier;
      const options = {...boostingDefaults, rounds: 300, patience: 10};
      const stopped = fitBoosted(input, options);
      const perRound = stopped.start.length;
      expect(stopped.trees.roots.length % perRound).toBe(0);
      expect(stopped.trees.roots.length / perRound).toBeGreaterThan(2);
      expect(stopped.trees.roots.length / perRound).toBeLessThan(100);
      const errors = [{max_iter: 300, n_iter_no_change: 10}, {max_iter: 300}].map(settings => {
        const model = estimator.fit(input, settings);
        return classCount === 0
          ? rmse(unseen.target, model.predict(unseen.features))
          : logLoss(unseen.target, model.probabilities?.(unseen.features) ?? []);
      });
      expect(errors[0]).toBeLessThan(errors[1] ?? 0);
    },
  );

  it('gives the same model for the same seed, and does nothing with few rows', () => {
    const input = noisy(1500, 2);
    const options = {...boostingDefaults, patience: 5};
    expect(fitBoosted(input, options).trees).toEqual(fitBoosted(input, options).trees);
    const few = noisy(150, 2);
    expect(fitBoosted(few, options).trees).toEqual(fitBoosted(few).trees);
  });

  it('may find that no tree helps at all', () => {
    const input = noisy(400, 0);
    const shuffled = Float64Array.from(new Mt19937(3).permutation(400), row => input.target[row] ?? 0);
    const {trees} = fitBoosted({...input, target: shuffled}, {...boostingDefaults, patience: 10});
    expect(trees.roots.length).toBeLessThan(15);
    const model = boostingRegressor.fit({...input, target: shuffled}, {n_iter_no_change: 10});
    expect(boostingRegressor.load(JSON.parse(JSON.stringify(model.parameters))).predict(input.features)).toEqual(
      model.predict(input.features),
    );
  });
});

describe('weights of whole numbers are as rows that occur so often', () => {
  it.each([0, 2, 3])('boosting, %i classes', classCount => {
    const input = noisy(300, classCount);
    const weights = Float64Array.from({length: 300}, (_, i) => 1 + (i % 3));
    const times = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
    const repeat = (column: Float64Array) => Float64Array.from(times, i => column[i] ?? 0);
    const repeated = {...input, features: input.features.map(repeat), target: repeat(input.target)};
    const options = {...boostingDefaults, minLeafRows: 1, maxLeaves: 4, rounds: 20};
    const [weighed, plain] = [fitBoosted({...input, weights}, options), fitBoosted(repeated, options)];
    expect(weighed.start[0]).toBeCloseTo(plain.start[0] ?? 0, 12);
    expect(weighed.trees.feature).toEqual(plain.trees.feature);
    // Means of inner nodes go by how many rows there are.
    weighed.trees.values.forEach((value, at) => {
      if (weighed.trees.feature[at] === -1) expect(value).toBeCloseTo(plain.trees.values[at] ?? 0, 9);
    });
  });

  it('a forest leans towards the class of heavy rows', () => {
    const input = noisy(300, 2);
    const weights = input.target.map(actual => (actual === 1 ? 20 : 1));
    const share = (model: ReturnType<typeof randomForestClassifier.fit>) =>
      (model.probabilities?.(noisy(300, 2, 5).features)[1] ?? new Float64Array()).reduce((sum, p) => sum + p, 0);
    expect(share(randomForestClassifier.fit({...input, weights}, {min_samples_leaf: 10}))).toBeGreaterThan(
      1.2 * share(randomForestClassifier.fit(input, {min_samples_leaf: 10})),
    );
  });
});
