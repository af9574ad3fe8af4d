import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {rocAuc} from '../../../src/models/class-metrics.ts';
import type {Estimator, FitInput} from '../../../src/models/estimator.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {rmse} from '../../../src/models/regression-metrics.ts';
import {kFold, stratifiedKFold} from '../../../src/models/train-test-split.ts';
import {binFeatures} from '../../../src/models/trees/bins.ts';
import {boostingClassifier, boostingRegressor} from '../../../src/models/trees/boosting.ts';

type Golden = {
  scores: Record<string, Record<string, number>>;
  boosted: {friedman: number[]; rings_missing: number[]};
};
type Case = {name: string; features: number[][]; target: number[]; classCount?: number};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/models/trees-sklearn.json', 'utf8'));
const small: {regression: Case[]; classification: Case[]} = JSON.parse(
  readFileSync('test/fixtures/models/models-sklearn.json', 'utf8'),
);

/** The numbers of numpy's `random_sample((columns, rows))` with this seed. */
function draw(columns: number, rows: number, seed: number): Float64Array[] {
  const random = new Mt19937(seed);
  return Array.from({length: columns}, () => Float64Array.from({length: rows}, () => random.nextDouble()));
}

function friedman(rows: number): FitInput {
  const features = draw(6, rows, 3);
  const target = Float64Array.from({length: rows}, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = features.map(column => column[i] ?? 0);
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + 2 * f ** 3;
  });
  return {features, target, classCount: 0, seed: 0};
}

function rings(rows: number): FitInput {
  const features = draw(5, rows, 4).map(column => column.map(value => value * 4 - 2));
  const target = Float64Array.from({length: rows}, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = features.map(column => column[i] ?? 0);
    return a ** 2 + b ** 2 + c * d + 0.5 * e > 2.5 ? 1 : 0;
  });
  return {features, target, classCount: 2, seed: 0};
}

function withMissing(input: FitInput): FitInput {
  const [first, second, ...rest] = input.features;
  const holes = first?.map((value, i) => (i % 7 === 0 ? Number.NaN : value)) ?? new Float64Array();
  const capped = second?.map(value => (value > 1.5 ? Number.NaN : value)) ?? new Float64Array();
  return {...input, features: [holes, capped, ...rest]};
}

function smallSet(task: 'regression' | 'classification', name: string): FitInput {
  const found = small[task].find(each => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  const features = found.features.map(column => Float64Array.from(column));
  return {features, target: Float64Array.from(found.target), classCount: found.classCount ?? 0, seed: 0};
}

/** The mean over scikit-learn's own five folds: RMSE, ROC AUC, or the Brier score for more than two classes. */
function score(estimator: Estimator, input: FitInput): number {
  const {features, target, classCount} = input;
  const splits =
    classCount > 0
      ? stratifiedKFold({classes: target, folds: 5, seed: 1})
      : kFold({rows: target.length, folds: 5, seed: 1});
  const values = splits.map(({train, test}) => {
    const part = (rows: Uint32Array) => ({
      features: features.map(column => Float64Array.from(rows, row => column[row] ?? Number.NaN)),
      target: Float64Array.from(rows, row => target[row] ?? Number.NaN),
    });
    const [seen, unseen] = [part(train), part(test)];
    const model = estimator.fit({...input, ...seen});
    if (classCount === 0) return rmse(unseen.target, model.predict(unseen.features));
    const probabilities = model.probabilities?.(unseen.features) ?? [];
    if (classCount > 2) {
      const squares = probabilities.map((p, k) =>
        p.reduce((sum, value, i) => sum + (value - (unseen.target[i] === k ? 1 : 0)) ** 2, 0),
      );
      return squares.reduce((sum, value) => sum + value, 0) / unseen.target.length;
    }
    return rocAuc(unseen.target, probabilities[1] ?? new Float64Array()) ?? Number.NaN;
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const sets: Record<string, () => FitInput> = {
  friedman: () => friedman(500),
  rings: () => rings(1000),
  rings_missing: () => withMissing(rings(1000)),
  diabetes: () => smallSet('regression', 'diabetes'),
  wine: () => smallSet('classification', 'wine, two classes'),
  iris: () => smallSet('classification', 'iris'),
};

describe.each(Object.entries(golden.scores))('on the folds of scikit-learn, %s', (name, expected) => {
  const input = sets[name]?.() ?? friedman(10);
  const task = input.classCount > 0 ? 'classification' : 'regression';
  it.each(Object.entries(expected))('%s is as good as there', (estimatorName, wanted) => {
    const found = ESTIMATORS.find(each => each.name === estimatorName && each.task === task);
    if (!found) throw new Error(`no estimator ${estimatorName}`);
    const seeds = found.random ? [0, 1, 2] : [0];
    const mean = seeds.reduce((sum, seed) => sum + score(found, {...input, seed}), 0) / seeds.length;
    // The Brier score of three classes runs from 0 to 2, the area under the curve from 0 to 1.
    if (input.classCount > 0) expect(Math.abs(mean - wanted)).toBeLessThan(input.classCount > 2 ? 0.01 : 0.005);
    else expect(mean / wanted).toBeLessThan(1.01);
  });
});

it('boosting predicts what HistGradientBoosting predicts, row by row', () => {
  const numbers = friedman(500);
  const ours = boostingRegressor.fit(numbers).predict(numbers.features);
  golden.boosted.friedman.forEach((wanted, i) => {
    expect(Math.abs((ours[i] ?? 0) - wanted)).toBeLessThan(1e-3);
  });
  const holes = withMissing(rings(1000));
  const likely = boostingClassifier.fit(holes).probabilities?.(holes.features)[1];
  golden.boosted.rings_missing.forEach((wanted, i) => {
    expect(Math.abs((likely?.[i] ?? 0) - wanted)).toBeLessThan(1e-3);
  });
});

describe('bins', () => {
  it('few distinct values are divided halfway, NaN is bin 0', () => {
    const {edges, codes} = binFeatures([Float64Array.from([3, 1, Number.NaN, 2, 1])], 5);
    expect(Array.from(edges[0] ?? [])).toEqual([1.5, 2.5]);
    expect(Array.from(codes[0] ?? [])).toEqual([3, 1, 0, 2, 1]);
  });

  it('many distinct values give 255 bins of about the same size', () => {
    const {codes} = binFeatures(draw(1, 51_000, 1), 51_000);
    const counts = new Array<number>(256).fill(0);
    for (const code of codes[0] ?? []) counts[code] = (counts[code] ?? 0) + 1;
    expect(counts[0]).toBe(0);
    expect(Math.min(...counts.slice(1))).toBeGreaterThan(190);
    expect(Math.max(...counts)).toBeLessThan(210);
  });

  it('neighbouring numbers keep a value at the edge below it', () => {
    const next = 1 + Number.EPSILON;
    expect(Array.from(binFeatures([Float64Array.from([next, 1])], 2).codes[0] ?? [])).toEqual([2, 1]);
  });
});
