// Scores many rows with small trees: instead of walking, the leaves that each feature leaves possible are cut (QuickScorer).

import type {Columns} from '../../core/least-squares.ts';
import {createArena} from '../kernel/arena.ts';
import {binCount, maskLeaves} from '../kernel/plain.ts';
import {type Cuts, codeOf, cutsOf} from './score-by-walking.ts';
import type {Trees} from './tree.ts';

/** Four trees side by side: the features they ask for, and for each of their codes which leaves stay possible. */
type Group = {used: number[]; masks: Uint32Array; values: Float64Array};

export type MaskScorer = {cuts: Cuts; groups: Group[]};

const together = 4;
const rowsAtOnce = 8192;

/**
 * For trees of one output with at most 32 leaves each and at most 254 different thresholds a feature; null for others.
 * (Lucchese et al. 2015, QuickScorer, with thresholds replaced by codes.)
 */
export function maskScorer(trees: Trees, width: number): MaskScorer | null {
  if (trees.outputs !== 1) return null;
  const cuts = cutsOf(trees, width);
  if (!cuts) return null;
  const groups: Group[] = [];
  for (let first = 0; first < trees.roots.length; first += together) {
    const group = groupOf(trees, first, cuts);
    if (!group) return null;
    groups.push(group);
  }
  return {cuts, groups};
}

type Branch = {feature: number; code: number; missingLeft: boolean; left: number};

function groupOf(trees: Trees, first: number, cuts: readonly Float64Array[]): Group | null {
  const values = new Float64Array(together * maskLeaves);
  const branches: Branch[][] = [];
  for (let t = first; t < Math.min(first + together, trees.roots.length); t++) {
    const read = branchesOf(trees, t, cuts);
    if (!read) return null;
    values.set(read.values, (t - first) * maskLeaves);
    branches.push(read.branches);
  }
  const used = [...new Set(branches.flat().map(({feature}) => feature))].sort((a, b) => a - b);
  const masks = new Uint32Array(used.length * binCount * together).fill(0xffffffff);
  branches.forEach((ofTree, t) => {
    for (const {feature, code, missingLeft, left} of ofTree) {
      const table = used.indexOf(feature) * binCount;
      const cut = (each: number) => {
        const at = (table + each) * together + t;
        masks[at] = (masks[at] ?? 0) & ~left;
      };
      if (!missingLeft) cut(0);
      for (let each = code + 1; each < binCount; each++) cut(each);
    }
  });
  return {used, masks, values};
}

/** What goes right at a node can't reach the leaves on its `left`, one bit each in their order. */
function branchesOf(trees: Trees, t: number, cuts: readonly Float64Array[]) {
  const end = trees.roots[t + 1] ?? trees.feature.length;
  const branches: Branch[] = [];
  const values: number[] = [];
  const leavesBefore = new Map<number, number>();
  for (let node = trees.roots[t] ?? 0; node < end; node++) {
    leavesBefore.set(node, values.length);
    if ((trees.feature[node] ?? -1) < 0) values.push(trees.values[node] ?? 0);
  }
  if (values.length > maskLeaves) return null;
  for (let node = trees.roots[t] ?? 0; node < end; node++) {
    const feature = trees.feature[node] ?? -1;
    if (feature < 0) continue;
    const from = leavesBefore.get(node) ?? 0;
    const to = leavesBefore.get(trees.right[node] ?? 0) ?? 0;
    const left = (2 ** to - 2 ** from) >>> 0;
    const code = codeOf(cuts[feature] ?? new Float64Array(), trees.threshold[node] ?? 0);
    branches.push({feature, code, missingLeft: trees.missingLeft[node] === 1, left});
  }
  return {branches, values};
}

/** Adds the leaves that the rows reach to `sums`, tree t to `sums[t mod sums.length]`, in the order of the trees. */
export function addByMasks({cuts, groups}: MaskScorer, features: Columns, sums: readonly Float64Array[]): void {
  const width = features.length;
  const rows = Math.min(rowsAtOnce, sums[0]?.length ?? 0);
  const mostUsed = Math.max(1, ...groups.map(({used}) => used.length));
  const maskBytes = mostUsed * binCount * together * 4;
  const valueBytes = together * maskLeaves * 8;
  const edgeBytes = binCount * 8;
  const {kernel, buffer, take} = createArena(
    rows * (width + 8 + 8 * sums.length) + edgeBytes + valueBytes + maskBytes + 4 * mostUsed + 16 * (6 + sums.length),
  );
  const [codes, column, edges, used] = [take(rows * width), take(8 * rows), take(edgeBytes), take(4 * mostUsed)];
  const [masks, values] = [take(maskBytes), take(valueBytes)];
  const scores = sums.map(() => take(8 * rows));
  const [doubles, words] = [new Float64Array(buffer), new Uint32Array(buffer)];
  for (let start = 0; start < (sums[0]?.length ?? 0); start += rows) {
    const end = Math.min(start + rows, sums[0]?.length ?? 0);
    features.forEach((feature, j) => {
      doubles.set(cuts[j] ?? [], edges / 8);
      doubles.set(feature.subarray(start, end), column / 8);
      kernel.encode(column, end - start, edges, codes + j, width);
    });
    sums.forEach((sum, k) => {
      doubles.set(sum.subarray(start, end), (scores[k] ?? 0) / 8);
    });
    groups.forEach((group, g) => {
      words.set(group.used, used / 4);
      words.set(group.masks, masks / 4);
      doubles.set(group.values, values / 8);
      const scoreOf = (t: number) => scores[(g * together + t) % sums.length] ?? 0;
      const [a, b, c, d] = [scoreOf(0), scoreOf(1), scoreOf(2), scoreOf(3)];
      kernel.scoreByMasks(codes, end - start, width, used, group.used.length, masks, values, a, b, c, d);
    });
    sums.forEach((sum, k) => {
      const from = (scores[k] ?? 0) / 8;
      sum.set(doubles.subarray(from, from + end - start), start);
    });
  }
}
