// Trees as ONNX has them. Its operator adds up leaves and answers in float32, so each sum is taken in two parts.

import type {TreeEnsemble} from '../trees/ensemble.ts';
import {toDouble} from './features.ts';
import type {Graph, Tensor} from './graph.ts';

/** float32 holds whole numbers up to 2^24; one bit is left for rounding. */
const exactBits = 23;

/** The raw scores of the rows, one a column of `trees.start`. */
export function treeScores(graph: Graph, features: Tensor, trees: TreeEnsemble): Tensor {
  const {start, scale} = trees;
  const summed = toDouble(graph, graph.learned('TreeEnsembleRegressor', [features], attributesOf(trees)));
  const part = (from: number) =>
    graph.op(
      'Gather',
      [
        summed,
        graph.integers(
          start.map((_, k) => from + k),
          [start.length],
        ),
      ],
      [{name: 'axis', int: 1}],
    );
  const sums = graph.op('Add', [part(0), part(start.length)]);
  // Divided as ours is: a product with the inverse would part classes that are equally likely.
  const scaled = graph.op('Div', [sums, graph.double(Math.round(1 / scale))]);
  return graph.op('Add', [scaled, graph.doubles(Float64Array.from(start), [1, start.length])]);
}

function attributesOf(trees: TreeEnsemble) {
  const {roots, feature, threshold, left, right, missingLeft} = trees;
  const treeOf = new Uint32Array(feature.length);
  roots.forEach((root, t) => {
    treeOf.fill(t, root);
  });
  const inTree = (node: number, from: number) => (node < 0 ? 0 : node - (roots[treeOf[from] ?? 0] ?? 0));
  const nodes = Array.from(feature, (_, node) => node);
  const targets = targetsOf(trees, treeOf);
  return [
    {name: 'n_targets', int: 2 * trees.start.length},
    {name: 'aggregate_function', text: 'SUM'},
    {name: 'nodes_treeids', ints: treeOf},
    {name: 'nodes_nodeids', ints: nodes.map(node => inTree(node, node))},
    {name: 'nodes_featureids', ints: nodes.map(node => Math.max(0, feature[node] ?? 0))},
    {name: 'nodes_modes', texts: nodes.map(node => ((feature[node] ?? -1) < 0 ? 'LEAF' : 'BRANCH_LEQ'))},
    {name: 'nodes_values_as_tensor', doubles: threshold.map((edge, node) => ((feature[node] ?? -1) < 0 ? 0 : edge))},
    {name: 'nodes_truenodeids', ints: nodes.map(node => inTree(left[node] ?? -1, node))},
    {name: 'nodes_falsenodeids', ints: nodes.map(node => inTree(right[node] ?? -1, node))},
    {name: 'nodes_missing_value_tracks_true', ints: missingLeft},
    {name: 'target_treeids', ints: targets.map(({node}) => treeOf[node] ?? 0)},
    {name: 'target_nodeids', ints: targets.map(({node}) => inTree(node, node))},
    {name: 'target_ids', ints: targets.map(({score}) => score)},
    {name: 'target_weights_as_tensor', doubles: Float64Array.from(targets, ({value}) => value)},
  ];
}

type Target = {node: number; score: number; value: number};

/**
 * What a leaf adds to which score: a multiple of a step so large that float32 holds any sum of them exactly, and, to the
 * score so many places further on, what is left of it.
 */
function targetsOf({roots, feature, outputs, start, value}: TreeEnsemble, treeOf: Uint32Array): Target[] {
  const step = 2 ** (Math.ceil(Math.log2(largestSum(roots, outputs, value))) - exactBits) || 1;
  const targets: Target[] = [];
  feature.forEach((j, node) => {
    if (j >= 0) return;
    for (let c = 0; c < outputs; c++) {
      const score = outputs > 1 ? c : (treeOf[node] ?? 0) % start.length;
      const whole = value[node * outputs + c] ?? 0;
      const coarse = Math.round(whole / step) * step;
      targets.push({node, score, value: coarse});
      if (whole !== coarse) targets.push({node, score: start.length + score, value: whole - coarse});
    }
  });
  return targets;
}

/** No sum over a leaf of each tree is larger, without its sign. */
function largestSum(roots: Uint32Array, outputs: number, value: Float64Array): number {
  let sum = 0;
  roots.forEach((root, t) => {
    const end = (roots[t + 1] ?? value.length / outputs) * outputs;
    let most = 0;
    for (let i = root * outputs; i < end; i++) most = Math.max(most, Math.abs(value[i] ?? 0));
    sum += most;
  });
  return sum;
}
