// Grows one tree of a boosting round: leaf by leaf, the leaf that gains most first, each histogram made once.

import {type Binned, missingBin} from './bins.ts';
import type {TreeBuilder} from './tree.ts';

export type BoostedOptions = {maxLeaves: number; minLeafRows: number; learningRate: number; l2: number};

/** First and second derivative of the loss a row. */
export type Derivatives = {gradients: Float64Array; hessians: Float64Array};

type Sums = {gradient: number; hessian: number; count: number};
type Split = {feature: number; bin: number; missingLeft: boolean; gain: number; left: Sums};
type Leaf = {start: number; end: number; sums: Sums; histogram: Float64Array; split: Split | null; children: Leaf[]};

const bins = 256;
const smallestGain = 1e-10;
const smallestHessian = 1e-3;

/**
 * A tree of at most `maxLeaves` leaves that lowers Σ g·v + ½·(h + l2)·v² most (Chen and Guestrin 2016), its values times the
 * learning rate. Where a feature has missing values, each split tries them on both sides (scikit-learn's
 * `HistGradientBoosting`). Adds each row's value to `scores`.
 */
export function growBoostedTree(
  binned: Binned,
  {gradients, hessians}: Derivatives,
  builder: TreeBuilder,
  scores: Float64Array,
  options: BoostedOptions,
): void {
  const width = binned.codes.length;
  const rows = Uint32Array.from({length: binned.rows}, (_, i) => i);
  const scratch = new Uint32Array(binned.rows);
  const near = {gradients: new Float64Array(binned.rows), hessians: new Float64Array(binned.rows)};
  const free: Float64Array[] = [];
  const root = leafOn(0, binned.rows, null);
  let leaves = 1;
  const open = [root];
  while (leaves < options.maxLeaves) {
    const best = open.reduce<Leaf | null>(
      (most, leaf) => (leaf.split && (!most?.split || leaf.split.gain > most.split.gain) ? leaf : most),
      null,
    );
    if (!best?.split) break;
    open.splice(open.indexOf(best), 1);
    best.children = divide(best, best.split);
    open.push(...best.children);
    leaves++;
  }
  builder.startTree();
  write(root);

  function leafOn(start: number, end: number, sums: Sums | null): Leaf {
    const histogram = free.pop()?.fill(0) ?? new Float64Array(width * bins * 3);
    fill(histogram, start, end);
    const known = sums ?? totalOf(histogram);
    return {start, end, sums: known, histogram, split: bestSplit(histogram, known), children: []};
  }

  function fill(histogram: Float64Array, start: number, end: number): void {
    for (let p = start; p < end; p++) {
      const row = rows[p] ?? 0;
      near.gradients[p] = gradients[row] ?? 0;
      near.hessians[p] = hessians[row] ?? 0;
    }
    for (let j = 0; j < width; j++) {
      const codes = binned.codes[j] ?? new Uint8Array();
      const offset = j * bins * 3;
      for (let p = start; p < end; p++) {
        const at = offset + (codes[rows[p] ?? 0] ?? 0) * 3;
        histogram[at] = (histogram[at] ?? 0) + (near.gradients[p] ?? 0);
        histogram[at + 1] = (histogram[at + 1] ?? 0) + (near.hessians[p] ?? 0);
        histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
      }
    }
  }

  function totalOf(histogram: Float64Array): Sums {
    if (width === 0) {
      const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
      return {gradient: sum(gradients), hessian: sum(hessians), count: binned.rows};
    }
    const total = {gradient: 0, hessian: 0, count: 0};
    for (let bin = 0; bin < bins; bin++) addBin(total, histogram, bin * 3);
    return total;
  }

  function addBin(sums: Sums, histogram: Float64Array, at: number): void {
    sums.gradient += histogram[at] ?? 0;
    sums.hessian += histogram[at + 1] ?? 0;
    sums.count += histogram[at + 2] ?? 0;
  }

  function bestSplit(histogram: Float64Array, total: Sums): Split | null {
    if (total.count < 2 * options.minLeafRows) return null;
    let best: Split | null = null;
    for (let feature = 0; feature < width; feature++) {
      const offset = feature * bins * 3;
      const edgeCount = binned.edges[feature]?.length ?? 0;
      const hasMissing = (histogram[offset + 2] ?? 0) > 0;
      for (const missingLeft of hasMissing ? [false, true] : [false]) {
        const left = {gradient: 0, hessian: 0, count: 0};
        if (missingLeft) addBin(left, histogram, offset + missingBin);
        const last = hasMissing && !missingLeft ? edgeCount + 1 : edgeCount;
        for (let bin = 1; bin <= last; bin++) {
          addBin(left, histogram, offset + bin * 3);
          if (left.count < options.minLeafRows || left.hessian < smallestHessian) continue;
          if (total.count - left.count < options.minLeafRows || total.hessian - left.hessian < smallestHessian) break;
          const gain = gainOf(left, total);
          if (gain > smallestGain && (!best || gain > best.gain))
            best = {feature, bin, missingLeft, gain, left: {...left}};
        }
      }
    }
    return best;
  }

  function gainOf(left: Sums, total: Sums): number {
    const {l2} = options;
    const gradient = total.gradient - left.gradient;
    const hessian = total.hessian - left.hessian;
    return (
      (left.gradient * left.gradient) / (left.hessian + l2) +
      (gradient * gradient) / (hessian + l2) -
      (total.gradient * total.gradient) / (total.hessian + l2)
    );
  }

  /** The smaller child is counted, the larger is what is left of the parent's histogram. */
  function divide(leaf: Leaf, split: Split): Leaf[] {
    const middle = partition(split, leaf.start, leaf.end);
    const {sums, histogram} = leaf;
    const other: Sums = {
      gradient: sums.gradient - split.left.gradient,
      hessian: sums.hessian - split.left.hessian,
      count: sums.count - split.left.count,
    };
    const isLeftSmaller = middle - leaf.start <= leaf.end - middle;
    const small = isLeftSmaller ? leafOn(leaf.start, middle, split.left) : leafOn(middle, leaf.end, other);
    for (let i = 0; i < histogram.length; i++) histogram[i] = (histogram[i] ?? 0) - (small.histogram[i] ?? 0);
    const rest = isLeftSmaller
      ? {start: middle, end: leaf.end, sums: other}
      : {start: leaf.start, end: middle, sums: split.left};
    const large: Leaf = {...rest, histogram, split: bestSplit(histogram, rest.sums), children: []};
    for (const child of [small, large]) if (!child.split) free.push(child.histogram);
    return isLeftSmaller ? [small, large] : [large, small];
  }

  function partition({feature, bin, missingLeft}: Split, start: number, end: number): number {
    const codes = binned.codes[feature] ?? new Uint8Array();
    let left = start;
    let right = 0;
    for (let p = start; p < end; p++) {
      const row = rows[p] ?? 0;
      const code = codes[row] ?? 0;
      const goesLeft = code === missingBin ? missingLeft : code <= bin;
      rows[left] = row;
      scratch[right] = row;
      left += goesLeft ? 1 : 0;
      right += goesLeft ? 0 : 1;
    }
    rows.set(scratch.subarray(0, right), left);
    return left;
  }

  function write({start, end, sums, split, children}: Leaf): void {
    const curvature = sums.hessian + options.l2;
    const value = curvature > 0 ? (-sums.gradient / curvature) * options.learningRate : 0;
    const node = builder.add(sums.count, [value]);
    const [left, right] = children;
    if (split && left && right) {
      const threshold = binned.edges[split.feature]?.[split.bin - 1] ?? Number.POSITIVE_INFINITY;
      builder.split(node, split.feature, threshold, split.missingLeft);
      write(left);
      builder.setRight(node, builder.next);
      write(right);
      return;
    }
    for (let p = start; p < end; p++) {
      const row = rows[p] ?? 0;
      scores[row] = (scores[row] ?? 0) + value;
    }
  }
}
