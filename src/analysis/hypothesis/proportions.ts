// Tests of shares: one against an expected one, two groups, and two answers of the same rows.

import {ToolError} from '../../core/errors.ts';
import {incompleteBeta} from '../distributions/beta.ts';
import {logFactorial} from '../distributions/gamma-log.ts';
import {normalTwoSided} from '../distributions/normal.ts';
import {risingRoot} from '../fitting/family.ts';
import type {Counts} from './contingency.ts';
import {effect, type TestResult} from './result.ts';
import {noVariation, requireCount} from './sample.ts';

const normal95 = 1.959963984540054;

/**
 * Exact binomial test of the share of the second of two counts (scipy.stats.binomtest, with its exact interval by Clopper and
 * Pearson).
 */
export function binomialTest(counts: readonly number[], expected: number): TestResult {
  const [failures = 0, k = 0] = twoCounts(counts);
  const n = failures + k;
  if (!(expected > 0 && expected < 1))
    throw new ToolError('test.bad_expected', `the expected share must be between 0 and 1, not ${expected}`);
  return {
    test: 'binomial test',
    statisticName: 'share',
    statistic: k / n,
    df: [],
    p: binomialP(k, n, expected),
    effects: [
      effect(
        'share − expected',
        k / n - expected,
        exactInterval(k, n).map(each => each - expected) as [number, number],
      ),
    ],
    n: [n],
    dropped: 0,
    method: `exact, against a share of ${expected}`,
    assumes: 'independent rows',
  };
}

/** P(X ≤ k) for n trials. */
function lower(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p, p);
}

/** P(X ≥ k). */
function upper(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : incompleteBeta(k, n - k + 1, p, 1 - p);
}

/** The chance of all numbers that are no likelier than k. */
function binomialP(k: number, n: number, p: number): number {
  const logChance = (i: number) =>
    logFactorial(n) - logFactorial(i) - logFactorial(n - i) + i * Math.log(p) + (n - i) * Math.log1p(-p);
  // As SciPy, which lets chances equal but for rounding count as equal.
  const isAsRare = (i: number) => logChance(i) <= logChance(k) + 1e-7;
  const mode = p * n;
  if (k === mode) return 1;
  if (k < mode) return Math.min(1, lower(k, n, p) + upper(firstWhere(isAsRare, Math.ceil(mode), n), n, p));
  return Math.min(1, upper(k, n, p) + lower(lastWhere(isAsRare, 0, Math.floor(mode)), n, p));
}

/** The first i from `from` to `to` with `holds`, which once true stays true; to + 1 where there is none. */
function firstWhere(holds: (i: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function lastWhere(holds: (i: number) => boolean, from: number, to: number): number {
  return to - firstWhere(i => holds(to - i), 0, to - from);
}

/** Clopper and Pearson's 95 % interval of a share. */
export function exactInterval(k: number, n: number): [number, number] {
  const low = k === 0 ? 0 : risingRoot(p => upper(k, n, p), 0.025, 0, 1);
  const high = k === n ? 1 : risingRoot(p => -lower(k, n, p), -0.025, 0, 1);
  return [low, high];
}

/** Wilson's 95 % interval of a share (statsmodels' proportion_confint, method 'wilson'). */
export function wilsonInterval(k: number, n: number): [number, number] {
  const [share, square] = [k / n, normal95 ** 2];
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const reach = (normal95 * Math.sqrt((share * (1 - share) + square / (4 * n)) / n)) / (1 + square / n);
  return [k === 0 ? 0 : centre - reach, k === n ? 1 : centre + reach];
}

/** A 2 × 2 table of groups by no and yes, as shares of yes. */
export type TwoShares = {yes: [number, number]; n: [number, number]; shares: [number, number]};

export function twoShares(table: Counts): TwoShares {
  const [[a0 = 0, a1 = 0] = [], [b0 = 0, b1 = 0] = []] = twoByTwo(table);
  const n: [number, number] = [a0 + a1, b0 + b1];
  if (n[0] === 0 || n[1] === 0) throw noVariation('the group');
  return {yes: [a1, b1], n, shares: [a1 / n[0], b1 / n[1]]};
}

/**
 * z-test of the shares of two groups with the pooled share (statsmodels' proportions_ztest). Difference of the first less the
 * second group with Newcombe's interval, ratio with its logarithm's (confint_proportions_2indep), Cohen's h.
 */
export function proportionZ(table: Counts): TestResult {
  const {yes, n, shares} = twoShares(table);
  const pooled = (yes[0] + yes[1]) / (n[0] + n[1]);
  if (pooled === 0 || pooled === 1) throw noVariation('the answer');
  const difference = shares[0] - shares[1];
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]));
  return {
    test: 'z-test of two shares',
    statisticName: 'z',
    statistic: z,
    df: [],
    p: normalTwoSided(z),
    effects: [
      effect('difference of shares', difference, newcombe(yes, n)),
      effect('ratio of shares', shares[0] / shares[1], ratioInterval(yes, n)),
      effect("Cohen's h", cohensH(shares[0], shares[1])),
    ].filter(each => Number.isFinite(each.value)),
    n: [...n],
    dropped: 0,
    method: 'pooled share, normal approximation',
    assumes: `independent rows, 5 or more of each answer in each group (fewest here ${Math.min(...table.flat())})`,
  };
}

