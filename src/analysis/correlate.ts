// Correlation of two columns: Pearson, Spearman, Kendall, each with p, n and an interval.

import {normalTwoSided, normalUpperTail} from './distributions/normal.ts';
import {tTwoSided} from './distributions/tails.ts';
import {effect, type TestResult} from './hypothesis/result.ts';
import {isConstant, momentsOf, noVariation, presentPairs, rankValues, requireCount} from './hypothesis/sample.ts';

/**
 * Pearson's r over the rows where both are present (scipy.stats.pearsonr), with Fisher's 95 % interval.
 * @throws ToolError `test.too_few_values` below 3 pairs, `test.no_variation` for a constant column. So do all of this file.
 */
export function pearson(first: Float64Array, second: Float64Array): TestResult {
  const {x, y, dropped} = presentPairs(first, second);
  requireCount(x, 3, 'the set of complete rows');
  const r = productMoment(x, y);
  const df = x.length - 2;
  return {
    test: 'Pearson correlation',
    statisticName: 'r',
    statistic: r,
    df: [df],
    p: correlationP(r, df),
    effects: [effect('r', r, fisherInterval(r, x.length))],
    n: [x.length],
    dropped,
    method: 'complete rows',
    assumes: 'independent rows, a straight-line relation without far outliers',
  };
}

/** Spearman's rho: Pearson's r of the ranks, ties sharing theirs (scipy.stats.spearmanr). */
export function spearman(first: Float64Array, second: Float64Array): TestResult {
  const {x, y, dropped} = presentPairs(first, second);
  requireCount(x, 3, 'the set of complete rows');
  const rho = productMoment(rankValues(x).ranks, rankValues(y).ranks);
  const df = x.length - 2;
  return {
    test: 'Spearman rank correlation',
    statisticName: 'rho',
    statistic: rho,
    df: [df],
    p: correlationP(rho, df),
    effects: [effect('rho', rho, fisherInterval(rho, x.length))],
    n: [x.length],
    dropped,
    method: 'complete rows',
    assumes: 'independent rows, a relation that only rises or only falls',
  };
}

/**
 * Kendall's tau-b (scipy.stats.kendalltau): exact for up to 33 pairs without ties, else normal. O(n log n). The interval is
 * Fieller, Hartley and Pearson's.
 */
export function kendall(first: Float64Array, second: Float64Array): TestResult {
  const {x, y, dropped} = presentPairs(first, second);
  requireCount(x, 2, 'the set of complete rows');
  const n = x.length;
  const all = (n * (n - 1)) / 2;
  const {discordant, xTies, yTies, jointTies} = countPairs(x, y);
  const [tiedX, tiedY] = [pairsOf(xTies), pairsOf(yTies)];
  if (tiedX === all || tiedY === all) throw noVariation(tiedX === all ? 'the first column' : 'the second column');
  const balance = all - tiedX - tiedY + pairsOf(jointTies) - 2 * discordant;
  const tau = Math.max(-1, Math.min(1, balance / Math.sqrt(all - tiedX) / Math.sqrt(all - tiedY)));
  const fewest = Math.min(discordant, all - discordant);
  const isExact = tiedX === 0 && tiedY === 0 && (n <= 33 || fewest <= 1);
  const z = balance / Math.sqrt(kendallVariance(n, xTies, yTies));
  return {
    test: 'Kendall rank correlation',
    statisticName: 'tau',
    statistic: tau,
    df: [],
    p: isExact ? Math.min(1, 2 * fewInversions(n, fewest)) : normalTwoSided(z),
    tails: isExact
      ? exactTails(n, fewest, discordant === fewest)
      : {less: normalUpperTail(-z), greater: normalUpperTail(z)},
    effects: [effect('tau-b', tau, kendallInterval(tau, n))],
    n: [n],
    dropped,
    method: isExact ? 'exact' : 'normal approximation',
    assumes: 'independent rows, a relation that only rises or only falls',
  };
}

function productMoment(x: Float64Array, y: Float64Array): number {
  const [x0, y0] = [x[0] ?? 0, y[0] ?? 0];
  const [a, b] = [momentsOf(x, x0), momentsOf(y, y0)];
  if (isConstant(a.squares)) throw noVariation('the first column');
  if (isConstant(b.squares)) throw noVariation('the second column');
  let products = 0;
  for (let i = 0; i < x.length; i++) products += ((x[i] ?? 0) - x0 - a.mean) * ((y[i] ?? 0) - y0 - b.mean);
  // One root is exact for a perfect line; two roots are for sums whose product leaves the range of numbers.
  const product = a.squares * b.squares;
  const inRange = product > 1e-290 && product < Number.MAX_VALUE;
  const size = inRange ? Math.sqrt(product) : Math.sqrt(a.squares) * Math.sqrt(b.squares);
  return Math.max(-1, Math.min(1, products / size));
}

