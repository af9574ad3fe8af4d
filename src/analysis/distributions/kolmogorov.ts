// The distribution of Kolmogorov's two-sided D for a sample of n.

import {logFactorial} from './gamma-log.ts';

const mostForMatrix = 5000;

/**
 * P(D ≥ d) (scipy.stats.kstwo.sf). Where n·d² ≥ 4 it is twice Smirnov's one-sided tail, which differs by less than 1e-11 there;
 * below it is 1 − Marsaglia, Tsang and Wang's matrix (2003), or Pelz and Good's expansion (1976) above 5,000 values, which is good to about 1e-9.
 */
export function kolmogorovUpperTail(d: number, n: number): number {
  if (Number.isNaN(d)) return Number.NaN;
  if (d <= 0.5 / n) return 1;
  if (d >= 1) return 0;
  if (n * d * d >= 4 || d >= 0.5) return Math.min(1, 2 * smirnovUpperTail(d, n));
  return n <= mostForMatrix
    ? Math.max(0, 1 - matrixLowerTail(d, n))
    : Math.min(1, Math.max(0, 1 - expandedLowerTail(d, n)));
}

/** P(D⁺ ≥ d) by Smirnov's sum of positive terms. */
function smirnovUpperTail(d: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const low = d + j / n;
    const high = 1 - low;
    if (high <= 0) continue;
    const logTerm =
      logFactorial(n) - logFactorial(j) - logFactorial(n - j) + (j - 1) * Math.log(low) + (n - j) * Math.log(high);
    sum += Math.exp(logTerm);
  }
  return d * sum;
}

/** P(D < d) by Kolmogorov's limit and its corrections in 1/√n, 1/n and 1/(n√n). */
function expandedLowerTail(d: number, n: number): number {
  const z = d * Math.sqrt(n);
  const [z2, pi2] = [z * z, Math.PI ** 2];
  const [z4, z6] = [z2 * z2, z2 ** 3];
  /** Σ f(t²)·exp(−t²π²/2z²), t from `from` in steps of 1. */
  const series = (from: number, f: (square: number) => number): number => {
    let sum = 0;
    for (let t = from; t < 40; t++) sum += f(t * t) * Math.exp((-t * t * pi2) / (2 * z2));
    return sum;
  };
  const root = Math.sqrt(Math.PI / 2);
  const limit = series(0.5, () => 1) / z;
  const first = series(0.5, t => pi2 * t - z2) / (6 * z4);
  const second =
    series(0.5, t => 6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * t + pi2 ** 2 * (1 - 2 * z2) * t * t) / (72 * z * z6) -
    series(1, t => pi2 * t) / (36 * z * z2);
  const third =
    series(
      0.5,
      t =>
        -30 * z6 -
        90 * z6 * z2 +
        pi2 * (135 * z4 - 96 * z6) * t +
        pi2 ** 2 * (212 * z4 - 60 * z2) * t * t +
        pi2 ** 3 * (5 - 30 * z2) * t ** 3,
    ) /
      (6480 * z4 * z6) +
    series(1, t => 3 * pi2 * t * z2 - pi2 ** 2 * t * t) / (216 * z6);
  return 2 * root * (limit + first / Math.sqrt(n) + second / n + third / (n * Math.sqrt(n)));
}

/** P(D < d) = n!/nⁿ · (Hⁿ)[k−1][k−1]. */
function matrixLowerTail(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = Array.from({length: size}, (_, i) =>
    Float64Array.from({length: size}, (_unused, j) => (i - j + 1 >= 0 ? 1 : 0)),
  );
  for (let i = 0; i < size; i++) {
    const first = matrix[i];
    const last = matrix[size - 1];
    if (first) first[0] = (first[0] ?? 0) - h ** (i + 1);
    if (last) last[i] = (last[i] ?? 0) - h ** (size - i);
  }
  const corner = matrix[size - 1];
  if (corner) corner[0] = (corner[0] ?? 0) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  matrix.forEach((row, i) => {
    for (let j = 0; j < size; j++) if (i - j + 1 > 0) row[j] = (row[j] ?? 0) / Math.exp(logFactorial(i - j + 1));
  });
  const {values, exponent} = power({values: matrix, exponent: 0}, n, k - 1);
  const centre = values[k - 1]?.[k - 1] ?? 0;
  return Math.exp(Math.log(centre) + exponent * Math.LN10 + logFactorial(n) - n * Math.log(n));
}

/** A matrix times 10^exponent, so that powers stay within range. */
type Scaled = {values: Float64Array[]; exponent: number};

function power(base: Scaled, n: number, watched: number): Scaled {
  if (n === 1) return base;
  const half = power(base, n >> 1, watched);
  const square = scaled({values: multiply(half.values, half.values), exponent: 2 * half.exponent}, watched);
  if (n % 2 === 0) return square;
  return scaled({values: multiply(base.values, square.values), exponent: square.exponent + base.exponent}, watched);
}

function scaled(matrix: Scaled, watched: number): Scaled {
  if ((matrix.values[watched]?.[watched] ?? 0) <= 1e140) return matrix;
  return {values: matrix.values.map(row => row.map(value => value * 1e-140)), exponent: matrix.exponent + 140};
}

function multiply(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map(row => {
    const product = new Float64Array(row.length);
    row.forEach((factor, k) => {
      if (factor === 0) return;
      const other = b[k] ?? row;
      for (let j = 0; j < product.length; j++) product[j] = (product[j] ?? 0) + factor * (other[j] ?? 0);
    });
    return product;
  });
}
