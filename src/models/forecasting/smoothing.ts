// Exponential smoothing: level, trend and season that learn from each error.

/** `season` is how the season joins the level. Without a trend `phi` and `beta` mean nothing. */
export type SmoothingForm = {
  trend: 'none' | 'linear' | 'damped';
  season: 'none' | 'additive' | 'multiplicative';
  period: number;
};

/** `beta` is statsmodels' smoothing_trend (the share of the change of level that goes into the trend). */
export type SmoothingParameters = {alpha: number; beta: number; gamma: number; phi: number};

/** Before the first value: `seasons[i]` belongs to the places i, i + period, … */
export type SmoothingState = {level: number; trend: number; seasons: Float64Array};

export type Smoothed = {fitted: Float64Array; errors: Float64Array; last: SmoothingState};

/**
 * The one-step forecasts of statsmodels' `ExponentialSmoothing` (Holt and Winters) with given parameters and initial states. `last` holds
 * the season in the order of the places that follow.
 */
export function smooth(
  series: Float64Array,
  {trend: trendForm, season, period}: SmoothingForm,
  {alpha, beta, gamma, phi}: SmoothingParameters,
  start: SmoothingState,
): Smoothed {
  const n = series.length;
  const fitted = new Float64Array(n);
  const errors = new Float64Array(n);
  const seasons = start.seasons.slice();
  const damping = trendForm === 'none' ? 0 : trendForm === 'linear' ? 1 : phi;
  let {level, trend} = start;
  for (let t = 0; t < n; t++) {
    const base = level + damping * trend;
    const place = season === 'none' ? 0 : t % period;
    const s = season === 'none' ? 0 : (seasons[place] ?? 0);
    const expected = season === 'multiplicative' ? base * s : base + s;
    const error = (series[t] ?? 0) - expected;
    fitted[t] = expected;
    errors[t] = error;
    const push = season === 'multiplicative' ? error / s : error;
    level = base + alpha * push;
    trend = damping * trend + alpha * beta * push;
    if (season === 'additive') seasons[place] = s + gamma * error;
    else if (season === 'multiplicative') seasons[place] = s + (gamma * error) / base;
  }
  return {fitted, errors, last: {level, trend, seasons: seasons.map((_, i) => seasons[(n + i) % seasons.length] ?? 0)}};
}

/** The expected next values. */
export function smoothAhead(
  {trend: trendForm, season, period}: SmoothingForm,
  {phi}: SmoothingParameters,
  {level, trend, seasons}: SmoothingState,
  steps: number,
): Float64Array {
  let [damped, power] = [0, 1];
  return Float64Array.from({length: steps}, (_, h) => {
    power *= trendForm === 'damped' ? phi : 1;
    damped += trendForm === 'none' ? 0 : power;
    const base = level + damped * trend;
    const s = seasons[h % period] ?? 0;
    return season === 'none' ? base : season === 'additive' ? base + s : base * s;
  });
}

/** The variance of each step ahead in units of that of one step, for forms that add up (Hyndman and others 2008, class 1). */
export function growthOfVariance(
  {trend, season, period}: SmoothingForm,
  {alpha, beta, gamma, phi}: SmoothingParameters,
  steps: number,
): Float64Array {
  let [sum, damped, power] = [1, 0, 1];
  return Float64Array.from({length: steps}, (_, h) => {
    if (h === 0) return sum;
    power *= trend === 'damped' ? phi : 1;
    damped += trend === 'none' ? 0 : power;
    const weight = alpha + alpha * beta * damped + (season !== 'none' && h % period === 0 ? gamma : 0);
    sum += weight * weight;
    return sum;
  });
}
