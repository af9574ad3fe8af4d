// Which method forecasts best: each is fitted again at several points of the past and asked for what came next.

import {type Ahead, type FittedForecaster, type Forecaster, meanOf} from './forecaster.ts';
import {seasonalDifferences} from './naive.ts';

/** The two-sided 95 % quantile of the normal distribution. */
export const z95 = 1.959963984540054;
const mostOrigins = 5;

/** The sizes of the training parts, rising, and the steps asked for at each. */
export type Plan = {origins: number[]; steps: number};

/**
 * `mase` is the mean absolute error in units of that of the seasonal naive forecast inside the training part (1 is as good), `smape` in
 * per cent (0 to 200), `rmse` in the unit of the series; means over the origins. `coverage` is the share of the values inside their 95 %
 * intervals, and `reach` how many standard deviations an interval needs to hold 95 % of them (as conformal prediction counts: of the
 * ⌈0.95·(values + 1)⌉ smallest, the last; of all where they are fewer than 20). Null scores: the series was too short for the method.
 */
export type Score = {
  name: string;
  describes: string;
  baseline: boolean;
  scores: {mase: number; smape: number; rmse: number; coverage: number; reach: number} | null;
};

/** Up to 5 origins as far apart as the steps, at least half of the series before the first where that leaves any. */
export function planBacktest(n: number, period: number, wanted: number): Plan {
  const least = Math.max(Math.min(2 * period + 1, Math.floor(n * 0.7)), Math.ceil(n / 2));
  const steps = Math.max(1, Math.min(wanted, n - least));
  const stride = Math.max(1, Math.min(steps, Math.floor((n - steps - least) / (mostOrigins - 1))));
  const origins: number[] = [];
  for (let at = n - steps; at >= least && origins.length < mostOrigins; at -= stride) origins.unshift(at);
  return {origins: origins.length > 0 ? origins : [n - steps], steps};
}

export function backtest(
  series: Float64Array,
  period: number,
  forecasters: readonly Forecaster[],
  {origins, steps}: Plan,
  report: (text: string) => void,
): Score[] {
  const sums = forecasters.map(() => ({mase: 0, smape: 0, rmse: 0, inside: 0, origins: 0, ratios: [] as number[]}));
  origins.forEach((origin, o) => {
    report(`backtest ${o + 1} of ${origins.length}`);
    const train = series.slice(0, origin);
    const actual = series.slice(origin, origin + steps);
    const scale = naiveError(train, period);
    const fits = fitAll(forecasters, train, period);
    fits.forEach((fit, f) => {
      const sum = sums[f];
      if (!fit || !sum) return;
      const {mean, sds} = fit.ahead(steps);
      const errors = actual.map((value, h) => value - (mean[h] ?? Number.NaN));
      const absolute = errors.map(Math.abs);
      sum.origins++;
      sum.mase += scale > 0 ? meanOf(absolute) / scale : meanOf(absolute) === 0 ? 0 : Number.NaN;
      sum.smape += meanOf(
        absolute.map((error, h) => {
          const size = Math.abs(actual[h] ?? 0) + Math.abs(mean[h] ?? 0);
          return size === 0 ? 0 : (200 * error) / size;
        }),
      );
      sum.rmse += Math.sqrt(meanOf(errors.map(error => error * error)));
      for (const [h, error] of absolute.entries()) sum.ratios.push(error === 0 ? 0 : error / (sds[h] ?? 0));
      sum.inside += absolute.filter((error, h) => error <= z95 * (sds[h] ?? 0)).length;
    });
  });
  return forecasters.map(({name, describes, baseline}, f) => {
    const sum = sums[f];
    if (!sum || sum.origins < origins.length) return {name, describes, baseline, scores: null};
    const count = sum.origins;
    const scores = {
      mase: sum.mase / count,
      smape: sum.smape / count,
      rmse: sum.rmse / count,
      coverage: sum.inside / (count * steps),
      reach: reachOf(sum.ratios),
    };
    return {name, describes, baseline, scores: Number.isFinite(scores.rmse) ? scores : null};
  });
}

function reachOf(ratios: readonly number[]): number {
  const sorted = ratios.toSorted((p, q) => p - q);
  return sorted[Math.min(sorted.length, Math.ceil(0.95 * (sorted.length + 1))) - 1] ?? Number.NaN;
}

/** Fits in order; the last of `forecasters` may be the average of those that are no baselines. */
export function fitAll(
  forecasters: readonly Forecaster[],
  series: Float64Array,
  period: number,
): (FittedForecaster | null)[] {
  const fits: (FittedForecaster | null)[] = [];
  for (const each of forecasters) fits.push(each === average ? averageOf(forecasters, fits) : each.fit(series, period));
  return fits;
}

const averaged = ['ets', 'arima', 'theta'];

const fewestAveraged = 2;

/** The mean of ETS, ARIMA and Theta, or of two of them where one can't be fitted: errors of different methods cancel in part. */
export const average: Forecaster = {
  name: 'average',
  describes: 'the mean of ets, arima and theta, as far as they can be fitted',
  baseline: false,
  fit: () => null,
};

function averageOf(
  forecasters: readonly Forecaster[],
  fits: readonly (FittedForecaster | null)[],
): FittedForecaster | null {
  const used = forecasters.flatMap(({name}, f) => {
    const fit = fits[f];
    return fit && averaged.includes(name) ? [{name, fit}] : [];
  });
  if (used.length < fewestAveraged) return null;
  return {
    says: `the mean of ${used.map(({name}) => name).join(', ')}`,
    ahead(steps): Ahead {
      const all = used.map(({fit}) => fit.ahead(steps));
      const mean = (pick: (each: Ahead) => Float64Array) =>
        Float64Array.from({length: steps}, (_, h) => meanOf(all.map(each => pick(each)[h] ?? Number.NaN)));
      return {mean: mean(each => each.mean), sds: mean(each => each.sds)};
    },
  };
}

function naiveError(series: Float64Array, period: number): number {
  const lag = series.length > period ? period : 1;
  return meanOf(seasonalDifferences(series, lag).map(Math.abs));
}
