// The decision of a classifier as ONNX operators: its curves and its threshold, in the very steps in which ours takes them.

import type {Curve} from '../calibration.ts';
import {toDouble} from './features.ts';
import type {Graph, Tensor} from './graph.ts';

/** The probabilities of both classes from that of class 1. */
export function bothSides(graph: Graph, positive: Tensor): Tensor {
  return graph.op('Concat', [graph.op('Sub', [graph.double(1), positive]), positive], [{name: 'axis', int: 1}]);
}

/** The place of the class that is predicted, the first one on ties. */
export function chosen(graph: Graph, probabilities: Tensor, threshold: number | null): Tensor {
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

export function onCurves(graph: Graph, probabilities: Tensor, curves: readonly Curve[], classCount: number): Tensor {
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
  return curve.kind === 'platt' ? onPlatt(graph, probability, curve) : onIsotonic(graph, probability, curve);
}

function onPlatt(graph: Graph, probability: Tensor, {a, b}: Extract<Curve, {kind: 'platt'}>): Tensor {
  const inside = graph.op('Min', [graph.op('Max', [probability, graph.double(1e-12)]), graph.double(1 - 1e-12)]);
  const odds = graph.op('Div', [inside, graph.op('Sub', [graph.double(1), inside])]);
  const moved = graph.op('Add', [graph.op('Mul', [graph.op('Log', [odds]), graph.double(-a)]), graph.double(-b)]);
  return graph.op('Sigmoid', [moved]);
}

/**
 * Piece k lies between points k − 1 and k; before the first and behind the last the curve is flat. A point itself has its own
 * value, and a flat piece exactly one, so that what is equally likely on the curve stays so.
 */
function onIsotonic(graph: Graph, probability: Tensor, {x, y}: Extract<Curve, {kind: 'isotonic'}>): Tensor {
  const points = x.length;
  const above = toDouble(graph, graph.op('Greater', [probability, graph.doubles(Float64Array.from(x), [1, points])]));
  const passed = graph.op('MatMul', [above, graph.doubles(new Float64Array(points).fill(1), [points, 1])]);
  const piece = graph.op('Cast', [passed], [{name: 'to', int: 7}]);
  const ofPiece = (valueAt: (k: number, isFlat: boolean) => number) => {
    const values = Float64Array.from({length: points + 1}, (_, k) => valueAt(k, k === 0 || k === points));
    return graph.op('Gather', [graph.doubles(values, [points + 1]), piece]);
  };
  const at = (values: readonly number[], k: number) => values[Math.min(Math.max(k, 0), points - 1)] ?? 0;
  const gone = graph.op('Sub', [probability, ofPiece(k => at(x, k - 1))]);
  const rise = ofPiece((k, isFlat) => (isFlat ? 0 : at(y, k) - at(y, k - 1)));
  const width = ofPiece((k, isFlat) => (isFlat ? 1 : at(x, k) - at(x, k - 1)));
  const between = graph.op('Div', [graph.op('Mul', [rise, gone]), width]);
  const isPoint = graph.op('Equal', [probability, ofPiece(k => at(x, k))]);
  return graph.op('Where', [isPoint, ofPiece(k => at(y, k)), graph.op('Add', [ofPiece(k => at(y, k - 1)), between])]);
}
