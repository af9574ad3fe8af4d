// The Theta method: half the trend of the series, and its level by simple exponential smoothing.

import type {Forecaster} from './forecaster.ts';
import {hasSeason, type Season, seasonOf, withoutSeason} from './season.ts';

/**
 * statsmodels' `ThetaModel` (method "auto", estimated by OLS and SES, θ = 2): the season is taken out first where it stands out. The
 * variance of h steps is σ²·(1 + (h − 1)·α²), that of simple exponential smoothing; statsmodels takes 1 + (α − 1)² for α² there.
 */
export const theta: Forecaster = {
  name: 'theta',
  describes: 'half the trend, and the level by exponential smoothing',
  baseline: false,
  fit(series, period) {
    const n = series.length;
    if (n < 6) return null;
    const season = hasSeason(series, period) ? fittingSeason(series, period) : null;
    const y = season ? withoutSeason(series, season) : series;
    const slope = slopeOf(y);
    const {alpha, level, variance} = bestLevel(y, slope);
    const spread = season?.kind === 'multiplicative' ? season.values : null;
    return {
      says: `alpha ${alpha.toPrecision(3)}, slope ${slope.toPrecision(3)}${season ? `, ${season.kind} season` : ''}`,
      ahead(steps) {
        const place = (h: number) => season?.values[(n + h) % period] ?? (season ? 0 : Number.NaN);
        const mean = Float64Array.from({length: steps}, (_, h) => {
          const base = level + 0.5 * slope * (h + 1 / alpha - (1 - alpha) ** n / alpha);
          return season === null ? base : season.kind === 'additive' ? base + place(h) : base * place(h);
        });
        const sds = Float64Array.from(
          {length: steps},
          (_, h) => Math.sqrt(variance * (1 + h * alpha ** 2)) * (spread ? place(h) : 1),
        );
        return {mean, sds};
      },
    };
  },
};

function fittingSeason(series: Float64Array, period: number): Season {
  if (series.every(value => value > 0)) {
    const season = seasonOf(series, period, 'multiplicative');
    if (season.values.every(value => value > 0)) return season;
  }
  return seasonOf(series, period, 'additive');
}

/** Least squares on 0, 1, 2 … */
function slopeOf(y: Float64Array): number {
  const middle = (y.length - 1) / 2;
  let [top, bottom] = [0, 0];
  y.forEach((value, t) => {
    top += (t - middle) * value;
    bottom += (t - middle) ** 2;
  });
  return bottom > 0 ? top / bottom : 0;
}

/** Simple exponential smoothing from the first value, with the alpha of the smallest sum of squares. */
function bestLevel(y: Float64Array, slope: number): {alpha: number; level: number; variance: number} {
  const run = (alpha: number, drift: number) => {
    let [level, sum] = [y[0] ?? 0, 0];
    for (const value of y) {
      const error = value - level - drift;
      sum += error * error;
      level += drift + alpha * error;
    }
    return {level, sum};
  };
  const alpha = smallest(a => run(a, 0).sum, 1e-4, 1);
  const drifting = run(alpha, slope / 2);
  const least = Math.min(run(alpha, 0).sum, drifting.sum);
  return {alpha, level: run(alpha, 0).level, variance: least / Math.max(1, y.length - 2)};
}

/** The minimum over an interval: the best of a grid, then golden sections around it. */
export function smallest(objective: (at: number) => number, low: number, high: number): number {
  const cells = 50;
  const values = Array.from({length: cells + 1}, (_, i) => objective(low + ((high - low) * i) / cells));
  const best = values.reduce((least, value, i) => (value < (values[least] ?? 0) ? i : least), 0);
  let a = low + ((high - low) * Math.max(0, best - 1)) / cells;
  let b = low + ((high - low) * Math.min(cells, best + 1)) / cells;
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 60 && b - a > 1e-10; i++) {
    const [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
    if (objective(c) <= objective(d)) b = d;
    else a = c;
  }
  const middle = (a + b) / 2;
  return [low, high, middle].reduce((least, at) => (objective(at) < objective(least) ? at : least), middle);
}
