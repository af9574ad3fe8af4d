// A kept model as an ONNX file that other programs run without us: its recipe, its trees or weights, and its decision.

import type {z} from 'zod';
import type {Curve} from '../calibration.ts';
import type {Decision} from '../decision.ts';
import {type WeightedSum, weightedSums} from '../explain/coefficients.ts';
import type {Recipe} from '../recipe.ts';
import {stackParameters} from '../stack.ts';
import {type TreeEnsemble, treesOf} from '../trees/ensemble.ts';
import {addFeatures, type OnnxInput, toDouble} from './features.ts';
import {Graph, type Tensor} from './graph.ts';

export type OnnxSource = {
  estimator: string;
  target: string;
  /** Empty for a number. */
  classes: readonly string[];
  recipe: Recipe;
  parameters: unknown;
  decision?: Decision | undefined;
};

/** `inputs` are columns of one value a row: doubles with NaN where missing, texts that are empty where missing. */
export type OnnxFile = {bytes: Uint8Array; inputs: OnnxInput[]};

const treeModels = ['tree', 'random_forest', 'extra_trees', 'boosting'];

/**
 * Linear and logistic models, trees, forests, boosting, and stacks of these. The outputs are `predicted` (a double, or the text of the class)
 * and for classes `probabilities` (rows × classes). Sums over trees are float32 in every runtime, everything else double.
 * @throws {RangeError} saying what of the model ONNX can't hold
 */
export function toOnnx(source: OnnxSource): OnnxFile {
  const {estimator, target, classes, recipe, parameters, decision} = source;
  const graph = new Graph();
  const {inputs, features} = addFeatures(graph, recipe);
  if (inputs.length === 0) throw new RangeError('it uses no column');
  const found = answer(graph, features, {name: estimator, parameters}, classes.length);
  if (classes.length === 0) graph.output('predicted', found, 'double', 1);
  else {
    const probabilities = decision ? onCurves(graph, found, decision.curves, classes.length) : found;
    const place = chosen(graph, probabilities, decision?.threshold ?? null);
    const label = graph.learned(
      'LabelEncoder',
      [place],
      [
        {name: 'keys_int64s', ints: classes.map((_, k) => k)},
        {name: 'values_strings', texts: classes},
      ],
    );
    graph.output('predicted', label, 'string', 1);
    graph.output('probabilities', probabilities, 'double', classes.length);
  }
  return {bytes: graph.file('model', `${estimator} that predicts ${target}`), inputs};
}

/** The number, or the probabilities of the classes. */
function answer(
  graph: Graph,
  features: Tensor,
  {name, parameters}: {name: string; parameters: unknown},
  classCount: number,
): Tensor {
  if (treeModels.includes(name)) return fromTrees(graph, features, treesOf(parameters));
  if (name === 'stack') return fromStack(graph, features, stackParameters.parse(parameters), classCount);
  const sums = weightedSums(parameters);
  if (!sums) throw new RangeError(`ONNX export of ${name} is not supported`);
  return fromSums(graph, features, sums, classCount);
}

/** The weighted mean of what the members say; those that take no missing value see the fills. */
function fromStack(
  graph: Graph,
  features: Tensor,
  {fills, members}: z.output<typeof stackParameters>,
  classCount: number,
): Tensor {
  const places = graph.doubles(Float64Array.from(fills), [1, fills.length]);
  const filled = graph.op('Where', [graph.op('IsNaN', [features]), places, features]);
  return members
    .filter(({weight}) => weight > 0)
    .map(({estimator, parameters, weight}) => {
      const seen = treeModels.includes(estimator) ? features : filled;
      const said = answer(graph, seen, {name: estimator, parameters}, classCount);
      return graph.op('Mul', [said, graph.double(weight)]);
    })
    .reduce((sum, part) => graph.op('Add', [sum, part]));
}

function fromSums(graph: Graph, features: Tensor, sums: readonly WeightedSum[], classCount: number): Tensor {
  const width = sums[0]?.coefficients.length ?? 0;
  const weights = new Float64Array(width * sums.length);
  sums.forEach(({coefficients}, k) => {
    coefficients.forEach((weight, j) => {
      weights[j * sums.length + k] = weight;
    });
  });
  const product = graph.op('MatMul', [features, graph.doubles(weights, [width, sums.length])]);
  const intercepts = graph.doubles(
    Float64Array.from(sums, ({intercept}) => intercept),
    [1, sums.length],
  );
  const scores = graph.op('Add', [product, intercepts]);
  if (classCount === 0) return scores;
  return classCount === 2 ? bothSides(graph, graph.op('Sigmoid', [scores])) : softmax(graph, scores);
}

function fromTrees(graph: Graph, features: Tensor, trees: TreeEnsemble): Tensor {
  const summed = graph.learned('TreeEnsembleRegressor', [features], treeAttributes(trees));
  const scaled = graph.op('Mul', [toDouble(graph, summed), graph.double(trees.scale)]);
  const scores = graph.op('Add', [scaled, graph.doubles(Float64Array.from(trees.start), [1, trees.start.length])]);
  switch (trees.link) {
    case 'identity':
    case 'shares':
      return scores;
    case 'share':
      return bothSides(graph, scores);
    case 'logistic':
      return bothSides(graph, graph.op('Sigmoid', [scores]));
    case 'softmax':
      return softmax(graph, scores);
    default:
      return trees.link satisfies never;
  }
}

