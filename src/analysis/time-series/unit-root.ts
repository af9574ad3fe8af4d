// Does a series wander (a unit root) or return to a level or a trend? Augmented Dickey-Fuller and KPSS ask from both sides.

import {laggedProduct} from '../../core/lagged-product.ts';
import {normalLowerTail, polynomial} from '../distributions/normal.ts';
import {momentsOf, requireCount} from '../hypothesis/sample.ts';
import {ols} from '../ols.ts';

/** Around a constant, or around a straight line. */
export type Around = 'constant' | 'trend';

/** `criticalValues` are those of 1, 5 and 10 %. */
export type AdfResult = {
  statistic: number;
  p: number;
  lags: number;
  n: number;
  criticalValues: [number, number, number];
};

/**
 * Augmented Dickey-Fuller test of a unit root (statsmodels' adfuller: 12·(n/100)^¼ lags at most, their number by AIC, p and
 * critical values by MacKinnon 1994 and 2010). A small p speaks against wandering. Present values that vary.
 * @throws ToolError `test.too_few_values`
 */
export function augmentedDickeyFuller(values: Float64Array, around: Around): AdfResult {
  const deterministic = around === 'constant' ? 1 : 2;
  const most = mostLags(values.length, deterministic);
  if (most < 0) requireCount(values, 2 * (deterministic + 2), 'the series');
  const lags = bestLags(dickeyFuller(values, most, around), deterministic);
  const {target, features} = dickeyFuller(values, lags, around);
  const fit = ols({target, features: features.map((column, j) => ({name: `term ${j + 1}`, values: column}))});
  const statistic = fit.coefficients[1]?.t ?? Number.NaN;
  const n = target.length;
  const [one, five, ten] = critical[around].map(each => polynomial(each, 1 / n));
  return {statistic, p: mackinnonP(statistic, around), lags, n, criticalValues: [one ?? 0, five ?? 0, ten ?? 0]};
}

function mostLags(n: number, deterministic: number): number {
  return Math.min(Math.floor(n / 2) - deterministic - 1, Math.ceil(12 * (n / 100) ** 0.25));
}

/** Multiplications that choosing the number of lags takes. */
export function dickeyFullerCost(n: number): number {
  return n * (mostLags(n, 2) + 3) ** 2;
}

/** The steps of the series, to be explained by the level before each, `lags` earlier steps and, where asked for, time. */
function dickeyFuller(values: Float64Array, lags: number, around: Around) {
  const origin = values[0] ?? 0;
  const step = (t: number) => (values[t + 1] ?? 0) - (values[t] ?? 0);
  const length = values.length - 1 - lags;
  const target = Float64Array.from({length}, (_, t) => step(t + lags));
  const level = Float64Array.from({length}, (_, t) => (values[t + lags] ?? 0) - origin);
  const earlier = Array.from({length: lags}, (_, k) => Float64Array.from({length}, (__, t) => step(t + lags - k - 1)));
  const time = around === 'trend' ? [Float64Array.from({length}, (_, t) => t + 1)] : [];
  return {target, features: [level, ...earlier, ...time]};
}

/** The number of lags with the smallest AIC, all fitted to the same rows: one column after the other is projected out. */
function bestLags({target, features}: {target: Float64Array; features: Float64Array[]}, deterministic: number): number {
  const lags = features.length - deterministic;
  const [level = new Float64Array(), ...others] = features;
  const columns = [...others.slice(lags), level, ...others.slice(0, lags)].map(centred);
  const rest = centred(target);
  const n = target.length;
  const basis: Float64Array[] = [];
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  columns.forEach((column, index) => {
    const start = norm(column);
    for (const earlier of [...basis, ...basis]) takeOut(column, earlier);
    const size = norm(column);
    if (size > 1e-11 * start) {
      const unit = column.map(value => value / size);
      basis.push(unit);
      takeOut(rest, unit);
    }
    const lag = index - (deterministic - 1);
    const aic = n * Math.log(norm(rest) ** 2 / n) + 2 * (index + 2);
    if (lag >= 0 && aic < least) [best, least] = [lag, aic];
  });
  return best;
}

function centred(values: Float64Array): Float64Array {
  const origin = values[0] ?? 0;
  const {mean} = momentsOf(values, origin);
  return values.map(value => value - origin - mean);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function takeOut(column: Float64Array, unit: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < column.length; i++) dot += (column[i] ?? 0) * (unit[i] ?? 0);
  for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - dot * (unit[i] ?? 0);
}

