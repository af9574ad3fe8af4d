// Decision trees as flat arrays: quick to walk, small to keep.

import type {Columns} from '../../core/least-squares.ts';

export const leaf = -1;

/**
 * Several trees one after another. Node `n` is a leaf when `feature[n]` is −1; otherwise rows whose feature is at most
 * `threshold[n]` go to node n + 1, the others to `right[n]`; a missing value (NaN) goes left where `missingLeft[n]` is 1.
 * `cover[n]` is the weight of the rows that reached node n in training, `values[n * outputs + k]` its output k: of a leaf
 * what it answers, of an inner node the mean of the leaves below it, weighted by their cover.
 */
export type Trees = {
  outputs: number;
  roots: Uint32Array;
  feature: Int32Array;
  threshold: Float64Array;
  right: Uint32Array;
  missingLeft: Uint8Array;
  cover: Float64Array;
  values: Float64Array;
};

/** An array that grows. */
class Numbers {
  #array = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#array.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.length++] = value;
  }

  get all(): Float64Array {
    return this.#array.subarray(0, this.length);
  }
}

/** Takes the nodes of trees in the order of a walk: a node, all that is left of it, all that is right of it. */
export class TreeBuilder {
  readonly #outputs: number;
  readonly #splits = new Numbers();
  readonly #thresholds = new Numbers();
  readonly #covers = new Numbers();
  readonly #values = new Numbers();

  constructor(outputs: number) {
    this.#outputs = outputs;
  }

  leaf(cover: number, values: readonly number[]): void {
    this.#splits.push(0);
    this.#covers.push(cover);
    for (const value of values) this.#values.push(value);
  }

  split(feature: number, threshold: number, missingLeft: boolean): void {
    this.#splits.push(splitCode(feature, missingLeft));
    this.#thresholds.push(threshold);
  }

