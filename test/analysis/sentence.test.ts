import {expect, it} from 'vitest';
import {shapiroWilk} from '../../src/analysis/hypothesis/normality.ts';
import {formatP, resultSentence} from '../../src/analysis/hypothesis/sentence.ts';
import {welchT} from '../../src/analysis/hypothesis/t-tests.ts';

it('says statistic, df, p, effect with interval, n, what was left out and what follows', () => {
  const result = welchT(Float64Array.of(1, 2, 3, 4, Number.NaN), Float64Array.of(11, 12, 14, 15));
  expect(resultSentence(result)).toBe(
    "Welch's t-test: t = -9.39149, df = 5.4, p = 1.5e-4, difference of means -10.5 [-13.3111, -7.68887]; n = 4 and 4 (1 missing left out); significant at the 5 % level.",
  );
});

it('a large p is no proof of equality, and of normality only "no evidence against"', () => {
  expect(resultSentence(welchT(Float64Array.of(1, 2, 3), Float64Array.of(1, 2, 4)))).toMatch(
    /; no evidence of a difference or relation at the 5 % level\.$/,
  );
  expect(resultSentence(shapiroWilk(Float64Array.of(1, 2, 3, 4, 5)))).toMatch(/no evidence against normality\.$/);
});

it('p is never shown as zero or one', () => {
  expect([0, 1e-12, 0.0004, 0.02345, 0.99999, Number.NaN].map(formatP)).toEqual([
    'p < 1e-300',
    'p = 1.0e-12',
    'p = 4.0e-4',
    'p = 0.023',
    'p > 0.999',
    'p is undefined',
  ]);
});
