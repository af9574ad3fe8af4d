// The noncentral t distribution, which power and intervals of Cohen's d need.

import {normalLowerTail} from './normal.ts';
import {meanOverScale} from './over-scale.ts';

/** P(T > t) with `df` degrees of freedom and noncentrality `shift` (scipy.stats.nct.sf), by direct integration of the upper tail. */
export function noncentralTUpperTail(t: number, df: number, shift: number): number {
  if (df > 1e7) return normalLowerTail(shift - t);
  return Math.min(
    1,
    meanOverScale(s => normalLowerTail(shift - t * s), df),
  );
}

/** The shift at which P(T > t) = p; it rises with p. */
export function noncentralTShift(t: number, df: number, p: number): number {
  let [low, high] = [t - 10 - Math.abs(t), t + 10 + Math.abs(t)];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (noncentralTUpperTail(t, df, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
