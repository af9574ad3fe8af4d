// The studentized range, which Tukey's HSD needs.

import {normalDensity, normalLowerTail, normalUpperTail} from './normal.ts';
import {meanOverScale} from './over-scale.ts';
import {integrate} from './quadrature.ts';

/**
 * P(Q > q) for the range of `groups` normal means over their standard error with `df` degrees of freedom
 * (scipy.stats.studentized_range.sf), by direct integration of the upper tail.
 */
export function studentizedRangeUpperTail(q: number, groups: number, df: number): number {
  if (!(q > 0)) return q <= 0 ? 1 : Number.NaN;
  if (df > 100_000) return rangeUpperTail(q, groups);
  // Half of a small tail comes from unusually small s, where the range is less than it seems.
  return Math.min(
    1,
    meanOverScale(s => rangeUpperTail(q * s, groups), df),
  );
}

/** P(range of `groups` standard normals > w): k ∫ φ(z) (Φ(z)^(k−1) − (Φ(z) − Φ(z − w))^(k−1)) dz. */
function rangeUpperTail(w: number, groups: number): number {
  const integrand = (z: number) => {
    const below = normalLowerTail(z);
    // Φ(z − w) / Φ(z); the power of the difference is taken so that a tiny share keeps its digits.
    const share = Math.min(1, normalUpperTail(w - z) / below);
    return normalDensity(z) * below ** (groups - 1) * -Math.expm1((groups - 1) * Math.log1p(-share));
  };
  return Math.min(1, groups * integrate(integrand, -8.5, Math.max(8.5, w / 2 + 8.5), 2));
}
