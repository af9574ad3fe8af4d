import {expect, it} from 'vitest';
import {Graph} from '../../../src/models/onnx/graph.ts';

it('every node has its own name, without which onnxruntime 1.20 joins some to nodes of one name and refuses them', () => {
  const graph = new Graph();
  const outputs = ['Neg', 'Abs'].map(type => graph.op(type, [graph.input(`for ${type}`, 'double')]));
  const file = Buffer.from(graph.file('model', ''));
  // Field 3 of a node, a text.
  const named = outputs.map(name => Buffer.concat([Buffer.of(3 * 8 + 2, Buffer.byteLength(name)), Buffer.from(name)]));
  expect(named.map(bytes => file.includes(bytes))).toEqual([true, true]);
  expect(new Set(outputs).size).toBe(2);
});
