// Tests on ranks: Mann-Whitney U, Wilcoxon signed-rank, Kruskal-Wallis.

import {normalUpperTail} from '../distributions/normal.ts';
import {chiSquaredUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {concatenate, noVariation, present, presentPairs, rankValues, requireCount, tieTerm} from './sample.ts';

/**
 * Mann-Whitney U of the first group (scipy.stats.mannwhitneyu): exact when a group has at most 8 values and nothing is tied,
 * else normal with continuity correction. NaN is dropped.
 */
export function mannWhitney(first: Float64Array, second: Float64Array): TestResult {
  const [x, y] = [present(first), present(second)];
  requireCount(x.values, 1, 'the first group');
  requireCount(y.values, 1, 'the second group');
  const [n1, n2] = [x.values.length, y.values.length];
  const {ranks, ties} = rankValues(concatenate([x.values, y.values]));
  const u1 = ranks.subarray(0, n1).reduce((sum, rank) => sum + rank, 0) - (n1 * (n1 + 1)) / 2;
  const larger = Math.max(u1, n1 * n2 - u1);
  const isExact = Math.min(n1, n2) <= 8 && ties.length === 0;
  const upper = (u: number) => (isExact ? exactUpperU(u, n1, n2) : normalUpperTail(uScore(u, n1, n2, ties)));
  return {
    test: 'Mann-Whitney U test',
    statisticName: 'U',
    statistic: u1,
    df: [],
    p: Math.min(1, 2 * upper(larger)),
    tails: {less: upper(n1 * n2 - u1), greater: upper(u1)},
    effects: [effect('rank-biserial correlation', (2 * u1) / (n1 * n2) - 1)],
    n: [n1, n2],
    dropped: x.dropped + y.dropped,
    method: isExact ? 'exact' : 'normal approximation with continuity correction',
    assumes: 'independent rows; a shift of location only if both shapes are alike',
  };
}

function uScore(u: number, n1: number, n2: number, ties: readonly number[]): number {
  const n = n1 + n2;
  const variance = ((n1 * n2) / 12) * (n + 1 - tieTerm(ties) / (n * (n - 1)));
  const distance = u - (n1 * n2) / 2 - 0.5;
  return variance > 0 ? distance / Math.sqrt(variance) : Number.NEGATIVE_INFINITY;
}

/** P(U ≥ u) by counting the arrangements with each value of U (Mann and Whitney's recurrence as a product of polynomials). */
function exactUpperU(u: number, n1: number, n2: number): number {
  const most = n1 * n2;
  const small = Math.min(n1, n2);
  // Shares instead of counts, so that nothing overflows: the coefficients of Π (1 − q^(N−small+i)) / (1 − q^i), i ≤ small.
  let counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (let i = 1; i <= small; i++) {
    const upper = Math.max(n1, n2) + i;
    const next = counts.slice();
    for (let j = most; j >= upper; j--) next[j] = (next[j] ?? 0) - (next[j - upper] ?? 0);
    for (let j = i; j <= most; j++) next[j] = (next[j] ?? 0) + (next[j - i] ?? 0);
    const share = i / upper;
    counts = next.map(count => count * share);
  }
  // The distribution is symmetric, so the upper tail is the lower tail of the mirrored value: small numbers, added first.
  let tail = 0;
  for (let j = 0; j <= most - Math.ceil(u); j++) tail += counts[j] ?? 0;
  return tail;
}

/**
 * Wilcoxon signed-rank test of the differences (scipy.stats.wilcoxon, without correction): exact for up to 50 pairs without
 * zeros and ties, else normal; zero differences are left out. SciPy enumerates signs for ties up to 13 pairs; so do we.
 * Pairs with a NaN are dropped. The statistic is the smaller of the two rank sums.
 */
export function wilcoxonSignedRank(before: Float64Array, after: Float64Array): TestResult {
  const {x, y, dropped} = presentPairs(before, after);
  const all = x.map((value, i) => value - (y[i] ?? 0));
  const differences = all.filter(value => value !== 0);
  if (differences.length === 0) throw noVariation('the difference');
  const {ranks, ties} = rankValues(differences.map(Math.abs));
  const n = differences.length;
  const zeros = all.length - n;
  const plus = ranks.reduce((sum, rank, i) => ((differences[i] ?? 0) > 0 ? sum + rank : sum), 0);
  const total = (n * (n + 1)) / 2;
  const isClean = ties.length === 0 && n === all.length;
  const isExact = isClean ? all.length <= 50 : all.length <= 13;
  const upper = (sum: number) => (isExact ? exactSigned(ranks, sum) : normalSigned(sum, n, ties));
  return {
    test: 'Wilcoxon signed-rank test',
    statisticName: 'W',
    statistic: Math.min(plus, total - plus),
    df: [],
    p: Math.min(1, 2 * upper(Math.max(plus, total - plus))),
    tails: {less: upper(total - plus), greater: upper(plus)},
    effects: [effect('rank-biserial correlation', (2 * plus) / total - 1)],
    n: [n],
    dropped,
    ...(zeros > 0 && {leftOut: `${zeros} without a difference, as the test ranks differences`}),
    method: isExact ? 'exact' : 'normal approximation',
    assumes: 'independent pairs, differences that are symmetric around their middle',
  };
}

/** P(sum of positive ranks ≥ plus) when every sign is a coin toss. Ranks may be halves, so sums are counted in halves. */
function exactSigned(ranks: Float64Array, plus: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank * 2, 0);
  let shares = new Float64Array(total + 1);
  shares[0] = 1;
  for (const rank of ranks) {
    const doubled = rank * 2;
    const next = new Float64Array(total + 1);
    for (let sum = 0; sum <= total; sum++)
      next[sum] = ((shares[sum] ?? 0) + (sum >= doubled ? (shares[sum - doubled] ?? 0) : 0)) / 2;
    shares = next;
  }
  let tail = 0;
  for (let sum = total; sum >= plus * 2; sum--) tail += shares[sum] ?? 0;
  return tail;
}

