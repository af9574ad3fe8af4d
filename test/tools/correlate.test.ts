// What the correlation tool says, where the numbers themselves have golden tests.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 30}, (_, i) => `${i},${(i * 7) % 11},${(i * i) % 13},5`);
  await bench.data('mix', ['x,y,z,k', ...rows].join('\n'));
});
afterAll(() => bench.close());

const correlate = async (args: object) => success(await bench.run('correlate', {dataset: 'mix', ...args})).summary;

it('counts one pair as one, and claims no strongest where none has a value', async () => {
  expect(await correlate({columns: ['x', 'y']})).toMatch(/^1 pair, rows complete for each pair:\n- x ~ y/);
  const none = await correlate({columns: ['x', 'k']});
  expect(none).toMatch(/^1 pair, rows complete for each pair, and none has a value\./);
  expect(none).toContain('No value for 1 pair: x ~ k ("k" does not vary)');
});

it('says over how many tests p was adjusted: pairs without a value are no tests', async () => {
  expect(await correlate({})).toContain('Benjamini-Hochberg over 3 tests');
});

it("leaves the matrix empty where a column does not vary, as pandas' corr", async () => {
  expect(await correlate({})).toContain('| k | ∅ | ∅ | ∅ | ∅ |');
});

it('a condition that no row meets is said to be the reason', async () => {
  const summary = await correlate({where: 'x > 1000'});
  expect(summary).toContain('there are no rows');
  expect(summary).not.toContain('does not vary');
  expect(summary).not.toContain('Adjusted p');
});
