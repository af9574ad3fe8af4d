// The dataset that a person chose stays the one asked, even when a word of the question is the name of another.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {understand} from '../../../src/providers/offline/understand.ts';
import {openToolBench, type ToolBench} from '../../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('region', 'name,size\nnorth,1\nsouth,2\n');
  await bench.data('orders', 'region,price\nnorth,1\nsouth,2\n');
  await bench.data('gadgets', 'name,size\na,1\nb,2\n');
  await bench.data('sales', 'region,price\nnorth,5\nsouth,7\n');
});
afterAll(() => bench.close());

const asked = async (prompt: string, activeDataset: string, chosen: boolean) => {
  const intent = understand([prompt], {datasets: await bench.catalog.datasets(), activeDataset, chosen});
  return 'subject' in intent ? `${intent.kind} ${intent.subject.name}` : intent.kind;
};

it.each([
  ['average price by region', 'orders', true, 'aggregate orders'],
  ['average price of region', 'orders', true, 'aggregate orders'],
  ['average size in region', 'orders', true, 'aggregate region'],
  ['average price in sales', 'orders', true, 'aggregate sales'],
  ['average price by region', 'orders', false, 'aggregate orders'],
  // No column of that name: the other dataset is meant, and not the rows of the chosen one.
  ['how many gadgets', 'orders', true, 'aggregate gadgets'],
])('"%s" on %s (chosen: %s) is read as %s', async (prompt, active, chosen, expected) => {
  expect(await asked(prompt, active, chosen)).toBe(expected);
});
