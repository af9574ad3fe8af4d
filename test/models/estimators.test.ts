import {describe, expect, it} from 'vitest';
import type {Estimator, FitInput, FittedModel} from '../../src/models/estimator.ts';
import {ESTIMATORS} from '../../src/models/estimators.ts';
import {fitLinear} from '../../src/models/linear.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {r2} from '../../src/models/regression-metrics.ts';
import {stackOf} from '../../src/models/stack.ts';

function sample(estimator: Estimator, rows: number, classCount = 3, seed = 5): FitInput {
  const random = new Mt19937(seed);
  const features = Array.from({length: 3}, () => Float64Array.from({length: rows}, () => random.nextDouble() * 4));
  const target = Float64Array.from({length: rows}, (_, i) => {
    const value = (features[0]?.[i] ?? 0) - 0.5 * (features[1]?.[i] ?? 0) + 0.3 * random.nextDouble();
    // What learns on a logarithm learns of numbers above 0.
    if (estimator.unfitTarget) return Math.exp(value / 2);
    return estimator.task === 'regression' ? value : Math.min(classCount - 1, Math.max(0, Math.floor(value + 0.5)));
  });
  return {features, target, classCount: estimator.task === 'regression' ? 0 : classCount, seed: 42};
}

it('names are unique within a task and every task has a baseline', () => {
  expect(new Set(ESTIMATORS.map(({name, task}) => `${task} ${name}`)).size).toBe(ESTIMATORS.length);
  for (const task of ['regression', 'classification'])
    expect(ESTIMATORS.some(estimator => estimator.task === task && estimator.baseline)).toBe(true);
});

describe.each(ESTIMATORS.map(each => [each.name, each.task, each] as const))('%s for %s', (_, _task, estimator) => {
  it('the same seed and rows give the same model', () => {
    const input = sample(estimator, 80);
    expect(estimator.fit(input).parameters).toEqual(estimator.fit(input).parameters);
  });

  it('predicts the same after its parameters went through JSON', () => {
    const input = sample(estimator, 80);
    const model = estimator.fit(input);
    const again = estimator.load(JSON.parse(JSON.stringify(model.parameters)));
    expect(again.predict(input.features)).toEqual(model.predict(input.features));
    expect(again.probabilities?.(input.features)).toEqual(model.probabilities?.(input.features));
  });

  it('refuses parameters that are not its own', () => {
    for (const foreign of [null, {}, 'x', {mean: 'x', shares: [], intercept: null}])
      expect(() => estimator.load(foreign)).toThrow();
  });

  it('leaves its input as it was', () => {
    const input = sample(estimator, 40);
    const before = structuredClone(input);
    estimator.fit(input).predict(input.features);
    expect(input).toEqual(before);
  });

  it('finite answers on awkward tables: one row, constant and dependent columns, more columns than rows, 1e9 offsets', () => {
    const one = sample(estimator, 1);
    const wide = sample(estimator, 2);
    const plain = sample(estimator, 30);
    const [first = new Float64Array()] = plain.features;
    const tables: FitInput[] = [
      one,
      {...wide, features: [...wide.features, ...wide.features]},
      {...plain, features: [first, first.map(value => 2 * value), new Float64Array(30).fill(7)]},
      {...plain, features: plain.features.map(column => column.map(value => value + 1e9))},
      {...plain, target: new Float64Array(30).fill(estimator.unfitTarget ? 1 : 0)},
    ];
    for (const input of tables) {
      const model = estimator.fit(input);
      expect(Array.from(model.predict(input.features)).every(Number.isFinite)).toBe(true);
      for (const p of model.probabilities?.(input.features) ?? [])
        expect(Array.from(p).every(v => v >= 0 && v <= 1)).toBe(true);
    }
  });

  it('shuffled rows give the same model, or nearly so where random numbers are drawn', () => {
    const input = sample(estimator, 60);
    const order = new Mt19937(9).permutation(60);
    const moved = (column: Float64Array) => Float64Array.from(order, i => column[i] ?? 0);
    const shuffled = {...input, features: input.features.map(moved), target: moved(input.target)};
    const [a, b] = [estimator.fit(input).predict(input.features), estimator.fit(shuffled).predict(input.features)];
    if (estimator.random) {
      const close = a.filter((value, i) => Math.abs(value - (b[i] ?? 0)) < 0.3).length;
      expect(close).toBeGreaterThanOrEqual(57);
    } else
      a.forEach((value, i) => {
        expect(b[i]).toBeCloseTo(value, 9);
      });
  });

  it('no rows and features of another length are refused', () => {
    expect(() =>
      estimator.fit({features: [new Float64Array()], target: new Float64Array(), classCount: 2, seed: 1}),
    ).toThrow(RangeError);
    expect(() =>
      estimator.fit({features: [new Float64Array(2)], target: new Float64Array(3), classCount: 2, seed: 1}),
    ).toThrow(RangeError);
  });

  if (estimator.task === 'classification')
    it('probabilities of a row sum to 1', () => {
      const input = sample(estimator, 50);
      const probabilities = estimator.fit(input).probabilities?.(input.features) ?? [];
      expect(probabilities).toHaveLength(3);
      for (let i = 0; i < 50; i++) expect(probabilities.reduce((sum, p) => sum + (p[i] ?? 0), 0)).toBeCloseTo(1, 12);
    });
  else if (!estimator.baseline)
    it('beats the baseline on new rows where there is something to learn, and not where the target is shuffled', () => {
      const input = sample(estimator, 300);
      const unseen = sample(estimator, 300, 3, 6);
      const predicted = estimator.fit(input).predict(unseen.features);
      expect(r2(unseen.target, predicted)).toBeGreaterThan(0.8);
      const permuted = Float64Array.from(new Mt19937(3).permutation(300), i => input.target[i] ?? 0);
      const learnt = estimator.fit({...input, target: permuted}).predict(unseen.features);
      expect(r2(unseen.target, learnt)).toBeLessThan(0.1);
    });
});

