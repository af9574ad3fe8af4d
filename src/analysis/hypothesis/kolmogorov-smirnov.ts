// Kolmogorov and Smirnov's tests: one sample against a distribution, two samples against each other.

import {kolmogorovUpperTail} from '../distributions/kolmogorov.ts';
import type {TestResult} from './result.ts';
import {present, requireCount} from './sample.ts';

/** Beyond this the exact count of paths takes too long; SciPy draws the same line. */
const mostForExact = 10_000;

/** Two samples (scipy.stats.ks_2samp): exact for up to 10,000 values a sample, also with ties. NaN is dropped. */
export function ksTwoSamples(first: Float64Array, second: Float64Array): TestResult {
  const [x, y] = [present(first), present(second)];
  requireCount(x.values, 1, 'the first sample');
  requireCount(y.values, 1, 'the second sample');
  const [n1, n2] = [x.values.length, y.values.length];
  const steps = largestDistance(x.values.slice().sort(), y.values.slice().sort());
  const d = steps / (n1 * n2);
  const isExact = Math.max(n1, n2) <= mostForExact;
  return {
    test: 'two-sample Kolmogorov-Smirnov test',
    statisticName: 'D',
    statistic: d,
    df: [],
    p: isExact ? pathsThatLeave(n1, n2, steps) : kolmogorovUpperTail(d, Math.round((n1 * n2) / (n1 + n2))),
    effects: [],
    n: [n1, n2],
    dropped: x.dropped + y.dropped,
    method: isExact ? 'exact' : 'asymptotic',
    assumes: 'independent rows of a continuous quantity',
  };
}

/** The largest distance of the two empirical distribution functions, times n1·n2: a whole number. */
function largestDistance(x: Float64Array, y: Float64Array): number {
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i] ?? 0, y[j] ?? 0);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    most = Math.max(most, Math.abs(i * y.length - j * x.length));
  }
  return most;
}

/**
 * The share of lattice paths from (0, 0) to (n1, n2) that somewhere are `steps` or more off the diagonal. Seen from its end
 * a random path came from the left with chance i/(i+j), so only positive shares are added and small results keep their digits.
 */
function pathsThatLeave(n1: number, n2: number, steps: number): number {
  if (steps === 0) return 1;
  // Outside of the band around the diagonal the chance is 1; above it the column still is as it began.
  const column = new Float64Array(n2 + 1).fill(1);
  for (let i = 0; i <= n1; i++) {
    const from = Math.max(0, Math.floor((i * n2 - steps) / n1) + 1);
    const to = Math.min(n2, Math.ceil((i * n2 + steps) / n1) - 1);
    let below = 1;
    for (let j = from; j <= to; j++) {
      below = i + j > 0 ? (i * (column[j] ?? 0) + j * below) / (i + j) : 0;
      column[j] = below;
    }
  }
  return Math.min(1, column[n2] ?? 1);
}

/**
 * One sample against a continuous distribution that was fixed beforehand, given by its P(X ≤ x) (scipy.stats.ks_1samp). With
 * parameters estimated from the same sample p is far too large. NaN is dropped.
 */
export function ksOneSample(sample: Float64Array, distribution: (x: number) => number): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 1, 'the sample');
  const n = values.length;
  const d = distanceTo(values.sort(), distribution);
  return {
    test: 'one-sample Kolmogorov-Smirnov test',
    statisticName: 'D',
    statistic: d,
    df: [],
    p: kolmogorovUpperTail(d, n),
    effects: [],
    n: [n],
    dropped,
    method: n <= 5000 ? 'exact' : 'asymptotic where p is large',
    assumes: 'independent rows, a distribution fixed before looking at them',
  };
}

/**
 * The largest distance of the empirical distribution function of sorted values to `distribution` (Kolmogorov's D). Both
 * rise, so a stretch of values is only looked into where its ends leave room for a larger distance: the result is exact, with
 * few evaluations.
 */
export function distanceTo(sorted: Float64Array, distribution: (x: number) => number): number {
  const n = sorted.length;
  const at = (i: number) => distribution(sorted[i] ?? 0);
  const here = (i: number, share: number) => Math.max((i + 1) / n - share, share - i / n);
  const [first, last] = [at(0), at(n - 1)];
  let most = Math.max(here(0, first), here(n - 1, last));
  let open = [{from: 0, low: first, to: n - 1, high: last}];
  // Level by level, so that large distances are found before stretches are split further.
  while (open.length > 0) {
    const next: typeof open = [];
    for (const {from, low, to, high} of open) {
      const room = Math.max(to / n - low, high - (from + 1) / n);
      if (to - from < 2 || room <= most) continue;
      const middle = (from + to) >> 1;
      const share = at(middle);
      most = Math.max(most, here(middle, share));
      next.push({from, low, to: middle, high: share}, {from: middle, low: share, to, high});
    }
    open = next;
  }
  return most;
}
