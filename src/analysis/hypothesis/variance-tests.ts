// Tests across several groups: one-way ANOVA, Welch's ANOVA, Levene.

import {fUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {
  isConstant,
  medianOf,
  momentsOf,
  noVariation,
  present,
  requireCount,
  type Sample,
  varianceOf,
} from './sample.ts';

export function presentGroups(groups: readonly Float64Array[], least: number): Sample[] {
  requireCount(
    groups.map(() => 0),
    2,
    'the list of groups',
  );
  const samples = groups.map(present);
  samples.forEach(({values}, index) => {
    requireCount(values, least, `group ${index + 1}`);
  });
  return samples;
}

export type Analysis = {f: number; df1: number; df2: number; between: number; within: number; means: number[]};

export function analyse(groups: readonly Float64Array[]): Analysis {
  const origin = groups[0]?.[0] ?? 0;
  const moments = groups.map(values => momentsOf(values, origin));
  const n = moments.reduce((sum, group) => sum + group.n, 0);
  const grand = moments.reduce((sum, group) => sum + group.mean * group.n, 0) / n;
  const between = moments.reduce((sum, group) => sum + group.n * (group.mean - grand) ** 2, 0);
  const within = moments.reduce((sum, group) => sum + group.squares, 0);
  const [df1, df2] = [groups.length - 1, n - groups.length];
  return {f: between / df1 / (within / df2), df1, df2, between, within, means: moments.map(group => group.mean)};
}

/** One-way analysis of variance (scipy.stats.f_oneway). NaN is dropped. */
export function oneWayAnova(groups: readonly Float64Array[]): TestResult {
  const samples = presentGroups(groups, 1);
  const analysis = analyse(samples.map(sample => sample.values));
  if (analysis.df2 < 1) requireCount([], 1, 'the set of groups beyond one value each');
  if (isConstant(analysis.within)) throw noVariation('each group');
  return {
    test: 'one-way ANOVA',
    statisticName: 'F',
    ...resultOf(analysis, samples),
    method: 'equal variances',
    assumes: 'independent rows, equal variances, means that are nearly normal',
  };
}

function resultOf({f, df1, df2, between, within}: Analysis, samples: readonly Sample[]) {
  return {
    statistic: f,
    df: [df1, df2],
    p: fUpperTail(f, df1, df2),
    effects: [effect('eta squared', between / (between + within))],
    n: samples.map(({values}) => values.length),
    dropped: samples.reduce((sum, {dropped}) => sum + dropped, 0),
  };
}

/** Welch's analysis of variance, which needs no equal variances (statsmodels' anova_oneway(use_var='unequal')). NaN is dropped. */
export function welchAnova(groups: readonly Float64Array[]): TestResult {
  const samples = presentGroups(groups, 2);
  const own = samples.map(({values}) => {
    const [origin = 0] = values;
    const moments = momentsOf(values, origin);
    if (isConstant(moments.squares)) throw noVariation('a group');
    return {...moments, origin, weight: moments.n / varianceOf(moments)};
  });
  // Seen from the group that weighs most, whose mean needs its digits most.
  const heaviest = own.reduce((best, each) => (each.weight > best.weight ? each : best));
  const parts = own.map(({origin, mean, ...rest}) => ({...rest, mean: origin - heaviest.origin + mean}));
  const k = parts.length;
  const total = parts.reduce((sum, {weight}) => sum + weight, 0);
  const centre = parts.reduce((sum, {weight, mean}) => sum + weight * mean, 0) / total;
  const between = parts.reduce((sum, {weight, mean}) => sum + weight * (mean - centre) ** 2, 0) / (k - 1);
  const lack = parts.reduce((sum, {weight, n}) => sum + (1 - weight / total) ** 2 / (n - 1), 0);
  const f = between / (1 + (2 * (k - 2) * lack) / (k * k - 1));
  const df2 = (k * k - 1) / (3 * lack);
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const grand = parts.reduce((sum, part) => sum + part.n * part.mean, 0) / n;
  const outer = parts.reduce((sum, part) => sum + part.n * (part.mean - grand) ** 2, 0);
  const inner = parts.reduce((sum, {squares}) => sum + squares, 0);
  return {
    test: "Welch's ANOVA",
    statisticName: 'F',
    statistic: f,
    df: [k - 1, df2],
    p: fUpperTail(f, k - 1, df2),
    effects: [effect('eta squared', outer / (outer + inner))],
    n: parts.map(part => part.n),
    dropped: samples.reduce((sum, {dropped}) => sum + dropped, 0),
    method: 'unequal variances',
    assumes: 'independent rows, means that are nearly normal',
  };
}

/** Levene's test of equal variances around the medians, also called Brown-Forsythe (scipy.stats.levene). NaN is dropped. */
export function levene(groups: readonly Float64Array[]): TestResult {
  const samples = presentGroups(groups, 2);
  const distances = samples.map(({values}) => {
    const origin = values[0] ?? 0;
    const shifted = values.map(value => value - origin);
    const middle = medianOf(shifted);
    return shifted.map(value => Math.abs(value - middle));
  });
  const analysis = analyse(distances);
  if (isConstant(analysis.within)) throw noVariation('the distance from the median in each group');
  return {
    test: "Levene's test",
    statisticName: 'W',
    ...resultOf(analysis, samples),
    method: 'distances from the median',
    assumes: 'independent rows',
  };
}
