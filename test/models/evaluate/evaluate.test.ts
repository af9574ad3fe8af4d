import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {evaluateClasses, evaluateNumbers, residualsOf} from '../../../src/models/evaluate/evaluate.ts';
import {confusionOf} from '../../../src/models/evaluate/weighted.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';

const list = z.array(z.number());
const metrics = z.record(z.string(), z.number());
const fixture = z.object({
  numbers: z.array(
    z.object({
      name: z.string(),
      actual: list,
      predicted: list,
      metrics,
      residuals: z.object({mean: z.number(), sd: z.number(), quantiles: list}),
    }),
  ),
  classes: z.array(
    z.object({
      name: z.string(),
      actual: list,
      predicted: list,
      probabilities: z.array(list),
      metrics,
      confusion: z.array(list),
    }),
  ),
});
const file = new URL('../../fixtures/models/evaluation-sklearn.json', import.meta.url);
const golden = fixture.parse(JSON.parse(readFileSync(file, 'utf8')));

const seed = 1;
const near = (found: number | null | undefined, wanted: number) =>
  expect(Math.abs((found ?? Number.NaN) - wanted)).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted)));

describe.each(golden.numbers)('predicted numbers, $name', each => {
  const pairs = {actual: Float64Array.from(each.actual), predicted: Float64Array.from(each.predicted)};

  it("have scikit-learn's metrics to 1e-12, inside an interval, beside a constant that explains nothing", () => {
    const found = evaluateNumbers(pairs, seed);
    expect(found.map(({name}) => name).sort()).toEqual(Object.keys(each.metrics).sort());
    for (const {name, value, low, high} of found) {
      near(value, each.metrics[name] ?? Number.NaN);
      expect(low).toBeLessThan(value ?? Number.NaN);
      expect(high).toBeGreaterThan(value ?? Number.NaN);
    }
    expect(found.find(({name}) => name === 'r2')?.baseline).toBe(0);
  });

  it("have residuals with numpy's mean, deviation and quantiles", () => {
    const {mean, sampleStdDev, quantiles} = residualsOf(pairs);
    near(mean, each.residuals.mean);
    near(sampleStdDev, each.residuals.sd);
    quantiles.forEach(([, value], q) => {
      near(value, each.residuals.quantiles[q] ?? Number.NaN);
    });
  });
});

describe.each(golden.classes)('predicted classes, $name', each => {
  const classes = {
    actual: Float64Array.from(each.actual),
    predicted: Float64Array.from(each.predicted),
    probabilities: each.probabilities.map(column => Float64Array.from(column)),
  };

  it("have scikit-learn's metrics to 1e-12, inside an interval", async () => {
    const found = evaluateClasses(classes, seed);
    expect(found.map(({name}) => name).sort()).toEqual(Object.keys(each.metrics).sort());
    for (const {name, value, low, high} of found) {
      near(value, each.metrics[name] ?? Number.NaN);
      expect(low).toBeLessThan(value ?? Number.NaN);
      expect(high).toBeGreaterThan(value ?? Number.NaN);
    }
  });

  it("have scikit-learn's confusion matrix", () => {
    const {actual, predicted, probabilities} = classes;
    const once = new Float64Array(actual.length).fill(1);
    const matrix = confusionOf(actual, predicted, once, probabilities.length);
    expect(matrix.map(row => Array.from(row))).toEqual(each.confusion);
  });
});

describe('an interval', () => {
  it('holds the true RMSE in about 95 of 100 samples', () => {
    const random = new Mt19937(9);
    const normal = () =>
      Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    let held = 0;
    for (let sample = 0; sample < 100; sample++) {
      const actual = Float64Array.from({length: 80}, normal);
      const [rmse] = evaluateNumbers({actual, predicted: new Float64Array(80)}, sample);
      if ((rmse?.low ?? 9) <= 1 && (rmse?.high ?? 0) >= 1) held++;
    }
    expect(held).toBeGreaterThanOrEqual(87);
    expect(held).toBeLessThanOrEqual(99);
  });

  it('is the same for the same seed, and another for another', () => {
    const [each] = golden.numbers;
    const pairs = {actual: Float64Array.from(each?.actual ?? []), predicted: Float64Array.from(each?.predicted ?? [])};
    expect(evaluateNumbers(pairs, seed)).toEqual(evaluateNumbers(pairs, seed));
    expect(evaluateNumbers(pairs, 2)).not.toEqual(evaluateNumbers(pairs, seed));
  });

  it('is not there where only one class occurs, and MAPE not where a value is 0', () => {
    const one = new Float64Array(5).fill(1);
    const probabilities = [one.map(() => 0.3), one.map(() => 0.7)];
    const found = evaluateClasses({actual: one, predicted: one, probabilities}, seed);
    expect(found.find(({name}) => name === 'roc_auc')).toMatchObject({value: null, low: null, high: null});
    const zeros = evaluateNumbers({actual: Float64Array.of(0, 1, 2), predicted: one.slice(0, 3)}, seed);
    expect(zeros.map(({name}) => name)).toEqual(['rmse', 'mae', 'r2']);
  });
});
