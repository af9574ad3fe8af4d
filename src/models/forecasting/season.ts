// The usual season of a series: one value a place, and whether there is one at all.

import {meanOf} from './forecaster.ts';

export type Season = {kind: 'additive' | 'multiplicative'; values: Float64Array};

/**
 * The mean deviation (or ratio) from a centred moving average, per place of the period, with the mean 0 (or 1): statsmodels'
 * `seasonal_decompose`. At least two periods.
 */
export function seasonOf(series: Float64Array, period: number, kind: Season['kind']): Season {
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  const half = period >> 1;
  for (let i = half; i + half < series.length; i++) {
    let average = 0;
    for (let j = i - half; j <= i + half; j++)
      average += (period % 2 === 0 && Math.abs(j - i) === half ? 0.5 : 1) * (series[j] ?? 0);
    average /= period;
    const value = series[i] ?? 0;
    sums[i % period] = (sums[i % period] ?? 0) + (kind === 'additive' ? value - average : value / average);
    counts[i % period] = (counts[i % period] ?? 0) + 1;
  }
  const means = sums.map((sum, place) => sum / Math.max(1, counts[place] ?? 1));
  const middle = meanOf(means);
  return {kind, values: means.map(value => (kind === 'additive' ? value - middle : value / middle))};
}

export function withoutSeason(series: Float64Array, {kind, values}: Season): Float64Array {
  return series.map((value, i) => {
    const s = values[i % values.length] ?? 0;
    return kind === 'additive' ? value - s : value / s;
  });
}

/**
 * Whether the autocorrelation at one period stands out from those before it, at the level 10 %: the test of statsmodels' ThetaModel, on
 * differences where the series has a trend (`difference`).
 */
export function hasSeason(series: Float64Array, period: number, difference = false): boolean {
  const y = difference ? series.slice(1).map((value, i) => value - (series[i] ?? 0)) : series;
  if (period < 2 || y.length < 2 * period) return false;
  const rho = autocorrelations(y, period);
  let before = 0;
  for (let lag = 0; lag < period; lag++) before += (rho[lag] ?? 0) ** 2;
  return (y.length * (rho[period] ?? 0) ** 2) / before > 2.705543454095404;
}

/** rho[0] = 1 … rho[most], each divided by n (statsmodels' acf). A constant series has 0 everywhere behind the first. */
export function autocorrelations(series: Float64Array, most: number): Float64Array {
  const mean = meanOf(series);
  const centred = series.map(value => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from({length: most + 1}, (_, lag) => {
    if (lag === 0) return 1;
    if (variance === 0) return 0;
    let sum = 0;
    for (let i = lag; i < centred.length; i++) sum += (centred[i] ?? 0) * (centred[i - lag] ?? 0);
    return sum / variance;
  });
}
