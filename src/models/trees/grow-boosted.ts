// Grows one tree of a boosting round: leaf by leaf, the leaf that gains most first, each histogram made once.

import type {BoostingGround, Histogram} from './boosting-ground.ts';
import type {TreeBuilder} from './tree.ts';

export type BoostedOptions = {maxLeaves: number; minLeafRows: number; learningRate: number; l2: number};

type Sums = {gradient: number; hessian: number; count: number};
type Split = {feature: number; bin: number; missingLeft: boolean; gain: number; left: Sums};
type Leaf = {
  start: number;
  end: number;
  sums: Sums;
  histogram: Histogram | null;
  split: Split | null;
  children: readonly [Leaf, Leaf] | null;
};

const smallestGain = 1e-10;

/**
 * A tree of at most `maxLeaves` leaves that lowers Σ g·v + ½·(h + l2)·v² most (Chen and Guestrin 2016) over the first
 * `grown` rows of the ground's order, its values times the learning rate. Where a feature has missing values, each split
 * tries them on both sides (scikit-learn's `HistGradientBoosting`). Adds to `scores` of each row, of the others too.
 */
export function growBoostedTree(
  ground: BoostingGround,
  grown: number,
  builder: TreeBuilder,
  scores: Float64Array,
  options: BoostedOptions,
): void {
  const {kernel, at, doubles, words, bytes, order, edges, width} = ground;
  const root: Leaf = {start: 0, end: grown, sums: sumOf(grown), histogram: null, split: null, children: null};
  const open = [root];
  if (options.maxLeaves > 1) look(root, count(root));
  for (let leaves = 1; leaves < options.maxLeaves; leaves++) {
    const best = open.reduce((most, leaf) => ((leaf.split?.gain ?? 0) > (most.split?.gain ?? 0) ? leaf : most));
    if (!best.split) break;
    const children = divide(best, best.split, leaves + 1 === options.maxLeaves);
    best.children = children;
    open.splice(open.indexOf(best), 1, ...children);
  }
  for (const {histogram} of open) if (histogram) ground.giveBack(histogram);
  write(root);
  for (let p = grown; p < order.length; p++) {
    const row = order[p] ?? 0;
    scores[row] = (scores[row] ?? 0) + stepOf(leafOf(row).sums);
  }

  function sumOf(rows: number): Sums {
    const sums = {gradient: 0, hessian: 0, count: rows};
    for (let p = 0; p < rows; p++) {
      const pair = at.pairs / 8 + 2 * (order[p] ?? 0);
      sums.gradient += doubles[pair] ?? 0;
      sums.hessian += doubles[pair + 1] ?? 0;
    }
    return sums;
  }

  function count({start, end}: Leaf): Histogram {
    const histogram = ground.takeHistogram();
    doubles.fill(0, histogram.sums / 8, histogram.sums / 8 + 2 * ground.bins);
    words.fill(0, histogram.counts / 4, histogram.counts / 4 + ground.bins);
    kernel.gather(at.rows, start, end, at.pairs, at.near);
    for (let feature = 0; feature < width; feature += 4) {
      const [sums, counts] = [histogram.sums + 4096 * feature, histogram.counts + 1024 * feature];
      kernel.fill(ground.groupAt(feature), at.rows, start, end, at.near, sums, counts);
    }
    return histogram;
  }

  /** Finds the best split of a leaf; its histogram is kept only if there is one. */
  function look(leaf: Leaf, histogram: Histogram): void {
    const {gradient, hessian, count: rows} = leaf.sums;
    if (rows >= 2 * options.minLeafRows) {
      doubles.set([gradient, hessian], at.total / 8);
      words[at.total / 4 + 4] = rows;
      doubles[at.best / 8] = smallestGain;
      const {minLeafRows, l2} = options;
      kernel.scan(histogram.sums, histogram.counts, width, at.edgeCounts, at.total, minLeafRows, l2, at.best);
      leaf.split = splitFound();
    }
    if (leaf.split) leaf.histogram = histogram;
    else ground.giveBack(histogram);
  }

  function splitFound(): Split | null {
    const [gain = 0, gradient = 0, hessian = 0] = doubles.subarray(at.best / 8, at.best / 8 + 3);
    const [rows = 0, feature = 0, bin = 0, missingLeft] = words.subarray(at.best / 4 + 6, at.best / 4 + 10);
    if (gain <= smallestGain) return null;
    return {feature, bin, missingLeft: missingLeft === 1, gain, left: {gradient, hessian, count: rows}};
  }

  /** The smaller child is counted, the larger is what is left of the parent's histogram. The last two are never divided. */
  function divide(leaf: Leaf, split: Split, isLast: boolean): readonly [Leaf, Leaf] {
    const {sums, histogram, start, end} = leaf;
    const {bin, missingLeft, left} = split;
    const codes = ground.codesAt(split.feature);
    const middle = kernel.partition(codes, bin, missingLeft ? 1 : 0, at.rows, start, end, at.scratch);
    const rest: Sums = {
      gradient: sums.gradient - left.gradient,
      hessian: sums.hessian - left.hessian,
      count: sums.count - left.count,
    };
    const none = {histogram: null, split: null, children: null};
    const children = [
      {start, end: middle, sums: left, ...none},
      {start: middle, end, sums: rest, ...none},
    ] as const satisfies readonly [Leaf, Leaf];
    leaf.histogram = null;
    if (!histogram) return children;
    if (isLast || Math.max(left.count, rest.count) < 2 * options.minLeafRows) {
      ground.giveBack(histogram);
      return children;
    }
    const [small, large] = left.count <= rest.count ? children : [children[1], children[0]];
    const counted = count(small);
    kernel.subtract(histogram.sums, histogram.counts, counted.sums, counted.counts, ground.bins);
    look(small, counted);
    look(large, histogram);
    return children;
  }

  function stepOf({gradient, hessian}: Sums): number {
    const curvature = hessian + options.l2;
    return curvature > 0 ? (-gradient / curvature) * options.learningRate : 0;
  }

  function write({start, end, sums, split, children}: Leaf): void {
    if (split && children) {
      const threshold = edges[split.feature]?.[split.bin - 1] ?? Number.POSITIVE_INFINITY;
      builder.split(split.feature, threshold, split.missingLeft);
      for (const child of children) write(child);
      return;
    }
    const value = stepOf(sums);
    builder.leaf(sums.count, [value]);
    for (let p = start; p < end; p++) {
      const row = order[p] ?? 0;
      scores[row] = (scores[row] ?? 0) + value;
    }
  }

  function leafOf(row: number): Leaf {
    let leaf = root;
    while (leaf.split && leaf.children) {
      const code = bytes[ground.codesAt(leaf.split.feature) + 4 * row] ?? 0;
      const goesLeft = code === 0 ? leaf.split.missingLeft : code <= leaf.split.bin;
      leaf = leaf.children[goesLeft ? 0 : 1];
    }
    return leaf;
  }
}
