// Averages over the scale s = √(chi²/df) that a t-like statistic is divided by.

import {stirlingError} from './saddle-point.ts';

/** Steps of t in units of its sd at large df; the error of the trapezoidal rule falls with exp(−2π²/step²). */
const stepInSd = 0.4;
/** With few degrees of freedom the density of t is not a bell, and smooth only in a strip of width π/4 around the real line. */
const longestStep = 0.1;
const farthestInSd = 60;

/**
 * E f(s) for a smooth and positive f whose product with the density of s has one peak: the trapezoidal rule in t = ln s, where the
 * density falls off on both sides faster than any power, so that also a tiny average keeps its digits.
 */
export function meanOverScale(f: (s: number) => number, df: number): number {
  const a = df / 2;
  const logConstant = Math.LN2 + Math.log(a) / 2 - Math.log(2 * Math.PI) / 2 - stirlingError(a);
  const sd = 1 / Math.sqrt(2 * df);
  const step = Math.min(longestStep, stepInSd * sd);
  const term = (t: number) => {
    const density = Math.exp(logConstant + a * (2 * t - Math.expm1(2 * t)));
    return density === 0 ? 0 : density * f(Math.exp(t));
  };
  let sum = term(0);
  for (const direction of [-1, 1])
    for (let i = 1; ; i++) {
      const value = term(direction * i * step);
      sum += value;
      if (value < 1e-17 * sum || (value === 0 && i * step > farthestInSd * sd)) break;
    }
  return sum * step;
}
