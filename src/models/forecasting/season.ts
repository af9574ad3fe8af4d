// The usual season of a series: one value a place, and whether there is one at all.

import {laggedProduct} from '../../core/lagged-product.ts';
import {centredAverage, type SeasonalModel, seasonalMeans} from '../../core/seasonal-means.ts';
import {meanOf} from './forecaster.ts';

export type Season = {kind: SeasonalModel; values: Float64Array};

/** As `seasonalMeans` around the centred average. At least two periods. */
export function seasonOf(series: Float64Array, period: number, kind: SeasonalModel): Season {
  return {kind, values: seasonalMeans(series, centredAverage(series, period), period, kind)};
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
function autocorrelations(series: Float64Array, most: number): Float64Array {
  const mean = meanOf(series);
  const centred = series.map(value => value - mean);
  const variance = laggedProduct(centred, 0);
  return Float64Array.from({length: most + 1}, (_, lag) => {
    if (lag === 0) return 1;
    if (variance === 0) return 0;
    return laggedProduct(centred, lag) / variance;
  });
}
