// The smallest spanning tree of mutual reachability, by Borůvka's rounds over a k-d tree.

import {between, type KdTree, searchDepth, toBox} from './k-d-tree.ts';
import type {Neighbours} from './neighbours.ts';
import {type Points, squaredDistance} from './standardise.ts';

export type Edge = {a: number; b: number; length: number};

/**
 * The n − 1 edges between rows, shortest first. Two rows are as far apart as the largest of their distance and of each one's distance to its
 * last neighbour in `near`. Which of equally long edges is taken is not said. Distances are compared squared, which changes no order.
 */
export function spanningTree(points: Points, near: Neighbours, tree: KdTree): Edge[] {
  const n = points.count;
  const forest = new Forest(tree, cores(points, near, tree));
  const hints = nearPlaces(near, tree);
  const edges: Edge[] = [];
  while (edges.length < n - 1) {
    forest.beginRound();
    for (let p = 0; p < n; p++) for (let j = p * near.k; j < (p + 1) * near.k; j++) forest.tryEdge(p, hints[j] ?? 0);
    for (let p = 0; p < n; p++) forest.search(p);
    forest.endRound((p, q, squared) => {
      edges.push({a: tree.rows[p] ?? 0, b: tree.rows[q] ?? 0, length: Math.sqrt(squared)});
    });
  }
  return edges.sort((p, q) => p.length - q.length);
}

/** The squared distance to the last neighbour, by place. */
function cores(points: Points, {indices, k}: Neighbours, {rows}: KdTree): Float64Array {
  return Float64Array.from(rows, row => squaredDistance(points, row, points, indices[row * k + k - 1] ?? 0));
}

function nearPlaces({indices, k}: Neighbours, {rows, count}: KdTree): Int32Array {
  const places = new Int32Array(count);
  for (let p = 0; p < count; p++) places[rows[p] ?? 0] = p;
  const result = new Int32Array(count * k);
  for (let p = 0; p < count; p++)
    for (let j = 0; j < k; j++) result[p * k + j] = places[indices[(rows[p] ?? 0) * k + j] ?? 0] ?? 0;
  return result;
}

/** The parts joined so far, and the shortest edge out of each that this round has found; all by place. */
class Forest {
  readonly #tree: KdTree;
  readonly #core: Float64Array;
  readonly #parents: Int32Array;
  readonly #part: Int32Array;
  /** The part that has all places of a node, or −1. */
  readonly #nodePart: Int32Array;
  readonly #nodeCore: Float64Array;
  readonly #best: Float64Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** No edge out of the part of a place is shorter from there; parts only grow, so this stays true. */
  readonly #atLeast: Float64Array;
  readonly #stack = new Int32Array(searchDepth);

  constructor(tree: KdTree, core: Float64Array) {
    const {count, starts} = tree;
    this.#tree = tree;
    this.#core = core;
    this.#parents = Int32Array.from({length: count}, (_, p) => p);
    this.#part = new Int32Array(count);
    this.#nodePart = new Int32Array(starts.length);
    this.#nodeCore = new Float64Array(starts.length).fill(Number.POSITIVE_INFINITY);
    this.#best = new Float64Array(count);
    this.#from = new Int32Array(count);
    this.#to = new Int32Array(count);
    this.#atLeast = core.slice();
    this.#overNodes((m, p) => {
      this.#nodeCore[m] = Math.min(this.#nodeCore[m] ?? 0, core[p] ?? 0);
    });
    for (let m = starts.length - 1; m > 0; m--) {
      const above = (m - 1) >> 1;
      this.#nodeCore[above] = Math.min(this.#nodeCore[above] ?? 0, this.#nodeCore[m] ?? 0);
    }
  }

  #overNodes(atLeaf: (m: number, p: number) => void): void {
    const {starts, ends, isLeaf} = this.#tree;
    for (let m = 0; m < starts.length; m++)
      if (isLeaf[m] === 1) for (let p = starts[m] ?? 0; p < (ends[m] ?? 0); p++) atLeaf(m, p);
  }

  #root(place: number): number {
    const parents = this.#parents;
    let at = place;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  }

  beginRound(): void {
    const [part, nodePart] = [this.#part, this.#nodePart];
    const {count, isLeaf, starts} = this.#tree;
    this.#best.fill(Number.POSITIVE_INFINITY);
    for (let p = 0; p < count; p++) part[p] = this.#root(p);
    nodePart.fill(-2);
    this.#overNodes((m, p) => {
      nodePart[m] = nodePart[m] === -2 || nodePart[m] === part[p] ? (part[p] ?? 0) : -1;
    });
    for (let m = starts.length - 1; m >= 0; m--) {
      if (isLeaf[m] === 1) continue;
      const [left, right] = [nodePart[2 * m + 1] ?? 0, nodePart[2 * m + 2] ?? 0];
      nodePart[m] = left === right ? left : -1;
    }
  }

  tryEdge(p: number, q: number): void {
    const own = this.#part[p] ?? 0;
    if (this.#part[q] === own) return;
    const limit = this.#best[own] ?? 0;
    const least = Math.max(this.#core[p] ?? 0, this.#core[q] ?? 0);
    if (least >= limit) return;
    const length = Math.max(least, between(this.#tree.values, this.#tree.width, p, q, limit));
    if (length >= limit) return;
    this.#best[own] = length;
    this.#from[own] = p;
    this.#to[own] = q;
  }

  /** Looks from place p for an edge out of its part that is shorter than the best. */
  search(p: number): void {
    const own = this.#part[p] ?? 0;
    if ((this.#atLeast[p] ?? 0) >= (this.#best[own] ?? 0)) return;
    const {starts, ends, isLeaf} = this.#tree;
    const stack = this.#stack;
    let open = 1;
    stack[0] = 0;
    while (open > 0) {
      const m = stack[--open] ?? 0;
      const limit = this.#best[own] ?? 0;
      if (this.#nodePart[m] === own || (this.#nodeCore[m] ?? 0) >= limit || toBox(this.#tree, p, m) >= limit) continue;
      if (isLeaf[m] === 1) {
        for (let q = starts[m] ?? 0; q < (ends[m] ?? 0); q++) this.tryEdge(p, q);
        continue;
      }
      const isLeft = toBox(this.#tree, p, 2 * m + 1) <= toBox(this.#tree, p, 2 * m + 2);
      stack[open++] = 2 * m + (isLeft ? 2 : 1);
      stack[open++] = 2 * m + (isLeft ? 1 : 2);
    }
    this.#atLeast[p] = this.#best[own] ?? 0;
  }

  /** Joins each part along its edge; of edges that close a circle, which are equally long, one is left out. */
  endRound(take: (p: number, q: number, squared: number) => void): void {
    for (let own = 0; own < this.#part.length; own++) {
      if (this.#part[own] !== own) continue;
      const [p, q] = [this.#from[own] ?? 0, this.#to[own] ?? 0];
      const [a, b] = [this.#root(p), this.#root(q)];
      if (a === b) continue;
      this.#parents[a] = b;
      take(p, q, this.#best[own] ?? 0);
    }
  }
}
