// A forecast by the method that did best in the past, beside the baselines it has to beat.

import {arima} from './arima.ts';
import {average, backtest, fitAll, planBacktest, type Score, z95} from './backtest.ts';
import {boostedLags} from './boosted-lags.ts';
import {ets, longestSeason} from './ets.ts';
import type {Ahead, Forecaster} from './forecaster.ts';
import {naive, seasonalNaive} from './naive.ts';
import {hasSeason, seasonOf, withoutSeason} from './season.ts';
import {theta} from './theta.ts';

export const FORECASTERS: readonly Forecaster[] = [
  naive,
  seasonalNaive,
  ...[ets, arima].map(deseasonalised),
  theta,
  boostedLags,
  average,
];

export type ForecastInput = {series: Float64Array; period: number; steps: number};

/**
 * `lower` and `upper` are the 95 % interval, `widened` times as wide as the method's own: more than 1 where those held far less in the
 * backtest. `used` is how many of the last values the methods learnt from.
 */
export type Forecasted = {
  mean: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  widened: number;
  winner: string;
  says: string;
  scores: Score[];
  /** What the methods were compared by. */
  by: 'mase' | 'rmse';
  origins: number;
  backtestSteps: number;
  used: number;
};

const leastValues = 8;
/** More of the past costs time and says little of the future. */
const mostValues = 2_000;

/** Values in the backtest from which on its share inside the limits says something. */
export const leastMeasured = 20;
const tooNarrow = 0.85;

/** @throws {RangeError} if there are too few values, or they are all the same. */
export function forecast({series: whole, period, steps}: ForecastInput, report: (text: string) => void): Forecasted {
  const series = whole.slice(Math.max(0, whole.length - mostValues));
  const n = series.length;
  if (n < leastValues) throw new RangeError(`There are ${n} values in order; ${leastValues} are needed for a forecast`);
  if (steps > n) throw new RangeError(`${steps} steps ahead are more than the ${n} that are known`);
  const season = n >= 2 * period ? period : 1;
  const plan = planBacktest(n, season, steps);
  const scores = backtest(series, season, FORECASTERS, plan, report);
  const by = comparedBy(series, scores);
  const error = ({scores}: Score) => scores?.[by] ?? Number.POSITIVE_INFINITY;
  const order = scores
    .map((score, at) => ({...score, at}))
    .filter(each => each.scores !== null)
    .sort((a, b) => error(a) - error(b) || Number(b.baseline) - Number(a.baseline));
  report('fitting on all values');
  const fits = fitAll(FORECASTERS, series, season);
  const winner = order.find(({at}) => fits[at]);
  const fit = winner && fits[winner.at];
  if (!winner || !fit) throw new RangeError('No method could be fitted to these values');
  const {mean, sds}: Ahead = fit.ahead(steps);
  const widened = wideningOf(winner, plan.origins.length * plan.steps);
  return {
    mean,
    lower: mean.map((value, h) => value - widened * z95 * (sds[h] ?? 0)),
    upper: mean.map((value, h) => value + widened * z95 * (sds[h] ?? 0)),
    widened,
    winner: winner.name,
    says: fit.says,
    scores: scores.toSorted((a, b) => error(a) - error(b)),
    by,
    origins: plan.origins.length,
    backtestSteps: plan.steps,
    used: n,
  };
}

/** Limits that held far too few of enough values are drawn so far out that they would have held 95 % of those. */
function wideningOf({scores}: Score, measured: number): number {
  if (!scores || measured < leastMeasured || scores.coverage >= tooNarrow) return 1;
  return Number.isFinite(scores.reach) ? Math.max(1, scores.reach / z95) : 1;
}

/**
 * Where most values are 0 the smallest absolute error is that of a forecast of 0, however much comes in between (Kolassa 2016);
 * squared errors ask for the mean. Nor is there a MASE where a training part never changed.
 */
function comparedBy(series: Float64Array, scores: readonly Score[]): Forecasted['by'] {
  const zeros = series.filter(value => value === 0).length;
  const isSparse = zeros > series.length / 2 && zeros < series.length;
  return isSparse || scores.some(each => Number.isNaN(each.scores?.mase)) ? 'rmse' : 'mase';
}

/** A season too long for the method is taken out before and put back after. */
function deseasonalised(method: Forecaster): Forecaster {
  return {
    ...method,
    fit(series, period) {
      if (period <= longestSeason || !hasSeason(series, period)) return method.fit(series, period);
      const season = seasonOf(series, period, 'additive');
      const fit = method.fit(withoutSeason(series, season), 1);
      return (
        fit && {
          says: `${fit.says}; after taking out the season`,
          ahead(steps) {
            const {mean, sds} = fit.ahead(steps);
            return {mean: mean.map((value, h) => value + (season.values[(series.length + h) % period] ?? 0)), sds};
          },
        }
      );
    },
  };
}
