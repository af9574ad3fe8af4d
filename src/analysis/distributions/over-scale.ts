// Averages over the scale s = √(chi²/df) that a t-like statistic is divided by.

import {integrate} from './quadrature.ts';
import {stirlingError} from './saddle-point.ts';

/** E f(s), for a smooth f, by direct integration. */
export function meanOverScale(f: (s: number) => number, df: number): number {
  const a = df / 2;
  const logConstant = Math.LN2 + Math.log(a) / 2 - Math.log(2 * Math.PI) / 2 - stirlingError(a);
  // ln s² − (s² − 1) as a difference of small numbers, so that a large df costs no digits.
  const density = (s: number) => {
    const e = s - 1;
    return Math.exp(logConstant - Math.log(s) + a * (2 * (Math.log1p(e) - e) - e * e));
  };
  // The interval that holds all of it that matters.
  const spread = 12 / Math.sqrt(2 * df);
  const to = 1 + spread + 8 / df;
  if (df >= 10) return integrate(s => density(s) * f(s), Math.max(1e-12, 1 - spread), to, 3);
  // With few degrees of freedom the density is not smooth at 0; in u with s = to·u⁴ it is.
  return integrate(
    u => {
      const s = to * u ** 4;
      return s === 0 ? 0 : density(s) * f(s) * 4 * to * u ** 3;
    },
    0,
    1,
    3,
  );
}