function normalSigned(plus: number, n: number, ties: readonly number[]): number {
  const error = Math.sqrt((n * (n + 1) * (2 * n + 1) - tieTerm(ties) / 2) / 24);
  return normalUpperTail((plus - (n * (n + 1)) / 4) / error);
}

/** Kruskal-Wallis H with correction for ties (scipy.stats.kruskal). NaN is dropped. */
export function kruskalWallis(groups: readonly Float64Array[]): TestResult {
  const samples = groups.map(present);
  requireCount(
    samples.map(() => 0),
    2,
    'the list of groups',
  );
  samples.forEach(({values}, index) => {
    requireCount(values, 1, `group ${index + 1}`);
  });
  const {ranks, ties} = rankValues(concatenate(samples.map(sample => sample.values)));
  const n = ranks.length;
  const correction = 1 - tieTerm(ties) / (n ** 3 - n);
  if (!(correction > 0)) throw noVariation('the values of all groups');
  let start = 0;
  let between = 0;
  for (const {values} of samples) {
    const centre = (n + 1) / 2;
    const sum = ranks.subarray(start, start + values.length).reduce((total, rank) => total + (rank - centre), 0);
    between += (sum * sum) / values.length;
    start += values.length;
  }
  const h = ((12 / (n * (n + 1))) * between) / correction;
  const df = samples.length - 1;
  return {
    test: 'Kruskal-Wallis test',
    statisticName: 'H',
    statistic: h,
    df: [df],
    p: chiSquaredUpperTail(h, df),
    effects: [effect('epsilon squared', h / (n - 1))],
    n: samples.map(({values}) => values.length),
    dropped: samples.reduce((sum, {dropped}) => sum + dropped, 0),
    method: 'chi² approximation, corrected for ties',
    assumes: 'independent rows, groups of about 5 values or more',
  };
}
