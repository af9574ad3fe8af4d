// Families of positive values: lognormal, exponential, gamma, Weibull, all with their zero point fixed at 0; and beta on (0, 1).

import {incompleteBeta} from '../distributions/beta.ts';
import {digamma, logMinusDigamma, trigamma} from '../distributions/digamma.ts';
import {lowerGamma} from '../distributions/gamma.ts';
import {logGamma} from '../distributions/gamma-log.ts';
import {normalLowerTail, normalQuantile} from '../distributions/normal.ts';
import {stirlingError} from '../distributions/saddle-point.ts';
import {momentsOf} from '../hypothesis/sample.ts';
import {type Family, meanOf, risingRoot} from './family.ts';

const logRootTwoPi = Math.log(2 * Math.PI) / 2;
/** Beyond this shape, gamma and Weibull can't be told from a normal or an extreme-value distribution. */
const mostShape = 1e4;
const needsPositive = 'it needs values above 0';
const nearlyConstant = 'the values vary too little around their mean';

/** ln of each value over the first, which keeps the digits of values that are nearly equal. */
function relativeLogs(sorted: Float64Array): {logs: Float64Array; base: number} {
  const base = sorted[0] ?? 1;
  return {
    logs: sorted.map(value => (value < 2 * base ? Math.log1p((value - base) / base) : Math.log(value / base))),
    base,
  };
}

const lognormal: Family = {
  name: 'lognormal',
  counts: false,
  free: 2,
  convention: 'lognorm(floc=0): s the sd of ln x, scale the exponential of its mean',
  fit(sorted) {
    if ((sorted[0] ?? 0) <= 0) return needsPositive;
    const {logs, base} = relativeLogs(sorted);
    const {mean, squares, n} = momentsOf(logs, 0);
    const s = Math.sqrt(squares / n);
    const logScale = Math.log(base) + mean;
    return {
      parameters: {s, scale: base * Math.exp(mean)},
      logLikelihood: -n * (logScale + Math.log(s) + logRootTwoPi + 0.5),
      cdf: x => (x <= 0 ? 0 : normalLowerTail((Math.log(x / base) - mean) / s)),
      quantile: p => base * Math.exp(mean + s * normalQuantile(p)),
    };
  },
};

const exponential: Family = {
  name: 'exponential',
  counts: false,
  free: 1,
  convention: 'expon(floc=0): scale the mean',
  fit(sorted) {
    if ((sorted[0] ?? 0) < 0) return 'it needs values from 0';
    const scale = meanOf(sorted, value => value);
    return {
      parameters: {scale},
      logLikelihood: -sorted.length * (Math.log(scale) + 1),
      cdf: x => (x <= 0 ? 0 : -Math.expm1(-x / scale)),
      quantile: p => -scale * Math.log1p(-p),
    };
  },
};

const gamma: Family = {
  name: 'gamma',
  counts: false,
  free: 2,
  convention: 'gamma(floc=0): a the shape, scale',
  fit(sorted) {
    if ((sorted[0] ?? 0) <= 0) return needsPositive;
    const mean = meanOf(sorted, value => value);
    // ln of the mean less the mean of ln, as a sum of small terms.
    const spread = meanOf(sorted, value => excessOfLog((value - mean) / mean));
    let a = (3 - spread + Math.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread);
    if (!(a < mostShape)) return nearlyConstant;
    for (let step = 0; step < 100; step++) {
      const slope = 1 / a - trigamma(a);
      const next = a - (logMinusDigamma(a) - spread) / slope;
      const moved = next > 0 ? next : a / 2;
      const change = Math.abs(moved - a);
      a = moved;
      if (change <= 1e-15 * a) break;
    }
    const scale = mean / a;
    const each = Math.log(a) / 2 - Math.log(mean) - (a - 1) * spread - logRootTwoPi - (a < 1e-3 ? 0 : stirlingError(a));
    const direct = -Math.log(mean) - (a - 1) * spread - a + a * Math.log(a) - logGamma(a);
    return {
      parameters: {a, scale},
      logLikelihood: sorted.length * (a < 15 ? direct : each),
      cdf: x => lowerGamma(a, x / scale),
      quantile: p => scale * risingRoot(x => lowerGamma(a, x), p, 0, a + 40 * Math.sqrt(a) + 800),
    };
  },
};

