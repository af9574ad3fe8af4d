// How far a picture of rows is to be trusted: whether those near each other in it are near each other in all columns.

import {nearestNeighbours} from '../clustering/neighbours.ts';
import {type Points, squaredDistance} from '../clustering/standardise.ts';

/**
 * scikit-learn's `trustworthiness(points, picture, n_neighbors=k)`: 1 where the k nearest in the picture are the k nearest points of each
 * row, less by how far down the others stand. With `rows` the mean over those only, among all points.
 * @throws {RangeError} unless k is below half the number of points.
 */
export function trustworthiness(points: Points, picture: Points, k: number, rows?: ArrayLike<number>): number {
  const n = points.count;
  if (k >= n / 2) throw new RangeError(`${n} rows are too few for their ${k} nearest`);
  const asked = rows ?? {length: n};
  const near = nearestNeighbours(picture, k, rows);
  let penalty = 0;
  for (let r = 0; r < asked.length; r++) {
    const i = rows?.[r] ?? r;
    const distances = Float64Array.from({length: n}, (_, j) => squaredDistance(points, i, points, j));
    for (const rank of ranksOf(distances, i, near.indices.subarray(r * k, (r + 1) * k)))
      penalty += Math.max(0, rank - k);
  }
  return 1 - (2 * penalty) / (asked.length * k * (2 * n - 3 * k - 1));
}

/** 1 for the nearest point to i, i itself not counted; of equally near ones the first comes first. */
function ranksOf(distances: Float64Array, i: number, asked: Int32Array): Float64Array {
  const ranks = new Float64Array(asked.length).fill(1);
  const farthest = asked.reduce((most, j) => Math.max(most, distances[j] ?? 0), 0);
  for (let other = 0; other < distances.length; other++) {
    const distance = distances[other] ?? 0;
    // In a good picture nearly all points are farther than all that are asked for.
    if (distance > farthest || other === i) continue;
    for (let place = 0; place < asked.length; place++) {
      const j = asked[place] ?? 0;
      const own = distances[j] ?? 0;
      if (distance < own || (distance === own && other < j)) ranks[place] = (ranks[place] ?? 0) + 1;
    }
  }
  return ranks;
}
