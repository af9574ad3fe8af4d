// The forecasts that any other has to beat.

import {type Forecaster, squares} from './forecaster.ts';

/** The last value goes on. Errors grow with the root of the steps, as those of a random walk. */
export const naive: Forecaster = {
  name: 'naive',
  describes: 'the last value goes on',
  baseline: true,
  fit: series => seasonalWalk(series, 1, 'the last value'),
};

/** The values of the last season go on. */
export const seasonalNaive: Forecaster = {
  name: 'seasonal_naive',
  describes: 'the values of the last season go on',
  baseline: true,
  fit: (series, period) => (period < 2 ? null : seasonalWalk(series, period, `the last ${period} values`)),
};

function seasonalWalk(series: Float64Array, period: number, what: string) {
  const n = series.length;
  if (n <= period) return null;
  const sd = Math.sqrt(squares(seasonalDifferences(series, period)) / (n - period));
  return {
    says: what,
    ahead: (steps: number) => ({
      mean: Float64Array.from({length: steps}, (_, h) => series[n - period + (h % period)] ?? Number.NaN),
      sds: Float64Array.from({length: steps}, (_, h) => sd * Math.sqrt(Math.floor(h / period) + 1)),
    }),
  };
}

export function seasonalDifferences(series: Float64Array, period: number): Float64Array {
  return series.slice(period).map((value, i) => value - (series[i] ?? 0));
}
