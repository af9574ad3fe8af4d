// How many rows a comparison needs, what it can show with the rows there are, and how surely.

import {ToolError} from '../../core/errors.ts';
import {noncentralTUpperTail} from '../distributions/noncentral-t.ts';
import {normalLowerTail, normalQuantile} from '../distributions/normal.ts';
import {tCritical} from '../distributions/tails.ts';

/** Two independent groups of n each, two-sided. `power` rises with the effect and with n. */
export type PowerPlan = {alpha: number; power(effect: number, n: number): number};

/** Of a two-sample t-test; the effect is Cohen's d (statsmodels' TTestIndPower, ratio 1). */
export function meansPlan(alpha: number): PowerPlan {
  return {alpha, power: (effect, n) => twoSampleTPower(effect, n, n, alpha)};
}

export function twoSampleTPower(effect: number, n1: number, n2: number, alpha: number): number {
  const df = n1 + n2 - 2;
  const shift = effect * Math.sqrt((n1 * n2) / (n1 + n2));
  const critical = tCritical(alpha, df);
  return noncentralTUpperTail(critical, df, shift) + noncentralTUpperTail(critical, df, -shift);
}

/** Of a z-test of two shares; the effect is Cohen's h (statsmodels' NormalIndPower, ratio 1). */
export function sharesPlan(alpha: number): PowerPlan {
  return {alpha, power: (effect, n) => twoSampleZPower(effect, n, n, alpha)};
}

export function twoSampleZPower(effect: number, n1: number, n2: number, alpha: number): number {
  const shift = effect * Math.sqrt((n1 * n2) / (n1 + n2));
  const critical = normalQuantile(1 - alpha / 2);
  return normalLowerTail(shift - critical) + normalLowerTail(-shift - critical);
}

const mostRows = 1e12;

/** The n of each group, as a real number, at which `plan` reaches `power`. @throws ToolError `test.no_power` */
export function groupSize(plan: PowerPlan, effect: number, power: number): number {
  if (!(Math.abs(effect) > 0)) throw new ToolError('test.no_power', 'No number of rows shows an effect of 0.');
  if (plan.power(effect, mostRows) < power)
    throw new ToolError('test.no_power', `Even ${mostRows} rows a group would not reach this power.`);
  return solve(n => plan.power(effect, n), power, 2, mostRows);
}

/** The smallest effect above 0 that n rows a group show with `power`. */
export function detectableEffect(power: (effect: number) => number, wanted: number): number {
  let high = 1;
  while (power(high) < wanted && high < 1e6) high *= 2;
  return solve(power, wanted, 0, high);
}

function solve(rising: (x: number) => number, wanted: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 200 && to - from > 1e-14 * to; step++) {
    // Sizes span many orders of magnitude, so the middle is the geometric one where that is possible.
    const middle = from > 0 ? Math.sqrt(from) * Math.sqrt(to) : (from + to) / 2;
    if (middle <= from || middle >= to) break;
    if (rising(middle) < wanted) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
