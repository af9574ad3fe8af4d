// Exponential smoothing that is estimated: the form by AICc, the parameters and initial states by likelihood.

import {leastSquares} from '../../core/least-squares.ts';
import {Mt19937} from '../mt19937.ts';
import {type Ahead, type FittedForecaster, type Forecaster, meanOf, squares} from './forecaster.ts';
import {nelderMead} from './nelder-mead.ts';
import {seasonOf, withoutSeason} from './season.ts';
import {
  growthOfVariance,
  type Smoothed,
  type SmoothingForm,
  type SmoothingParameters,
  type SmoothingState,
  smooth,
  smoothAhead,
} from './smoothing.ts';

/** Longer seasons have too many initial states; they are taken out before. */
export const longestSeason = 24;

/** More of the past costs time and changes the parameters little. */
const mostValues = 1_000;

export const ets: Forecaster = {
  name: 'ets',
  describes: 'exponential smoothing, its form chosen by AICc',
  baseline: false,
  fit(series, period) {
    const recent = series.slice(-mostValues);
    const best = formsFor(recent, period)
      .map(form => fitSmoothing(recent, form))
      .filter(each => each !== null)
      .reduce<FittedSmoothing | null>((least, each) => (least && least.aicc <= each.aicc ? least : each), null);
    return best && {says: saysOf(best), ahead: steps => aheadOf(best, steps)};
  },
};

/** `aicc` compares forms on the same series; `sse` is of the one-step errors. */
export type FittedSmoothing = {
  form: SmoothingForm;
  parameters: SmoothingParameters;
  start: SmoothingState;
  smoothed: Smoothed;
  sse: number;
  /** Of the errors, as shares of the expected value for a multiplicative season. */
  variance: number;
  aicc: number;
};

const mostStarts = 3;

function formsFor(series: Float64Array, period: number): SmoothingForm[] {
  const seasonal = period >= 2 && period <= longestSeason && series.length >= 2 * period + 3;
  const seasons = [
    'none' as const,
    ...(seasonal ? ['additive' as const] : []),
    ...(seasonal && series.every(value => value > 0) ? ['multiplicative' as const] : []),
  ];
  const trends = ['none', 'linear', 'damped'] as const;
  return seasons.flatMap(season => trends.map(trend => ({trend, season, period: season === 'none' ? 1 : period})));
}

/** Null where there are not enough values for the parameters. */
export function fitSmoothing(series: Float64Array, form: SmoothingForm): FittedSmoothing | null {
  const n = series.length;
  const {trend, season, period} = form;
  const free = 1 + (trend === 'none' ? 0 : 1) + (season === 'none' ? 0 : 1) + (trend === 'damped' ? 1 : 0);
  const states = 1 + (trend === 'none' ? 0 : 1) + (season === 'none' ? 0 : period - 1);
  const count = free + states + 1;
  if (n <= count + 1) return null;
  let start = firstStates(series, form);
  const criterion = (smoothed: Smoothed) => deviance(series, form, smoothed);
  const rough = (point: Float64Array) => criterion(smooth(series, form, parametersOf(point, form), start));
  const at = (point: Float64Array) => {
    const parameters = parametersOf(point, form);
    return criterion(smooth(series, form, parameters, bestStates(series, form, parameters, start, 1)));
  };
  // With the first guess of the states a trial costs little; then from the best of them with the best states.
  const first = startPoints(form, rough)
    .map(point => nelderMead(rough, point, {mostCalls: 60 * free, tolerance: 1e-6}).at)
    .map(point => ({point, value: at(point)}))
    .reduce((least, each) => (each.value < least.value ? each : least));
  start = bestStates(series, form, parametersOf(first.point, form), start, 3);
  const {at: point} = nelderMead(at, [...first.point], {step: 0.3, mostCalls: 50 * free, tolerance: 1e-8});
  const parameters = parametersOf(point, form);
  start = bestStates(series, form, parameters, start, 4);
  const smoothed = smooth(series, form, parameters, start);
  const value = criterion(smoothed);
  if (!Number.isFinite(value)) return null;
  const relative = season === 'multiplicative';
  const residuals = relative ? smoothed.errors.map((error, t) => error / (smoothed.fitted[t] ?? 1)) : smoothed.errors;
  return {
    form,
    parameters,
    start,
    smoothed,
    sse: squares(smoothed.errors),
    variance: squares(residuals) / Math.max(1, n - free - states),
    aicc: value + 2 * count + (2 * count * (count + 1)) / (n - count - 1),
  };
}

