// Tests across several groups: one-way ANOVA, Levene, and Tukey's HSD between all pairs.

import {studentizedRangeUpperTail} from '../distributions/studentized-range.ts';
import {decreasingRoot, fUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {isConstant, medianOf, momentsOf, noVariation, present, requireCount, type Sample} from './sample.ts';

function presentGroups(groups: readonly Float64Array[], least: number): Sample[] {
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

type Analysis = {f: number; df1: number; df2: number; between: number; within: number; means: number[]};

function analyse(groups: readonly Float64Array[]): Analysis {
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
  const {f, df1, df2, between, within} = analyse(samples.map(sample => sample.values));
  if (df2 < 1) requireCount([], 1, 'the set of groups beyond one value each');
  if (isConstant(within)) throw noVariation('each group');
  return {
    test: 'one-way ANOVA',
    statisticName: 'F',
    statistic: f,
    df: [df1, df2],
    p: fUpperTail(f, df1, df2),
    effects: [effect('eta squared', between / (between + within))],
    n: samples.map(({values}) => values.length),
    dropped: samples.reduce((sum, {dropped}) => sum + dropped, 0),
    method: 'equal variances',
    assumes: 'independent rows, equal variances, means that are nearly normal',
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
  const {f, df1, df2, within, between} = analyse(distances);
  if (isConstant(within)) throw noVariation('the distance from the median in each group');
  return {
    test: "Levene's test",
    statisticName: 'W',
    statistic: f,
    df: [df1, df2],
    p: fUpperTail(f, df1, df2),
    effects: [effect('eta squared', between / (between + within))],
    n: samples.map(({values}) => values.length),
    dropped: samples.reduce((sum, {dropped}) => sum + dropped, 0),
    method: 'distances from the median',
    assumes: 'independent rows',
  };
}

/** `difference` is the mean of group `first` less that of group `second`; `p` and the 95 % interval hold for all pairs together. */
export type PairComparison = {first: number; second: number; difference: number; p: number; low: number; high: number};

/** Tukey's honestly significant differences, with Kramer's form for unequal sizes (scipy.stats.tukey_hsd). NaN is dropped. */
export function tukeyHsd(groups: readonly Float64Array[]): PairComparison[] {
  const samples = presentGroups(groups, 2).map(sample => sample.values);
  const {within, df2, means} = analyse(samples);
  if (isConstant(within)) throw noVariation('each group');
  const meanSquare = within / df2;
  const critical = decreasingRoot(q => studentizedRangeUpperTail(q, samples.length, df2), 0.05);
  const pairs: PairComparison[] = [];
  for (let first = 0; first < samples.length; first++)
    for (let second = first + 1; second < samples.length; second++) {
      const difference = (means[first] ?? 0) - (means[second] ?? 0);
      const error = Math.sqrt(
        (meanSquare / 2) * (1 / (samples[first]?.length ?? 1) + 1 / (samples[second]?.length ?? 1)),
      );
      const p = studentizedRangeUpperTail(Math.abs(difference) / error, samples.length, df2);
      pairs.push({
        first,
        second,
        difference,
        p,
        low: difference - critical * error,
        high: difference + critical * error,
      });
    }
  return pairs;
}