function correlationP(r: number, df: number): number {
  if (df < 1) return Number.NaN;
  return tTwoSided(r * Math.sqrt(df / ((1 - r) * (1 + r))), df);
}

/** Fisher's z-transformed 95 % interval; none below 4 rows. */
function fisherInterval(r: number, n: number): [number, number] | undefined {
  if (n < 4) return undefined;
  const z = Math.atanh(r);
  const reach = 1.959963984540054 / Math.sqrt(n - 3);
  return [Math.tanh(z - reach), Math.tanh(z + reach)];
}

/** Fieller, Hartley and Pearson's (1957) 95 % interval: the variance of atanh(tau) is 0.437 / (n − 4). */
function kendallInterval(tau: number, n: number): [number, number] | undefined {
  if (n < 5) return undefined;
  const reach = 1.959963984540054 * Math.sqrt(0.437 / (n - 4));
  return [Math.tanh(Math.atanh(tau) - reach), Math.tanh(Math.atanh(tau) + reach)];
}

type PairCounts = {discordant: number; xTies: number[]; yTies: number[]; jointTies: number[]};

/** Knight's method (1966): sort by x then y, and count the exchanges that sorting by y then needs. */
function countPairs(x: Float64Array, y: Float64Array): PairCounts {
  const order = Uint32Array.from(x, (_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || (y[a] ?? 0) - (y[b] ?? 0));
  const jointTies: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const [a = 0] = order.subarray(start);
    while (end < order.length && x[order[end] ?? 0] === x[a] && y[order[end] ?? 0] === y[a]) end++;
    if (end - start > 1) jointTies.push(end - start);
    start = end;
  }
  const discordant = exchanges(Float64Array.from(order, i => y[i] ?? 0));
  return {discordant, xTies: rankValues(x).ties, yTies: rankValues(y).ties, jointTies};
}

/** Pairs that stand in the wrong order, by merge sort; sorts `values`. */
function exchanges(values: Float64Array): number {
  let count = 0;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let [i, j] = [start, middle];
      for (let k = start; k < end; k++) {
        const takeLeft = i < middle && (j >= end || (from[i] ?? 0) <= (from[j] ?? 0));
        if (!takeLeft) count += middle - i;
        to[k] = (takeLeft ? from[i++] : from[j++]) ?? 0;
      }
    }
    [from, to] = [to, from];
  }
  return count;
}

function pairsOf(ties: readonly number[]): number {
  return ties.reduce((sum, t) => sum + (t * (t - 1)) / 2, 0);
}

function kendallVariance(n: number, xTies: readonly number[], yTies: readonly number[]): number {
  const sum = (ties: readonly number[], term: (t: number) => number) => ties.reduce((total, t) => total + term(t), 0);
  const triples = (t: number) => t * (t - 1) * (t - 2);
  const weighted = (t: number) => t * (t - 1) * (2 * t + 5);
  const m = n * (n - 1);
  return (
    (m * (2 * n + 5) - sum(xTies, weighted) - sum(yTies, weighted)) / 18 +
    (2 * pairsOf(xTies) * pairsOf(yTies)) / m +
    (sum(xTies, triples) * sum(yTies, triples)) / (9 * m * (n - 2))
  );
}

/** The tail that the order lies in, and the other one, which counts the same order once more. */
function exactTails(n: number, fewest: number, isRising: boolean): {less: number; greater: number} {
  const near = fewInversions(n, fewest);
  const far = fewest === 0 ? 1 : 1 - fewInversions(n, fewest - 1);
  return isRising ? {less: far, greater: near} : {less: near, greater: far};
}

/** P(at most `fewest` inversions in a random order of n), from the shares of each number of inversions. */
function fewInversions(n: number, fewest: number): number {
  let shares = Float64Array.of(1);
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(Math.min(fewest + 1, shares.length + size - 1));
    let window = 0;
    for (let k = 0; k < next.length; k++) {
      window += (shares[k] ?? 0) - (shares[k - size] ?? 0);
      next[k] = window / size;
    }
    shares = next;
  }
  return shares.subarray(0, fewest + 1).reduce((sum, share) => sum + share, 0);
}