export function cohensH(a: number, b: number): number {
  return 2 * Math.asin(Math.sqrt(a)) - 2 * Math.asin(Math.sqrt(b));
}

function newcombe(yes: readonly [number, number], n: readonly [number, number]): [number, number] {
  const [p, q] = [yes[0] / n[0], yes[1] / n[1]];
  const [first, second] = [wilsonInterval(yes[0], n[0]), wilsonInterval(yes[1], n[1])];
  const reach = (a: number, b: number) => Math.sqrt(a ** 2 + b ** 2);
  return [p - q - reach(p - first[0], second[1] - q), p - q + reach(first[1] - p, q - second[0])];
}

export function ratioInterval(
  yes: readonly [number, number],
  n: readonly [number, number],
): [number, number] | undefined {
  if (yes[0] === 0 || yes[1] === 0) return undefined;
  const error = Math.sqrt(1 / yes[0] - 1 / n[0] + 1 / yes[1] - 1 / n[1]);
  const ratio = yes[0] / n[0] / (yes[1] / n[1]);
  return [ratio * Math.exp(-normal95 * error), ratio * Math.exp(normal95 * error)];
}

/** McNemar's exact test of two yes/no answers of the same rows (statsmodels' mcnemar). Only rows that answer differently count. */
export function mcnemar(table: Counts): TestResult {
  const [[, b = 0] = [], [c = 0] = []] = twoByTwo(table);
  if (b + c === 0) throw noVariation('the answer of a row');
  const n = table.flat().reduce((sum, count) => sum + count, 0);
  const interval: [number, number] | undefined =
    b > 0 && c > 0
      ? [
          (b / c) * Math.exp(-normal95 * Math.sqrt(1 / b + 1 / c)),
          (b / c) * Math.exp(normal95 * Math.sqrt(1 / b + 1 / c)),
        ]
      : undefined;
  return {
    test: "McNemar's test",
    statisticName: 'smaller count of changes',
    statistic: Math.min(b, c),
    df: [],
    p: Math.min(1, 2 * lower(Math.min(b, c), b + c, 0.5)),
    effects: [
      effect('difference of shares', (b - c) / n),
      effect('odds ratio', c > 0 ? b / c : Number.POSITIVE_INFINITY, interval),
    ],
    n: [n],
    dropped: 0,
    method: `exact, ${b} and ${c} changes`,
    assumes: 'independent rows, two answers a row',
  };
}

function twoByTwo(table: Counts): Counts {
  if (table.length === 2 && table.every(row => row.length === 2)) return table;
  throw new ToolError(
    'test.not_two_by_two',
    `This test needs 2 rows and 2 columns, not ${table.length} and ${table[0]?.length ?? 0}`,
    {hint: 'Keep two values of each with where, or use chi2_independence.'},
  );
}

function twoCounts(counts: readonly number[]): readonly number[] {
  if (counts.length !== 2)
    throw new ToolError('test.not_two_values', `A share needs a column of two values, not ${counts.length}`, {
      hint: 'Derive a yes/no column first, or use chi2_fit.',
    });
  requireCount(Array.from({length: (counts[0] ?? 0) + (counts[1] ?? 0)}), 1, 'the column');
  return counts;
}
