// The values of SciPy and statsmodels that the statistics must match, and how closely.

import {readFileSync} from 'node:fs';
import {expect} from 'vitest';

/** Statistic and p. Null stands for a value that is not finite. */
export type Pair = [number | null, number | null];

export type GroupCase = {
  name: string;
  samples: (number | null)[][];
  welch: Pair;
  welchDf: number;
  welchCi: Pair;
  student: Pair;
  oneSample: Pair;
  oneSampleExpected: number;
  mannWhitney: Pair;
  kruskal: Pair;
  anova: Pair;
  levene: Pair;
  ksTwo: Pair;
  tukey: number[];
  tukeyLow: number[];
  shapiro: Pair;
  jarqueBera: Pair;
  ksNormal: Pair | null;
  normal: {dagostino: Pair; anderson: Pair} | null;
};

export type PairCase = {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
  pearson: Pair;
  pearsonCi: Pair;
  spearman: Pair;
  kendall: Pair;
  paired: Pair;
  wilcoxon: Pair;
};

export type OlsCase = {
  name: string;
  target: (number | null)[];
  offset: number;
  features: Record<string, (number | null)[]>;
  values: number[];
  errors: number[];
  p: number[];
  low: number[];
  hc3: number[];
  hc3P: number[];
  r2: number;
  adjustedR2: number;
  f: number;
  fP: number;
  n: number;
};

export type Golden = {
  groups: GroupCase[];
  pairs: PairCase[];
  tables: {table: number[][]; chi2: Pair; plain: Pair; fisher: Pair | null}[];
  fits: {observed: number[]; shares: number[] | null; result: Pair}[];
  ols: OlsCase[];
  adjusted: Record<'p' | 'benjamini-hochberg' | 'holm' | 'bonferroni', number[]>;
  tails: [string, number, number[], number][];
  quantiles: [number, number][];
  critical: [string, number, number[], number][];
  shapiro: {n: number; result: Pair; values: number[]}[];
};

export const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/tests-scipy.json', 'utf8'));

/** Null is a missing value. */
export function columnOf(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, value => value ?? Number.NaN);
}

/** Relative error; near zero an absolute error below `absolute` is enough. */
export function expectClose(ours: number, theirs: number, relative: number, absolute = 1e-12): void {
  const error = Math.abs(ours - theirs);
  expect(
    error <= absolute * (absolute === 0 ? 0 : 1) || error <= relative * Math.abs(theirs),
    `${ours} is not ${theirs}`,
  ).toBe(true);
}

/** The statistic within 1e-9 and p within 1e-6, both relative; p keeps its digits however small it is. */
export function expectResult({statistic, p}: {statistic: number; p: number}, [wantedStatistic, wantedP]: Pair): void {
  if (wantedStatistic === null) expect(Number.isFinite(statistic)).toBe(false);
  else expectClose(statistic, wantedStatistic, 1e-9);
  expectClose(p, wantedP ?? Number.NaN, 1e-6, 0);
}
