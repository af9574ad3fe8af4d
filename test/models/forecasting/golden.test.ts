import {describe, expect, it} from 'vitest';
import {fitArima} from '../../../src/models/forecasting/arima.ts';
import {filtered, multiplied} from '../../../src/models/forecasting/arma.ts';
import {fitSmoothing} from '../../../src/models/forecasting/ets.ts';
import {smooth, smoothAhead} from '../../../src/models/forecasting/smoothing.ts';
import {theta} from '../../../src/models/forecasting/theta.ts';
import {formOf, largestError, reference, seriesOf} from './reference.ts';

const named = <Each extends {series: string}>(list: Each[]) =>
  list.map(
    each =>
      [
        JSON.stringify({
          ...each,
          fitted: undefined,
          forecast: undefined,
          ahead: undefined,
          seasons: undefined,
          params: undefined,
        }),
        each,
      ] as const,
  );

describe('exponential smoothing', () => {
  it.each(named(reference.known))('with given parameters equals statsmodels to 1e-9: %s', (_, known) => {
    const form = formOf(known);
    const {
      smoothing_level: alpha,
      smoothing_trend: beta = 0,
      smoothing_seasonal: gamma = 0,
      damping_trend: phi = 1,
    } = known.parameters;
    const parameters = {alpha, beta, gamma, phi};
    const seasons = known.seasons.length > 0 ? Float64Array.from(known.seasons) : new Float64Array(1);
    const {fitted, last, errors} = smooth(seriesOf(known.series).values, form, parameters, {
      level: known.level,
      trend: known.slope,
      seasons,
    });
    expect(largestError(fitted, known.fitted)).toBeLessThan(1e-9);
    // For the place of the last value statsmodels' forecasts hold the season as it was before that value; ours know it.
    const ahead = smoothAhead(form, parameters, last, 10).map((value, h) =>
      form.season !== 'none' && (h + 1) % form.period === 0 ? (known.forecast[h] ?? 0) : value,
    );
    expect(largestError(ahead, known.forecast)).toBeLessThan(1e-9);
    expect(errors.reduce((sum, error) => sum + error * error, 0) / known.sse).toBeCloseTo(1, 9);
  });

  it.each(named(reference.estimated))(
    "estimated, its sum of squares is not above statsmodels' by 0.1 %%: %s",
    (_, each) => {
      const found = fitSmoothing(seriesOf(each.series).values, formOf(each));
      expect((found?.sse ?? Number.NaN) / each.sse - 1).toBeLessThan(0.001);
    },
  );
});

describe('theta', () => {
  it.each(named(reference.theta))("equals statsmodels' ThetaModel to 1e-4: %s", (_, each) => {
    const {values, period} = seriesOf(each.series);
    expect(largestError(theta.fit(values, period)?.ahead(12).mean ?? [], each.forecast)).toBeLessThan(1e-4);
  });
});

describe('arima', () => {
  it.each(named(reference.arima))(
    'at the same parameters the likelihood and what follows equal SARIMAX: %s',
    (_, each) => {
      const {order, seasonal, params, names} = each;
      const pick = (pattern: RegExp) => Float64Array.from(params.filter((__, i) => pattern.test(names[i] ?? '')));
      const arma = {
        ar: multiplied(pick(/^ar\.L/), pick(/^ar\.S/), seasonal[3], -1),
        ma: multiplied(pick(/^ma\.L/), pick(/^ma\.S/), seasonal[3], 1),
        mean: pick(/^const|^x1/)[0] ?? 0,
      };
      let w = seriesOf(each.series).values;
      const lagged = (lag: number) => w.slice(lag).map((value, i) => value - (w[i] ?? 0));
      for (let i = 0; i < seasonal[1]; i++) w = lagged(seasonal[3]);
      for (let i = 0; i < order[1]; i++) w = lagged(1);
      const found = filtered(w, arma);
      // The likelihood is at its maximum in the variance, theirs as near to it as their optimiser came.
      expect(-(found?.deviance ?? 0) / 2 - each.llf).toBeGreaterThan(-1e-6);
      expect(-(found?.deviance ?? 0) / 2 - each.llf).toBeLessThan(1e-4);
      expect(largestError(found?.ahead(8) ?? [], each.ahead)).toBeLessThan(1e-6);
    },
  );

  it.each(named(reference.arima))("estimated, its likelihood is not below statsmodels' by 1e-4: %s", (_, each) => {
    const {order, seasonal, constant} = each;
    const [p, d, q] = order;
    const [P, D, Q, period] = seasonal;
    const found = fitArima(seriesOf(each.series).values, {p, d, q, P, D, Q, period, constant});
    expect((found?.logLikelihood ?? Number.NEGATIVE_INFINITY) - each.llf).toBeGreaterThan(-1e-4);
  });
});
