// Grows one tree to its full depth, choosing among a random part of the features at each node: for forests and single trees.

import type {Mt19937} from '../mt19937.ts';
import {type Binned, missingBin} from './bins.ts';
import type {TreeBuilder} from './tree.ts';

export type DeepOptions = {
  /** How many features each node looks at; all of them when it is at least their number. */
  featuresPerNode: number;
  minLeafRows: number;
  maxDepth: number;
  /** One random threshold a feature instead of the best one (extremely randomised trees, Geurts 2006). */
  randomThreshold: boolean;
  /** Thresholds lie exactly halfway, as is nice to read; otherwise at an edge of the bins, of which there are few to keep. */
  halfway: boolean;
};

/** What the tree learns: `outputs` values a row, `targets[k][i]`, and the weight of each row (0 leaves it out). */
export type DeepTarget = {targets: readonly Float64Array[]; weights: Float64Array};

/** Bins up to `bin` go left. */
type Split = {feature: number; bin: number; threshold: number; missingLeft: boolean; gain: number};

/**
 * Splits by the largest fall of the summed variance of the outputs, which for class indicators is Gini's (CART). Stops at pure
 * nodes, at `maxDepth`, and where a side would have fewer than `minLeafRows` rows. Ties go to the feature drawn first.
 */
export function growDeepTree(
  binned: Binned,
  {targets, weights}: DeepTarget,
  builder: TreeBuilder,
  random: Mt19937,
  options: DeepOptions,
): void {
  const rows = Uint32Array.from(rowsWithWeight(weights));
  const scratch = new Uint32Array(rows.length);
  const channels = targets.length + 2;
  const bins = binned.edges.reduce((most, edges) => Math.max(most, edges.length + 2), 2);
  const histogram = new Float64Array(bins * channels);
  const left = new Float64Array(channels);
  /** A bit a bin that holds rows: small nodes are many, and most of their bins are empty. */
  const filled = new Int32Array((bins >> 5) + 1);
  const order = Uint32Array.from(binned.codes, (_, j) => j);
  // An own stack: a tree of one row a leaf can be deeper than the call stack.
  const open: {start: number; end: number; depth: number}[] = [{start: 0, end: rows.length, depth: 0}];
  for (let task = open.pop(); task; task = open.pop()) {
    const {start, end, depth} = task;
    const total = sumRange(start, end);
    const isLeaf = depth >= options.maxDepth || end - start < 2 * options.minLeafRows || isPure(start, end);
    const split = isLeaf ? null : bestSplit(start, end, total);
    if (!split) {
      const weight = total[channels - 2] ?? 0;
      builder.leaf(
        weight,
        targets.map((_, k) => (total[k] ?? 0) / weight),
      );
      continue;
    }
    const middle = partition(split, start, end);
    builder.split(split.feature, split.threshold, split.missingLeft);
    open.push({start: middle, end, depth: depth + 1});
    open.push({start, end: middle, depth: depth + 1});
  }

  function sumRange(start: number, end: number): Float64Array {
    const total = new Float64Array(channels);
    for (let p = start; p < end; p++) addRow(total, 0, rows[p] ?? 0);
    return total;
  }

  function addRow(sums: Float64Array, at: number, row: number): void {
    const weight = weights[row] ?? 0;
    for (let k = 0; k < channels - 2; k++) sums[at + k] = (sums[at + k] ?? 0) + weight * (targets[k]?.[row] ?? 0);
    sums[at + channels - 2] = (sums[at + channels - 2] ?? 0) + weight;
    sums[at + channels - 1] = (sums[at + channels - 1] ?? 0) + 1;
  }

  function isPure(start: number, end: number): boolean {
    const first = rows[start] ?? 0;
    return targets.every(target => {
      for (let p = start + 1; p < end; p++) if (target[rows[p] ?? 0] !== target[first]) return false;
      return true;
    });
  }

  /** Draws features until enough of them that are not constant here were looked at, as scikit-learn does. */
  function bestSplit(start: number, end: number, total: Float64Array): Split | null {
    let best: Split | null = null;
    let looked = 0;
    for (let drawn = 0; drawn < order.length && looked < options.featuresPerNode; drawn++) {
      const other = drawn + random.nextInterval(order.length - 1 - drawn);
      const feature = order[other] ?? 0;
      order[other] = order[drawn] ?? 0;
      order[drawn] = feature;
      const {lowest, highest} = fill(feature, start, end);
      const hasMissing = (histogram[channels - 1] ?? 0) > 0;
      if (lowest === highest && !hasMissing) {
        clear();
        continue;
      }
      looked++;
      const found = scan(feature, lowest, highest, hasMissing, total);
      if (found && (!best || found.gain > best.gain)) best = found;
      clear();
    }
    return best;
  }

  function fill(feature: number, start: number, end: number): {lowest: number; highest: number} {
    const codes = binned.codes[feature] ?? new Uint8Array();
    const [only] = targets.length === 1 ? targets : [];
    let lowest = bins;
    let highest = 0;
    for (let p = start; p < end; p++) {
      const row = rows[p] ?? 0;
      const code = codes[row] ?? 0;
      if (only) {
        const at = code * 3;
        const weight = weights[row] ?? 0;
        histogram[at] = (histogram[at] ?? 0) + weight * (only[row] ?? 0);
        histogram[at + 1] = (histogram[at + 1] ?? 0) + weight;
        histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
      } else addRow(histogram, code * channels, row);
      filled[code >> 5] = (filled[code >> 5] ?? 0) | (1 << (code & 31));
      if (code === missingBin) continue;
      if (code < lowest) lowest = code;
      if (code > highest) highest = code;
    }
    return highest === 0 ? {lowest: 1, highest: 1} : {lowest, highest};
  }

  function clear(): void {
    for (let bin = nextFilled(0); bin < bins; bin = nextFilled(bin + 1))
      for (let at = bin * channels; at < (bin + 1) * channels; at++) histogram[at] = 0;
    filled.fill(0);
  }

  /** The first bin from this one on that holds rows, or the number of bins. */
  function nextFilled(bin: number): number {
    let word = bin >> 5;
    let bits = (filled[word] ?? 0) & (-1 << (bin & 31));
    while (bits === 0 && word < filled.length) bits = filled[++word] ?? 0;
    return bits === 0 ? bins : (word << 5) + 31 - Math.clz32(bits & -bits);
  }

  function scan(
    feature: number,
    lowest: number,
    highest: number,
    hasMissing: boolean,
    total: Float64Array,
  ): Split | null {
    let best: Split | null = null;
    const chosen = options.randomThreshold ? randomBin(feature, lowest, highest) : null;
    for (let side = 0; side < (hasMissing ? 2 : 1); side++) {
      const missingLeft = side === 1;
      left.fill(0);
      if (missingLeft) addBin(left, missingBin);
      for (let bin = lowest; bin <= highest; ) {
        addBin(left, bin);
        const next = Math.min(nextFilled(bin + 1), highest + 1);
        // The split after the last value parts what is there from what is missing.
        const isOffered =
          bin < highest ? chosen === null || (chosen >= bin && chosen < next) : hasMissing && !missingLeft;
        const gain = isOffered ? gainOf(left, total) : null;
        if (gain !== null && (!best || gain > best.gain)) {
          const isDrawn = chosen !== null && bin < highest;
          const threshold = isDrawn ? thresholdOf(feature, chosen, chosen) : thresholdOf(feature, bin, next - 1);
          best = {feature, bin, threshold, missingLeft, gain};
        }
        // What lies behind the one threshold that was drawn matters only to the split behind all of them.
        if (chosen !== null && chosen < next && !hasMissing) break;
        bin = next;
      }
    }
    return best;
  }

  function addBin(sums: Float64Array, bin: number): void {
    for (let c = 0; c < channels; c++) sums[c] = (sums[c] ?? 0) + (histogram[bin * channels + c] ?? 0);
  }

  function gainOf(left: Float64Array, total: Float64Array): number | null {
    const [count, weight] = [left[channels - 1] ?? 0, left[channels - 2] ?? 0];
    const rest = (total[channels - 1] ?? 0) - count;
    if (count < options.minLeafRows || rest < options.minLeafRows) return null;
    const restWeight = (total[channels - 2] ?? 0) - weight;
    let gain = 0;
    for (let k = 0; k < channels - 2; k++) {
      const sum = left[k] ?? 0;
      const other = (total[k] ?? 0) - sum;
      gain += (sum * sum) / weight + (other * other) / restWeight;
    }
    return gain;
  }

  /** Between the values on both sides, which are neighbours here but need not be so in the whole column. */
  function thresholdOf(feature: number, bin: number, lastEmpty: number): number {
    const edges = binned.edges[feature] ?? new Float64Array();
    const [low, high] = [edges[bin - 1], edges[lastEmpty - 1]];
    if (low === undefined || high === undefined) return Number.POSITIVE_INFINITY;
    return options.halfway ? low + (high - low) / 2 : (edges[(bin + lastEmpty - 2) >> 1] ?? low);
  }

  /** Uniform between the smallest and the largest value here, as far as the bins tell. */
  function randomBin(feature: number, lowest: number, highest: number): number {
    const edges = binned.edges[feature] ?? new Float64Array();
    const [from, to] = [edges[lowest - 1] ?? 0, edges[highest - 2] ?? 0];
    const value = from + random.nextDouble() * (to - from);
    let [low, high] = [lowest, Math.max(lowest, highest - 1)];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (edges[middle - 1] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Rows that go left first, each side in the order it had; gives where the right side begins. */
  function partition({feature, bin, missingLeft}: Split, start: number, end: number): number {
    const codes = binned.codes[feature] ?? new Uint8Array();
    let left = start;
    let right = 0;
    for (let p = start; p < end; p++) {
      const row = rows[p] ?? 0;
      const code = codes[row] ?? 0;
      if (code === missingBin ? missingLeft : code <= bin) rows[left++] = row;
      else scratch[right++] = row;
    }
    rows.set(scratch.subarray(0, right), left);
    return left;
  }
}

function* rowsWithWeight(weights: Float64Array): Generator<number> {
  for (let i = 0; i < weights.length; i++) if ((weights[i] ?? 0) > 0) yield i;
}
