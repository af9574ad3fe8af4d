// Fits of distributions against SciPy; see test/fixtures/analysis/make_distributions.py.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {digamma, logMinusDigamma, trigamma} from '../../src/analysis/distributions/digamma.ts';
import {FAMILIES, fitFamilies, qqPoints} from '../../src/analysis/fitting/fit-families.ts';
import {distanceTo} from '../../src/analysis/hypothesis/kolmogorov-smirnov.ts';
import {lilliefors} from '../../src/analysis/hypothesis/lilliefors.ts';
import {columnOf, expectClose} from './golden.ts';

type FitCase = {
  family: string;
  parameters: Record<string, number>;
  logLikelihood: number;
  scipyLogLikelihood: number | null;
  ks: number;
  quantiles: number[];
};
type Case = {
  name: string;
  values: (number | null)[];
  fits: FitCase[];
  lilliefors: [number, number] | [null, null];
  probplot: number[];
};
type Golden = {cases: Case[]; shares: number[]; digammas: [number, number, number, number][]};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/distributions-scipy.json', 'utf8'));

const sortedOf = (values: (number | null)[]) => columnOf(values).filter(Number.isFinite).sort();
const every = golden.cases.flatMap(each => each.fits.map(fit => [each.name, fit.family, each, fit] as const));

it.each(every)(
  '%s: %s has the parameters, likelihood, distance and quantiles of SciPy',
  (_, family, {values}, wanted) => {
    const sorted = sortedOf(values);
    const [fit] = fitFamilies(sorted, [family]).ranked;
    if (!fit) throw new Error('not fitted');
    expect(Object.keys(fit.parameters).sort()).toEqual(Object.keys(wanted.parameters).sort());
    for (const [name, value] of Object.entries(wanted.parameters)) expectClose(fit.parameters[name] ?? 0, value, 1e-9);
    expectClose(fit.logLikelihood, wanted.logLikelihood, 1e-9);
    if (wanted.scipyLogLikelihood !== null)
      expect(fit.logLikelihood).toBeGreaterThanOrEqual(
        wanted.scipyLogLikelihood - 1e-9 * Math.abs(wanted.logLikelihood),
      );
    expectClose(fit.ks, wanted.ks, 1e-9);
    golden.shares.forEach((share, i) => {
      expectClose(fit.quantile(share), wanted.quantiles[i] ?? 0, 1e-9);
    });
    expectClose(fit.aic, 2 * fit.family.free - 2 * wanted.logLikelihood, 1e-9);
    expectClose(fit.bic, Math.log(sorted.length) * fit.family.free - 2 * wanted.logLikelihood, 1e-9);
  },
);

it.each(golden.cases.map(each => [each.name, each] as const))(
  '%s: Lilliefors and QQ positions',
  (_, {values, ...wanted}) => {
    const sorted = sortedOf(values);
    const [d, p] = wanted.lilliefors;
    if (d !== null) {
      const found = lilliefors(columnOf(values));
      expectClose(found.statistic, d, 1e-9);
      // Above 0.1 statsmodels interpolates between the few points of a table.
      if (p <= 0.1) expectClose(found.p, p, 1e-6, 0);
      else expect(Math.abs(found.p - p)).toBeLessThan(0.1);
    }
    const [fit] = fitFamilies(sorted, ['normal']).ranked;
    if (!fit) throw new Error('not fitted');
    const points = qqPoints(sorted, fit, 1000);
    expect(points.map(each => each.observed)).toEqual([...sorted]);
    points.forEach(({share}, i) => {
      expectClose(share, wanted.probplot[i] ?? 0, 1e-9);
    });
  },
);

it('digamma and its relatives have their digits from 0.001 to 1e9', () => {
  for (const [x, first, second, difference] of golden.digammas) {
    expectClose(digamma(x), first, 1e-13);
    expectClose(trigamma(x), second, 1e-13, 0);
    expectClose(logMinusDigamma(x), difference, 1e-13, 0);
  }
});

it('the distance that skips stretches is the one that looks at every value', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 200; round++) {
    const n = 1 + Math.floor(random() * 60);
    const values = Float64Array.from({length: n}, () => Math.round(random() ** 2 * 20) / 20).sort();
    const power = 0.3 + random();
    const cdf = (x: number) => x ** power;
    const all = values.map((value, i) => Math.max((i + 1) / n - cdf(value), cdf(value) - i / n));
    expect(distanceTo(values, cdf)).toBe(Math.max(...all));
  }
});

describe('what has no fit says why', () => {
  const reasonOf = (values: number[], family: string) =>
    fitFamilies(Float64Array.from(values).sort(), [family]).refused[0]?.reason;
  it.each<[string, number[], RegExp]>([
    ['gamma', [0, 1, 2], /above 0/],
    ['lognormal', [-1, 1, 2], /above 0/],
    ['exponential', [-1, 1, 2], /from 0/],
    ['beta', [0, 0.5, 0.7], /between 0 and 1/],
    ['poisson', [1, 2, 2.5], /whole numbers/],
    ['negative_binomial', [4, 5, 5, 6], /variance is not above the mean/],
    ['student_t', [1, 2, 3, 4, 5, 6, 7, 8], /no finite df/],
    ['gamma', [1e9, 1e9 + 1, 1e9 + 2], /vary too little/],
  ])('%s of %j', (family, values, reason) => {
    expect(reasonOf(values, family)).toMatch(reason);
  });

  it('a constant, two values and an unknown family are typed failures', () => {
    const code = (expected: string) => expect.objectContaining({code: expected});
    expect(() => fitFamilies(Float64Array.of(2, 2, 2))).toThrow(code('test.no_variation'));
    expect(() => fitFamilies(Float64Array.of(1, 2))).toThrow(code('test.too_few_values'));
    expect(() => fitFamilies(Float64Array.of(1, 2, 4), ['cauchy'])).toThrow(code('distribution.unknown_family'));
  });
});

it('whole numbers with few values are counts, everything else a quantity; the best family comes first', () => {
  const counts = fitFamilies(Float64Array.of(0, 0, 1, 1, 2, 3, 7));
  expect(counts.ranked.every(each => each.family.counts)).toBe(true);
  const quantity = fitFamilies(Float64Array.of(0.5, 1, 1.5, 2, 9));
  expect(quantity.ranked.some(each => each.family.counts)).toBe(false);
  for (const {ranked} of [counts, quantity])
    expect(ranked.map(each => each.aic)).toEqual(ranked.map(each => each.aic).sort((a, b) => a - b));
});

it('a million values are fitted by all families in seconds', () => {
  const sorted = Float64Array.from({length: 1_000_000}, (_, i) => -Math.log1p(-(i + 0.5) / 1e6) / (1 + i / 1e6)).sort();
  const started = performance.now();
  const {ranked} = fitFamilies(
    sorted,
    FAMILIES.map(each => each.name),
  );
  expect(ranked.length).toBeGreaterThan(6);
  expect(performance.now() - started).toBeLessThan(30_000);
});
