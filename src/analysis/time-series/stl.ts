// Seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990).

import type {Decomposition} from './decompose.ts';

export type StlOptions = {period: number; seasonal?: number; robust?: boolean};

/**
 * STL with linear loess everywhere (statsmodels' STL with its defaults: seasonal 7, trend the next odd number from
 * 1.5·period / (1 − 1.5/seasonal), low-pass the next odd number above the period; 5 inner rounds, or 2 with 15 robust ones).
 * `values` are present and hold at least two periods.
 */
export function stl(values: Float64Array, {period, seasonal: window = 7, robust = false}: StlOptions): Decomposition {
  const n = values.length;
  const origin = values[0] ?? 0;
  const shifted = values.map(value => value - origin);
  const widths = {season: window, trend: trendWindow(period, window), low: odd(period + 1)};
  let trend: Float64Array = new Float64Array(n);
  let seasonal: Float64Array = new Float64Array(n);
  let weights: Float64Array | null = null;
  for (let outer = 0; outer <= (robust ? 15 : 0); outer++) {
    for (let inner = 0; inner < (robust ? 2 : 5); inner++) {
      const cycles = smoothCycles(minus(shifted, trend), period, widths.season, weights);
      const low = loess(lowPass(cycles, period), widths.low, null);
      seasonal = minus(cycles.subarray(period, period + n), low);
      trend = loess(minus(shifted, seasonal), widths.trend, weights);
    }
    if (robust) weights = robustness(minus(minus(shifted, seasonal), trend));
  }
  const remainder = minus(minus(shifted, seasonal), trend);
  return {trend: trend.map(value => value + origin), seasonal, remainder};
}

/** The widest window of the loess of the trend, which decides how long it takes. */
export function trendWindow(period: number, seasonal = 7): number {
  return odd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonal)));
}

function odd(width: number): number {
  return width % 2 === 0 ? width + 1 : width;
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - (b[i] ?? 0));
}

/** Each place of the period smoothed on its own and extended by one period at both ends: n + 2·period values. */
function smoothCycles(values: Float64Array, period: number, width: number, weights: Float64Array | null): Float64Array {
  const result = new Float64Array(values.length + 2 * period);
  for (let place = 0; place < period; place++) {
    const count = Math.floor((values.length - place - 1) / period) + 1;
    const own = Float64Array.from({length: count}, (_, i) => values[i * period + place] ?? 0);
    const ownWeights = weights && Float64Array.from({length: count}, (_, i) => weights[i * period + place] ?? 0);
    const smooth = loess(own, width, ownWeights);
    const first = localFit(own, {at: -1, width, from: 0, to: Math.min(width, count) - 1}, ownWeights);
    const last = localFit(own, {at: count, width, from: Math.max(0, count - width), to: count - 1}, ownWeights);
    result[place] = first ?? smooth[0] ?? 0;
    smooth.forEach((value, i) => {
      result[(i + 1) * period + place] = value;
    });
    result[(count + 1) * period + place] = last ?? smooth[count - 1] ?? 0;
  }
  return result;
}

function lowPass(values: Float64Array, period: number): Float64Array {
  return movingAverage(movingAverage(movingAverage(values, period), period), 3);
}

function movingAverage(values: Float64Array, width: number): Float64Array {
  const result = new Float64Array(values.length - width + 1);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] ?? 0;
    if (i >= width) sum -= values[i - width] ?? 0;
    if (i >= width - 1) result[i - width + 1] = sum / width;
  }
  return result;
}

/** Local linear regression at every place, over the `width` nearest values. */
function loess(values: Float64Array, width: number, weights: Float64Array | null): Float64Array {
  const n = values.length;
  if (n < 2) return values.slice();
  const half = (width + 1) >> 1;
  let [from, to] = [0, Math.min(width, n) - 1];
  return values.map((value, at) => {
    if (width < n && at >= half && to !== n - 1) {
      from++;
      to++;
    }
    return localFit(values, {at, width, from, to}, weights) ?? value;
  });
}

type Place = {at: number; width: number; from: number; to: number};

let scratch = new Float64Array(64);

/** Null where all weights are 0. */
function localFit(values: Float64Array, {at, width, from, to}: Place, weights: Float64Array | null): number | null {
  const n = values.length;
  const reach = Math.max(at - from, to - at) + (width > n ? (width - n) >> 1 : 0);
  const [outer, inner] = [0.999 * reach, 0.001 * reach];
  if (scratch.length <= to - from) scratch = new Float64Array(2 * (to - from + 1));
  let [total, moment] = [0, 0];
  for (let j = from; j <= to; j++) {
    const distance = Math.abs(j - at);
    let weight = 0;
    if (distance <= outer) {
      weight = distance <= inner ? 1 : cube(1 - cube(distance / reach));
      if (weights) weight *= weights[j] ?? 0;
    }
    scratch[j - from] = weight;
    total += weight;
    moment += weight * j;
  }
  if (!(total > 0)) return null;
  const centre = moment / total;
  let [spread, mean] = [0, 0];
  for (let j = from; j <= to; j++) {
    const weight = (scratch[j - from] ?? 0) / total;
    spread += weight * (j - centre) ** 2;
    mean += weight * (values[j] ?? 0);
  }
  if (!(reach > 0 && Math.sqrt(spread) > 0.001 * (n - 1))) return mean;
  const slope = (at - centre) / spread;
  let tilt = 0;
  for (let j = from; j <= to; j++) tilt += ((scratch[j - from] ?? 0) / total) * (j - centre) * (values[j] ?? 0);
  return mean + slope * tilt;
}

function cube(x: number): number {
  return x * x * x;
}

/** Tukey's biweight of each remainder, in units of six median absolute ones. */
function robustness(remainder: Float64Array): Float64Array {
  const sizes = remainder.map(Math.abs);
  const sorted = sizes.slice().sort();
  const middle = sorted.length >> 1;
  const limit = 3 * ((sorted[middle] ?? 0) + (sorted[sorted.length - middle - 1] ?? 0));
  return sizes.map(size => {
    if (size <= 0.001 * limit) return 1;
    return size <= 0.999 * limit ? (1 - (size / limit) ** 2) ** 2 : 0;
  });
}
