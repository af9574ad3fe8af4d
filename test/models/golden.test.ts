import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brierScore,
  classScores,
  confusionMatrix,
  logLoss,
  macroF1,
  rocAuc,
} from '../../src/models/class-metrics.ts';
import {dummyMean, dummyPrior} from '../../src/models/dummy.ts';
import {fitLinear, linearRegression} from '../../src/models/linear.ts';
import {fitLogistic, logisticRegression} from '../../src/models/logistic.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {gaussianNaiveBayes} from '../../src/models/naive-bayes.ts';
import {mae, mape, medianAbsoluteError, r2, rmse} from '../../src/models/regression-metrics.ts';
import {kFold, stratifiedKFold, trainTestSplit} from '../../src/models/train-test-split.ts';

type Line = {intercept: number; coefficients: number[]};
type RegressionCase = {
  name: string;
  features: number[][];
  target: number[];
  linear: Line;
  ridge: Line;
  predicted: number[];
  dummy: [number];
  metrics: {rmse: number; mae: number; medianAbsoluteError: number; r2: number; mape: number};
};
type ClassCase = {
  name: string;
  features: number[][];
  target: number[];
  classCount: number;
  intercepts: number[];
  coefficients: number[][];
  probabilities: number[][];
  bayes: number[][];
  predicted: number[];
  dummy: number[];
  metrics: {
    accuracy: number;
    balancedAccuracy: number;
    macroF1: number;
    logLoss: number;
    precision: number[];
    recall: number[];
    confusion: number[][];
    rocAuc?: number;
    averagePrecision?: number;
    brier?: number;
    rounded?: number[];
  };
};
type Golden = {
  regression: RegressionCase[];
  classification: ClassCase[];
  splits: {rows: number; testShare: number; seed: number; train: number[]; test: number[]}[];
  folds: {rows: number; folds: number; seed: number | null; test: number[][]}[];
  stratified: {classes: number[]; folds: number; seed: number | null; test: number[][]}[];
  uniform: number[];
};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/models/models-sklearn.json', 'utf8'));
const typed = (values: readonly number[]) => Float64Array.from(values);
const columns = (values: readonly number[][]) => values.map(typed);

function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number, scale = 1): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < ours.length; i++) {
    const wanted = theirs[i] ?? Number.NaN;
    expect(Math.abs((ours[i] ?? Number.NaN) - wanted), `${ours[i]} is not ${wanted}`).toBeLessThanOrEqual(
      tolerance * Math.max(scale, Math.abs(wanted)),
    );
  }
}

describe('rows are chosen as scikit-learn chooses them', () => {
  for (const {rows, testShare, seed, train, test} of golden.splits)
    it(`train_test_split of ${rows} rows, test share ${testShare}, seed ${seed}`, () => {
      const split = trainTestSplit({rows, testShare, seed});
      expect([Array.from(split.train), Array.from(split.test)]).toEqual([train, test]);
    });

  for (const {rows, folds, seed, test} of golden.folds)
    it(`KFold ${folds} of ${rows} rows, ${seed === null ? 'in order' : `seed ${seed}`}`, () => {
      const splits = kFold({rows, folds, seed: seed ?? undefined});
      expect(splits.map(split => Array.from(split.test))).toEqual(test);
      for (const split of splits) expect(split.train.length + split.test.length).toBe(rows);
    });

  for (const {classes, folds, seed, test} of golden.stratified)
    it(`StratifiedKFold ${folds} of ${classes.length} rows, ${seed === null ? 'in order' : `seed ${seed}`}`, () => {
      const splits = stratifiedKFold({classes, folds, seed: seed ?? undefined});
      expect(splits.map(split => Array.from(split.test))).toEqual(test);
    });

  it("numpy's uniform numbers of seed 42", () => {
    const random = new Mt19937(42);
    expect(golden.uniform.map(() => random.nextDouble())).toEqual(golden.uniform);
  });

  it('a split that leaves a set empty is refused with the numbers', () => {
    expect(() => trainTestSplit({rows: 1})).toThrow(
      '1 rows and a test share of 0.25 leave 0 rows to train and 1 to test',
    );
    expect(() => kFold({rows: 3, folds: 4})).toThrow('cannot make 4 folds of 3 rows');
    expect(() => stratifiedKFold({classes: [0, 1, 2], folds: 2})).toThrow(
      'the largest class has 1 rows, fewer than the 2 folds',
    );
    expect(() => new Mt19937(-1)).toThrow(RangeError);
  });
});

