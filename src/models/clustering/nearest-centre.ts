// Which centre is nearest to each row: by comparing with all, and from round to round by bounds that spare most comparisons.

import {type Points, squaredDistance} from './standardise.ts';

/** Gives every point its nearest centre (the first of equally near ones) and the squared distance to it. */
export function assignAll(points: Points, centres: Points, labels: Int32Array, distances: Float64Array): void {
  const found = {first: 0, second: 0, label: 0};
  for (let i = 0; i < points.count; i++) {
    twoNearest(points, centres, i, found);
    labels[i] = found.label;
    distances[i] = found.first;
  }
}

type Nearest = {first: number; second: number; label: number};

function twoNearest({values, width}: Points, centres: Points, i: number, found: Nearest): void {
  const [place, k, base] = [centres.values, centres.count, i * width];
  let [first, second, label] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let c = 0, q = 0; c < k; c++) {
    let sum = 0;
    for (let j = 0; j < width; j++, q++) {
      const difference = (values[base + j] ?? 0) - (place[q] ?? 0);
      sum += difference * difference;
    }
    if (sum < first) {
      second = first;
      first = sum;
      label = c;
    } else if (sum < second) second = sum;
  }
  found.first = first;
  found.second = second;
  found.label = label;
}

/** A bound must win by more than what rounding can have done to it; rows nearer to a tie are compared with every centre. */
const safety = 1 - 1e-9;

/**
 * Hamerly (2010): a row stays where it is while the most it can be away from its own centre is less than the least it can be away from any
 * other, or than half the way between its centre and the next. The labels are those of `assignAll`.
 */
export class CentreBounds {
  readonly #upper: Float64Array;
  readonly #lower: Float64Array;
  readonly #found: Nearest = {first: 0, second: 0, label: 0};

  constructor(count: number) {
    this.#upper = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.#lower = new Float64Array(count);
  }

  /** Says whether any row changed its centre. */
  assign(points: Points, centres: Points, labels: Int32Array): boolean {
    const [upper, lower, found] = [this.#upper, this.#lower, this.#found];
    const halves = halfGaps(centres);
    let changed = false;
    for (let i = 0; i < points.count; i++) {
      const own = labels[i] ?? 0;
      const least = Math.max(lower[i] ?? 0, halves[own] ?? 0) * safety;
      if ((upper[i] ?? 0) < least) continue;
      if (own >= 0) {
        const exact = Math.sqrt(squaredDistance(points, i, centres, own));
        upper[i] = exact;
        if (exact < least) continue;
      }
      twoNearest(points, centres, i, found);
      upper[i] = Math.sqrt(found.first);
      lower[i] = Math.sqrt(found.second);
      if (found.label === own) continue;
      labels[i] = found.label;
      changed = true;
    }
    return changed;
  }

  /** Widens the bounds by how far the centres moved. */
  follow(before: Points, centres: Points, labels: Int32Array): void {
    const [upper, lower] = [this.#upper, this.#lower];
    const moves = Float64Array.from({length: centres.count}, (_, c) =>
      Math.sqrt(squaredDistance(before, c, centres, c)),
    );
    const most = moves.reduce((best, each, c) => (each > (moves[best] ?? 0) ? c : best), 0);
    const others = moves.reduce((best, each, c) => (c === most ? best : Math.max(best, each)), 0);
    const farthest = moves[most] ?? 0;
    for (let i = 0; i < labels.length; i++) {
      const own = labels[i] ?? 0;
      upper[i] = (upper[i] ?? 0) + (moves[own] ?? 0);
      lower[i] = (lower[i] ?? 0) - (own === most ? others : farthest);
    }
  }
}

/** Half the distance from each centre to the nearest other one; infinite of a single one. */
function halfGaps(centres: Points): Float64Array {
  const halves = new Float64Array(centres.count).fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < centres.count; c++)
    for (let other = 0; other < centres.count; other++)
      if (other !== c) halves[c] = Math.min(halves[c] ?? 0, Math.sqrt(squaredDistance(centres, c, centres, other)) / 2);
  return halves;
}
