import {describe, expect, it} from 'vitest';
import {normalLowerTail} from '../../src/analysis/distributions/normal.ts';
import {chiSquaredFit, chiSquaredIndependence, fisherExact} from '../../src/analysis/hypothesis/contingency.ts';
import {ksOneSample, ksTwoSamples} from '../../src/analysis/hypothesis/kolmogorov-smirnov.ts';
import {adjustPValues} from '../../src/analysis/hypothesis/multiple-testing.ts';
import {andersonDarling, dagostinoPearson, jarqueBera, shapiroWilk} from '../../src/analysis/hypothesis/normality.ts';
import {tukeyHsd} from '../../src/analysis/hypothesis/pairwise.ts';
import {kruskalWallis, mannWhitney, wilcoxonSignedRank} from '../../src/analysis/hypothesis/rank-tests.ts';
import {oneSampleT, pairedT, studentT, welchT} from '../../src/analysis/hypothesis/t-tests.ts';
import {levene, oneWayAnova} from '../../src/analysis/hypothesis/variance-tests.ts';
import {columnOf, expectClose, expectResult, golden} from './golden.ts';

describe.each(golden.groups.map(each => [each.name, each] as const))('groups: %s', (_, expected) => {
  const samples = expected.samples.map(columnOf);
  const [a = new Float64Array(), b = new Float64Array()] = samples;
  const missing = samples.map(sample => sample.filter(Number.isNaN).length);

  it('t-tests', () => {
    const welch = welchT(a, b);
    expectResult(welch, expected.welch);
    expectClose(welch.df[0] ?? 0, expected.welchDf, 1e-9);
    expectClose(welch.effects[0]?.low ?? 0, expected.welchCi[0] ?? 0, 1e-9);
    expectClose(welch.effects[0]?.high ?? 0, expected.welchCi[1] ?? 0, 1e-9);
    expect(welch.dropped).toBe((missing[0] ?? 0) + (missing[1] ?? 0));
    expectResult(studentT(a, b), expected.student);
    expectResult(oneSampleT(b, expected.oneSampleExpected), expected.oneSample);
  });

  it('Mann-Whitney and Kruskal-Wallis', () => {
    expectResult(mannWhitney(a, b), expected.mannWhitney);
    expectResult(kruskalWallis(samples), expected.kruskal);
  });

  it('ANOVA, Levene and Tukey', () => {
    expectResult(oneWayAnova(samples), expected.anova);
    expectResult(levene(samples), expected.levene);
    tukeyHsd(samples).forEach(({p, low}, i) => {
      // SciPy's own integral is good to about 1e-11 absolute, so smaller values say nothing.
      expectClose(p, expected.tukey[i] ?? Number.NaN, 1e-6, 1e-10);
      expectClose(low ?? 0, expected.tukeyLow[i] ?? Number.NaN, 1e-6);
    });
  });

  it('Kolmogorov-Smirnov', () => {
    expectResult(ksTwoSamples(a, b), expected.ksTwo);
    if (expected.ksNormal)
      expectResult(
        ksOneSample(b, x => normalLowerTail(x - 5)),
        expected.ksNormal,
      );
  });

  it('normality', () => {
    expectResult(shapiroWilk(b), expected.shapiro);
    expectResult(jarqueBera(b), expected.jarqueBera);
    if (!expected.normal) return;
    expectResult(dagostinoPearson(a), expected.normal.dagostino);
    expectResult(andersonDarling(a), expected.normal.anderson);
  });
});

describe.each(golden.pairs.map(each => [each.name, each] as const))('pairs: %s', (_, expected) => {
  const [x, y] = [columnOf(expected.x), columnOf(expected.y)];
  it('paired t and Wilcoxon', () => {
    expectResult(pairedT(x, y), expected.paired);
    expectResult(wilcoxonSignedRank(x, y), expected.wilcoxon);
  });
});

describe('counts', () => {
  it.each(golden.tables.map(each => [JSON.stringify(each.table), each] as const))(
    '%s',
    (_, {table, chi2, plain, fisher}) => {
      expectResult(chiSquaredIndependence(table), chi2);
      expectResult(chiSquaredIndependence(table, {yates: false}), plain);
      if (fisher) expectResult(fisherExact(table), fisher);
    },
  );

  it('goodness of fit', () => {
    for (const {observed, shares, result} of golden.fits)
      expectResult(chiSquaredFit(observed, shares ?? undefined), result);
  });

  it('a row without counts is left out, a count below zero is refused', () => {
    expect(
      chiSquaredIndependence([
        [10, 20],
        [0, 0],
        [30, 5],
      ]).df,
    ).toEqual([1]);
    expect(() =>
      chiSquaredIndependence([
        [1, -1],
        [2, 3],
      ]),
    ).toThrow(expect.objectContaining({code: 'test.bad_count'}));
  });
});

it('Shapiro-Wilk matches at the sizes where its formula changes', () => {
  for (const {values, result} of golden.shapiro) expectResult(shapiroWilk(Float64Array.from(values)), result);
});

describe('many tests at once', () => {
  it.each(['benjamini-hochberg', 'holm', 'bonferroni'] as const)(
    '%s as statsmodels, the input left as it was',
    correction => {
      const p = [...golden.adjusted.p];
      adjustPValues(p, correction).forEach((value, i) => {
        expectClose(value, golden.adjusted[correction][i] ?? Number.NaN, 1e-12, 0);
      });
      expect(p).toEqual(golden.adjusted.p);
    },
  );

  it('NaN is not counted as a test', () => {
    expect(adjustPValues([0.01, Number.NaN, 0.02], 'bonferroni')).toEqual([0.02, Number.NaN, 0.04]);
  });
});

describe('what cannot be tested is refused with a reason', () => {
  const constant = Float64Array.of(2, 2, 2, 2, 2, 2, 2, 2, 2);
  const empty = new Float64Array();
  const nan = Float64Array.of(Number.NaN, Number.NaN);
  const calls: [string, () => unknown][] = [
    ['Welch of constants', () => welchT(constant, constant)],
    ['Welch of nothing', () => welchT(empty, constant)],
    ['Welch of only NaN', () => welchT(nan, nan)],
    ['one-sample of a constant', () => oneSampleT(constant, 1)],
    ['Wilcoxon without differences', () => wilcoxonSignedRank(constant, constant)],
    ['Kruskal of constants', () => kruskalWallis([constant, constant])],
    ['ANOVA of one group', () => oneWayAnova([constant])],
    ['ANOVA of constants', () => oneWayAnova([constant, constant])],
    ['ANOVA of single values', () => oneWayAnova([Float64Array.of(1), Float64Array.of(2)])],
    ['Levene of constants', () => levene([constant, constant])],
    ['Tukey of constants', () => tukeyHsd([constant, constant])],
    ['Mann-Whitney of nothing', () => mannWhitney(empty, constant)],
    ['Shapiro of two', () => shapiroWilk(Float64Array.of(1, 2))],
    ['Shapiro of a constant', () => shapiroWilk(constant)],
    ["D'Agostino of seven", () => dagostinoPearson(Float64Array.of(1, 2, 3, 4, 5, 6, 7))],
    ['Jarque-Bera of a constant', () => jarqueBera(constant)],
    ['Anderson of a constant', () => andersonDarling(constant)],
    ['KS of nothing', () => ksTwoSamples(empty, constant)],
  ];
  it.each(calls)('%s', (_, call) => {
    expect(call).toThrow(
      expect.objectContaining({code: expect.stringMatching(/^test\.(too_few_values|no_variation)$/)}),
    );
  });
});
