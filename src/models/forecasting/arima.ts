// ARIMA: differences until the level holds, orders by AICc in steps, coefficients by exact maximum likelihood.

import {laggedProduct} from '../../core/lagged-product.ts';
import {centredAverage} from '../../core/seasonal-means.ts';
import {type Arma, conditionalSum, type Filtered, filtered, fromPartial, multiplied} from './arma.ts';
import {longestSeason} from './ets.ts';
import {type Forecaster, meanOf, squares} from './forecaster.ts';
import {seasonalDifferences} from './naive.ts';
import {nelderMead} from './nelder-mead.ts';
import {seasonOf, withoutSeason} from './season.ts';

/** ARIMA(p, d, q)(P, D, Q) with the period; `constant` is the mean of the differenced series. */
export type Orders = {
  p: number;
  d: number;
  q: number;
  P: number;
  D: number;
  Q: number;
  period: number;
  constant: boolean;
};

/** More of the past costs time and changes the coefficients little. */
const mostValues = 1_000;

export const arima: Forecaster = {
  name: 'arima',
  describes: 'ARIMA, its orders chosen by AICc',
  baseline: false,
  fit(series, period) {
    const recent = series.slice(-mostValues);
    const usable = period >= 2 && period <= longestSeason && series.length >= 3 * period ? period : 1;
    const orders = searchOrders(recent, usable);
    const fitted = orders && fitArima(recent, orders);
    if (!fitted) return null;
    const {p, d, q, P, D, Q, constant} = fitted.orders;
    const seasonal = usable > 1 ? `(${P},${D},${Q})[${usable}]` : '';
    return {says: `(${p},${d},${q})${seasonal}${constant ? ' with constant' : ''}`, ahead: fitted.ahead};
  },
};

export type FittedArima = {
  orders: Orders;
  arma: Arma;
  /** Of the differenced series, as statsmodels' `llf` with simple differencing. */
  logLikelihood: number;
  variance: number;
  ahead(steps: number): {mean: Float64Array; sds: Float64Array};
};

/** Steps of the filter times the square of its state: with more the conditional sum of squares has to do. */
const mostExactCost = 60_000;

/** Null where the likelihood has no maximum that can be found. */
export function fitArima(series: Float64Array, orders: Orders): FittedArima | null {
  const {p, q, P, Q, period} = orders;
  const w = differenced(series, orders);
  const size = countOf(orders);
  if (w.length < size + 3) return null;
  const scale = Math.sqrt(squares(w.map(value => value - meanOf(w))) / w.length) || 1;
  const at = (point: ArrayLike<number>) => armaOf(point, orders, meanOf(w), scale);
  const first = nelderMead(point => conditionalSum(w, at(point)), new Array<number>(size).fill(0.1), {
    mostCalls: 100 * size,
  });
  const exact = (point: ArrayLike<number>) => filtered(w, at(point))?.deviance ?? Number.POSITIVE_INFINITY;
  const cost = w.length * (Math.max(p + P * period, q + Q * period) + 1) ** 2;
  const best = cost <= mostExactCost ? likeliest(exact, first.at) : first;
  const arma = at(best.at);
  const found = filtered(w, arma);
  if (!found || !Number.isFinite(found.deviance)) return null;
  const variance = (found.variance * w.length) / Math.max(1, w.length - size);
  return {
    orders,
    arma,
    logLikelihood: -found.deviance / 2,
    variance: found.variance,
    ahead: steps => ({
      mean: integrated(series, found, orders, steps),
      sds: spreads(arma, orders, steps).map(growth => Math.sqrt(growth * variance)),
    }),
  };
}

/** Twice, since a simplex may stand still too soon; from the middle where the conditional sum led over the edge of what is stationary. */
function likeliest(exact: (point: ArrayLike<number>) => number, from: Float64Array): {at: Float64Array} {
  const size = from.length;
  const start = Number.isFinite(exact(from)) ? from : new Float64Array(size).fill(0.1);
  const {at} = nelderMead(exact, [...start], {step: 0.2, mostCalls: 80 * size, tolerance: 1e-10});
  return nelderMead(exact, [...at], {step: 0.1, mostCalls: 80 * size, tolerance: 1e-12});
}

