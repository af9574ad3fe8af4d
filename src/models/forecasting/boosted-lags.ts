// Boosted trees on the changes that went before: what a curve can't say, such as a threshold or an odd season.

import type {Columns} from '../../core/least-squares.ts';
import {boostingRegressor} from '../trees/boosting.ts';
import {type Forecaster, squares} from './forecaster.ts';

const leastRows = 60;
const mostLags = 12;
/** A share of the last rows, on which the errors of several steps are measured by a model that has not seen them. */
const heldOut = 0.2;

export const boostedLags: Forecaster = {
  name: 'boosted_lags',
  describes: 'boosted trees on the changes before, those a season ago and the place in the season',
  baseline: false,
  fit(series, period) {
    const lags = Math.min(mostLags, Math.max(3, period));
    if (series.length < leastRows || series.length < 3 * period + lags) return null;
    const next = learn(series, period, lags);
    const measured = errorsAhead(series, period, lags);
    return {
      says: `${lags} lags`,
      ahead(steps) {
        const mean = next(series, steps);
        const last = measured[measured.length - 1] ?? 0;
        // Beyond what was measured errors grow as those of a random walk.
        const sds = Float64Array.from(
          {length: steps},
          (_, h) => measured[h] ?? last * Math.sqrt((h + 1) / measured.length),
        );
        return {mean, sds};
      },
    };
  },
};

type Continue = (series: Float64Array, steps: number) => Float64Array;

/** Learns each value as its change from the one before, so that a trend goes on. */
function learn(series: Float64Array, period: number, lags: number): Continue {
  const first = Math.max(lags, period) + 1;
  const rows = series.length - first;
  const all = Array.from({length: rows}, (_, i) => featuresAt(series, first + i, period, lags));
  const columns: Columns = (all[0] ?? []).map((_, j) => Float64Array.from(all, row => row[j] ?? Number.NaN));
  const target = Float64Array.from({length: rows}, (_, i) => (series[first + i] ?? 0) - (series[first + i - 1] ?? 0));
  const model = boostingRegressor.fit({features: columns, target, classCount: 0, seed: 42});
  return (from, steps) => {
    const values = new Float64Array(from.length + steps);
    values.set(from);
    for (let t = from.length; t < values.length; t++) {
      const row = featuresAt(values, t, period, lags).map(value => Float64Array.of(value));
      values[t] = (values[t - 1] ?? 0) + (model.predict(row)[0] ?? 0);
    }
    return values.slice(from.length);
  };
}

function featuresAt(series: Float64Array, t: number, period: number, lags: number): number[] {
  const at = (i: number) => series[i] ?? 0;
  const changes = Array.from({length: lags}, (_, i) => at(t - 1 - i) - at(t - 2 - i));
  if (period < 2) return changes;
  return [...changes, at(t - period) - at(t - 1), at(t - period) - at(t - period - 1), t % period];
}

/** The root mean squared error of each step ahead over many beginnings in the held-out end; never falling. */
function errorsAhead(series: Float64Array, period: number, lags: number): Float64Array {
  const count = Math.max(4, Math.floor(series.length * heldOut));
  const cut = series.length - count;
  const next = learn(series.slice(0, cut), period, lags);
  const steps = Math.max(1, Math.min(Math.floor(count / 2), 2 * Math.max(period, 6)));
  const errors = Array.from({length: steps}, () => [] as number[]);
  for (let origin = cut; origin + steps <= series.length; origin++)
    next(series.slice(0, origin), steps).forEach((value, h) => {
      errors[h]?.push((series[origin + h] ?? 0) - value);
    });
  let least = 0;
  return Float64Array.from(errors, each => {
    least = Math.max(least, Math.sqrt(squares(each) / Math.max(1, each.length)));
    return least;
  });
}