describe('regression', () => {
  for (const {name, features, target, linear, ridge, predicted, dummy, metrics} of golden.regression) {
    const input = {features: columns(features), target: typed(target), classCount: 0, seed: 1};
    it(`${name}: coefficients of LinearRegression within 1e-6`, () => {
      const ours = fitLinear(input, 0);
      expectClose(ours.coefficients, linear.coefficients, 1e-6);
      expectClose([ours.intercept], [linear.intercept], 1e-6);
      expectClose(linearRegression.fit(input).predict(input.features), predicted, 1e-9);
    });

    it(`${name}: coefficients of Ridge within 1e-6, the mean of DummyRegressor`, () => {
      const ours = fitLinear(input, 1);
      expectClose(ours.coefficients, ridge.coefficients, 1e-6);
      expectClose([ours.intercept], [ridge.intercept], 1e-6);
      expectClose(dummyMean.fit(input).predict([new Float64Array(1)]), dummy, 1e-12);
    });

    it(`${name}: metrics within 1e-12 on the same predictions`, () => {
      const [y, p] = [typed(target), typed(predicted)];
      const ours = [rmse(y, p), mae(y, p), medianAbsoluteError(y, p), r2(y, p), mape(y, p) ?? Number.NaN];
      const {rmse: a, mae: b, medianAbsoluteError: c, r2: d, mape: e} = metrics;
      expectClose(ours, [a, b, c, d, e], 1e-12);
    });
  }
});

describe('classification', () => {
  for (const {
    name,
    features,
    target,
    classCount,
    intercepts,
    coefficients,
    probabilities,
    bayes,
    predicted,
    dummy,
    metrics,
  } of golden.classification) {
    const input = {features: columns(features), target: typed(target), classCount, seed: 1};
    it(`${name}: coefficients and probabilities of LogisticRegression within 1e-6`, () => {
      const ours = fitLogistic(input);
      expectClose(
        ours.sums.flatMap(sum => sum.coefficients),
        coefficients.flat(),
        1e-6,
      );
      expectClose(
        ours.sums.map(sum => sum.intercept),
        intercepts,
        1e-6,
      );
      const model = logisticRegression.fit(input);
      expectClose(model.probabilities?.(input.features).flatMap(p => Array.from(p)) ?? [], probabilities.flat(), 1e-6);
      expect(Array.from(model.predict(input.features))).toEqual(predicted);
      const prior = dummyPrior.fit(input).probabilities?.([new Float64Array(1)]) ?? [];
      expectClose(
        prior.map(p => p[0] ?? Number.NaN),
        dummy,
        1e-12,
      );
    });

    it(`${name}: probabilities of GaussianNB within 1e-9`, () => {
      const ours = gaussianNaiveBayes.fit(input).probabilities?.(input.features) ?? [];
      expectClose(
        ours.flatMap(p => Array.from(p)),
        bayes.flat(),
        1e-9,
      );
    });

    it(`${name}: metrics within 1e-12 on the same predictions`, () => {
      const matrix = confusionMatrix(target, predicted, classCount);
      expect(matrix.map(row => Array.from(row))).toEqual(metrics.confusion);
      const scores = classScores(matrix);
      expectClose(
        scores.map(s => s.precision),
        metrics.precision,
        1e-12,
      );
      expectClose(
        scores.map(s => s.recall),
        metrics.recall,
        1e-12,
      );
      const ours = [
        accuracy(target, predicted),
        balancedAccuracy(matrix),
        macroF1(matrix),
        logLoss(target, columns(probabilities)),
      ];
      expectClose(ours, [metrics.accuracy, metrics.balancedAccuracy, metrics.macroF1, metrics.logLoss], 1e-12);
      if (!metrics.rounded) return;
      const rounded = typed(metrics.rounded);
      expectClose([rocAuc(target, rounded) ?? Number.NaN], [metrics.rocAuc ?? 0], 1e-12);
      expectClose([averagePrecision(target, rounded) ?? Number.NaN], [metrics.averagePrecision ?? 0], 1e-12);
      expectClose([brierScore(target, typed(probabilities[1] ?? []))], [metrics.brier ?? 0], 1e-12);
    });
  }
});

describe('metrics at their edges', () => {
  it('lengths that differ and no rows are refused', () => {
    expect(() => rmse(typed([1]), typed([1, 2]))).toThrow('1 actual values but 2 predicted ones');
    expect(() => r2(typed([]), typed([]))).toThrow(RangeError);
    expect(() => accuracy([], [])).toThrow(RangeError);
    expect(() => confusionMatrix([0], [2], 2)).toThrow('outside 0 to 1');
  });

  it('a metric that means nothing is null, not a number', () => {
    expect(mape(typed([0, 1]), typed([1, 1]))).toBeNull();
    expect(rocAuc([1, 1], typed([0.1, 0.9]))).toBeNull();
    expect(averagePrecision([0, 0], typed([0.1, 0.9]))).toBeNull();
  });

  it('R² of a constant target is 1 when exact and 0 otherwise', () => {
    expect([r2(typed([3, 3]), typed([3, 3])), r2(typed([3, 3]), typed([3, 4]))]).toEqual([1, 0]);
  });
});
