import {describe, expect, it} from 'vitest';
import {ols} from '../../src/analysis/ols.ts';
import {diagnose} from '../../src/analysis/regression-diagnostics.ts';
import {columnOf, expectClose, golden} from './golden.ts';

describe.each(golden.ols.map(each => [each.name, each] as const))('%s', (_, expected) => {
  const target = columnOf(expected.target);
  const features = Object.entries(expected.features).map(([name, values]) => ({name, values: columnOf(values)}));
  // With an offset only the intercept means something else; everything on the slopes must stay.
  const first = expected.offset === 0 ? 0 : 1;

  it('coefficients, errors, p and intervals are those of statsmodels', () => {
    const result = ols({target, features});
    expect([result.n, result.dropped]).toEqual([expected.n, target.length - expected.n]);
    result.coefficients.slice(first).forEach((coefficient, k) => {
      const i = k + first;
      expectClose(coefficient.value, expected.values[i] ?? Number.NaN, 1e-9);
      expectClose(coefficient.standardError, expected.errors[i] ?? Number.NaN, 1e-9);
      expectClose(coefficient.p, expected.p[i] ?? Number.NaN, 1e-6, 0);
      expectClose(coefficient.low, expected.low[i] ?? Number.NaN, 1e-9);
    });
    for (const key of ['r2', 'adjustedR2', 'f'] as const) expectClose(result[key], expected[key], 1e-9);
    expectClose(result.fP, expected.fP, 1e-6, 0);
  });

  it('HC3 errors are those of statsmodels', () => {
    ols({target, features, errors: 'HC3'})
      .coefficients.slice(first)
      .forEach((coefficient, k) => {
        expectClose(coefficient.standardError, expected.hc3[k + first] ?? Number.NaN, 1e-9);
        expectClose(coefficient.p, expected.hc3P[k + first] ?? Number.NaN, 1e-6, 0);
      });
  });
});

it('a feature that follows from the others is named, not given half of their effect', () => {
  const x = Float64Array.of(1, 2, 4, 7, 3, 9);
  const features = [
    {name: 'x', values: x},
    {name: 'twice', values: x.map(value => 2 * value)},
  ];
  const target = Float64Array.of(1, 3, 2, 5, 4, 6);
  expect(() => ols({target, features})).toThrow(expect.objectContaining({code: 'ols.dependent_features'}));
  const constant = [
    {name: 'x', values: x},
    {name: 'c', values: new Float64Array(6).fill(4)},
  ];
  expect(() => ols({target, features: constant})).toThrow('"c" is constant');
});

it('too few complete rows and a constant target are refused', () => {
  const features = [{name: 'x', values: Float64Array.of(1, 2, 3)}];
  expect(() => ols({target: Float64Array.of(1, 2, Number.NaN), features})).toThrow(
    expect.objectContaining({code: 'test.too_few_values'}),
  );
  expect(() => ols({target: Float64Array.of(1, 1, 1), features})).toThrow(
    expect.objectContaining({code: 'test.no_variation'}),
  );
});

it('units change no verdict: features of 1e21 and 1e-12 beside one another are fitted, and a copy in other units is found', () => {
  const n = 60;
  const wave = (step: number) => Float64Array.from({length: n}, (_, i) => Math.sin(i * step));
  const [a, b] = [wave(1.3), wave(2.7)];
  const target = Float64Array.from({length: n}, (_, i) => 2 * (a[i] ?? 0) - 3 * (b[i] ?? 0) + Math.cos(i * 5.1) / 10);
  const scaled = (values: Float64Array, by: number) => values.map(value => value * by);
  const plain = ols({
    target,
    features: [
      {name: 'a', values: a},
      {name: 'b', values: b},
    ],
  });
  const odd = ols({
    target,
    features: [
      {name: 'a', values: scaled(a, 1e21)},
      {name: 'b', values: scaled(b, 1e-12)},
    ],
  });
  expectClose((odd.coefficients[1]?.value ?? 0) * 1e21, plain.coefficients[1]?.value ?? 0, 1e-9);
  expectClose((odd.coefficients[2]?.value ?? 0) * 1e-12, plain.coefficients[2]?.value ?? 0, 1e-9);
  expectClose(odd.coefficients[2]?.p ?? 1, plain.coefficients[2]?.p ?? 0, 1e-6, 0);
  const copy = [
    {name: 'a', values: a},
    {name: 'copy', values: scaled(a, 1e-15)},
  ];
  expect(() => ols({target, features: copy})).toThrow(/follows from the other features/);
});

it('Breusch-Pagan of a perfect line is not below 0', () => {
  const values = Float64Array.from({length: 20}, (_, i) => i);
  const target = values.map(value => 3 * value + 1);
  const features = [{name: 'x', values}];
  expect(diagnose(target, features, ols({target, features})).breuschPagan?.statistic).toBeGreaterThanOrEqual(0);
});
