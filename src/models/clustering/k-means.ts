// k-means by Lloyd's rounds from k-means++ starts; the best of several starts is kept.

import {Mt19937} from '../mt19937.ts';
import {between} from './k-d-tree.ts';
import {assignAll, CentreBounds} from './nearest-centre.ts';
import {type Points, squaredDistance} from './standardise.ts';

const rowsToRefine = 50_000;
const mostPasses = 20;

/** `labels[i]` is 0 … k − 1; `inertia` is the sum of squared distances to the own centre. */
export type KMeans = {labels: Int32Array; centres: Points; inertia: number; rounds: number};

/** Without `starts` there are 40 up to 2,000 rows, 10 up to 50,000, else 3. */
export type KMeansOptions = {k: number; seed: number; starts?: number; mostRounds?: number};

/** Few rows cost little and have the more local minima; many hardly differ from start to start. */
function startsFor(rows: number): number {
  return rows <= 2_000 ? 40 : rows <= 50_000 ? 10 : 3;
}

/**
 * Greedy k-means++ (2 + ⌊ln k⌋ tries a centre) and Lloyd's rounds until no row changes its cluster, or until the centres move by less
 * than 1e-6 of the mean variance, as scikit-learn's `KMeans(algorithm='lloyd')`; a cluster that loses all its rows takes the row farthest
 * from its centre. Up to 50,000 rows single rows are then moved while that helps. @throws {RangeError} if there are fewer points than clusters.
 */
export function kMeans(
  points: Points,
  {k, seed, starts = startsFor(points.count), mostRounds = 300}: KMeansOptions,
): KMeans {
  if (k < 1 || points.count < k) throw new RangeError(`${points.count} rows cannot make ${k} clusters`);
  const random = new Mt19937(seed);
  let best: KMeans | null = null;
  for (let start = 0; start < starts; start++) {
    const found = refined(points, lloyd(points, plusPlus(points, k, random), mostRounds), mostRounds);
    if (!best || found.inertia < best.inertia * (1 - 1e-12)) best = found;
  }
  return best ?? lloyd(points, plusPlus(points, k, random), mostRounds);
}

function plusPlus(points: Points, k: number, random: Mt19937): Points {
  const {values, count, width} = points;
  const tries = 2 + Math.floor(Math.log(k));
  const centres = {values: new Float64Array(k * width), count: k, width};
  const take = (c: number, row: number) =>
    centres.values.set(values.subarray(row * width, (row + 1) * width), c * width);
  const first = random.nextInterval(count - 1);
  take(0, first);
  // Two fields by turns: the best try so far, and the one that is made.
  let nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let [best, tried] = [new Float64Array(count), new Float64Array(count)];
  nearer(points, first, nearest, nearest);
  for (let c = 1; c < k; c++) {
    let total = 0;
    for (const distance of nearest) total += distance;
    let chosen: {row: number; left: number} | null = null;
    for (let t = 0; t < tries; t++) {
      const row = rowAt(nearest, random.nextDouble() * total);
      const left = nearer(points, row, nearest, tried);
      if (chosen && left >= chosen.left) continue;
      chosen = {row, left};
      [best, tried] = [tried, best];
    }
    take(c, chosen?.row ?? 0);
    [nearest, best] = [best, nearest];
  }
  return centres;
}

function rowAt(weights: Float64Array, place: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] ?? 0;
    if (sum > place) return i;
  }
  return weights.length - 1;
}

/** Writes the smaller of `nearest` and the squared distance to `row` for every point to `result`; gives their sum. */
function nearer({values, count, width}: Points, row: number, nearest: Float64Array, result: Float64Array): number {
  let left = 0;
  for (let i = 0; i < count; i++) {
    const known = nearest[i] ?? 0;
    const distance = Math.min(known, between(values, width, i, row, known));
    result[i] = distance;
    left += distance;
  }
  return left;
}

function lloyd(points: Points, centres: Points, mostRounds: number): KMeans {
  const {count, width} = points;
  const labels = new Int32Array(count).fill(-1);
  const distances = new Float64Array(count);
  const tolerance = 1e-6 * meanVariance(points);
  const bounds = new CentreBounds(count);
  for (let round = 1; ; round++) {
    const changed = bounds.assign(points, centres, labels);
    const last = !changed || round > mostRounds;
    if (!last) {
      const before = {values: centres.values.slice(), count: centres.count, width};
      const moved = moveCentres(points, centres, labels, distances);
      bounds.follow(before, centres, labels);
      if (moved > tolerance) continue;
    }
    // The labels must fit the centres that are given back.
    assignAll(points, centres, labels, distances);
    return {labels, centres, inertia: distances.reduce((sum, each) => sum + each, 0), rounds: round};
  }
}