function countOf({p, q, P, Q, constant}: Orders): number {
  return p + q + P + Q + (constant ? 1 : 0);
}

function armaOf(point: ArrayLike<number>, {p, q, P, Q, period, constant}: Orders, mean: number, scale: number): Arma {
  let next = 0;
  const take = (count: number) => Array.from({length: count}, () => Math.tanh(point[next++] ?? 0));
  const [ar, ma, seasonalAr, seasonalMa] = [take(p), take(q), take(P), take(Q)].map(fromPartial);
  const none = new Float64Array();
  return {
    ar: multiplied(ar ?? none, seasonalAr ?? none, period, -1),
    ma: multiplied((ma ?? none).map(negative), (seasonalMa ?? none).map(negative), period, 1),
    mean: constant ? mean + scale * (point[next] ?? 0) : 0,
  };
}

const negative = (value: number) => -value;

function differenced(series: Float64Array, {d, D, period}: Pick<Orders, 'd' | 'D' | 'period'>): Float64Array {
  let result = series;
  for (let i = 0; i < D; i++) result = seasonalDifferences(result, period);
  for (let i = 0; i < d; i++) result = seasonalDifferences(result, 1);
  return result;
}

/** The expected next values of the series itself. */
function integrated(series: Float64Array, found: Filtered, {d, D, period}: Orders, steps: number): Float64Array {
  let ahead = found.ahead(steps);
  const seasonal = differenced(series, {d: 0, D, period});
  for (let level = d - 1; level >= 0; level--)
    ahead = summed(differenced(seasonal, {d: level, D: 0, period}), ahead, 1);
  for (let level = D - 1; level >= 0; level--)
    ahead = summed(differenced(series, {d: 0, D: level, period}), ahead, period);
  return ahead;
}

function summed(before: Float64Array, changes: Float64Array, lag: number): Float64Array {
  const all = new Float64Array(before.length + changes.length);
  all.set(before);
  changes.forEach((change, h) => {
    all[before.length + h] = change + (all[before.length + h - lag] ?? 0);
  });
  return all.slice(before.length);
}

/** The variance of each step ahead in units of that of one error: the sums of the squared psi weights. */
function spreads({ar, ma}: Arma, {d, D, period}: Orders, steps: number): Float64Array {
  let full = ar;
  for (let i = 0; i < d; i++) full = multiplied(full, Float64Array.of(1), 1, -1);
  for (let i = 0; i < D; i++) full = multiplied(full, Float64Array.of(1), period, -1);
  const psi = new Float64Array(steps);
  let sum = 0;
  return psi.map((_, j) => {
    let weight = j === 0 ? 1 : (ma[j - 1] ?? 0);
    for (let i = 0; i < Math.min(full.length, j); i++) weight += (full[i] ?? 0) * (psi[j - 1 - i] ?? 0);
    psi[j] = weight;
    sum += weight * weight;
    return sum;
  });
}

/** In steps from a few starts (Hyndman and Khandakar 2008), by AICc of the conditional likelihood. */
function searchOrders(series: Float64Array, period: number): Orders | null {
  const D = period > 1 && seasonIsStrong(series, period) ? 1 : 0;
  const seasonal = differenced(series, {d: 0, D, period});
  let d = 0;
  while (d < 2 - D && !isLevel(differenced(seasonal, {d, D: 0, period}))) d++;
  const w = differenced(series, {d, D, period});
  if (w.length < 8) return null;
  const base = {d, D, period};
  const known = new Map<string, number>();
  const judged = (orders: Orders) => {
    const key = JSON.stringify(orders);
    const value = known.get(key) ?? conditionalAicc(w, orders);
    known.set(key, value);
    return value;
  };
  const constant = d + D <= 1;
  const season = period > 1 ? 1 : 0;
  const starts = [
    {p: 2, q: 2, P: season, Q: season, constant},
    {p: 0, q: 0, P: 0, Q: 0, constant},
    {p: 1, q: 0, P: season, Q: 0, constant},
    {p: 0, q: 1, P: 0, Q: season, constant},
    {p: 0, q: 0, P: 0, Q: 0, constant: false},
  ].map(each => ({...base, ...each}));
  let best = starts.reduce((least, each) => (judged(each) < judged(least) ? each : least));
  for (let round = 0; round < mostRounds; round++) {
    const better = neighbours(best, d + D <= 1).find(each => judged(each) < judged(best) - 1e-9);
    if (!better) return best;
    best = better;
  }
  return best;
}

