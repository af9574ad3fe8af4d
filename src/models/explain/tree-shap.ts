// Exact Shapley values of trees, forests and boosting, by following every path of a tree once.

import type {TreeEnsemble} from '../trees/ensemble.ts';

/**
 * `base[k]` is the mean raw score k over the rows the trees learnt from, `values[k][j]` what feature j adds to it for the
 * row: base[k] + Σ values[k] is the raw score.
 */
export type TreeShap = {base: Float64Array; values: Float64Array[]};

/**
 * Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018, algorithm 2), as `shap.TreeExplainer(model,
 * feature_perturbation='tree_path_dependent')`: a feature that is not known counts by the rows of each branch in training.
 * In raw scores: log-odds for boosted classes, probabilities for forests. `row` may hold NaN.
 */
export function treeShap(ensemble: TreeEnsemble, row: Float64Array): TreeShap {
  const {roots, outputs, start, scale, featureCount} = ensemble;
  const base = Float64Array.from(start);
  const values = start.map(() => new Float64Array(featureCount));
  const means = expectations(ensemble);
  roots.forEach((root, t) => {
    const scoreOf = (c: number) => (outputs > 1 ? c : t % start.length);
    for (let c = 0; c < outputs; c++) {
      const k = scoreOf(c);
      base[k] = (base[k] ?? 0) + scale * (means[root * outputs + c] ?? 0);
    }
    new Walk(ensemble, row, (feature, node, weight) => {
      for (let c = 0; c < outputs; c++) {
        const column = values[scoreOf(c)];
        if (column)
          column[feature] = (column[feature] ?? 0) + weight * scale * (ensemble.value[node * outputs + c] ?? 0);
      }
    }).run(root);
  });
  return {base, values};
}

/** The mean output of the rows below each node, by cover. */
function expectations({feature, left, right, cover, value, outputs}: TreeEnsemble): Float64Array {
  const means = value.slice();
  // Children come after their parent.
  for (let node = feature.length - 1; node >= 0; node--) {
    if ((feature[node] ?? -1) < 0) continue;
    const [a, b] = [left[node] ?? 0, right[node] ?? 0];
    const share = shareOf(cover, a, b);
    for (let c = 0; c < outputs; c++)
      means[node * outputs + c] = share * (means[a * outputs + c] ?? 0) + (1 - share) * (means[b * outputs + c] ?? 0);
  }
  return means;
}

/** Which share of the rows at a node its first child got. */
function shareOf(cover: Float64Array, first: number, second: number): number {
  const [a, b] = [cover[first] ?? 0, cover[second] ?? 0];
  return a + b > 0 ? a / (a + b) : 0.5;
}

/** What a path holds of each of its features: the share of rows that follow it unasked, and whether this row does. */
type Path = {feature: Int32Array; zero: Float64Array; one: Float64Array; weight: Float64Array};

type Found = (feature: number, leaf: number, weight: number) => void;

class Walk {
  readonly #trees: TreeEnsemble;
  readonly #row: Float64Array;
  readonly #found: Found;
  readonly #paths: Path[] = [];

  constructor(trees: TreeEnsemble, row: Float64Array, found: Found) {
    this.#trees = trees;
    this.#row = row;
    this.#found = found;
  }

  run(root: number): void {
    this.#visit(root, 0, 0, {feature: -1, zero: 1, one: 1});
  }