function treeAttributes({roots, feature, threshold, left, right, missingLeft, value, outputs, start}: TreeEnsemble) {
  const treeOf = new Uint32Array(feature.length);
  roots.forEach((root, t) => {
    treeOf.fill(t, root);
  });
  const inTree = (node: number, from: number) => (node < 0 ? 0 : node - (roots[treeOf[from] ?? 0] ?? 0));
  const leaves: number[] = [];
  feature.forEach((j, node) => {
    if (j < 0) leaves.push(node);
  });
  const each = Array.from({length: outputs}, (_, c) => c);
  const targets = leaves.flatMap(node => each.map(c => ({node, c})));
  const nodes = Array.from(feature, (_, node) => node);
  return [
    {name: 'n_targets', int: start.length},
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
    {name: 'target_ids', ints: targets.map(({node, c}) => (outputs > 1 ? c : (treeOf[node] ?? 0) % start.length))},
    {
      name: 'target_weights_as_tensor',
      doubles: Float64Array.from(targets, ({node, c}) => value[node * outputs + c] ?? 0),
    },
  ];
}

function bothSides(graph: Graph, positive: Tensor): Tensor {
  return graph.op('Concat', [graph.op('Sub', [graph.double(1), positive]), positive], [{name: 'axis', int: 1}]);
}

function softmax(graph: Graph, scores: Tensor): Tensor {
  return graph.op('Softmax', [scores], [{name: 'axis', int: 1}]);
}

function chosen(graph: Graph, probabilities: Tensor, threshold: number | null): Tensor {
  if (threshold === null)
    return graph.op(
      'ArgMax',
      [probabilities],
      [
        {name: 'axis', int: 1},
        {name: 'keepdims', int: 1},
      ],
    );
  const isPositive = graph.op('GreaterOrEqual', [columnOf(graph, probabilities, 1), graph.double(threshold)]);
  return graph.op('Where', [isPositive, graph.integers([1], [1, 1]), graph.integers([0], [1, 1])]);
}

function columnOf(graph: Graph, tensor: Tensor, k: number): Tensor {
  return graph.op('Gather', [tensor, graph.integers([k], [1])], [{name: 'axis', int: 1}]);
}

function onCurves(graph: Graph, probabilities: Tensor, curves: readonly Curve[], classCount: number): Tensor {
  const [first] = curves;
  if (!first) return probabilities;
  if (classCount === 2) return bothSides(graph, onCurve(graph, columnOf(graph, probabilities, 1), first));
  const each = Array.from({length: classCount}, (_, k) =>
    onCurve(graph, columnOf(graph, probabilities, k), curves[k] ?? first),
  );
  const all = graph.op('Concat', each, [{name: 'axis', int: 1}]);
  const total = each.reduce((sum, part) => graph.op('Add', [sum, part]));
  const isAny = graph.op('Greater', [total, graph.double(0)]);
  return graph.op('Where', [isAny, graph.op('Div', [all, total]), graph.double(1 / classCount)]);
}

function onCurve(graph: Graph, probability: Tensor, curve: Curve): Tensor {
  if (curve.kind === 'platt') {
    const inside = clipped(graph, probability, 1e-12, 1 - 1e-12);
    const odds = graph.op('Div', [inside, graph.op('Sub', [graph.double(1), inside])]);
    const moved = graph.op('Add', [
      graph.op('Mul', [graph.op('Log', [odds]), graph.double(-curve.a)]),
      graph.double(-curve.b),
    ]);
    return graph.op('Sigmoid', [moved]);
  }
  const {x, y} = curve;
  const widths = x.slice(1).map((end, i) => end - (x[i] ?? 0));
  if (widths.some(width => width <= 0)) throw new RangeError('its calibration curve has steps');
  const [start = 0] = y;
  if (widths.length === 0)
    return graph.op('Add', [graph.op('Mul', [probability, graph.double(0)]), graph.double(start)]);
  // How far the probability reaches into each piece of the curve, times the slope there.
  const row = (values: readonly number[]) => graph.doubles(Float64Array.from(values), [1, values.length]);
  const reached = graph.op('Min', [
    graph.op('Max', [graph.op('Sub', [probability, row(x.slice(0, -1))]), graph.double(0)]),
    row(widths),
  ]);
  const slopes = Float64Array.from(widths, (width, i) => ((y[i + 1] ?? 0) - (y[i] ?? 0)) / width);
  return graph.op('Add', [
    graph.op('MatMul', [reached, graph.doubles(slopes, [slopes.length, 1])]),
    graph.double(start),
  ]);
}

function clipped(graph: Graph, tensor: Tensor, low: number, high: number): Tensor {
  return graph.op('Min', [graph.op('Max', [tensor, graph.double(low)]), graph.double(high)]);
}
