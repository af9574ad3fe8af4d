// Families of whole numbers from 0: Poisson, negative binomial, geometric, binomial.

import {incompleteBeta} from '../distributions/beta.ts';
import {digamma} from '../distributions/digamma.ts';
import {upperGamma} from '../distributions/gamma.ts';
import {logFactorial, logGamma} from '../distributions/gamma-log.ts';
import {type Family, type Fit, risingRoot} from './family.ts';

/** Each value once with its number of rows, values rising. */
type Tally = {values: number[]; counts: number[]; n: number; mean: number};

function tallyOf(sorted: Float64Array): Tally {
  const [values, counts]: [number[], number[]] = [[], []];
  let sum = 0;
  for (const value of sorted) {
    sum += value;
    if (values[values.length - 1] === value) counts[counts.length - 1] = (counts[counts.length - 1] ?? 0) + 1;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return {values, counts, n: sorted.length, mean: sum / sorted.length};
}

function fitted(
  tally: Tally,
  parameters: Record<string, number>,
  logMass: (k: number) => number,
  lower: (k: number) => number,
): Fit {
  const cdf = (x: number) => (x < 0 ? 0 : lower(Math.floor(x)));
  return {
    parameters,
    logLikelihood: tally.values.reduce((sum, k, i) => sum + (tally.counts[i] ?? 0) * logMass(k), 0),
    cdf,
    quantile(p) {
      let high = 1;
      while (cdf(high) < p && high < 2 ** 52) high *= 2;
      // A little less than p, since a sum of rounded chances may miss p by its last digits.
      return Math.ceil(risingRoot(cdf, p * (1 - 1e-13), -1, high) - 1e-9);
    },
  };
}

const poisson: Family = {
  name: 'poisson',
  counts: true,
  free: 1,
  convention: 'poisson: mu the mean',
  fit(sorted) {
    const tally = tallyOf(sorted);
    const {mean: mu} = tally;
    return fitted(
      tally,
      {mu},
      k => k * Math.log(mu) - mu - logFactorial(k),
      k => upperGamma(k + 1, mu),
    );
  },
};

const geometric: Family = {
  name: 'geometric',
  counts: true,
  free: 1,
  convention: 'geom: p; with loc=-1 (failures before the first success) where 0 occurs',
  fit(sorted) {
    const tally = tallyOf(sorted);
    const loc = (sorted[0] ?? 0) === 0 ? -1 : 0;
    const p = 1 / (tally.mean - loc);
    return fitted(
      tally,
      loc === 0 ? {p} : {p, loc},
      k => Math.log(p) + (k - loc - 1) * Math.log1p(-p),
      k => -Math.expm1((k - loc) * Math.log1p(-p)),
    );
  },
};

const binomial: Family = {
  name: 'binomial',
  counts: true,
  free: 2,
  convention: 'binom: n the largest value, p the mean over n',
  fit(sorted) {
    const tally = tallyOf(sorted);
    const n = sorted[sorted.length - 1] ?? 1;
    const p = tally.mean / n;
    const chosen = logFactorial(n);
    return fitted(
      tally,
      {n, p},
      k => chosen - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p),
      k => (k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p, p)),
    );
  },
};

const mostSize = 1e6;

const negativeBinomial: Family = {
  name: 'negative_binomial',
  counts: true,
  free: 2,
  convention: 'nbinom: n, p',
  fit(sorted) {
    const tally = tallyOf(sorted);
    const {values, counts, n, mean} = tally;
    const variance = values.reduce((sum, k, i) => sum + (counts[i] ?? 0) * (k - mean) ** 2, 0) / n;
    if (variance <= mean) return 'the variance is not above the mean, so Poisson is its limit';
    // The derivative of the likelihood by the size; it falls through 0 once.
    const slope = (size: number) => {
      let sum = -n * Math.log1p(mean / size);
      values.forEach((k, i) => {
        sum += (counts[i] ?? 0) * risingFactorialSlope(size, k);
      });
      return sum;
    };
    if (slope(mostSize) > 0) return "it can't be told from Poisson";
    const size = Math.exp(risingRoot(log => -slope(Math.exp(log)), 0, Math.log(1e-8), Math.log(mostSize)));
    const p = size / (size + mean);
    const q = mean / (size + mean);
    return fitted(
      tally,
      {n: size, p},
      k => logGamma(k + size) - logGamma(size) - logFactorial(k) + size * Math.log(p) + k * Math.log(q),
      k => incompleteBeta(size, k + 1, p, q),
    );
  },
};

/** Σ 1/(size + j), j < k: ψ(size + k) − ψ(size). */
function risingFactorialSlope(size: number, k: number): number {
  if (k > 30) return digamma(size + k) - digamma(size);
  let sum = 0;
  for (let j = k - 1; j >= 0; j--) sum += 1 / (size + j);
  return sum;
}

/** Larger counts are fitted as a continuous quantity. */
export const largestCount = 10_000;

export const countFamilies: readonly Family[] = [poisson, negativeBinomial, geometric, binomial];