/** −2 log likelihood but for a constant: additive errors, or relative ones for a multiplicative season. */
function deviance(series: Float64Array, {season}: SmoothingForm, {errors, fitted}: Smoothed): number {
  const n = series.length;
  if (season !== 'multiplicative') return n * Math.log(Math.max(squares(errors), 1e-300));
  let [sum, logs] = [0, 0];
  for (let t = 0; t < n; t++) {
    const expected = fitted[t] ?? 0;
    if (!(expected > 0)) return Number.POSITIVE_INFINITY;
    sum += ((errors[t] ?? 0) / expected) ** 2;
    logs += Math.log(expected);
  }
  return n * Math.log(Math.max(sum, 1e-300)) + 2 * logs;
}

/** The parameters inside their bounds: gamma at most 1 − alpha, phi from 0.8 to 0.98. */
function parametersOf(point: Float64Array, {trend, season}: SmoothingForm): SmoothingParameters {
  const inside = (value: number | undefined, low: number, high: number) =>
    low + (high - low) / (1 + Math.exp(-(value ?? 0)));
  let next = 0;
  const alpha = inside(point[next++], 1e-4, 0.9999);
  const beta = trend === 'none' ? 0 : inside(point[next++], 1e-4, 0.9999);
  const gamma = season === 'none' ? 0 : inside(point[next++], 1e-4, 1 - alpha);
  const phi = trend === 'damped' ? inside(point[next++], 0.8, 0.98) : 1;
  return {alpha, beta, gamma, phi};
}

/** The best of a coarse grid, since the likelihood can have several peaks. */
function startPoints({trend, season}: SmoothingForm, objective: (point: Float64Array) => number): number[][] {
  const grid = [-2.2, -0.8, 0.8, 2.2].flatMap(alpha =>
    (trend === 'none' ? [null] : [-4, -1.5]).flatMap(beta =>
      (season === 'none' ? [null] : [-3, 0, 2]).map(gamma =>
        [alpha, beta, gamma, ...(trend === 'damped' ? [1] : [])].filter(value => value !== null),
      ),
    ),
  );
  return grid
    .map(point => ({point, value: objective(Float64Array.from(point))}))
    .sort((a, b) => a.value - b.value)
    .slice(0, mostStarts)
    .map(({point}) => point);
}

function firstStates(series: Float64Array, {trend, season, period}: SmoothingForm): SmoothingState {
  const seasons = season === 'none' ? new Float64Array(1) : seasonOf(series, period, season).values;
  const level = season === 'none' ? series : withoutSeason(series, {kind: season, values: seasons});
  const head = level.slice(0, Math.min(level.length, Math.max(10, period)));
  const slope = trend === 'none' ? 0 : ((head[head.length - 1] ?? 0) - (head[0] ?? 0)) / Math.max(1, head.length - 1);
  return {level: meanOf(head.slice(0, 3)) - slope, trend: slope, seasons};
}

/**
 * The initial states with the smallest sum of squares: the errors are linear in them, or nearly so for a multiplicative season, where
 * several rounds of Gauss and Newton are made. The seasons keep their mean.
 */
