// Shares, repeated measures, unequal variances and power against statsmodels; see test/fixtures/analysis/make_more_tests.py.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {noncentralTUpperTail} from '../../src/analysis/distributions/noncentral-t.ts';
import {dunn, gamesHowell} from '../../src/analysis/hypothesis/pairwise.ts';
import {detectableEffect, groupSize, meansPlan, sharesPlan} from '../../src/analysis/hypothesis/power.ts';
import {binomialTest, mcnemar, proportionZ, wilsonInterval} from '../../src/analysis/hypothesis/proportions.ts';
import {friedman} from '../../src/analysis/hypothesis/repeated.ts';
import {studentT} from '../../src/analysis/hypothesis/t-tests.ts';
import {welchAnova} from '../../src/analysis/hypothesis/variance-tests.ts';
import {planSample} from '../../src/analysis/plan-sample.ts';
import {columnOf, expectClose, expectResult} from './golden.ts';

type Two = [number, number];
type Golden = {
  groups: {
    name: string;
    samples: (number | null)[][];
    welch: Two;
    df: Two;
    games: [number, number, number][];
    dunn: Two[];
    cohen: [number, number, number] | null;
  }[];
  friedman: {name: string; columns: (number | null)[][]; result: Two; n: number}[];
  shares: {table: number[][]; result: Two; difference: Two; ratio: Two | null; wilson: Two}[];
  binomial: {counts: number[]; expected: number; p: number; low: number; high: number}[];
  mcnemar: {table: number[][]; result: Two}[];
  tails: [number, number, number, number][];
} & Record<'powerT' | 'sizeT' | 'powerZ' | 'sizeZ', [number, number, number, number][]>;
const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/more-tests-statsmodels.json', 'utf8'));

describe.each(golden.groups.map(each => [each.name, each] as const))('groups: %s', (_, wanted) => {
  const samples = wanted.samples.map(columnOf);

  it("Welch's ANOVA", () => {
    const found = welchAnova(samples);
    expectResult(found, wanted.welch);
    expectClose(found.df[1] ?? 0, wanted.df[1], 1e-9);
  });

  it('Games-Howell and Dunn', () => {
    gamesHowell(samples).forEach(({difference, p, low}, i) => {
      const [d = 0, ofP = 0, ofLow = 0] = wanted.games[i] ?? [];
      expectClose(difference, d, 1e-9);
      // SciPy's own integral is good to about 1e-11 absolute, so smaller values say nothing.
      expectClose(p, ofP, 1e-6, 1e-10);
      expectClose(low ?? 0, ofLow, 1e-6);
    });
    dunn(samples).forEach(({difference, p}, i) => {
      const [d = 0, ofP = 0] = wanted.dunn[i] ?? [];
      expectClose(difference, d, 1e-9);
      expectClose(p, ofP, 1e-6, 0);
    });
  });

  it("the interval of Cohen's d", () => {
    if (!wanted.cohen) return;
    const {value, low, high} = studentT(...(samples as [Float64Array, Float64Array])).effects[1] ?? {};
    [value, low, high].forEach((each, i) => {
      expectClose(each ?? Number.NaN, wanted.cohen?.[i] ?? 0, 1e-8, 1e-9);
    });
  });
});

it.each(golden.friedman.map(each => [each.name, each] as const))("Friedman's test: %s", (_, {columns, result, n}) => {
  const found = friedman(columns.map(columnOf));
  expectResult(found, result);
  expect(found.n).toEqual([n]);
});

describe('shares', () => {
  it.each(golden.shares.map(each => [JSON.stringify(each.table), each] as const))('two groups: %s', (_, wanted) => {
    const found = proportionZ(wanted.table);
    expectResult(found, wanted.result);
    const interval = (i: number) => [found.effects[i]?.low, found.effects[i]?.high];
    interval(0).forEach((each, i) => {
      expectClose(each ?? Number.NaN, wanted.difference[i] ?? 0, 1e-9);
    });
    if (wanted.ratio)
      interval(1).forEach((each, i) => {
        expectClose(each ?? Number.NaN, wanted.ratio?.[i] ?? 0, 1e-9);
      });
    const [no = 0, yes = 0] = wanted.table[0] ?? [];
    wilsonInterval(yes, no + yes).forEach((each, i) => {
      expectClose(each, wanted.wilson[i] ?? 0, 1e-9);
    });
  });

  it.each(golden.binomial.map(each => [JSON.stringify(each.counts), each] as const))('binomial: %s', (_, wanted) => {
    const {p, effects} = binomialTest(wanted.counts, wanted.expected);
    expectClose(p, wanted.p, 1e-6, 0);
    expectClose((effects[0]?.low ?? 0) + wanted.expected, wanted.low, 1e-9);
    expectClose((effects[0]?.high ?? 0) + wanted.expected, wanted.high, 1e-9);
  });

  it.each(golden.mcnemar.map(each => [JSON.stringify(each.table), each] as const))('McNemar: %s', (_, wanted) => {
    expectResult(mcnemar(wanted.table), wanted.result);
  });
});

describe('power', () => {
  it('the noncentral t has the tails of SciPy', () => {
    for (const [t, df, shift, tail] of golden.tails) expectClose(noncentralTUpperTail(t, df, shift), tail, 1e-9, 0);
  });

  it('power and group size are those of TTestIndPower and NormalIndPower', () => {
    for (const [d, n, alpha, power] of golden.powerT) expectClose(meansPlan(alpha).power(d, n), power, 1e-8);
    for (const [h, n, alpha, power] of golden.powerZ) expectClose(sharesPlan(alpha).power(h, n), power, 1e-9);
    for (const [d, power, alpha, n] of golden.sizeT) expectClose(groupSize(meansPlan(alpha), d, power), n, 1e-8);
    for (const [h, power, alpha, n] of golden.sizeZ) expectClose(groupSize(sharesPlan(alpha), h, power), n, 1e-8);
  });

  it('the detectable effect is the one that needs these rows', () => {
    const plan = meansPlan(0.05);
    const d = detectableEffect(each => plan.power(each, 100), 0.8);
    expectClose(groupSize(plan, d, 0.8), 100, 1e-9);
  });

  it('a plan finds what is missing of effect, rows and power', () => {
    const rows = planSample({baseline: 0.05, effect: 0.01});
    expect(rows).toMatchObject({found: 'n', of: 'share', power: 0.8});
    const back = planSample({baseline: 0.05, n: rows.exactN});
    expectClose(back.effect, 0.01, 1e-8);
    expectClose(planSample({baseline: 0.05, n: rows.exactN, effect: 0.01}).power, 0.8, 1e-8);
    expect(planSample({sd: 10, effect: 5}).n).toBe(64);
  });

  it.each<[string, Parameters<typeof planSample>[0], string]>([
    ['nothing to show', {baseline: 0.1}, 'test.needs'],
    ['no scale', {effect: 1}, 'test.needs'],
    ['a share above 1', {baseline: 0.9, effect: 0.2}, 'test.bad_plan'],
    ['an effect of 0', {sd: 1, effect: 0}, 'test.no_power'],
    ['an alpha of 5', {sd: 1, effect: 1, alpha: 5}, 'test.bad_plan'],
    ['no rows', {sd: 1, n: 0}, 'test.bad_plan'],
  ])('refuses %s', (_, request, code) => {
    expect(() => planSample(request)).toThrow(expect.objectContaining({code}));
  });
});
