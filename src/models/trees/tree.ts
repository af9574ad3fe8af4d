// Decision trees as flat arrays: quick to walk, and safe to read back from a file.

import {z} from 'zod';
import type {Columns} from '../../core/least-squares.ts';

const leaf = -1;

/**
 * Several trees one after another. Node `n` is a leaf when `feature[n]` is −1; otherwise rows whose feature is at most
 * `threshold[n]` go to node n + 1, the others to `right[n]`; a missing value (NaN) goes left where `missingLeft[n]` is 1.
 * `values[n * outputs + k]` is output k of node n (of inner nodes too), `cover[n]` the weight of the rows that reached it.
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

/** Collects nodes while trees grow; a child on the left always follows its parent. */
export class TreeBuilder {
  readonly #outputs: number;
  readonly #roots: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #right: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #cover: number[] = [];
  readonly #values: number[] = [];

  constructor(outputs: number) {
    this.#outputs = outputs;
  }

  /** The number that the next node will have. */
  get next(): number {
    return this.#feature.length;
  }

  startTree(): void {
    this.#roots.push(this.#feature.length);
  }

  /** Adds a leaf and gives its number. */
  add(cover: number, values: readonly number[]): number {
    this.#feature.push(leaf);
    this.#threshold.push(0);
    this.#right.push(0);
    this.#missingLeft.push(0);
    this.#cover.push(cover);
    this.#values.push(...values);
    return this.#feature.length - 1;
  }

  /** Makes the leaf a split; its left child must be the node after it. */
  split(node: number, feature: number, threshold: number, missingLeft: boolean): void {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
  }

  setRight(node: number, right: number): void {
    this.#right[node] = right;
  }

  finish(): Trees {
    return {
      outputs: this.#outputs,
      roots: Uint32Array.from(this.#roots),
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      right: Uint32Array.from(this.#right),
      missingLeft: Uint8Array.from(this.#missingLeft),
      cover: Float64Array.from(this.#cover),
      values: Float64Array.from(this.#values),
    };
  }
}

const blockRows = 512;

/**
 * Adds the values of the leaves that the rows reach to `sums`. With several outputs a tree, output k of all trees is added to
 * `sums[k]`; with one, tree t adds to `sums[t mod sums.length]`. `features` may hold NaN.
 */
export function addLeaves(trees: Trees, features: Columns, sums: readonly Float64Array[]): void {
  const {outputs, roots, values} = trees;
  const rows = sums[0]?.length ?? 0;
  // A block of rows lies row by row in memory while all trees are walked, which is several times faster than columns.
  const block = new Float64Array(blockRows * features.length);
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    features.forEach((column, j) => {
      for (let i = 0; i < count; i++) block[i * features.length + j] = column[start + i] ?? Number.NaN;
    });
    roots.forEach((root, t) => {
      for (let i = 0; i < count; i++) {
        const at = leafOf(trees, root, block, i * features.length) * outputs;
        for (let k = 0; k < outputs; k++) {
          const sum = sums[outputs > 1 ? k : t % sums.length];
          if (sum) sum[start + i] = (sum[start + i] ?? 0) + (values[at + k] ?? 0);
        }
      }
    });
  }
}

/** The leaf that the row whose features begin at `block[offset]` reaches in the tree that begins at `root`. */
export function leafOf(trees: Trees, root: number, block: Float64Array, offset: number): number {
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

const packedTrees = z.object({
  outputs: z.int().min(1),
  featureCount: z.int().min(0),
  roots: z.string(),
  feature: z.string(),
  threshold: z.string(),
  right: z.string(),
  missingLeft: z.string(),
  cover: z.string(),
  values: z.string(),
});

/** Typed arrays as base64 of their little-endian bytes: an eighth of the size that the numbers have as text. */
export function packTrees(trees: Trees, featureCount: number): z.output<typeof packedTrees> {
  const {outputs, roots, feature, threshold, right, missingLeft, cover, values} = trees;
  return {
    outputs,
    featureCount,
    roots: toBase64(roots),
    feature: toBase64(feature),
    threshold: toBase64(threshold),
    right: toBase64(right),
    missingLeft: toBase64(missingLeft),
    cover: toBase64(cover),
    values: toBase64(values),
  };
}

/** Every path of what comes back ends in a leaf. @throws {ZodError | RangeError} when it is not what `packTrees` made. */
export function unpackTrees(parameters: unknown): {trees: Trees; featureCount: number} {
  const packed = packedTrees.parse(parameters);
  const trees: Trees = {
    outputs: packed.outputs,
    roots: new Uint32Array(bytesOf(packed.roots, 4)),
    feature: new Int32Array(bytesOf(packed.feature, 4)),
    threshold: new Float64Array(bytesOf(packed.threshold, 8)),
    right: new Uint32Array(bytesOf(packed.right, 4)),
    missingLeft: new Uint8Array(bytesOf(packed.missingLeft, 1)),
    cover: new Float64Array(bytesOf(packed.cover, 8)),
    values: new Float64Array(bytesOf(packed.values, 8)),
  };
  requireWhole(trees, packed.featureCount);
  return {trees, featureCount: packed.featureCount};
}

function requireWhole({outputs, roots, feature, threshold, right, missingLeft, cover, values}: Trees, width: number) {
  const count = feature.length;
  const lengths = [threshold.length, right.length, missingLeft.length, cover.length, values.length / outputs];
  if (lengths.some(length => length !== count)) throw new RangeError('the arrays of the trees differ in length');
  if (threshold.some(Number.isNaN)) throw new RangeError('a threshold is not a number');
  if (!values.every(Number.isFinite) || !cover.every(Number.isFinite)) throw new RangeError('a value is not finite');
  // `ends[n]` is where the nodes below n end: its left branch begins after it, its right one where the left one ends. So
  // no walk can run in a circle, and no node has two parents.
  const ends = new Uint32Array(count);
  for (let node = count - 1; node >= 0; node--) {
    const j = feature[node] ?? leaf;
    if (j >= width) throw new RangeError(`node ${node} asks for feature ${j} of ${width}`);
    const [after, other] = [node + 1, right[node] ?? 0];
    if (j >= 0 && !(after < count && other < count && other === ends[after]))
      throw new RangeError(`node ${node} has no children of its own`);
    ends[node] = j >= 0 ? (ends[other] ?? 0) : after;
  }
  const begins = [...roots, count];
  if (begins.some((begin, t) => begin !== (t === 0 ? 0 : ends[begins[t - 1] ?? 0])))
    throw new RangeError('a tree begins where none ends');
}

function toBase64(array: Uint8Array | Uint32Array | Int32Array | Float64Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}

function bytesOf(text: string, size: number): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % size !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${size}-byte values`);
  return new Uint8Array(bytes).buffer;
}
