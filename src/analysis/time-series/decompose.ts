// Splits a series into trend, season and remainder by moving averages, and says how strong trend and season are.

import {centredAverage, type SeasonalModel, seasonalMeans} from '../../core/seasonal-means.ts';
import {momentsOf, varianceOf} from '../hypothesis/sample.ts';

/** All of the length of the series. NaN in `trend` and `remainder` where the moving average does not reach. */
export type Decomposition = {trend: Float64Array; seasonal: Float64Array; remainder: Float64Array};

/**
 * Classical decomposition (statsmodels' seasonal_decompose, two-sided): a centred moving average of one period, then the mean
 * of what is left per place in the period. `values` are present, at least two periods of them, and above 0 for multiplicative.
 */
export function decompose(values: Float64Array, period: number, model: SeasonalModel): Decomposition {
  const trend = centredAverage(values, period);
  const season = seasonalMeans(values, trend, period, model);
  const apart = (a: number, b: number) => (model === 'additive' ? a - b : a / b);
  const seasonal = values.map((_, i) => season[i % period] ?? Number.NaN);
  const remainder = values.map((value, i) => apart(apart(value, trend[i] ?? Number.NaN), seasonal[i] ?? Number.NaN));
  return {trend, seasonal, remainder};
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
