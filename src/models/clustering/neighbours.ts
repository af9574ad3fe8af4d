// The nearest neighbours of every point: exact in any number of dimensions, by a k-d tree that leaves out what is far.

import {between, buildTree, type KdTree, searchDepth, toBox} from './k-d-tree.ts';
import type {Points} from './standardise.ts';

/** Neighbour j of point i is at `i * k + j`: nearest first, of equally near ones the lower number; a point is not its own neighbour. */
export type Neighbours = {k: number; indices: Int32Array; distances: Float64Array};

/** Of every point, or of those at `rows` in their order, among all. @throws {RangeError} unless there are more than k points. */
export function nearestNeighbours(
  points: Points,
  k: number,
  rows?: ArrayLike<number>,
  tree: KdTree = buildTree(points),
): Neighbours {
  const n = points.count;
  if (n <= k) throw new RangeError(`${n} rows have no ${k} neighbours each`);
  const asked = rows?.length ?? n;
  const indices = new Int32Array(asked * k).fill(n);
  const distances = new Float64Array(asked * k).fill(Number.POSITIVE_INFINITY);
  const places = new Int32Array(n);
  tree.rows.forEach((row, p) => {
    places[row] = p;
  });
  const search = {nodes: new Int32Array(searchDepth), reached: new Float64Array(searchDepth)};
  // In the order of the tree, so that one search finds in the cache what the one before it read.
  for (let r = 0; r < asked; r++) {
    const place = rows ? (places[rows[r] ?? 0] ?? 0) : r;
    const base = rows ? r * k : (tree.rows[r] ?? 0) * k;
    nearestOf(tree, place, {indices, distances, base, k}, search);
  }
  for (let at = 0; at < distances.length; at++) distances[at] = Math.sqrt(distances[at] ?? 0);
  return {k, indices, distances};
}

type Found = {indices: Int32Array; distances: Float64Array; base: number; k: number};

function nearestOf(
  tree: KdTree,
  p: number,
  {indices, distances, base, k}: Found,
  {nodes, reached}: {nodes: Int32Array; reached: Float64Array},
): void {
  const {values, width, rows, starts, ends, isLeaf} = tree;
  const last = base + k - 1;
  let open = 1;
  nodes[0] = 0;
  reached[0] = 0;
  while (open > 0) {
    open--;
    const m = nodes[open] ?? 0;
    if ((reached[open] ?? 0) > (distances[last] ?? 0)) continue;
    if (isLeaf[m] === 0) {
      const [left, right] = [toBox(tree, p, 2 * m + 1), toBox(tree, p, 2 * m + 2)];
      const nearer = left <= right ? 1 : 2;
      // The nearer side is searched first.
      nodes[open] = 2 * m + 3 - nearer;
      reached[open++] = Math.max(left, right);
      nodes[open] = 2 * m + nearer;
      reached[open++] = Math.min(left, right);
      continue;
    }
    const end = ends[m] ?? 0;
    for (let q = starts[m] ?? 0; q < end; q++) {
      if (q === p) continue;
      const worst = distances[last] ?? 0;
      const distance = between(values, width, p, q, worst);
      if (distance > worst) continue;
      const row = rows[q] ?? 0;
      if (distance === worst && row > (indices[last] ?? 0)) continue;
      let at = last;
      for (; at > base; at--) {
        const before = distances[at - 1] ?? 0;
        if (before < distance || (before === distance && (indices[at - 1] ?? 0) < row)) break;
        distances[at] = before;
        indices[at] = indices[at - 1] ?? 0;
      }
      distances[at] = distance;
      indices[at] = row;
    }
  }
}
