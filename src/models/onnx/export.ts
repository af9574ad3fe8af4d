// A kept model as an ONNX file that other programs run without us: its recipe, its trees or weights, and its decision.

import type {z} from 'zod';
import type {Decision} from '../decision.ts';
import {type WeightedSum, weightedSums} from '../explain/coefficients.ts';
import {insideLog, withoutLog} from '../on-log.ts';
import type {Recipe} from '../recipe.ts';
import {stackParameters} from '../stack.ts';
import {type TreeEnsemble, treesOf} from '../trees/ensemble.ts';
import {bothSides, chosen, onCurves} from './decision.ts';
import {addFeatures, type OnnxInput} from './features.ts';
import {Graph, type Tensor, type TensorType} from './graph.ts';
import {treeScores} from './trees.ts';

export type OnnxSource = {
  estimator: string;
  target: string;
  /** Empty for a number. */
  classes: readonly string[];
  recipe: Recipe;
  parameters: unknown;
  decision?: Decision | undefined;
};

/** `inputs` are columns of one value a row. */
export type OnnxFile = {bytes: Uint8Array; inputs: OnnxInput[]; outputs: string[]};

const treeModels = ['tree', 'random_forest', 'extra_trees', 'boosting'];

/**
 * Linear and logistic models, trees, forests, boosting, these on a logarithm, and stacks of them. The outputs are `predicted` (a double, or the text of the class)
 * and for classes `probabilities` (rows × classes), to nearly all digits of ours; they are numbered where an input has that name.
 * @throws {RangeError} saying what of the model ONNX can't hold
 */
export function toOnnx(source: OnnxSource): OnnxFile {
  const {estimator, target, classes, recipe, parameters, decision} = source;
  const graph = new Graph();
  const {inputs, features} = addFeatures(graph, recipe);
  if (inputs.length === 0) throw new RangeError('it uses no column');
  const found = answer(graph, features, {name: estimator, parameters}, classes.length);
  const outputs: string[] = [];
  const output = (name: string, from: Tensor, type: TensorType, width: number) => {
    let free = name;
    for (let k = 2; inputs.some(input => input.name === free); k++) free = `${name}_${k}`;
    outputs.push(free);
    graph.output(free, from, type, width);
  };
  if (classes.length === 0) output('predicted', found, 'double', 1);
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
    output('predicted', label, 'string', 1);
    output('probabilities', probabilities, 'double', classes.length);
  }
  return {bytes: graph.file('model', `${estimator} that predicts ${target}`), inputs, outputs};
}

/** The number, or the probabilities of the classes. */
function answer(
  graph: Graph,
  features: Tensor,
  {name, parameters}: {name: string; parameters: unknown},
  classCount: number,
): Tensor {
  const inside = insideLog(parameters);
  if (inside) {
    const {low, high, factor} = inside.onLog;
    const logs = answer(graph, features, {name: withoutLog(name), parameters: inside.parameters}, classCount);
    const kept = graph.op('Min', [graph.op('Max', [logs, graph.double(low)]), graph.double(high)]);
    return graph.op('Mul', [graph.op('Exp', [kept]), graph.double(factor)]);
  }
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
      const seen = treeModels.includes(withoutLog(estimator)) ? features : filled;
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
  // Of one feature without MatMul, which runtimes join with its standard deviation as float32; and never with Gemm, which
  // older ones join with a sigmoid to what they have for float32 only.
  const product = graph.op(width === 1 ? 'Mul' : 'MatMul', [features, graph.doubles(weights, [width, sums.length])]);
  const intercepts = graph.doubles(
    Float64Array.from(sums, ({intercept}) => intercept),
    [1, sums.length],
  );
  const scores = graph.op('Add', [product, intercepts]);
  if (classCount === 0) return scores;
  return classCount === 2 ? bothSides(graph, graph.op('Sigmoid', [scores])) : softmax(graph, scores);
}

function fromTrees(graph: Graph, features: Tensor, trees: TreeEnsemble): Tensor {
  const scores = treeScores(graph, features, trees);
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

function softmax(graph: Graph, scores: Tensor): Tensor {
  return graph.op('Softmax', [scores], [{name: 'axis', int: 1}]);
}
