// Is a sample normal? Shapiro-Wilk, D'Agostino-Pearson, Jarque-Bera, Anderson-Darling.

import {normalLowerTail, normalQuantile, normalUpperTail, polynomial} from '../distributions/normal.ts';
import {chiSquaredUpperTail} from '../distributions/tails.ts';
import {effect, type TestResult} from './result.ts';
import {isConstant, momentsOf, noVariation, present, requireCount} from './sample.ts';

const assumes =
  'independent rows; with thousands of rows even a harmless deviation is significant, so look at the shape too';

/** Moments of the shape: biased skewness g1 and kurtosis m4/m2² (3 for a normal), as scipy.stats.skew and kurtosis(fisher=False). */
export function shapeOf(values: Float64Array): {skewness: number; kurtosis: number} {
  const origin = values[0] ?? 0;
  const {mean, squares, n} = momentsOf(values, origin);
  if (isConstant(squares)) throw noVariation('the sample');
  let [third, fourth] = [0, 0];
  for (const value of values) {
    const deviation = value - origin - mean;
    third += deviation ** 3;
    fourth += deviation ** 4;
  }
  const m2 = squares / n;
  return {skewness: third / n / m2 ** 1.5, kurtosis: fourth / n / m2 ** 2};
}

/** D'Agostino and Pearson's K² from skewness and kurtosis (scipy.stats.normaltest). At least 8 values. NaN is dropped. */
export function dagostinoPearson(sample: Float64Array): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 8, 'the sample');
  const {skewness, kurtosis} = shapeOf(values);
  const n = values.length;
  const k2 = skewnessScore(skewness, n) ** 2 + kurtosisScore(kurtosis, n) ** 2;
  return {
    test: "D'Agostino-Pearson test of normality",
    statisticName: 'K²',
    statistic: k2,
    df: [2],
    p: chiSquaredUpperTail(k2, 2),
    effects: [effect('skewness', skewness), effect('excess kurtosis', kurtosis - 3)],
    n: [n],
    dropped,
    method: 'chi² approximation',
    assumes,
  };
}

/** D'Agostino (1970): a z-score of the skewness. */
function skewnessScore(skewness: number, n: number): number {
  const y = skewness * Math.sqrt(((n + 1) * (n + 3)) / (6 * (n - 2)));
  const beta2 = (3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3)) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
  const w2 = -1 + Math.sqrt(2 * (beta2 - 1));
  return Math.asinh(y / Math.sqrt(2 / (w2 - 1))) / Math.sqrt(0.5 * Math.log(w2));
}

/** Anscombe and Glynn (1983): a z-score of the kurtosis. */
function kurtosisScore(kurtosis: number, n: number): number {
  const expected = (3 * (n - 1)) / (n + 1);
  const variance = (24 * n * (n - 2) * (n - 3)) / ((n + 1) * (n + 1) * (n + 3) * (n + 5));
  const x = (kurtosis - expected) / Math.sqrt(variance);
  const skew =
    ((6 * (n * n - 5 * n + 2)) / ((n + 7) * (n + 9))) * Math.sqrt((6 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3)));
  const a = 6 + (8 / skew) * (2 / skew + Math.sqrt(1 + 4 / skew ** 2));
  const denominator = 1 + x * Math.sqrt(2 / (a - 4));
  const root = Math.sign(denominator) * Math.cbrt((1 - 2 / a) / Math.abs(denominator));
  return (1 - 2 / (9 * a) - root) / Math.sqrt(2 / (9 * a));
}

/** Jarque and Bera's test (scipy.stats.jarque_bera). NaN is dropped. */
export function jarqueBera(sample: Float64Array): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 2, 'the sample');
  const {skewness, kurtosis} = shapeOf(values);
  const statistic = (values.length / 6) * (skewness ** 2 + (kurtosis - 3) ** 2 / 4);
  return {
    test: 'Jarque-Bera test of normality',
    statisticName: 'JB',
    statistic,
    df: [2],
    p: chiSquaredUpperTail(statistic, 2),
    effects: [effect('skewness', skewness), effect('excess kurtosis', kurtosis - 3)],
    n: [values.length],
    dropped,
    method: 'chi² approximation, good from about 2,000 values',
    assumes,
  };
}

/**
 * Anderson and Darling's A² against the normal with the sample's mean and sd (statistic: scipy.stats.anderson); p by
 * D'Agostino and Stephens (1986, table 4.9) as statsmodels' normal_ad. NaN is dropped.
 */
