import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {fitElasticNet, largestAlpha, lasso} from '../../src/models/elastic-net.ts';
import {balance} from '../../src/models/fold-data.ts';
import {fitLinear} from '../../src/models/linear.ts';
import {fitLogistic} from '../../src/models/logistic.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {neighboursClassifier, neighboursRegressor} from '../../src/models/neighbours.ts';

type Penalised = {
  name: string;
  alpha: number;
  l1Ratio: number;
  features: number[][];
  target: number[];
  intercept: number;
  coefficients: number[];
};
type Neighbours = {
  name: string;
  k: number;
  train: number[][];
  target: number[];
  test: number[][];
  classCount: number;
  outputs: number[][];
};
type Golden = {
  penalised: Penalised[];
  neighbours: Neighbours[];
  weighted: {name: string; intercepts: number[]; coefficients: number[][]}[];
};
const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/models/${name}-sklearn.json`, 'utf8'));
const golden: Golden = read('training');
const {classification}: {classification: {name: string; features: number[][]; target: number[]; classCount: number}[]} =
  read('models');
const typed = (values: readonly number[]) => Float64Array.from(values);

function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < ours.length; i++) {
    const wanted = theirs[i] ?? Number.NaN;
    const off = Math.abs((ours[i] ?? Number.NaN) - wanted);
    expect(off, `${ours[i]} is not ${wanted}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  }
}

describe('lasso and elastic net', () => {
  for (const {name, alpha, l1Ratio, features, target, intercept, coefficients} of golden.penalised) {
    const input = {features: features.map(typed), target: typed(target), classCount: 0, seed: 1};
    it(`${name}, alpha ${alpha}, l1_ratio ${l1Ratio}: coefficients within 1e-6, the same ones 0`, () => {
      const ours = fitElasticNet(input, {alpha, l1Ratio});
      expectClose(ours.coefficients, coefficients, 1e-6);
      expectClose([ours.intercept], [intercept], 1e-6);
      expect(ours.coefficients.map(each => each === 0)).toEqual(coefficients.map(each => each === 0));
    });
  }

  it('leave every feature out at the largest alpha, and one in just below it', () => {
    const [first] = golden.penalised;
    const input = {
      features: first?.features.map(typed) ?? [],
      target: typed(first?.target ?? []),
      classCount: 0,
      seed: 1,
    };
    const alpha = largestAlpha(input, 1);
    const kept = (share: number) =>
      fitElasticNet(input, {alpha: share * alpha, l1Ratio: 1}).coefficients.filter(each => each !== 0);
    expect([kept(1 + 1e-9).length, kept(0.999).length]).toEqual([0, 1]);
    const inCents = {...input, target: input.target.map(value => 100 * value)};
    const [plain, cents] = [lasso.fit(input).predict(input.features), lasso.fit(inCents).predict(input.features)];
    expectClose(
      cents,
      plain.map(value => 100 * value),
      1e-9,
    );
  });
});

it('least squares of many rows, taken block by block, are those of the rows themselves, dependent columns too', () => {
  const random = new Mt19937(6);
  const few = Array.from({length: 3}, () => Float64Array.from({length: 500}, () => random.nextDouble()));
  const [a, b, c] = few.map(column => Array.from(column));
  const features = [a, b, a?.map((value, i) => value + (b?.[i] ?? 0))].map(column => typed(column ?? []));
  const target = typed(c?.map((value, i) => 1e6 + value + 2 * (a?.[i] ?? 0)) ?? []);
  const repeat = (column: Float64Array) => Float64Array.from({length: 40 * 500}, (_, i) => column[i % 500] ?? 0);
  const once = fitLinear({features, target, classCount: 0, seed: 1}, 0);
  const often = fitLinear({features: features.map(repeat), target: repeat(target), classCount: 0, seed: 1}, 0);
  expectClose(often.coefficients, once.coefficients, 1e-9);
  expectClose([often.intercept], [once.intercept], 1e-12);
});

describe('nearest neighbours', () => {
  for (const {name, k, train, target, test, classCount, outputs} of golden.neighbours)
    it(`${name}, k ${k}: means and shares as in scikit-learn`, () => {
      const estimator = classCount > 0 ? neighboursClassifier : neighboursRegressor;
      const input = {features: train.map(typed), target: typed(target), classCount, seed: 1};
      const model = estimator.fit(input, {n_neighbors: k});
      const features = test.map(typed);
      const ours = classCount > 0 ? (model.probabilities?.(features) ?? []) : [model.predict(features)];
      // Rows at the same distance may be taken in another order there.
      const same = outputs[0]?.filter((_, i) =>
        outputs.every((each, c) => Math.abs((ours[c]?.[i] ?? 9) - (each[i] ?? 0)) < 1e-9),
      );
      expect(same?.length).toBeGreaterThanOrEqual(0.97 * (outputs[0]?.length ?? 1));
    });

  it('are not asked for on more rows than they can look through', () => {
    expect(neighboursClassifier.unfit?.(10_001, 3)).toContain('more than 10,000 rows');
    expect(neighboursClassifier.unfit?.(500, 3)).toBeNull();
  });
});

describe('logistic regression with balanced classes', () => {
  for (const {name, intercepts, coefficients} of golden.weighted) {
    const data = classification.find(each => each.name === name);
    it(`${name}: coefficients of class_weight="balanced" within 1e-6`, () => {
      if (!data) throw new Error('not in the fixture');
      const target = typed(data.target);
      const weights = balance(target, data.classCount);
      const features = data.features.map(typed);
      const {sums} = fitLogistic({features, target, weights, classCount: data.classCount, seed: 1});
      expectClose(
        sums.flatMap(sum => sum.coefficients),
        coefficients.flat(),
        1e-6,
      );
      expectClose(
        sums.map(sum => sum.intercept),
        intercepts,
        1e-6,
      );
    });
  }

  it('by gradient alone, as where there are many weights, gives nearly the same', () => {
    const wine = classification.find(each => each.name.startsWith('wine'));
    const features = wine?.features.map(typed) ?? [];
    const target = typed(wine?.target ?? []);
    const standard = features.map(column => {
      const mean = column.reduce((a, b) => a + b, 0) / column.length;
      const sd = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length);
      return column.map(value => (value - mean) / sd);
    });
    const zeros = Array.from({length: 160}, () => new Float64Array(target.length));
    const exact = fitLogistic({features: standard, target, classCount: 2, seed: 1});
    const gradient = fitLogistic({features: [...standard, ...zeros], target, classCount: 2, seed: 1});
    expectClose(
      gradient.sums[0]?.coefficients.slice(0, standard.length) ?? [],
      exact.sums[0]?.coefficients ?? [],
      1e-3,
    );
  });
});