function bestStates(
  series: Float64Array,
  form: SmoothingForm,
  parameters: SmoothingParameters,
  from: SmoothingState,
  rounds: number,
): SmoothingState {
  const {trend, season, period} = form;
  const relative = season === 'multiplicative';
  const residuals = (state: SmoothingState) => {
    const {errors, fitted} = smooth(series, form, parameters, state);
    return relative ? errors.map((error, t) => error / (fitted[t] ?? 1)) : errors;
  };
  const scale = Math.max(1e-12, Math.sqrt(squares(series) / series.length));
  const moves: ((state: SmoothingState, by: number) => SmoothingState)[] = [
    (state, by) => ({...state, level: state.level + by * scale}),
    ...(trend === 'none' ? [] : [(state: SmoothingState, by: number) => ({...state, trend: state.trend + by * scale})]),
    ...(season === 'none' ? [] : Array.from({length: period - 1}, (_, i) => seasonMove(i, relative ? 1 : scale))),
  ];
  const width = relative ? 1e-5 : 1;
  let state = from;
  let value = squares(residuals(state));
  for (let round = 0; round < (relative ? rounds : 1); round++) {
    const here = residuals(state);
    const columns = moves.map(move => residuals(move(state, width)).map((each, t) => ((here[t] ?? 0) - each) / width));
    const {coefficients} = leastSquares(columns, here);
    let moved: SmoothingState | null = null;
    for (let share = 1; share > 0.05 && moved === null; share /= 2) {
      const tried = moves.reduce((each, move, j) => move(each, share * (coefficients[j] ?? 0)), state);
      const next = squares(residuals(tried));
      if (next <= value) [moved, value] = [tried, next];
    }
    if (moved === null) break;
    state = moved;
  }
  return state;
}

function seasonMove(place: number, scale: number) {
  return (state: SmoothingState, by: number): SmoothingState => {
    const seasons = state.seasons.slice();
    const last = seasons.length - 1;
    seasons[place] = (seasons[place] ?? 0) + by * scale;
    seasons[last] = (seasons[last] ?? 0) - by * scale;
    return {...state, seasons};
  };
}

const paths = 2_000;

function aheadOf({form, parameters, smoothed, variance}: FittedSmoothing, steps: number): Ahead {
  const mean = smoothAhead(form, parameters, smoothed.last, steps);
  if (form.season !== 'multiplicative')
    return {mean, sds: growthOfVariance(form, parameters, steps).map(growth => Math.sqrt(growth * variance))};
  const sums = new Float64Array(steps);
  const random = new Mt19937(42);
  const sd = Math.sqrt(variance);
  for (let path = 0; path < paths; path++) {
    const values = simulated(form, parameters, smoothed.last, steps, () => 1 + sd * normal(random));
    for (let h = 0; h < steps; h++) sums[h] = (sums[h] ?? 0) + ((values[h] ?? 0) - (mean[h] ?? 0)) ** 2;
  }
  return {mean, sds: sums.map(sum => Math.sqrt(sum / paths))};
}

function simulated(
  form: SmoothingForm,
  {alpha, beta, gamma, phi}: SmoothingParameters,
  last: SmoothingState,
  steps: number,
  shock: () => number,
): Float64Array {
  const seasons = last.seasons.slice();
  const damping = form.trend === 'none' ? 0 : form.trend === 'linear' ? 1 : phi;
  let {level, trend} = last;
  return Float64Array.from({length: steps}, (_, h) => {
    const place = h % form.period;
    const [base, s] = [level + damping * trend, seasons[place] ?? 1];
    const value = base * s * shock();
    const error = value - base * s;
    level = base + (alpha * error) / s;
    trend = damping * trend + (alpha * beta * error) / s;
    seasons[place] = s + (gamma * error) / base;
    return value;
  });
}

/** Box and Muller. */
function normal(random: Mt19937): number {
  return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
}

function saysOf({
  form: {trend, season},
  parameters: {alpha, beta, gamma, phi},
}: FittedSmoothing): FittedForecaster['says'] {
  const shown = [
    `alpha ${alpha.toPrecision(3)}`,
    ...(trend === 'none' ? [] : [`beta ${beta.toPrecision(3)}`]),
    ...(season === 'none' ? [] : [`gamma ${gamma.toPrecision(3)}`]),
    ...(trend === 'damped' ? [`phi ${phi.toPrecision(3)}`] : []),
  ];
  return `${trend === 'none' ? 'no trend' : `${trend} trend`}, ${season === 'none' ? 'no season' : `${season} season`}; ${shown.join(', ')}`;
}
