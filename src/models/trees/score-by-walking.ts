// Scores many rows with deep trees: the values become codes once, and eight rows at a time walk down together.

import type {Columns} from '../../core/least-squares.ts';
import {createArena} from '../kernel/arena.ts';
import {binCount} from '../kernel/plain.ts';
import {addReached, leaf, type Trees} from './tree.ts';

/** `cuts[j]` are the different thresholds of feature j, filled up with ∞; a code is the number of those below a value, plus 1. */
export type Cuts = Float64Array[];
/** Two words a node, see `Kernel.walk`; children by their place in the tree. */
export type WalkScorer = {cuts: Cuts; nodes: Uint32Array; mostNodes: number};

const rowsAtOnce = 16_384;
const mostFeatures = 65_536;

/** Null when a feature has more different thresholds than a byte can tell apart. */
export function cutsOf({feature, threshold}: Trees, width: number): Cuts | null {
  const found = Array.from({length: width}, () => new Set<number>());
  feature.forEach((j, node) => {
    const value = threshold[node] ?? 0;
    if (j >= 0 && value < Number.POSITIVE_INFINITY) found[j]?.add(value);
  });
  if (found.some(each => each.size > binCount - 2)) return null;
  return found.map(each => {
    const padded = new Float64Array(binCount).fill(Number.POSITIVE_INFINITY);
    padded.set(Float64Array.from(each).sort());
    return padded;
  });
}

/** The highest code that goes left at this threshold: below the first cut is code 1. */
export function codeOf(cuts: Float64Array, threshold: number): number {
  let low = 0;
  let high = binCount - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) >= threshold) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** Null for trees whose thresholds or features are too many for it. */
export function walkScorer(trees: Trees, width: number): WalkScorer | null {
  const cuts = width < mostFeatures ? cutsOf(trees, width) : null;
  if (!cuts) return null;
  const {roots, feature, threshold, right, missingLeft} = trees;
  const nodes = new Uint32Array(2 * feature.length);
  let mostNodes = 0;
  roots.forEach((root, t) => {
    const end = roots[t + 1] ?? feature.length;
    mostNodes = Math.max(mostNodes, end - root);
    for (let node = root; node < end; node++) {
      const j = feature[node] ?? leaf;
      const shift = missingLeft[node] === 1 ? 0 : 1;
      // No code is below 0, so a leaf always goes to the right, which is itself.
      const limit =
        j === leaf ? 0 : Math.min(codeOf(cuts[j] ?? new Float64Array(), threshold[node] ?? 0) + 1 - shift, 255);
      nodes[2 * node] = (j === leaf ? 0 : j << 16) | (shift << 8) | limit;
      nodes[2 * node + 1] = (j === leaf ? node : (right[node] ?? 0)) - root;
    }
  });
  return {cuts, nodes, mostNodes};
}

/** Adds the leaves that the rows reach to `sums`, as `addLeaves`. */
export function addByWalking(
  {cuts, nodes, mostNodes}: WalkScorer,
  trees: Trees,
  features: Columns,
  sums: readonly Float64Array[],
): void {
  const width = features.length;
  const all = sums[0]?.length ?? 0;
  const rows = Math.min(rowsAtOnce, all);
  // Eight rows walk together, so the last ones may be followed by up to seven that are not there.
  const room = rows + 8;
  const {kernel, buffer, take} = createArena(room * (width + 12) + 8 * binCount + 8 * mostNodes + 64);
  const [codes, column, reached] = [take(room * width), take(8 * room), take(4 * room)];
  const [edges, tree] = [take(8 * binCount), take(8 * mostNodes)];
  const [doubles, words] = [new Float64Array(buffer), new Uint32Array(buffer)];
  for (let start = 0; start < all; start += rows) {
    const count = Math.min(rows, all - start);
    features.forEach((feature, j) => {
      doubles.set(cuts[j] ?? [], edges / 8);
      doubles.set(feature.subarray(start, start + count), column / 8);
      kernel.encode(column, count, edges, codes + j, width);
    });
    trees.roots.forEach((root, t) => {
      words.set(nodes.subarray(2 * root, 2 * (trees.roots[t + 1] ?? trees.feature.length)), tree / 4);
      kernel.walk(tree, root, codes, count, width, reached);
      addReached(trees, t, words.subarray(reached / 4, reached / 4 + count), sums, start);
    });
  }
}
