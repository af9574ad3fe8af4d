// How a series goes with its own past: autocorrelation, partial autocorrelation, and the Ljung-Box test.

import {laggedProduct} from '../../core/lagged-product.ts';
import {chiSquaredUpperTail} from '../distributions/tails.ts';
import {momentsOf} from '../hypothesis/sample.ts';

const normal95 = 1.959963984540054;

export type LagValue = {lag: number; value: number; low: number; high: number};

/** Σ (x_t − mean)(x_{t+lag} − mean) for lags 0 … most. */
function products(values: Float64Array, most: number): Float64Array {
  const origin = values[0] ?? 0;
  const {mean} = momentsOf(values, origin);
  const centred = values.map(value => value - origin - mean);
  return Float64Array.from({length: most + 1}, (_, lag) => laggedProduct(centred, lag));
}

/** statsmodels' number of lags for n values, at least `period` where half the series allows it. */
export function lagsFor(n: number, period: number | null): number {
  const usual = Math.trunc(10 * Math.log10(n));
  return Math.max(1, Math.min(Math.max(usual, period ?? 0), Math.floor(n / 2) - 1));
}

/** Autocorrelation of lags 1 … most with Bartlett's 95 % interval (statsmodels' acf(alpha=0.05)). Present values that vary. */
export function autocorrelation(values: Float64Array, most: number): LagValue[] {
  const [variance = 1, ...rest] = products(values, most);
  let squares = 0;
  return rest.map((product, index) => {
    const value = product / variance;
    const reach = normal95 * Math.sqrt((1 + 2 * squares) / values.length);
    squares += value * value;
    return {lag: index + 1, value, low: value - reach, high: value + reach};
  });
}

/** Partial autocorrelation of lags 1 … most by Yule-Walker with n − lag (statsmodels' pacf, method 'ywadjusted'). */
export function partialAutocorrelation(values: Float64Array, most: number): LagValue[] {
  const n = values.length;
  const covariance = products(values, most).map((sum, lag) => sum / (n - lag));
  const reach = normal95 / Math.sqrt(n);
  const found: LagValue[] = [];
  // Levinson and Durbin's recursion: the last coefficient of each order.
  let coefficients: number[] = [];
  let error = covariance[0] ?? 1;
  for (let lag = 1; lag <= most; lag++) {
    const explained = coefficients.reduce((sum, each, j) => sum + each * (covariance[lag - 1 - j] ?? 0), 0);
    const value = ((covariance[lag] ?? 0) - explained) / error;
    coefficients = [...coefficients.map((each, j) => each - value * (coefficients[lag - 2 - j] ?? 0)), value];
    error *= 1 - value * value;
    found.push({lag, value, low: value - reach, high: value + reach});
  }
  return found;
}

/** Ljung and Box's Q over lags 1 … lags (statsmodels' acorr_ljungbox): a small p means that the past tells of the future. */
export function ljungBox(values: Float64Array, lags: number): {lags: number; statistic: number; p: number} {
  const n = values.length;
  const sum = autocorrelation(values, lags).reduce((total, {lag, value}) => total + value ** 2 / (n - lag), 0);
  const statistic = n * (n + 2) * sum;
  return {lags, statistic, p: chiSquaredUpperTail(statistic, lags)};
}