export function andersonDarling(sample: Float64Array): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 3, 'the sample');
  const {sorted, n} = standardised(values);
  // Of a sum near −n² a few units are the statistic: each term is taken with its part of n², and what addition rounds away
  // is added at the end (Neumaier).
  let [sum, rest] = [0, 0];
  sorted.forEach((z, i) => {
    const term = (2 * i + 1) * (Math.log(normalLowerTail(z)) + Math.log(normalUpperTail(sorted[n - 1 - i] ?? 0)) + 1);
    const next = sum + term;
    rest += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  });
  // The ones added to the terms have the sum n².
  const statistic = -(sum + rest) / n;
  return {
    test: 'Anderson-Darling test of normality',
    statisticName: 'A²',
    statistic,
    df: [],
    p: andersonP(statistic * (1 + 0.75 / n + 2.25 / n ** 2)),
    effects: [],
    n: [n],
    dropped,
    method: 'mean and sd from the sample',
    assumes,
  };
}

function andersonP(a: number): number {
  if (a < 0.2) return -Math.expm1(-13.436 + 101.14 * a - 223.73 * a * a);
  if (a < 0.34) return -Math.expm1(-8.318 + 42.796 * a - 59.938 * a * a);
  if (a < 0.6) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
  return a <= 13 ? Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a) : 0;
}

function standardised(values: Float64Array): {sorted: Float64Array; n: number} {
  const origin = values[0] ?? 0;
  const {mean, squares, n} = momentsOf(values, origin);
  if (isConstant(squares)) throw noVariation('the sample');
  const sd = Math.sqrt(squares / (n - 1));
  return {sorted: values.map(value => (value - origin - mean) / sd).sort(), n};
}

/**
 * Shapiro and Wilk's W by Royston's algorithm AS R94 (1995; scipy.stats.shapiro), 3 values or more; above 5,000 p is an
 * extrapolation and the method says so. NaN is dropped.
 */
export function shapiroWilk(sample: Float64Array): TestResult {
  const {values, dropped} = present(sample);
  requireCount(values, 3, 'the sample');
  const {sorted, n} = standardised(values);
  const weights = roystonWeights(n);
  let dot = 0;
  weights.forEach((weight, i) => {
    dot += weight * ((sorted[n - 1 - i] ?? 0) - (sorted[i] ?? 0));
  });
  // The standardised values have the sum of squares n − 1 and the weights the sum of squares 1/2 on each side.
  const size = weights.reduce((sum, weight) => sum + 2 * weight * weight, 0);
  const w = Math.min(1, (dot * dot) / (size * (n - 1)));
  return {
    test: 'Shapiro-Wilk test of normality',
    statisticName: 'W',
    statistic: w,
    df: [],
    p: shapiroP(w, n),
    effects: [],
    n: [n],
    dropped,
    method: n > 5000 ? "Royston's approximation, made for up to 5,000 values" : "Royston's approximation",
    assumes,
  };
}

/** The weights of the upper half, largest value first. */
function roystonWeights(n: number): Float64Array {
  const half = n >> 1;
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const scores = Float64Array.from({length: half}, (_, i) => -normalQuantile((i + 1 - 0.375) / (n + 0.25)));
  const square = 2 * scores.reduce((sum, score) => sum + score * score, 0);
  const size = Math.sqrt(square);
  const [m1 = 0, m2 = 0] = scores;
  const x = 1 / Math.sqrt(n);
  const a1 = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], x) + m1 / size;
  const a2 = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], x) + m2 / size;
  const pair = n > 5;
  const rest = Math.sqrt(
    pair
      ? (square - 2 * m1 * m1 - 2 * m2 * m2) / (1 - 2 * a1 * a1 - 2 * a2 * a2)
      : (square - 2 * m1 * m1) / (1 - 2 * a1 * a1),
  );
  return scores.map((score, i) => (i === 0 ? a1 : i === 1 && pair ? a2 : score / rest));
}

function shapiroP(w: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75))));
  const y = Math.log1p(-w);
  const x = Math.log(n);
  if (n <= 11) {
    const gamma = polynomial([-2.273, 0.459], n);
    if (y >= gamma) return 1e-99;
    const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    const sd = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
    return normalUpperTail((-Math.log(gamma - y) - mean) / sd);
  }
  const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], x);
  const sd = Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], x));
  return normalUpperTail((y - mean) / sd);
}