const mostRounds = 12;

function neighbours(orders: Orders, mayBeConstant: boolean): Orders[] {
  const {p, q, P, Q, period, constant} = orders;
  const steps: Partial<Orders>[] = [
    {p: p - 1},
    {p: p + 1},
    {q: q - 1},
    {q: q + 1},
    {p: p - 1, q: q - 1},
    {p: p + 1, q: q + 1},
    {P: P - 1},
    {P: P + 1},
    {Q: Q - 1},
    {Q: Q + 1},
    {P: P - 1, Q: Q + 1},
    {P: P + 1, Q: Q - 1},
    ...(mayBeConstant ? [{constant: !constant}] : []),
  ];
  const most = period > 1 ? 1 : 0;
  const fits = (value: number, limit: number) => value >= 0 && value <= limit;
  return steps
    .map(step => ({...orders, ...step}))
    .filter(each => fits(each.p, 3) && fits(each.q, 3) && fits(each.P, most) && fits(each.Q, most));
}

function conditionalAicc(w: Float64Array, orders: Orders): number {
  const size = countOf(orders);
  const n = w.length;
  if (n - size - 2 < 2) return Number.POSITIVE_INFINITY;
  const scale = Math.sqrt(squares(w) / n) || 1;
  const mean = meanOf(w);
  const objective = (point: ArrayLike<number>) => conditionalSum(w, armaOf(point, orders, mean, scale));
  const sum = nelderMead(objective, new Array<number>(size).fill(0.1), {
    mostCalls: 60 * size + 1,
    tolerance: 1e-6,
  }).value;
  const count = size + 1;
  return n * Math.log(Math.max(sum, 1e-300) / n) + 2 * count + (2 * count * (count + 1)) / (n - count - 1);
}

/** The season explains at least 64 % of what the trend leaves (Wang, Smith and Hyndman 2006, as in R's forecast). */
function seasonIsStrong(series: Float64Array, period: number): boolean {
  if (series.length < 3 * period) return false;
  const season = seasonOf(series, period, 'additive');
  const left = residualAround(withoutSeason(series, season), period);
  const whole = residualAround(series, period);
  return 1 - squares(left) / Math.max(squares(whole), 1e-300) > 0.64;
}

/** What a centred average of one period leaves, where it reaches. */
function residualAround(series: Float64Array, period: number): Float64Array {
  const average = centredAverage(series, period);
  return series.map((value, i) => value - (average[i] ?? 0)).filter(value => !Number.isNaN(value));
}

/** KPSS of the level at 5 % (0.463), with ⌊4·(n / 100)^¼⌋ lags. */
function isLevel(series: Float64Array): boolean {
  const n = series.length;
  const mean = meanOf(series);
  const centred = series.map(value => value - mean);
  const lags = Math.floor(4 * (n / 100) ** 0.25);
  let variance = squares(centred) / n;
  for (let lag = 1; lag <= lags; lag++) variance += (2 * (1 - lag / (lags + 1)) * laggedProduct(centred, lag)) / n;
  if (variance <= 0) return true;
  let [partial, total] = [0, 0];
  for (const value of centred) {
    partial += value;
    total += partial * partial;
  }
  return total / (n * n * variance) < 0.463;
}
