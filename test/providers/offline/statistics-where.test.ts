// Conditions inside statistical questions: they reach the tool, are said with the answer, and are never dropped.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {z} from 'zod';
import type {Intent} from '../../../src/providers/offline/intent.ts';
import {conditionalTools} from '../../../src/providers/offline/statistics-where.ts';
import {understand} from '../../../src/providers/offline/understand.ts';
import {openToolBench, success, type ToolBench} from '../../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 240}, (_, i) => {
    const channel = ['web', 'app', 'store'][i % 3];
    const region = ['North', 'Coast'][Math.floor(i / 12) % 2];
    const month = String(1 + (i % 12)).padStart(2, '0');
    return `o${i},${2022 + Math.floor(i / 120)}-${month}-${String(1 + (i % 28)).padStart(2, '0')},${(i * 37) % 101},${(i * 53) % 89},${channel},${region},${100 + (i % 60)}`;
  });
  await bench.data('shop', ['order_no,placed_on,price,weight,channel,region,customer_id', ...rows].join('\n'));
});
afterAll(() => bench.close());

const understood = async (question: string): Promise<Intent> =>
  understand([question], {datasets: await bench.catalog.datasets(), activeDataset: 'shop'});

const coast = `"region" = 'Coast'`;
it.each<[string, string, object]>([
  [
    'forecast price in Coast for 6 months',
    'forecast',
    {value: 'price', time: 'placed_on', steps: 6, every: 'month', where: coast},
  ],
  ['is price normally distributed where region is Coast?', 'check_distribution', {column: 'price', where: coast}],
  [
    'in 2023, is price normally distributed?',
    'check_distribution',
    {column: 'price', where: `"placed_on" >= DATE '2023-01-01' AND "placed_on" < DATE '2024-01-01'`},
  ],
  [
    'is there a significant difference in price between channels with weight over 50',
    'test_hypothesis',
    {value: 'price', group: 'channel', where: '"weight" > 50'},
  ],
  ['unusual rows in Coast', 'cluster', {method: 'isolation_forest', where: coast}],
  [
    'cluster the orders by price and weight in Coast into 3 groups',
    'cluster',
    {columns: ['price', 'weight'], k: 3, where: coast},
  ],
  ['pca in Coast by channel', 'reduce', {by: 'channel', where: coast}],
  ['train a model for price where region is Coast', 'train_model', {target: 'price', where: coast}],
  ['top 5 words in channel for Coast', 'analyze_text', {column: 'channel', top: 5, where: coast}],
  [
    'is price seasonal in Coast by month',
    'analyze_time_series',
    {time: 'placed_on', value: 'price', every: 'month', where: coast},
  ],
  [
    'is the correlation between price and weight in Coast significant',
    'correlate',
    {columns: ['price', 'weight'], where: coast},
  ],
  [
    'what drives price in Coast',
    'regress',
    // The region is the same in all these rows, so it explains nothing.
    {target: 'price', features: ['weight', 'channel'], family: 'linear', where: coast},
  ],
])('"%s" calls %s on those rows only and says so', async (question, tool, args) => {
  const intent = await understood(question);
  expect(intent).toMatchObject({kind: 'tool', tool, args: {dataset: 'shop', ...args}});
  expect(intent.kind === 'tool' ? intent.args : {}).toEqual({dataset: 'shop', ...args});
  const note = intent.kind === 'tool' ? (intent.note ?? '') : '';
  expect(note).toMatch(/Read as: only the rows of shop where (?:region = Coast|placed_on in 2023|weight > 50)\./);
  expect(await bench.run(tool, {dataset: 'shop', ...args})).toMatchObject({ok: true});
});

it('a test on a part has the n of that part, as SQL counts it', async () => {
  const intent = await understood('is there a significant difference in price between web and app in Coast');
  expect(intent).toMatchObject({
    kind: 'tool',
    tool: 'test_hypothesis',
    args: {value: 'price', group: 'channel', where: `("channel" IN ('web', 'app')) AND (${coast})`},
    note: 'Read as: only the rows of shop where channel is web or app. Of these only where region = Coast.',
  });
  const args = intent.kind === 'tool' ? intent.args : {};
  const tested = success(await bench.run('test_hypothesis', args));
  const sql = `SELECT channel, count(*) FROM shop WHERE region = 'Coast' AND channel <> 'store' GROUP BY 1 ORDER BY 1`;
  const counted = success(await bench.run('run_sql', {sql}));
  expect(counted.table?.rows).toEqual([
    ['app', 40],
    ['web', 40],
  ]);
  expect(tested.summary).toContain('n = 40 and 40');
});

it.each([
  ['check the data quality in Coast', 'in Coast'],
  ['data drift since 2023 in Coast', 'since 2023 in Coast'],
  ['sample size to go from 10 % to 12 % in Coast', 'in Coast'],
])('"%s" is refused, as its tool looks at all rows, and names the SQL that keeps the part', async (question, said) => {
  const intent = await understood(question);
  expect(intent.kind).toBe('unclear');
  const {reason, suggestions} = intent.kind === 'unclear' ? intent : {reason: '', suggestions: []};
  expect(reason).toContain(`“${said}” would be left out`);
  const [kept = ''] = suggestions;
  expect(await understood(kept)).toMatchObject({kind: 'sql', saveAs: 'shop_part'});
});

it.each(['average price 7', 'total price 2023 by channel', 'average weight 4 web'])(
  'a number that no reading takes is asked back: %s',
  async question => {
    expect((await understood(question)).kind).toBe('unclear');
  },
);

it.each([
  'unusual rows in Narnia',
  'find clusters among pirates',
  'is price normally distributed in Narnia',
  'forecast price in Narnia for 6 months',
  'check the data quality in Narnia',
  // Several rows have one customer, so the rows are not the customers.
  'cluster customers by price and weight',
])('"%s" is refused rather than answered for all rows', async question => {
  expect((await understood(question)).kind).toBe('unclear');
});

it('the tools that take a condition here are those whose arguments have one', () => {
  const takes = bench.tools
    .filter(({args}) => 'where' in (z.toJSONSchema(args, {io: 'input'}).properties ?? {}))
    .map(({name}) => name);
  for (const tool of conditionalTools) expect(takes).toContain(tool);
});