/** u − ln(1 + u), exact also near 0. */
function excessOfLog(u: number): number {
  if (Math.abs(u) > 0.01) return u - Math.log1p(u);
  let [sum, power] = [0, u * u];
  for (let k = 2; k < 12; k++) {
    sum += (k % 2 === 0 ? power : -power) / k;
    power *= u;
  }
  return sum;
}

const weibull: Family = {
  name: 'weibull',
  counts: false,
  free: 2,
  convention: 'weibull_min(floc=0): c the shape, scale',
  fit(sorted) {
    if ((sorted[0] ?? 0) <= 0) return needsPositive;
    const {logs, base} = relativeLogs(sorted);
    const {mean, squares, n} = momentsOf(logs, 0);
    const centred = logs.map(value => value - mean);
    const largest = centred[n - 1] ?? 0;
    let c = 1.2 / Math.sqrt(squares / n);
    if (!(c < mostShape)) return nearlyConstant;
    const sums = (shape: number) => {
      let [zero, one, two] = [0, 0, 0];
      for (const t of centred) {
        const weight = Math.exp(shape * (t - largest));
        zero += weight;
        one += weight * t;
        two += weight * t * t;
      }
      return {zero, one: one / zero, two: two / zero};
    };
    for (let step = 0; step < 100; step++) {
      const {one, two} = sums(c);
      const next = c - (one - 1 / c) / (two - one * one + 1 / (c * c));
      const moved = next > 0 ? next : c / 2;
      const change = Math.abs(moved - c);
      c = moved;
      if (change <= 1e-15 * c) break;
    }
    const logScale = largest + Math.log(sums(c).zero / n) / c;
    const scale = base * Math.exp(mean + logScale);
    return {
      parameters: {c, scale},
      logLikelihood: n * (Math.log(c) - Math.log(scale) - (c - 1) * logScale - 1),
      cdf: x => (x <= 0 ? 0 : -Math.expm1(-((x / scale) ** c))),
      quantile: p => scale * (-Math.log1p(-p)) ** (1 / c),
    };
  },
};

const beta: Family = {
  name: 'beta',
  counts: false,
  free: 2,
  convention: 'beta(floc=0, fscale=1): a, b',
  fit(sorted) {
    if (!((sorted[0] ?? 0) > 0 && (sorted[sorted.length - 1] ?? 1) < 1)) return 'it needs values between 0 and 1';
    const {mean, squares, n} = momentsOf(sorted, 0);
    const [left, right] = [meanOf(sorted, Math.log), meanOf(sorted, value => Math.log1p(-value))];
    const size = Math.max(0.1, (mean * (1 - mean)) / (squares / n) - 1);
    let [a, b] = [mean * size, (1 - mean) * size];
    for (let step = 0; step < 200; step++) {
      const both = digamma(a + b);
      const [f, g] = [digamma(a) - both - left, digamma(b) - both - right];
      const joint = trigamma(a + b);
      const [fa, gb] = [trigamma(a) - joint, trigamma(b) - joint];
      const determinant = fa * gb - joint * joint;
      const [da, db] = [(f * gb + g * joint) / determinant, (g * fa + f * joint) / determinant];
      [a, b] = [a - da > 0 ? a - da : a / 2, b - db > 0 ? b - db : b / 2];
      if (Math.abs(da) <= 1e-15 * a && Math.abs(db) <= 1e-15 * b) break;
    }
    if (!(a + b < 1e6)) return nearlyConstant;
    const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
    return {
      parameters: {a, b},
      logLikelihood: n * ((a - 1) * left + (b - 1) * right - logBeta),
      cdf: x => incompleteBeta(a, b, x),
      quantile: p => risingRoot(x => incompleteBeta(a, b, x), p, 0, 1),
    };
  },
};

export const positiveFamilies: readonly Family[] = [lognormal, exponential, gamma, weibull, beta];
