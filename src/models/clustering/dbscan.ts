// DBSCAN: clusters are where points lie close, of any shape; what lies alone is in none.

import {buildTree, placesWithin, searchDepth} from './k-d-tree.ts';
import {nearestNeighbours} from './neighbours.ts';
import {type Points, pointsAt} from './standardise.ts';

/**
 * The labels of scikit-learn's `DBSCAN(eps=radius, min_samples=leastRows)`: from 0 in the order of the points, −1 for noise. A point counts
 * itself; one at the edge of two clusters belongs to the first.
 */
export function dbscan(points: Points, radius: number, leastRows: number): Int32Array {
  const n = points.count;
  const limit = radius * radius;
  const tree = buildTree(points);
  const places = new Int32Array(n);
  for (let p = 0; p < n; p++) places[tree.rows[p] ?? 0] = p;
  const stack = new Int32Array(searchDepth);
  const around = new Int32Array(n);
  // By place in the tree. Each place comes into `open` once at most, with its label.
  const labels = new Int32Array(n).fill(-1);
  const isLone = new Uint8Array(n);
  const open = new Int32Array(n);
  let size = 0;
  const takeAll = (found: number, cluster: number) => {
    for (let f = 0; f < found; f++) {
      const q = around[f] ?? 0;
      if (labels[q] !== -1) continue;
      labels[q] = cluster;
      // One that was found to have too few around it is at the edge, and leads no further.
      if (isLone[q] === 0) open[size++] = q;
    }
  };
  let cluster = 0;
  for (let row = 0; row < n; row++) {
    const start = places[row] ?? 0;
    if (labels[start] !== -1) continue;
    const first = placesWithin(tree, start, limit, around, stack);
    if (first < leastRows) {
      isLone[start] = 1;
      continue;
    }
    labels[start] = cluster;
    takeAll(first, cluster);
    while (size > 0) {
      const found = placesWithin(tree, open[--size] ?? 0, limit, around, stack);
      if (found >= leastRows) takeAll(found, cluster);
    }
    cluster++;
  }
  return Int32Array.from(places, p => labels[p] ?? -1);
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
