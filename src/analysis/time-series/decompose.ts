// Splits a series into trend, season and remainder by moving averages, and says how strong trend and season are.

import {momentsOf, varianceOf} from '../hypothesis/sample.ts';

export type Model = 'additive' | 'multiplicative';

/** All of the length of the series. NaN in `trend` and `remainder` where the moving average does not reach. */
export type Decomposition = {trend: Float64Array; seasonal: Float64Array; remainder: Float64Array};

/**
 * Classical decomposition (statsmodels' seasonal_decompose, two-sided): a centred moving average of one period, then the mean
 * of what is left per place in the period. `values` are present, at least two periods of them, and above 0 for multiplicative.
 */
export function decompose(values: Float64Array, period: number, model: Model): Decomposition {
  const trend = centredAverage(values, period);
  const apart = (a: number, b: number) => (model === 'additive' ? a - b : a / b);
  const averages = Float64Array.from({length: period}, (_, place) => {
    let [sum, count] = [0, 0];
    for (let i = place; i < values.length; i += period) {
      const detrended = apart(values[i] ?? 0, trend[i] ?? Number.NaN);
      if (Number.isNaN(detrended)) continue;
      sum += detrended;
      count++;
    }
    return sum / count;
  });
  const middle = averages.reduce((sum, value) => sum + value, 0) / period;
  const seasonal = values.map((_, i) => apart(averages[i % period] ?? 0, middle));
  const remainder = values.map((value, i) => apart(apart(value, trend[i] ?? Number.NaN), seasonal[i] ?? 0));
  return {trend, seasonal, remainder};
}

/** The mean over one period around each value; for an even period the two ends count half. NaN where it does not fit. */
function centredAverage(values: Float64Array, period: number): Float64Array {
  const half = period >> 1;
  const origin = values[0] ?? 0;
  return values.map((_, i) => {
    if (i < half || i + half >= values.length) return Number.NaN;
    let sum = 0;
    for (let j = i - half; j <= i + half; j++) {
      const weight = period % 2 === 0 && Math.abs(j - i) === half ? 0.5 : 1;
      sum += weight * ((values[j] ?? 0) - origin);
    }
    return origin + sum / period;
  });
}

/**
 * From 0 to 1: how much of the variance without season (or trend) goes away with it (Wang, Smith and Hyndman 2006). Of an
 * additive decomposition.
 */
export function strengths({trend, seasonal, remainder}: Decomposition): {trend: number; seasonal: number} {
  const shareOf = (part: Float64Array) => {
    const both = part.map((value, i) => value + (remainder[i] ?? 0));
    return Math.max(0, Math.min(1, 1 - variance(remainder) / variance(both)));
  };
  return {trend: shareOf(trend), seasonal: shareOf(seasonal)};
}

function variance(values: Float64Array): number {
  const present = values.filter(value => !Number.isNaN(value));
  return varianceOf(momentsOf(present, present[0] ?? 0));
}

/** The sd of the noise of a series from its steps, which a change of level hardly touches: sd of the differences / √2. */
export function noiseOf(values: Float64Array): number {
  const steps = values.subarray(1).map((value, i) => value - (values[i] ?? 0));
  return Math.sqrt(varianceOf(momentsOf(steps, steps[0] ?? 0)) / 2);
}