  finish(): Trees {
    const parts = {splits: this.#splits.all, thresholds: this.#thresholds.all, covers: this.#covers.all};
    return assembleTrees({...parts, outputs: this.#outputs, values: this.#values.all});
  }
}

/** 0 stands for a leaf. */
export function splitCode(feature: number, missingLeft: boolean): number {
  return 1 + 2 * feature + (missingLeft ? 1 : 0);
}

/** `splits` of all nodes, `thresholds` of the inner ones, `covers` and `values` of the leaves, each in the order of a walk. */
export type TreeParts = {
  outputs: number;
  splits: Uint32Array | Float64Array;
  thresholds: Float64Array;
  covers: Float64Array;
  values: Float64Array;
};

/** @throws {RangeError} when the parts do not make whole trees */
export function assembleTrees({outputs, splits, thresholds, covers, values}: TreeParts): Trees {
  const nodes = splits.length;
  const trees: Trees = {
    outputs,
    roots: new Uint32Array(),
    feature: new Int32Array(nodes).fill(leaf),
    threshold: new Float64Array(nodes),
    right: new Uint32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    cover: new Float64Array(nodes),
    values: new Float64Array(nodes * outputs),
  };
  const roots: number[] = [];
  const open: number[] = [];
  let [inner, leaves, isAfterLeaf] = [0, 0, true];
  splits.forEach((split, node) => {
    if (isAfterLeaf) {
      const parent = open.pop();
      if (parent === undefined) roots.push(node);
      else trees.right[parent] = node;
    }
    isAfterLeaf = split === 0;
    if (split === 0) {
      trees.cover[node] = covers[leaves] ?? 0;
      for (let k = 0; k < outputs; k++) trees.values[node * outputs + k] = values[leaves * outputs + k] ?? 0;
      leaves++;
    } else {
      trees.feature[node] = (split - 1) >> 1;
      trees.missingLeft[node] = (split - 1) & 1;
      trees.threshold[node] = thresholds[inner++] ?? 0;
      open.push(node);
    }
  });
  if (open.length > 0 || !isAfterLeaf) throw new RangeError('a tree ends before all its leaves are there');
  if (inner !== thresholds.length || leaves !== covers.length || leaves * outputs !== values.length)
    throw new RangeError('the arrays of the trees differ in length');
  fillInnerNodes(trees);
  return {...trees, roots: Uint32Array.from(roots)};
}

/** Children come after their parents, so from the end they are known first. */
function fillInnerNodes({outputs, feature, right, cover, values}: Trees): void {
  for (let node = feature.length - 1; node >= 0; node--) {
    if ((feature[node] ?? leaf) === leaf) continue;
    const [a, b] = [node + 1, right[node] ?? 0];
    const [coverA, coverB] = [cover[a] ?? 0, cover[b] ?? 0];
    cover[node] = coverA + coverB;
    const share = coverA + coverB > 0 ? coverA / (coverA + coverB) : 0.5;
    for (let k = 0; k < outputs; k++)
      values[node * outputs + k] =
        share * (values[a * outputs + k] ?? 0) + (1 - share) * (values[b * outputs + k] ?? 0);
  }
}

/** Without those from tree `count` on. */
export function firstTrees(trees: Trees, count: number): Trees {
  const end = trees.roots[count];
  if (end === undefined) return trees;
  const {outputs, roots, feature, threshold, right, missingLeft, cover, values} = trees;
  return {
    outputs,
    roots: roots.slice(0, count),
    feature: feature.slice(0, end),
    threshold: threshold.slice(0, end),
    right: right.slice(0, end),
    missingLeft: missingLeft.slice(0, end),
    cover: cover.slice(0, end),
    values: values.slice(0, end * outputs),
  };
}

const blockRows = 512;

/**
 * Adds the values of the leaves that the rows reach to `sums`. With several outputs a tree, output k of all trees is added to
 * `sums[k]`; with one, tree t adds to `sums[t mod sums.length]`. `features` may hold NaN.
 */
export function addLeaves(trees: Trees, features: Columns, sums: readonly Float64Array[]): void {
  const {roots} = trees;
  const rows = sums[0]?.length ?? 0;
  const reached = new Uint32Array(blockRows);
  // A block of rows lies row by row in memory while all trees are walked, which is several times faster than columns.
  const block = new Float64Array(blockRows * features.length);
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    features.forEach((column, j) => {
      for (let i = 0; i < count; i++) block[i * features.length + j] = column[start + i] ?? Number.NaN;
    });
    roots.forEach((root, t) => {
      for (let i = 0; i < count; i++) reached[i] = leafOf(trees, root, block, i * features.length);
      addReached(trees, t, reached.subarray(0, count), sums, start);
    });
  }
}

/** Adds the values of the leaves `reached` by the rows from `start` on in tree t. */
export function addReached(
  {outputs, values}: Trees,
  t: number,
  reached: Uint32Array,
  sums: readonly Float64Array[],
  start: number,
): void {
  for (let k = 0; k < outputs; k++) {
    const sum = sums[outputs > 1 ? k : t % sums.length];
    if (!sum) continue;
    for (let i = 0; i < reached.length; i++)
      sum[start + i] = (sum[start + i] ?? 0) + (values[(reached[i] ?? 0) * outputs + k] ?? 0);
  }
}

/** The leaf that the row whose features begin at `block[offset]` reaches in the tree that begins at `root`. */
function leafOf(trees: Trees, root: number, block: Float64Array, offset: number): number {
  const {feature, threshold, right, missingLeft} = trees;
  let node = root;
  for (let j = feature[node] ?? leaf; j >= 0; j = feature[node] ?? leaf) {
    const value = block[offset + j] ?? 0;
    // A comparison with NaN is false, so a missing value goes right unless the node says left.
    if (value <= (threshold[node] ?? 0)) node++;
    else if (Number.isNaN(value) && missingLeft[node] === 1) node++;
    else node = right[node] ?? 0;
  }
  return node;
}
