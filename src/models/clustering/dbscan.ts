// DBSCAN: clusters are where points lie close, of any shape; what lies alone is in none.

import {nearestNeighbours} from './neighbours.ts';
import {type Points, pointsAt, squaredDistance} from './standardise.ts';

/**
 * The labels of scikit-learn's `DBSCAN(eps=radius, min_samples=leastRows)`: from 0 in the order of the points, −1 for noise. A point counts
 * itself; one at the edge of two clusters belongs to the first.
 */
export function dbscan(points: Points, radius: number, leastRows: number): Int32Array {
  const n = points.count;
  const limit = radius * radius;
  const within = (i: number) => {
    const found: number[] = [];
    for (let j = 0; j < n; j++) if (squaredDistance(points, i, points, j) <= limit) found.push(j);
    return found;
  };
  const labels = new Int32Array(n).fill(-1);
  const visited = new Uint8Array(n);
  let cluster = 0;
  for (let start = 0; start < n; start++) {
    if (visited[start] === 1 || labels[start] !== -1) continue;
    const first = within(start);
    visited[start] = 1;
    if (first.length < leastRows) continue;
    labels[start] = cluster;
    const open = first;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (labels[next] === -1) labels[next] = cluster;
      if (visited[next] === 1) continue;
      visited[next] = 1;
      const around = within(next);
      if (around.length >= leastRows) for (const each of around) if (labels[each] === -1) open.push(each);
    }
    cluster++;
  }
  return labels;
}

/**
 * A radius by the knee of the sorted distances to the neighbour that makes a point a core: where the curve is farthest from the line between
 * its ends. Of at most 3,000 points, spread evenly.
 */
export function kneeRadius(points: Points, leastRows: number): number {
  const stride = Math.max(1, Math.ceil(points.count / mostForKnee));
  const sample = pointsAt(
    points,
    Array.from({length: Math.floor(points.count / stride)}, (_, i) => i * stride),
  );
  const k = Math.max(1, Math.min(leastRows - 1, sample.count - 1));
  const {distances} = nearestNeighbours(sample, k);
  const sorted = Float64Array.from({length: sample.count}, (_, i) => distances[i * k + k - 1] ?? 0).sort();
  const [low, high, last] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0, sorted.length - 1];
  let [best, at] = [Number.NEGATIVE_INFINITY, 0];
  sorted.forEach((value, i) => {
    const below = i / Math.max(1, last) - (high > low ? (value - low) / (high - low) : 0);
    if (below > best) [best, at] = [below, i];
  });
  return (sorted[at] ?? 0) || high || 1;
}

const mostForKnee = 3_000;
