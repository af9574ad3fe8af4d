// A k-d tree over points: what lies far is left out by the box around it. Flat arrays, nothing allocated while it is searched.

import type {Points} from './standardise.ts';

const leafRows = 24;

/**
 * Place `p` holds the row `rows[p]`, its coordinates at `p * width`. Node m has the places `starts[m]` to `ends[m]`, the box `low` to `high`
 * at `m * width`, and the children 2m + 1 and 2m + 2; node 0 is the whole and `isLeaf` says where it ends.
 */
export type KdTree = {
  values: Float64Array;
  width: number;
  count: number;
  rows: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  isLeaf: Uint8Array;
  low: Float64Array;
  high: Float64Array;
};

/** Halves by the median of the widest side, so that its depth is known beforehand; equal rows may come to both sides. */
export function buildTree(points: Points): KdTree {
  const {values, count, width} = points;
  const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, count / leafRows))));
  const nodes = 2 ** (depth + 1) - 1;
  const tree: KdTree = {
    values: new Float64Array(count * width),
    width,
    count,
    rows: Int32Array.from({length: count}, (_, i) => i),
    starts: new Int32Array(nodes),
    ends: new Int32Array(nodes),
    isLeaf: new Uint8Array(nodes),
    low: new Float64Array(nodes * width),
    high: new Float64Array(nodes * width),
  };
  tree.ends[0] = count;
  const keys = new Float64Array(count);
  for (let m = 0; m < nodes; m++) {
    const side = boundNode(tree, m, values);
    if (2 * m + 2 >= nodes) {
      tree.isLeaf[m] = 1;
      continue;
    }
    const [start, end] = [tree.starts[m] ?? 0, tree.ends[m] ?? 0];
    const middle = (start + end) >> 1;
    for (let p = start; p < end; p++) keys[p] = values[(tree.rows[p] ?? 0) * width + side] ?? 0;
    partByMedian(keys, tree.rows, start, end - 1, middle);
    [tree.starts[2 * m + 1], tree.ends[2 * m + 1]] = [start, middle];
    [tree.starts[2 * m + 2], tree.ends[2 * m + 2]] = [middle, end];
  }
  for (let p = 0; p < count; p++) {
    const from = (tree.rows[p] ?? 0) * width;
    for (let c = 0; c < width; c++) tree.values[p * width + c] = values[from + c] ?? 0;
  }
  return tree;
}

/** The box of a node; gives its widest side. */
function boundNode({rows, starts, ends, low, high, width}: KdTree, m: number, values: Float64Array): number {
  let [widest, side] = [-1, 0];
  for (let c = 0; c < width; c++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let p = starts[m] ?? 0; p < (ends[m] ?? 0); p++) {
      const value = values[(rows[p] ?? 0) * width + c] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[m * width + c] = least;
    high[m * width + c] = most;
    if (most - least > widest) [widest, side] = [most - least, c];
  }
  return side;
}

/** Hoare's selection: before `middle` is nothing larger, from it on nothing smaller. */
function partByMedian(keys: Float64Array, rows: Int32Array, first: number, last: number, middle: number): void {
  let [from, to] = [first, last];
  while (from < to) {
    const pivot = keys[(from + to) >> 1] ?? 0;
    let [i, j] = [from, to];
    while (i <= j) {
      while ((keys[i] ?? 0) < pivot) i++;
      while ((keys[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const [key, row] = [keys[i] ?? 0, rows[i] ?? 0];
      keys[i] = keys[j] ?? 0;
      rows[i] = rows[j] ?? 0;
      keys[j] = key;
      rows[j] = row;
      i++;
      j--;
    }
    if (middle <= j) to = j;
    else if (middle >= i) from = i;
    else return;
  }
}

/**
 * The squared distance from place `p` to the box of node m. Summed in the order in which those of points are, so that rounding never makes
 * it more than that to a point inside.
 */
export function toBox({values, low, high, width}: KdTree, p: number, m: number): number {
  let sum = 0;
  for (let c = 0, v = p * width, b = m * width; c < width; c++, v++, b++) {
    const value = values[v] ?? 0;
    const below = (low[b] ?? 0) - value;
    const above = value - (high[b] ?? 0);
    if (below > 0) sum += below * below;
    else if (above > 0) sum += above * above;
  }
  return sum;
}

/** The squared distance of two places, or some number above `limit` once it is beyond that. */
export function between(values: Float64Array, width: number, p: number, q: number, limit: number): number {
  let sum = 0;
  let [a, b] = [p * width, q * width];
  const end = a + width;
  // Most points are far enough after four coordinates.
  for (; a + 4 <= end; a += 4, b += 4) {
    const d0 = (values[a] ?? 0) - (values[b] ?? 0);
    const d1 = (values[a + 1] ?? 0) - (values[b + 1] ?? 0);
    const d2 = (values[a + 2] ?? 0) - (values[b + 2] ?? 0);
    const d3 = (values[a + 3] ?? 0) - (values[b + 3] ?? 0);
    sum = sum + d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    if (sum > limit) return sum;
  }
  for (; a < end; a++, b++) {
    const d = (values[a] ?? 0) - (values[b] ?? 0);
    sum += d * d;
  }
  return sum;
}

/** Writes the places within `limit` (a squared distance) of place `p`, itself among them, to `found`; gives their number. `found` has room for all. */
export function placesWithin(tree: KdTree, p: number, limit: number, found: Int32Array, stack: Int32Array): number {
  const {values, width, starts, ends, isLeaf} = tree;
  let [size, open] = [0, 1];
  stack[0] = 0;
  while (open > 0) {
    const m = stack[--open] ?? 0;
    if (toBox(tree, p, m) > limit) continue;
    if (isLeaf[m] === 0) {
      stack[open++] = 2 * m + 1;
      stack[open++] = 2 * m + 2;
      continue;
    }
    const end = ends[m] ?? 0;
    for (let q = starts[m] ?? 0; q < end; q++) if (between(values, width, p, q, limit) <= limit) found[size++] = q;
  }
  return size;
}

/** Deep enough for the stack of any search. */
export const searchDepth = 128;
