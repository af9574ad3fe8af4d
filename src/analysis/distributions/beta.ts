// The regularised incomplete beta function, from which the tails of t, F and the binomial follow.

import {betaFront} from './saddle-point.ts';

const epsilon = 1e-16;
const tiny = 1e-300;
const mostTerms = 1_000_000;

/**
 * I_x(a, b) for a, b > 0 and x in [0, 1]. `complement` is 1 − x; give it where it is known more exactly than by subtraction,
 * so that a tail keeps its digits.
 */
export function incompleteBeta(a: number, b: number, x: number, complement = 1 - x): number {
  if (Number.isNaN(x) || Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = betaFront(a, b, x, complement);
  // The fraction converges fast on its side of the mean; on the other side the mirrored one does.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, complement)) / b;
}

/** The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8) by Lentz's method. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < mostTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) < epsilon) break;
  }
  return h;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