/** Moving one row may lower the inertia where Lloyd's rounds stand still (Hartigan and Wong, 1979). */
function refined(points: Points, found: KMeans, mostRounds: number): KMeans {
  if (points.count > rowsToRefine) return found;
  let best = found;
  for (let pass = 0; pass < mostPasses; pass++) {
    const centres = {...best.centres, values: best.centres.values.slice()};
    if (!moveSingly(points, best.labels.slice(), centres)) return best;
    const next = lloyd(points, centres, mostRounds);
    if (next.inertia >= best.inertia) return best;
    best = next;
  }
  return best;
}

/** Moves each row, with both centres, to the cluster where it lowers the inertia the most; says whether any was moved. */
function moveSingly(points: Points, labels: Int32Array, centres: Points): boolean {
  const {values, width} = points;
  const sizes = new Float64Array(centres.count);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  let moved = false;
  labels.forEach((from, i) => {
    const size = sizes[from] ?? 0;
    if (size < 2) return;
    let [least, to] = [(size / (size - 1)) * squaredDistance(points, i, centres, from) * (1 - 1e-12), from];
    for (let c = 0; c < centres.count; c++) {
      const n = sizes[c] ?? 0;
      const rise = c === from ? Number.POSITIVE_INFINITY : (n / (n + 1)) * squaredDistance(points, i, centres, c);
      if (rise < least) [least, to] = [rise, c];
    }
    if (to === from) return;
    moved = true;
    labels[i] = to;
    sizes[from] = size - 1;
    sizes[to] = (sizes[to] ?? 0) + 1;
    shift(centres, from, values.subarray(i * width, (i + 1) * width), -1 / (size - 1));
    shift(centres, to, values.subarray(i * width, (i + 1) * width), 1 / (sizes[to] ?? 1));
  });
  return moved;
}

function shift({values, width}: Points, c: number, row: Float64Array, share: number): void {
  row.forEach((value, j) => {
    const old = values[c * width + j] ?? 0;
    values[c * width + j] = old + share * (value - old);
  });
}

/** Each centre becomes the mean of its points; gives the sum of the squared moves. `distances` is written where a cluster has lost all. */
function moveCentres(points: Points, centres: Points, labels: Int32Array, distances: Float64Array): number {
  const {values, count, width} = points;
  const before = centres.values.slice();
  const sizes = new Float64Array(centres.count);
  for (let i = 0; i < count; i++) sizes[labels[i] ?? 0] = (sizes[labels[i] ?? 0] ?? 0) + 1;
  if (sizes.includes(0)) assignAll(points, centres, labels, distances);
  const sums = centres.values.fill(0);
  for (let i = 0, p = 0; i < count; i++) {
    const c = labels[i] ?? 0;
    for (let j = 0, q = c * width; j < width; j++, p++, q++) sums[q] = (sums[q] ?? 0) + (values[p] ?? 0);
  }
  for (let c = 0; c < centres.count; c++) {
    if ((sizes[c] ?? 0) > 0) continue;
    const row = distances.reduce((best, each, i) => (each > (distances[best] ?? 0) ? i : best), 0);
    const from = labels[row] ?? 0;
    for (let j = 0; j < width; j++) {
      const value = values[row * width + j] ?? 0;
      sums[c * width + j] = value;
      sums[from * width + j] = (sums[from * width + j] ?? 0) - value;
    }
    sizes[c] = 1;
    sizes[from] = (sizes[from] ?? 1) - 1;
    labels[row] = c;
    distances[row] = 0;
  }
  let moved = 0;
  for (let q = 0; q < sums.length; q++) {
    sums[q] = (sums[q] ?? 0) / Math.max(1, sizes[Math.floor(q / width)] ?? 1);
    moved += ((sums[q] ?? 0) - (before[q] ?? 0)) ** 2;
  }
  return moved;
}

function meanVariance({values, count, width}: Points): number {
  let total = 0;
  for (let j = 0; j < width; j++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) sum += values[i * width + j] ?? 0;
    const mean = sum / count;
    for (let i = 0; i < count; i++) squares += ((values[i * width + j] ?? 0) - mean) ** 2;
    total += squares / count;
  }
  return total / Math.max(1, width);
}
