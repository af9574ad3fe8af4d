// The usual season of a series by moving averages. Pure numbers: used by models and by analysis, which don't know each other.

/** Whether the season is added to the level or multiplies it. */
export type SeasonalModel = 'additive' | 'multiplicative';

/** The mean over one period around each value; for an even period the two ends count half. NaN where it does not fit. */
export function centredAverage(values: Float64Array, period: number): Float64Array {
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
 * The mean deviation (or ratio) from `trend` per place of the period, with the mean 0 (or 1): the season of statsmodels'
 * `seasonal_decompose` where the trend is the centred average. At least two periods of present values.
 */
export function seasonalMeans(
  values: Float64Array,
  trend: Float64Array,
  period: number,
  model: SeasonalModel,
): Float64Array {
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
  return averages.map(value => apart(value, middle));
}
