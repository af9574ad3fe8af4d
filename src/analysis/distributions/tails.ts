// Upper tails and quantiles of Student's t, F and chi², each tail computed as such: never 1 minus the other side.

import {incompleteBeta} from './beta.ts';
import {upperGamma} from './gamma.ts';

/** P(X > x) of chi² with `df` > 0 degrees of freedom (scipy.stats.chi2.sf). */
export function chiSquaredUpperTail(x: number, df: number): number {
  return upperGamma(df / 2, x / 2);
}

/** P(X > x) of Fisher's F with `df1` and `df2` degrees of freedom (scipy.stats.f.sf). */
export function fUpperTail(x: number, df1: number, df2: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const sum = df2 + df1 * x;
  return incompleteBeta(df2 / 2, df1 / 2, df2 / sum, (df1 * x) / sum);
}

/** P(|T| > |t|) of Student's t with `df` degrees of freedom. */
export function tTwoSided(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return upperGamma(0.5, (t * t) / 2);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square));
}

/** P(T > t) of Student's t (scipy.stats.t.sf). */
export function tUpperTail(t: number, df: number): number {
  const half = tTwoSided(t, df) / 2;
  return t >= 0 ? half : 1 - half;
}

/** The t > 0 with P(|T| > t) = alpha, for intervals: alpha 0.05 gives the 95 % one. */
export function tCritical(alpha: number, df: number): number {
  return decreasingRoot(t => tTwoSided(t, df), alpha);
}

/** The x with P(X > x) = p for chi². */
export function chiSquaredUpperQuantile(p: number, df: number): number {
  return decreasingRoot(x => chiSquaredUpperTail(x, df), p);
}

/** The x with P(X > x) = p for F. */
export function fUpperQuantile(p: number, df1: number, df2: number): number {
  return decreasingRoot(x => fUpperTail(x, df1, df2), p);
}

/** Solves tail(x) = p for a tail that falls from 1 at 0 to 0, by bisection to the last digits. */
export function decreasingRoot(tail: (x: number) => number, p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.POSITIVE_INFINITY;
  if (p === 1) return 0;
  let high = 1;
  while (tail(high) > p) high *= 2;
  let low = high / 2;
  while (low > 1e-300 && tail(low) < p) low /= 2;
  for (let i = 0; i < 200 && high - low > high * 1e-16; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tail(middle) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The same for a smooth tail that is dear to compute: some eight evaluations from a `near` guess, by the Illinois method on its logarithm. */
export function smoothDecreasingRoot(tail: (x: number) => number, p: number, near = 3): number {
  const distance = (x: number) => Math.log(tail(x) / p);
  let [low, high] = [near * 0.9, near * 1.1];
  let [left, right] = [distance(low), distance(high)];
  let side: 'low' | 'high' | null = null;
  while (right > 0 && high < 1e6) [low, left, high, right] = [high, right, 2 * high, distance(2 * high)];
  while (left < 0 && low > 1e-9) [low, left] = [low / 2, distance(low / 2)];
  for (let step = 0; step < 100 && high - low > 1e-14 * high; step++) {
    const middle = high - (right * (high - low)) / (right - left);
    const value = distance(middle);
    if (Math.abs(value) < 1e-12) return middle;
    // The end that stays for a second time counts half, so that it moves too.
    if (value < 0) {
      if (side === 'high') left /= 2;
      [high, right, side] = [middle, value, 'high'];
    } else {
      if (side === 'low') right /= 2;
      [low, left, side] = [middle, value, 'low'];
    }
  }
  return (low + high) / 2;
}
