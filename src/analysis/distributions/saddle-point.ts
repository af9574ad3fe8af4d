// The factors in front of the incomplete gamma and beta functions, without the loss of digits that differences of large
// logarithms bring (Loader, "Fast and accurate computation of binomial probabilities", 2000).

import {logGamma} from './gamma-log.ts';

const logRootTwoPi = Math.log(2 * Math.PI) / 2;

/** ln Γ(x + 1) less Stirling's formula for it, x > 0. */
export function stirlingError(x: number): number {
  if (x < 15) return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - logRootTwoPi;
  const square = x * x;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / x;
}

/** x·ln(x / mean) + mean − x, exact also where both are nearly equal. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** xᵃ·e⁻ˣ / Γ(a). */
export function gammaFront(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
}

/** xᵃ·yᵇ / B(a, b) with y = 1 − x. */
export function betaFront(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * Math.exp(exponent);
}
