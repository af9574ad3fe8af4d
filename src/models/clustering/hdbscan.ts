// HDBSCAN: clusters of any shape and of different densities; how dense is decided for each by how long it lasts.

import {buildTree} from './k-d-tree.ts';
import {nearestNeighbours} from './neighbours.ts';
import {type Edge, spanningTree} from './spanning-tree.ts';
import type {Points} from './standardise.ts';

/**
 * Campello, Moulavi and Sander (2013): the hierarchy of mutual reachability distances (with the distance to the neighbour `leastRows`, the
 * point itself counted), condensed to clusters of at least `leastRows` points, of which the most stable ones are taken. Labels in no order, −1
 * for noise. The whole is never one cluster, as in the package hdbscan, which with ties of distance follows the order of the rows instead. @throws {RangeError} unless there are more points than `leastRows`.
 */
export function hdbscan(points: Points, leastRows: number): Int32Array {
  const n = points.count;
  const k = Math.max(1, leastRows - 1);
  const tree = buildTree(points);
  const near = nearestNeighbours(points, k, undefined, tree);
  return stableLabels(condensed(spanningTree(points, near, tree), n, leastRows), n);
}

/** A cluster that was born at the density `birth`; `fallen` are its points that left it one by one, with the density at which. */
type Cluster = {
  parent: number;
  birth: number;
  children: number[];
  fallen: {point: number; density: number}[];
  stability: number;
};

/** Node n + m of the hierarchy joins the two sides of edge m; followed from the top, small sides fall off. */
function condensed(edges: readonly Edge[], n: number, leastRows: number): Cluster[] {
  const parents = Int32Array.from({length: 2 * n - 1}, (_, i) => i);
  const sizes = new Int32Array(2 * n - 1).fill(1);
  const root = (i: number) => {
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };
  const sides = edges.map(({a, b}, m): [number, number] => {
    const [p, q] = [root(a), root(b)];
    parents[p] = n + m;
    parents[q] = n + m;
    sizes[n + m] = (sizes[p] ?? 0) + (sizes[q] ?? 0);
    return [p, q];
  });
  const below = (node: number, isEnd: (each: number) => boolean): number[] => {
    const found: number[] = [];
    const open = [...(sides[node - n] ?? [])];
    for (let each = open.pop(); each !== undefined; each = open.pop())
      if (isEnd(each)) found.push(each);
      else for (const side of sides[each - n] ?? []) open.push(side);
    return found;
  };
  // Edges of one length go at once, so that a row whose own density joins two clusters is in neither, whatever the order of the rows.
  const partsOf = (node: number) =>
    below(node, each => each < n || edges[each - n]?.length !== edges[node - n]?.length);
  const pointsOf = (node: number) => (node < n ? [node] : below(node, each => each < n));
  const clusters: Cluster[] = [{parent: -1, birth: 0, children: [], fallen: [], stability: 0}];
  const open: {node: number; cluster: number}[] = [{node: 2 * n - 2, cluster: 0}];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    const {node, cluster} = task;
    const own = clusters[cluster];
    if (!own || node < n) continue;
    const density = 1 / Math.max(edges[node - n]?.length ?? 0, 1e-12);
    const parts = partsOf(node);
    const large = parts.filter(part => (sizes[part] ?? 0) >= leastRows);
    for (const part of parts) {
      const isLarge = (sizes[part] ?? 0) >= leastRows;
      if (isLarge && large.length > 1) {
        own.stability += (density - own.birth) * (sizes[part] ?? 0);
        own.children.push(clusters.length);
        open.push({node: part, cluster: clusters.length});
        clusters.push({parent: cluster, birth: density, children: [], fallen: [], stability: 0});
      } else if (isLarge) open.push({node: part, cluster});
      else
        for (const point of pointsOf(part)) {
          own.fallen.push({point, density});
          own.stability += density - own.birth;
        }
    }
  }
  return clusters;
}

/** A cluster is taken unless its parts are more stable together; the top one never. */
function stableLabels(clusters: readonly Cluster[], n: number): Int32Array {
  const best = new Float64Array(clusters.length);
  const taken = new Uint8Array(clusters.length);
  for (let c = clusters.length - 1; c > 0; c--) {
    const {children, stability} = clusters[c] ?? {children: [], stability: 0};
    const below = children.reduce((sum, child) => sum + (best[child] ?? 0), 0);
    taken[c] = children.length === 0 || stability >= below ? 1 : 0;
    best[c] = Math.max(stability, below);
  }
  const labels = new Int32Array(n).fill(-1);
  const owner = new Int32Array(clusters.length).fill(-1);
  clusters.forEach(({parent, fallen}, c) => {
    const above = owner[parent] ?? -1;
    owner[c] = above >= 0 ? above : taken[c] === 1 ? c : -1;
    for (const {point} of fallen) labels[point] = owner[c] ?? -1;
  });
  return labels;
}
