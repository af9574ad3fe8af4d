// The studentized range, which Tukey's HSD needs.

import {normalDensity, normalLowerTail, normalUpperTail} from './normal.ts';
import {meanOverScale} from './over-scale.ts';

/** The trapezoidal rule over z: what is integrated is entire and falls off as a normal density. */
const step = 0.2;
const lowest = -8.6;

/**
 * P(Q > q) for the range of `groups` normal means over their standard error with `df` degrees of freedom
 * (scipy.stats.studentized_range.sf), by direct integration of the upper tail; relative error below 1e-12 down to 1e-130.
 */
export function studentizedRangeUpperTail(q: number, groups: number, df: number): number {
  if (!(q > 0)) return q <= 0 ? 1 : Number.NaN;
  const tail = rangeUpperTail(groups);
  if (df > 100_000) return tail(q);
  // Half of a small tail comes from unusually small s, where the range is less than it seems.
  return Math.min(
    1,
    meanOverScale(s => tail(q * s), df),
  );
}

/** w ↦ P(range of `groups` standard normals > w): k ∫ φ(z) (Φ(z)^(k−1) − (Φ(z) − Φ(z − w))^(k−1)) dz. */
function rangeUpperTail(groups: number): (w: number) => number {
  // Of every w the same places, so that Φ there is computed once.
  const places: {z: number; below: number; weight: number}[] = [];
  const placeOf = (i: number) => {
    const z = lowest + step * i;
    const below = normalLowerTail(z);
    return {z, below, weight: groups * step * normalDensity(z) * below ** (groups - 1)};
  };
  return w => {
    const count = Math.ceil((Math.max(8.6, w / 2 + 8.6) - lowest) / step);
    while (places.length < count) places.push(placeOf(places.length));
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const {z, below, weight} = places[i] ?? placeOf(i);
      // Φ(z − w) / Φ(z); the power of the difference is taken so that a tiny share keeps its digits.
      const share = Math.min(1, normalUpperTail(w - z) / below);
      sum -= weight * Math.expm1((groups - 1) * Math.log1p(-share));
    }
    return Math.min(1, sum);
  };
}
