// What others may read of fitted trees: explanations, rules and exports stand on this, not on how trees are kept.

import {z} from 'zod';
import type {Trees} from './tree.ts';
import {unpackTrees} from './tree-file.ts';

/**
 * A fitted tree, forest or boosting, read-only. Nodes of all trees lie in the same arrays; tree t begins at `roots[t]`.
 *
 * Node n is a leaf when `feature[n]` is −1 (then `left[n]` and `right[n]` are −1 too). Otherwise a row goes to `left[n]` when
 * its value of feature `feature[n]` is at most `threshold[n]` (which may be +∞: all that is not missing), else to `right[n]`;
 * a missing value (NaN) goes left where `missingLeft[n]` is 1. Children come after their parent, so one pass over
 * the nodes from the end sees children first.
 *
 * `cover[n]` is the weight of the training rows that reached node n. `value[n * outputs + c]` is output c of a leaf; of an
 * inner node it is the mean of the leaves below it, weighted by their cover.
 *
 * The raw scores of a row are `start[k] + scale · Σ value[leaf]`, where a tree of one output adds to score `t mod start.length`
 * and a tree of several outputs adds output k to score k. They become the answer by `link`:
 * `identity` a number; `share` one score, the probability of class 1 of two; `shares` one a class, the probabilities;
 * `logistic` one score, the log-odds of class 1 of two; `softmax` one a class.
 */
export type TreeEnsemble = {
  readonly classCount: number;
  readonly featureCount: number;
  readonly outputs: number;
  readonly start: readonly number[];
  readonly scale: number;
  readonly link: 'identity' | 'share' | 'shares' | 'logistic' | 'softmax';
  readonly roots: Uint32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly cover: Float64Array;
  readonly value: Float64Array;
};

const parametersOfTrees = z.object({
  classCount: z.int().min(0),
  start: z.array(z.number()).min(1).optional(),
  trees: z.unknown(),
});

/**
 * The trees in the `parameters` of a model of `tree`, `random_forest`, `extra_trees` or `boosting`.
 * @throws {ZodError | RangeError} when the parameters are of another estimator or damaged
 */
export function treesOf(parameters: unknown): TreeEnsemble {
  const {classCount, start: boosted, trees: packed} = parametersOfTrees.parse(parameters);
  const {trees, featureCount} = unpackTrees(packed);
  const shared = {classCount, featureCount, ...nodesOf(trees)};
  if (boosted)
    return {
      ...shared,
      start: boosted,
      scale: 1,
      link: classCount === 0 ? 'identity' : classCount > 2 ? 'softmax' : 'logistic',
    };
  return {
    ...shared,
    start: new Array<number>(trees.outputs).fill(0),
    scale: 1 / trees.roots.length,
    link: classCount === 0 ? 'identity' : trees.outputs > 1 ? 'shares' : 'share',
  };
}

function nodesOf({outputs, roots, feature, threshold, right, missingLeft, cover, values}: Trees) {
  return {
    outputs,
    roots,
    feature,
    threshold,
    left: feature.map((j, node) => (j < 0 ? -1 : node + 1)),
    right: feature.map((j, node) => (j < 0 ? -1 : (right[node] ?? 0))),
    missingLeft,
    cover,
    value: values,
  };
}
