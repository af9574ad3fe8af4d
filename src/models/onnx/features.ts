// The recipe of a model as ONNX operators: from columns as they are to the features it takes.

import type {Recipe} from '../recipe.ts';
import type {Graph, Tensor} from './graph.ts';

/** A missing number is NaN (and what is infinite counts as missing), a missing text `missing`. */
export type OnnxInput = {name: string; type: 'double'} | {name: string; type: 'string'; missing: string};

/** One tensor of all features, a row each. @throws {RangeError} for words of a text, and for two inputs of one name */
export function addFeatures(graph: Graph, {steps}: Recipe): {inputs: OnnxInput[]; features: Tensor} {
  const inputs: OnnxInput[] = [];
  const parts = steps.flatMap((step): Tensor[] => {
    const {name} = step;
    if (step.kind === 'text') throw new RangeError(`it counts words of the text ${name}, and ONNX can't`);
    if (inputs.some(input => input.name === name)) throw new RangeError(`two of its inputs are called ${name}`);
    const input: OnnxInput =
      step.kind === 'number' ? {name, type: 'double'} : {name, type: 'string', missing: textBeside(step.levels)};
    inputs.push(input);
    const column = graph.input(name, input.type);
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
  // Of an infinite value too, this difference is none.
  const isMissing = graph.op('IsNaN', [graph.op('Sub', [column, column])]);
  const filled = graph.op('Where', [isMissing, graph.double(keepsMissing ? Number.NaN : median), column]);
  const scaled = graph.op('Div', [graph.op('Sub', [filled, graph.double(mean)]), graph.double(sd)]);
  return flagsMissing ? [scaled, toDouble(graph, isMissing)] : [scaled];
}

/** A text that is none of these: the empty one where it can be. */
function textBeside(levels: readonly string[]): string {
  let text = '';
  while (levels.includes(text)) text = text === '' ? '(missing)' : `(${text})`;
  return text;
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
