// The analyst hands statistical questions to the statistical tools, over the real tools.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {reply} from '../../../src/providers/offline/analyst.ts';
import {understand} from '../../../src/providers/offline/understand.ts';
import {openToolBench, success, type ToolBench} from '../../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 60}, (_, i) => `${i},${(i % 2) * 3 + (i % 7)},${i % 2 ? 'north' : 'south'}`);
  await bench.data('sales', ['id,unit_price,region', ...rows].join('\n'));
});
afterAll(() => bench.close());

it.each<[string, string, object]>([
  ['check quality', 'check_quality', {}],
  ['Check the data quality of sales.', 'check_quality', {}],
  ['what goes with unit price?', 'correlate', {target: 'unit_price'}],
  ['Is unit price different between regions?', 'test_hypothesis', {value: 'unit_price', group: 'region'}],
  [
    'does the unit_price differ significantly between region groups',
    'test_hypothesis',
    {value: 'unit_price', group: 'region'},
  ],
])('"%s" calls %s and answers with what it says', async (prompt, tool, args) => {
  const datasets = await bench.catalog.datasets();
  const request = {system: '', tools: [], datasets, activeDataset: 'sales'};
  const [call] = reply({...request, messages: [{role: 'user', text: prompt}]}).calls;
  expect(call?.name).toBe(tool);
  const asked: object = JSON.parse(call?.argumentsText ?? '');
  expect(asked).toEqual({dataset: 'sales', ...args});
  const result = success(await bench.run(tool, asked));
  const usage = {inputTokens: null, outputTokens: null};
  const {text} = reply({
    ...request,
    messages: [
      {role: 'user', text: prompt},
      {role: 'assistant', text: '', toolCalls: call ? [call] : [], usage, provider: 'offline', model: 'analyst'},
      {role: 'tool', callId: call?.id ?? '', name: tool, result},
    ],
  });
  expect(text).toBe(result.summary);
});

it('a column that is not there is left to the reading word by word', async () => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  expect(understand(['is the weather different between regions?'], surroundings).kind).not.toBe('tool');
});
