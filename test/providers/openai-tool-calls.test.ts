// Tool calls from the deltas of servers that each do it a little differently.

import {describe, expect, it} from 'vitest';
import {ToolCallParts} from '../../src/providers/openai-tool-calls.ts';

const collect = (...deltas: unknown[]) => {
  const parts = new ToolCallParts();
  for (const delta of deltas) parts.add(delta);
  return parts;
};
const texts = (parts: ToolCallParts) => parts.toCalls().map(call => `${call.name} ${call.argumentsText}`);
const delta = (index: number | undefined, id: string | undefined, name: string | undefined, argumentsText: unknown) => [
  {index, id, function: {name, arguments: argumentsText}},
];

describe('deltas', () => {
  it.each<[string, unknown[], string[]]>([
    [
      'interleaved by index',
      [
        delta(0, 'a', 'x', ''),
        delta(1, 'b', 'y', '{"q'),
        delta(0, undefined, undefined, '{}'),
        delta(1, undefined, undefined, '":1}'),
      ],
      ['x {}', 'y {"q":1}'],
    ],
    ['all with index 0 but their own ids', [delta(0, 'a', 'x', '{}'), delta(0, 'b', 'y', '{}')], ['x {}', 'y {}']],
    [
      'no index and no id, each named',
      [delta(undefined, undefined, 'x', '{}'), delta(undefined, undefined, 'y', '{}')],
      ['x {}', 'y {}'],
    ],
    [
      'no index, pieces follow the name',
      [delta(undefined, 'a', 'x', '{"q'), delta(undefined, undefined, undefined, '":1}')],
      ['x {"q":1}'],
    ],
    ['the name repeated in every piece', [delta(0, 'a', 'x', '{"q'), delta(0, 'a', 'x', '":1}')], ['x {"q":1}']],
    ['arguments as an object', [delta(0, 'a', 'x', {q: 1})], ['x {"q":1}']],
    ['no arguments at all', [delta(0, 'a', 'x', undefined)], ['x {}']],
    ['junk', ['x', null, 5, [null, 'y', {}], delta(0, 'a', 'x', '{}')], [' {}', 'x {}']],
  ])('%s', (_, deltas, expected) => {
    expect(texts(collect(...deltas))).toEqual(expected);
  });

  it('half arguments are not whole, and neither is a call without a name', () => {
    expect(collect(delta(0, 'a', 'x', '{"q')).areWhole()).toBe(false);
    expect(collect(delta(0, 'a', undefined, '{}')).areWhole()).toBe(false);
    expect(collect(delta(0, 'a', 'x', '')).areWhole()).toBe(true);
  });
});
