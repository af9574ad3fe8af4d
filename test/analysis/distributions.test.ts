import {describe, expect, it} from 'vitest';
import {kolmogorovUpperTail} from '../../src/analysis/distributions/kolmogorov.ts';
import {normalQuantile, normalUpperTail} from '../../src/analysis/distributions/normal.ts';
import {studentizedRangeUpperTail} from '../../src/analysis/distributions/studentized-range.ts';
import {
  chiSquaredUpperQuantile,
  chiSquaredUpperTail,
  fUpperQuantile,
  fUpperTail,
  tCritical,
  tUpperTail,
} from '../../src/analysis/distributions/tails.ts';
import {expectClose, golden} from './golden.ts';

const tails: Record<string, (x: number, parameters: number[]) => number> = {
  t: (x, [df = 0]) => tUpperTail(x, df),
  f: (x, [df1 = 0, df2 = 0]) => fUpperTail(x, df1, df2),
  chi2: (x, [df = 0]) => chiSquaredUpperTail(x, df),
  normal: x => normalUpperTail(x),
  range: (x, [groups = 0, df = 0]) => studentizedRangeUpperTail(x, groups, df),
  ks: (x, [n = 0]) => kolmogorovUpperTail(x, n),
};
const quantiles: Record<string, (p: number, parameters: number[]) => number> = {
  t: (p, [df = 0]) => tCritical(p, df),
  f: (p, [df1 = 0, df2 = 0]) => fUpperQuantile(p, df1, df2),
  chi2: (p, [df = 0]) => chiSquaredUpperQuantile(p, df),
};

describe('upper tails keep their digits, however small', () => {
  it.each(golden.tails)('%s at %d with %j', (name, x, parameters, expected) => {
    // SciPy's studentized range is itself an integral with an absolute error of about 1e-11.
    expectClose(
      tails[name]?.(x, parameters) ?? Number.NaN,
      expected,
      name === 'range' ? 1e-6 : 1e-9,
      name === 'range' ? 1e-10 : 0,
    );
  });
});

describe('quantiles', () => {
  it.each(golden.quantiles)('normal at %d', (p, expected) => {
    expectClose(normalQuantile(p), expected, 1e-12);
  });

  it.each(golden.critical)('%s at %d with %j', (name, p, parameters, expected) => {
    expectClose(quantiles[name]?.(p, parameters) ?? Number.NaN, expected, 1e-9);
  });
});

it('the ends of every tail are 1 and 0', () => {
  expect([tUpperTail(0, 5), fUpperTail(0, 2, 3), chiSquaredUpperTail(0, 2), kolmogorovUpperTail(0, 10)]).toEqual([
    0.5, 1, 1, 1,
  ]);
  const far = Number.POSITIVE_INFINITY;
  expect([tUpperTail(far, 5), fUpperTail(far, 2, 3), chiSquaredUpperTail(far, 2), kolmogorovUpperTail(1, 10)]).toEqual([
    0, 0, 0, 0,
  ]);
});

it('quantiles at the ends of the tail are the ends of the axis, and of no probability there is none', () => {
  const quantiles = [(p: number) => chiSquaredUpperQuantile(p, 3), (p: number) => fUpperQuantile(p, 2, 9)];
  for (const quantile of quantiles) {
    expect([quantile(0), quantile(1)]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect([-0.1, 1.1, Number.NaN].map(quantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  }
});
