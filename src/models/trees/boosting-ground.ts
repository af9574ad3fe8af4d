// What boosting works on from its first tree to its last, in one memory: the binned features and room for everything else.

import type {Columns} from '../../core/least-squares.ts';
import {createArena} from '../kernel/arena.ts';
import {binCount, type Kernel, splitBytes} from '../kernel/plain.ts';
import {findEdges} from './bins.ts';

/** Byte offsets of the bins of all features at one leaf: gradients and hessians, and rows. */
export type Histogram = {sums: number; counts: number};

export type BoostingGround = {
  kernel: Kernel;
  rows: number;
  width: number;
  edges: Float64Array[];
  /** `gradients` and `hessians` alternate; set anew before each tree. */
  pairs: Float64Array;
  /** The rows to learn from come first. */
  order: Uint32Array;
  /** Byte offsets; see `Kernel`. */
  at: {pairs: number; near: number; rows: number; scratch: number; edgeCounts: number; total: number; best: number};
  doubles: Float64Array;
  words: Uint32Array;
  bytes: Uint8Array;
  /** Bins of a histogram: a multiple of four features. */
  bins: number;
  /** The offset of the four features that feature j is among. */
  groupAt(feature: number): number;
  /** Where the codes of feature j begin, four bytes apart. */
  codesAt(feature: number): number;
  takeHistogram(): Histogram;
  giveBack(histogram: Histogram): void;
};

const edgeRoom = binCount;
const rowsAtOnce = 4096;

/** @throws {RangeError} beyond 4 GB: some 36 bytes a row, one a cell, and 5 KB a feature and leaf */
export function prepareGround(features: Columns, rows: number, maxLeaves: number): BoostingGround {
  const width = features.length;
  const groups = Math.ceil(width / 4);
  const bins = groups * 4 * binCount;
  const codeBytes = groups * 4 * rows;
  // Each open leaf has one histogram, and the smaller child of the leaf that is divided another.
  const {kernel, buffer, take} = createArena(
    codeBytes + 40 * rows + (maxLeaves + 1) * (20 * bins + 32) + 12 * edgeRoom + 8 * rowsAtOnce + 4 * width + 1024,
  );
  const [doubles, words, bytes] = [new Float64Array(buffer), new Uint32Array(buffer), new Uint8Array(buffer)];
  const codes = take(codeBytes);
  const at = {
    pairs: take(16 * rows),
    near: take(16 * rows),
    rows: take(4 * rows),
    scratch: take(4 * rows),
    edgeCounts: take(4 * width),
    total: take(24),
    best: take(splitBytes),
  };
  const groupAt = (feature: number) => codes + (feature >> 2) * 4 * rows;
  const codesAt = (feature: number) => groupAt(feature) + (feature & 3);
  const [edgesAt, valuesAt] = [take(8 * edgeRoom), take(8 * rowsAtOnce)];
  const edges = features.map((column, feature) => {
    const found = findEdges(column);
    doubles.fill(Number.POSITIVE_INFINITY, edgesAt / 8, edgesAt / 8 + edgeRoom).set(found, edgesAt / 8);
    words[at.edgeCounts / 4 + feature] = found.length;
    for (let start = 0; start < rows; start += rowsAtOnce) {
      const block = column.subarray(start, start + rowsAtOnce);
      doubles.set(block, valuesAt / 8);
      kernel.encode(valuesAt, block.length, edgesAt, codesAt(feature) + 4 * start, 4);
    }
    return found;
  });
  const order = words.subarray(at.rows / 4, at.rows / 4 + rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  const free: Histogram[] = [];
  return {
    ...{kernel, rows, width, edges, at, doubles, words, bytes, bins, groupAt, codesAt, order},
    pairs: doubles.subarray(at.pairs / 8, at.pairs / 8 + 2 * rows),
    takeHistogram: () => free.pop() ?? {sums: take(16 * bins), counts: take(4 * bins)},
    giveBack: histogram => free.push(histogram),
  };
}