it.each([
  ['fewer rows than columns', 40, 90, 1],
  ['as few, and a penalty that hardly counts', 40, 90, 1e-9],
  ['more rows than columns', 90, 40, 1],
])('ridge with %s fulfils its own equations', (_, rows, width, penalty) => {
  const random = new Mt19937(8);
  const draw = () => Float64Array.from({length: rows}, () => random.nextDouble() * 4 + 100);
  const features = Array.from({length: width}, draw);
  const target = draw();
  const {intercept, coefficients} = fitLinear({features, target, classCount: 0, seed: 1}, penalty);
  const left = target.map(
    (y, i) => y - intercept - coefficients.reduce((sum, w, j) => sum + w * (features[j]?.[i] ?? 0), 0),
  );
  expect(Math.abs(left.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-8);
  features.forEach((column, j) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const pull = column.reduce((sum, value, i) => sum + (value - mean) * (left[i] ?? 0), 0);
    expect(Math.abs(pull - penalty * (coefficients[j] ?? 0))).toBeLessThan(1e-8);
  });
});

describe.each(['regression', 'classification'] as const)('a stack for %s', task => {
  const of = (name: string) => ESTIMATORS.find(each => each.name === name && each.task === task) as Estimator;
  const outputs = (model: FittedModel, {features}: FitInput) =>
    model.probabilities?.(features)?.[0] ?? model.predict(features);

  it('of which nothing was learnt is the plain mean of its two models', () => {
    const input = sample(of('stack'), 80);
    const names = task === 'regression' ? ['ridge', 'tree'] : ['logistic', 'tree'];
    const [a, b] = names.map(name => outputs(of(name).fit(input), input));
    const found = outputs(of('stack').fit(input), input);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(((a?.[i] ?? Number.NaN) + (b?.[i] ?? Number.NaN)) / 2, 12);
    });
  });

  it('refuses a kept one of models that only the other task has', () => {
    const foreign = task === 'regression' ? 'logistic' : 'ridge';
    const other = ESTIMATORS.find(each => each.name === foreign) as Estimator;
    const model = stackOf(other.task, [{estimator: other, settings: {}, weight: 1}]).fit(sample(other, 80));
    expect(() => of('stack').load(model.parameters)).toThrow(`there is no estimator ${foreign} to stack`);
  });
});
