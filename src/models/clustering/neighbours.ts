// The nearest neighbours of every point, by comparing all with all: exact in any number of dimensions.

import {type Points, squaredDistance} from './standardise.ts';

/** Neighbour j of point i is at `i * k + j`: nearest first, of equally near ones the lower number; a point is not its own neighbour. */
export type Neighbours = {k: number; indices: Int32Array; distances: Float64Array};

/** Of every point, or of those at `rows` in their order, among all. @throws {RangeError} unless there are more than k points. */
export function nearestNeighbours(points: Points, k: number, rows?: ArrayLike<number>): Neighbours {
  const n = points.count;
  if (n <= k) throw new RangeError(`${n} rows have no ${k} neighbours each`);
  const asked = rows?.length ?? n;
  const indices = new Int32Array(asked * k);
  const distances = new Float64Array(asked * k).fill(Number.POSITIVE_INFINITY);
  for (let r = 0; r < asked; r++) {
    const i = rows?.[r] ?? r;
    const base = r * k;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const distance = squaredDistance(points, i, points, j);
      if (distance >= (distances[base + k - 1] ?? 0)) continue;
      let at = k - 1;
      while (at > 0 && (distances[base + at - 1] ?? 0) > distance) {
        distances[base + at] = distances[base + at - 1] ?? 0;
        indices[base + at] = indices[base + at - 1] ?? 0;
        at--;
      }
      distances[base + at] = distance;
      indices[base + at] = j;
    }
  }
  return {k, indices, distances: distances.map(Math.sqrt)};
}
