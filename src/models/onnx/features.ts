// The recipe of a model as ONNX operators: from columns as they are to the features it takes.

import type {Recipe} from '../recipe.ts';
import type {Graph, Tensor} from './graph.ts';

/** `double` takes NaN for a missing value, `string` an empty text. */
export type OnnxInput = {name: string; type: 'double' | 'string'};

/** One tensor of all features, a row each. @throws {RangeError} for words of a text, which ONNX has no operator for */
export function addFeatures(graph: Graph, {steps}: Recipe): {inputs: OnnxInput[]; features: Tensor} {
  const inputs: OnnxInput[] = [];
  const parts = steps.flatMap((step): Tensor[] => {
    if (step.kind === 'text') throw new RangeError(`it takes words from the text ${step.name}, which ONNX can not`);
    const type = step.kind === 'number' ? 'double' : 'string';
    inputs.push({name: step.name, type});
    const column = graph.input(step.name, type);
    switch (step.kind) {
      case 'number':
        return number(graph, column, step);
      case 'category': {
        const places = graph.integers(
          step.levels.map((_, k) => k),
          [1, step.levels.length],
        );
        return [toDouble(graph, graph.op('Equal', [placeIn(graph, column, step.levels), places]))];
      }
      case 'encoded': {
        const place = placeIn(graph, column, step.levels);
        return step.outputs.map(({prior, sd, means}) => {
          const coded = Float64Array.from([...means, prior], mean => (mean - prior) / sd);
          return graph.op('Gather', [graph.doubles(coded, [coded.length]), place]);
        });
      }
      default:
        return step satisfies never;
    }
  });
  return {
    inputs,
    features: parts.length === 1 ? (parts[0] ?? '') : graph.op('Concat', parts, [{name: 'axis', int: 1}]),
  };
}

type NumberStep = Extract<Recipe['steps'][number], {kind: 'number'}>;

function number(graph: Graph, column: Tensor, {median, mean, sd, flagsMissing, keepsMissing}: NumberStep): Tensor[] {
  const isMissing = graph.op('IsNaN', [column]);
  const filled = keepsMissing ? column : graph.op('Where', [isMissing, graph.double(median), column]);
  const scaled = graph.op('Div', [graph.op('Sub', [filled, graph.double(mean)]), graph.double(sd)]);
  return flagsMissing ? [scaled, toDouble(graph, isMissing)] : [scaled];
}

/** The place of a text among these levels; their number where it is none of them. */
function placeIn(graph: Graph, column: Tensor, levels: readonly string[]): Tensor {
  return graph.learned(
    'LabelEncoder',
    [column],
    [
      {name: 'keys_strings', texts: levels},
      {name: 'values_int64s', ints: levels.map((_, k) => k)},
      {name: 'default_int64', int: levels.length},
    ],
  );
}

export function toDouble(graph: Graph, tensor: Tensor): Tensor {
  return graph.op('Cast', [tensor], [{name: 'to', int: 11}]);
}
