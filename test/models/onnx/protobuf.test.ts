import {expect, it} from 'vitest';
import {Message} from '../../../src/models/onnx/protobuf.ts';

it('numbers are written as protocol buffers write them', () => {
  expect(Array.from(new Message().number(1, 150).finish())).toEqual([8, 150, 1]);
  expect(Array.from(new Message().text(2, 'testing').finish())).toEqual([18, 7, 116, 101, 115, 116, 105, 110, 103]);
  expect(Array.from(new Message().numbers(4, [3, 270, 86942]).finish())).toEqual([34, 6, 3, 142, 2, 158, 167, 5]);
  expect(Array.from(new Message().number(1, 2 ** 40).finish())).toEqual([8, 128, 128, 128, 128, 128, 32]);
});
