import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {logit} from '../../src/analysis/logit.ts';
import {columnOf, expectClose} from './golden.ts';

type LogitCase = {
  name: string;
  offset: number;
  target: number[];
  features: Record<string, (number | null)[]>;
  values: number[];
  errors: number[];
  p: number[];
  low: number[];
  logLikelihood: number;
  pseudoR2: number;
  likelihoodRatio: number;
  likelihoodRatioP: number;
  n: number;
};
const {cases}: {cases: LogitCase[]} = JSON.parse(readFileSync('test/fixtures/analysis/logit-statsmodels.json', 'utf8'));

it.each(cases.map(each => [each.name, each] as const))('%s: everything is as in statsmodels', (_, expected) => {
  const features = Object.entries(expected.features).map(([name, values]) => ({name, values: columnOf(values)}));
  const result = logit({target: columnOf(expected.target), features});
  expect([result.n, result.dropped]).toEqual([expected.n, expected.target.length - expected.n]);
  // With an offset only the intercept means something else.
  const first = expected.offset === 0 ? 0 : 1;
  result.coefficients.slice(first).forEach((coefficient, k) => {
    const i = k + first;
    expectClose(coefficient.value, expected.values[i] ?? Number.NaN, 1e-9);
    expectClose(coefficient.standardError, expected.errors[i] ?? Number.NaN, 1e-9);
    expectClose(coefficient.p, expected.p[i] ?? Number.NaN, 1e-6, 0);
    expectClose(coefficient.low, expected.low[i] ?? Number.NaN, 1e-8);
  });
  for (const key of ['logLikelihood', 'pseudoR2', 'likelihoodRatio'] as const)
    expectClose(result[key], expected[key], 1e-9);
  expectClose(result.likelihoodRatioP, expected.likelihoodRatioP, 1e-6, 0);
});

describe('what has no answer is refused', () => {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const y = Float64Array.of(0, 1, 0, 1, 0, 1, 1, 1);
  const fit =
    (target: Float64Array, ...columns: Float64Array[]) =>
    () =>
      logit({target, features: columns.map((values, i) => ({name: `x${i}`, values}))});

  it.each([
    ['separated classes', fit(Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1), x), 'logit.separated'],
    ['a value that goes with one class only', fit(y, Float64Array.of(0, 0, 0, 0, 0, 0, 1, 1)), 'logit.separated'],
    [
      'such a value beside a feature that overlaps',
      fit(y, x, Float64Array.of(0, 0, 0, 0, 0, 0, 1, 1)),
      'logit.separated',
    ],
    ['a target that is not 0 or 1', fit(x, x), 'logit.not_binary'],
    ['a constant target', fit(new Float64Array(8).fill(1), x), 'test.no_variation'],
    [
      'dependent features',
      fit(
        y,
        x,
        x.map(value => 3 * value - 1),
      ),
      'ols.dependent_features',
    ],
    ['a constant feature', fit(y, new Float64Array(8).fill(4)), 'ols.dependent_features'],
    ['too few rows', fit(Float64Array.of(0, 1), Float64Array.of(1, 2)), 'test.too_few_values'],
  ])('%s', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({code}));
  });
});