  /** `depth` counts the nodes above, `length` the entries of the path so far (a feature that comes again counts once). */
  #visit(node: number, depth: number, length: number, last: {feature: number; zero: number; one: number}): void {
    const path = this.#pathFor(depth, length);
    extend(path, length, last);
    const {feature, left, right, cover, threshold, missingLeft} = this.#trees;
    const j = feature[node] ?? -1;
    if (j < 0) {
      for (let i = 1; i <= length; i++) {
        const weight = unwoundSum(path, length, i) * ((path.one[i] ?? 0) - (path.zero[i] ?? 0));
        this.#found(path.feature[i] ?? 0, node, weight);
      }
      return;
    }
    const [a, b] = [left[node] ?? 0, right[node] ?? 0];
    const value = this.#row[j] ?? Number.NaN;
    const goesLeft = Number.isNaN(value) ? missingLeft[node] === 1 : value <= (threshold[node] ?? 0);
    const share = shareOf(cover, a, b);
    let [zero, one, entries] = [1, 1, length];
    const before = path.feature.subarray(0, length + 1).indexOf(j, 1);
    if (before > 0) {
      zero = path.zero[before] ?? 1;
      one = path.one[before] ?? 1;
      unwind(path, length, before);
      entries--;
    }
    const step = (child: number, part: number, isTaken: boolean) => {
      const next = {feature: j, zero: zero * part, one: isTaken ? one : 0};
      if (next.zero > 0 || next.one > 0) this.#visit(child, depth + 1, entries + 1, next);
    };
    step(a, share, goesLeft);
    step(b, 1 - share, !goesLeft);
  }

  /** A copy of the path above with room for one entry more. */
  #pathFor(depth: number, length: number): Path {
    const above = this.#paths[depth - 1];
    let path = this.#paths[depth];
    if (!path) {
      const size = depth + 2;
      path = {
        feature: new Int32Array(size),
        zero: new Float64Array(size),
        one: new Float64Array(size),
        weight: new Float64Array(size),
      };
      this.#paths[depth] = path;
    }
    if (above) {
      path.feature.set(above.feature.subarray(0, length));
      path.zero.set(above.zero.subarray(0, length));
      path.one.set(above.one.subarray(0, length));
      path.weight.set(above.weight.subarray(0, length));
    }
    return path;
  }
}

/** Adds an entry at `length`; weight i then counts the subsets with i of the known features, in their Shapley shares. */
function extend(
  {feature, zero, one, weight}: Path,
  length: number,
  last: {feature: number; zero: number; one: number},
) {
  feature[length] = last.feature;
  zero[length] = last.zero;
  one[length] = last.one;
  weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    const before = weight[i] ?? 0;
    weight[i + 1] = (weight[i + 1] ?? 0) + (last.one * before * (i + 1)) / (length + 1);
    weight[i] = (last.zero * before * (length - i)) / (length + 1);
  }
}

/** Takes entry `at` out again. */
function unwind({feature, zero, one, weight}: Path, length: number, at: number): void {
  const [oneAt, zeroAt] = [one[at] ?? 0, zero[at] ?? 0];
  let next = weight[length] ?? 0;
  for (let i = length - 1; i >= 0; i--) {
    const before = weight[i] ?? 0;
    if (oneAt === 0) weight[i] = (before * (length + 1)) / (zeroAt * (length - i));
    else {
      const now = (next * (length + 1)) / ((i + 1) * oneAt);
      weight[i] = now;
      next = before - (now * zeroAt * (length - i)) / (length + 1);
    }
  }
  for (let i = at; i < length; i++) {
    feature[i] = feature[i + 1] ?? 0;
    zero[i] = zero[i + 1] ?? 0;
    one[i] = one[i + 1] ?? 0;
  }
}

/** The sum of the weights after entry `at` was taken out. */
function unwoundSum({zero, one, weight}: Path, length: number, at: number): number {
  const [oneAt, zeroAt] = [one[at] ?? 0, zero[at] ?? 0];
  let next = weight[length] ?? 0;
  let total = 0;
  for (let i = length - 1; i >= 0; i--) {
    if (oneAt === 0) total += (weight[i] ?? 0) / (zeroAt * (length - i));
    else {
      const part = next / ((i + 1) * oneAt);
      total += part;
      next = (weight[i] ?? 0) - part * zeroAt * (length - i);
    }
  }
  return total * (length + 1);
}
