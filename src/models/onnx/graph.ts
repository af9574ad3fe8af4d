// A graph of ONNX operators under construction, and the file it becomes.

import {Message} from './protobuf.ts';

/** The name of a tensor in the graph. */
export type Tensor = string;

export type Attribute = {name: string} & (
  | {int: number}
  | {ints: Iterable<number>}
  | {text: string}
  | {texts: Iterable<string>}
  | {doubles: Float64Array}
);

export type TensorType = 'double' | 'int64' | 'string';

const elementTypes = {double: 11, int64: 7, string: 8} as const;
const machineLearning = 'ai.onnx.ml';
/** The versions of the operators: what onnxruntime has known since 2022. */
const versions = [
  {domain: '', version: 17},
  {domain: machineLearning, version: 3},
] as const;
const fileVersion = 8;

export class Graph {
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  #next = 0;

  /** One value a row, as a column; the name is free to be anything. */
  input(name: string, type: TensorType): Tensor {
    this.#inputs.push(valueInfo(name, type, 1));
    return name;
  }

  output(name: string, from: Tensor, type: TensorType, width: number): void {
    this.#nodes.push(node('Identity', [from], name, '', []));
    this.#outputs.push(valueInfo(name, type, width));
  }

  op(type: string, inputs: readonly Tensor[], attributes: readonly Attribute[] = []): Tensor {
    return this.#add(type, inputs, '', attributes);
  }

  /** An operator of the domain for machine learning. */
  learned(type: string, inputs: readonly Tensor[], attributes: readonly Attribute[]): Tensor {
    return this.#add(type, inputs, machineLearning, attributes);
  }

  doubles(values: Float64Array, shape: readonly number[]): Tensor {
    const name = this.#name();
    this.#constants.push(doubleTensor(values, shape).text(8, name));
    return name;
  }

  double(value: number): Tensor {
    return this.doubles(Float64Array.of(value), [1, 1]);
  }

  /** Whole numbers that are not negative. */
  integers(values: readonly number[], shape: readonly number[]): Tensor {
    const name = this.#name();
    const tensor = new Message().numbers(1, shape).number(2, elementTypes.int64).numbers(7, values);
    this.#constants.push(tensor.text(8, name));
    return name;
  }

  file(name: string, description: string): Uint8Array {
    const graph = new Message();
    for (const each of this.#nodes) graph.message(1, each);
    graph.text(2, name);
    for (const each of this.#constants) graph.message(5, each);
    for (const each of this.#inputs) graph.message(11, each);
    for (const each of this.#outputs) graph.message(12, each);
    const model = new Message().number(1, fileVersion).text(2, 'ds-agent').text(6, description).message(7, graph);
    for (const {domain, version} of versions) model.message(8, new Message().text(1, domain).number(2, version));
    return model.finish();
  }

  #add(type: string, inputs: readonly Tensor[], domain: string, attributes: readonly Attribute[]): Tensor {
    const output = this.#name();
    this.#nodes.push(node(type, inputs, output, domain, attributes));
    return output;
  }

  /** Names of ours begin with a character that no column begins with unnoticed. */
  #name(): Tensor {
    return `\u2063${this.#next++}`;
  }
}

function node(
  type: string,
  inputs: readonly Tensor[],
  output: Tensor,
  domain: string,
  attributes: readonly Attribute[],
) {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  // Named, since onnxruntime 1.20 joins nodes of no name to several of one name, and then refuses them.
  message.text(2, output).text(3, output).text(4, type);
  for (const each of attributes) message.message(5, attribute(each));
  return domain === '' ? message : message.text(7, domain);
}

function attribute(each: Attribute): Message {
  const message = new Message().text(1, each.name);
  if ('int' in each) return message.number(3, each.int).number(20, 2);
  if ('ints' in each) return message.numbers(8, each.ints).number(20, 7);
  if ('text' in each) return message.text(4, each.text).number(20, 3);
  if ('doubles' in each) return message.message(5, doubleTensor(each.doubles, [each.doubles.length])).number(20, 4);
  for (const text of each.texts) message.text(9, text);
  return message.number(20, 8);
}

/** Raw data is little-endian, as the memory of every machine that Node runs on. */
function doubleTensor(values: Float64Array, shape: readonly number[]): Message {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Message().numbers(1, shape).number(2, elementTypes.double).bytes(9, raw);
}

/** The number of rows is free. */
function valueInfo(name: string, type: TensorType, width: number): Message {
  const shape = new Message().message(1, new Message().text(2, 'rows')).message(1, new Message().number(1, width));
  const tensor = new Message().number(1, elementTypes[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