/** MacKinnon (2010), table 1: the critical values of 1, 5 and 10 % as polynomials of 1/n. */
const critical: Record<Around, number[][]> = {
  constant: [
    [-3.43035, -6.5393, -16.786, -79.433],
    [-2.86154, -2.8903, -4.234, -40.04],
    [-2.56677, -1.5384, -2.809, 0],
  ],
  trend: [
    [-3.95877, -9.0531, -28.428, -134.155],
    [-3.41049, -4.3904, -9.036, -45.374],
    [-3.12705, -2.5856, -3.925, -22.38],
  ],
};

/** MacKinnon (1994): the normal score of p as a polynomial of the statistic, one below `turn` and one above. */
const surfaces: Record<Around, {least: number; turn: number; most: number; small: number[]; large: number[]}> = {
  constant: {
    least: -18.83,
    turn: -1.61,
    most: 2.74,
    small: [2.1659, 1.4412, 0.038269],
    large: [1.7339, 0.93202, -0.12745, -0.010368],
  },
  trend: {
    least: -16.18,
    turn: -2.89,
    most: 0.7,
    small: [3.2512, 1.6047, 0.049588],
    large: [2.5261, 0.61654, -0.37956, -0.060285],
  },
};

function mackinnonP(statistic: number, around: Around): number {
  const {least, turn, most, small, large} = surfaces[around];
  if (statistic > most) return 1;
  if (statistic < least) return 0;
  return normalLowerTail(polynomial(statistic <= turn ? small : large, statistic));
}

/** `p` is between 0.01 and 0.1, the ends of the published table; `atLimit` says that it is outside. */
export type KpssResult = {statistic: number; p: number; lags: number; atLimit: 'below' | 'above' | null};

const kpssTable: Record<Around, number[]> = {
  constant: [0.347, 0.463, 0.574, 0.739],
  trend: [0.119, 0.146, 0.176, 0.216],
};
const kpssP = [0.1, 0.05, 0.025, 0.01];

/**
 * KPSS test of a series that returns (statsmodels' kpss, nlags 'auto' by Hobijn 1998): a small p speaks for wandering.
 * Present values that vary.
 */
export function kpss(values: Float64Array, around: Around): KpssResult {
  const residuals = around === 'constant' ? centred(values) : aroundLine(values);
  const n = values.length;
  const product = (lag: number) => laggedProduct(residuals, lag);
  const lags = Math.min(n - 1, kpssLags(product, n));
  let [running, squares] = [0, 0];
  for (const residual of residuals) {
    running += residual;
    squares += running * running;
  }
  let variance = product(0);
  for (let lag = 1; lag <= lags; lag++) variance += 2 * product(lag) * (1 - lag / (lags + 1));
  const statistic = squares / n ** 2 / (variance / n);
  return {statistic, lags, ...kpssPOf(statistic, kpssTable[around])};
}

function kpssLags(product: (lag: number) => number, n: number): number {
  let [s0, s1] = [product(0) / n, 0];
  for (let lag = 1; lag <= Math.trunc(n ** (2 / 9)); lag++) {
    const each = product(lag) / (n / 2);
    s0 += each;
    s1 += lag * each;
  }
  return Math.trunc(1.1447 * ((s1 / s0) ** 2) ** (1 / 3) * n ** (1 / 3));
}

function kpssPOf(statistic: number, table: readonly number[]): {p: number; atLimit: KpssResult['atLimit']} {
  const above = table.findIndex(value => value > statistic);
  if (above === 0) return {p: 0.1, atLimit: 'above'};
  if (above === -1) return {p: 0.01, atLimit: 'below'};
  const [low = 0, high = 1, p0 = 0, p1 = 0] = [table[above - 1], table[above], kpssP[above - 1], kpssP[above]];
  return {p: p0 + ((statistic - low) / (high - low)) * (p1 - p0), atLimit: null};
}

function aroundLine(values: Float64Array): Float64Array {
  const [y, time] = [centred(values), centred(values.map((_, t) => t))];
  let [products, squares] = [0, 0];
  time.forEach((t, i) => {
    products += t * (y[i] ?? 0);
    squares += t * t;
  });
  return y.map((value, i) => value - (products / squares) * (time[i] ?? 0));
}
