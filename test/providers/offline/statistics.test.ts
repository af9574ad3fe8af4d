// The analyst hands statistical questions to the statistical tools, over the real tools.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {reply} from '../../../src/providers/offline/analyst.ts';
import {understand} from '../../../src/providers/offline/understand.ts';
import {openToolBench, success, type ToolBench} from '../../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 60}, (_, i) => `${i},${(i % 2) * 3 + (i % 7)},${i % 2 ? 'north' : 'south'}`);
  await bench.data(
    'sales',
    [
      'id,unit_price,region,returned,sold_on',
      ...rows.map((row, i) => `${row},${i % 5 === 0},2024-${1 + (i % 3)}-${1 + (i % 28)}`),
    ].join('\n'),
  );
  await bench.data('older', 'id,unit_price\n1,2\n2,3\n3,5\n');
  bench.catalog.use('sales');
});
afterAll(() => bench.close());

it.each<[string, string, object]>([
  ['check quality', 'check_quality', {}],
  ['Check the data quality of sales.', 'check_quality', {}],
  ['is unit_price significantly correlated with id', 'correlate', {columns: ['unit_price', 'id']}],
  ['is the correlation between unit price and id significant?', 'correlate', {columns: ['unit_price', 'id']}],
  [
    'Is there a significant difference in unit price between regions?',
    'test_hypothesis',
    {value: 'unit_price', group: 'region'},
  ],
  [
    'is the difference in unit price between regions significant?',
    'test_hypothesis',
    {value: 'unit_price', group: 'region'},
  ],
  [
    'is the difference in unit price between returned and not returned significant',
    'test_hypothesis',
    {value: 'unit_price', group: 'returned'},
  ],
  [
    'is the difference in unit price between north and south statistically significant',
    'test_hypothesis',
    {value: 'unit_price', group: 'region'},
  ],
  ['can we predict returned', 'train_model', {target: 'returned'}],
  ['gaps in the time', 'analyze_time_series', {time: 'sold_on'}],
  ['are there gaps in sold_on?', 'analyze_time_series', {time: 'sold_on'}],
  ['missing days', 'analyze_time_series', {time: 'sold_on'}],
  ['is unit_price declining?', 'analyze_time_series', {time: 'sold_on', value: 'unit_price'}],
  ['run a t-test of unit price by region', 'test_hypothesis', {value: 'unit_price', group: 'region', test: 'welch_t'}],
  ['anova of unit_price by region in sales', 'test_hypothesis', {value: 'unit_price', group: 'region', test: 'anova'}],
  ['a/b test of unit_price by region', 'test_hypothesis', {value: 'unit_price', group: 'region', test: 'ab'}],
  ['A/B test returned by region', 'test_hypothesis', {value: 'returned', group: 'region', test: 'ab'}],
  ['has the data drifted between the first and second half?', 'check_quality', {compare_to: 'halves'}],
  ['check for drift', 'check_quality', {compare_to: 'halves'}],
  ['Did the data drift?', 'check_quality', {compare_to: 'halves'}],
  ['data drift between older and sales', 'check_quality', {compare_to: 'older'}],
  ['how has the data changed since older', 'check_quality', {compare_to: 'older'}],
  ['has the data drifted since older', 'check_quality', {compare_to: 'older'}],
  [
    'how many rows do I need to detect a difference of 0.02 from 0.1?',
    'test_hypothesis',
    {test: 'power', effect: 0.02, baseline: 0.1},
  ],
  [
    'sample size for a conversion of 10% and a lift of 20 %',
    'test_hypothesis',
    {test: 'power', effect: 0.02, baseline: 0.1},
  ],
  ['sample size to go from 10 % to 12.5 %', 'test_hypothesis', {test: 'power', effect: 0.025, baseline: 0.1}],
  [
    'what sample size do I need to show a difference of 1 in unit price with 90 % power at the 1 % level',
    'test_hypothesis',
    {test: 'power', value: 'unit_price', effect: 1, power: 0.9, alpha: 0.01},
  ],
  [
    'power of a test with 100 rows per group and an effect of 0.5',
    'test_hypothesis',
    {test: 'power', effect: 0.5, n: 100, sd: 1},
  ],
  [
    'smallest detectable difference in returned with 200 users per group',
    'test_hypothesis',
    {test: 'power', value: 'returned', n: 200},
  ],
  [
    'mann-whitney test of unit_price by region',
    'test_hypothesis',
    {value: 'unit_price', group: 'region', test: 'mann_whitney'},
  ],
  ['is unit price normally distributed?', 'check_distribution', {column: 'unit_price'}],
  ['which distribution fits unit_price best', 'check_distribution', {column: 'unit_price'}],
  ['test unit price for normality', 'check_distribution', {column: 'unit_price'}],
  ['is there a trend in unit price', 'analyze_time_series', {time: 'sold_on', value: 'unit_price'}],
  ['weird rows', 'cluster', {method: 'isolation_forest'}],
  ['any strange records?', 'cluster', {method: 'isolation_forest'}],
  ['predict unit price', 'train_model', {target: 'unit_price'}],
  ['what is the p-value of unit price and region', 'test_hypothesis', {value: 'unit_price', group: 'region'}],
  ['Is unit_price seasonal?', 'analyze_time_series', {time: 'sold_on', value: 'unit_price'}],
  ['change points in unit price by week', 'analyze_time_series', {time: 'sold_on', value: 'unit_price', every: 'week'}],
  ['train a model for unit price', 'train_model', {target: 'unit_price'}],
  ['build a classifier that predicts returned', 'train_model', {target: 'returned'}],
  ['cluster the sales', 'cluster', {}],
  ['segment customers by unit price into 3 groups', 'cluster', {columns: ['unit_price'], k: 3}],
  ['find clusters in sales', 'cluster', {}],
  [
    'forecast unit price over the next 2 weeks',
    'forecast',
    {value: 'unit_price', time: 'sold_on', steps: 2, every: 'week'},
  ],
  [
    'What will the unit price be next week?',
    'forecast',
    {value: 'unit_price', time: 'sold_on', steps: 1, every: 'week'},
  ],
  ['forecast the number of rows for the next 3 days', 'forecast', {time: 'sold_on', steps: 3, every: 'day'}],
  ['show the correlation matrix', 'correlate', {}],
  ['correlation heatmap of sales', 'correlate', {}],
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
  // A plan says beneath it how its numbers were read.
  expect(text.replace(/\n\nRead as: a plan .*$/, '')).toBe(result.summary);
});

it.each<[string, object]>([
  ['most common words in region', {column: 'region'}],
  ['top 5 words in region', {column: 'region', top: 5}],
  ['what words are most frequent in region?', {column: 'region'}],
])('"%s" asks for the terms of the column', async (prompt, args) => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  expect(understand([prompt], surroundings)).toEqual({
    kind: 'tool',
    tool: 'analyze_text',
    args: {dataset: 'sales', ...args},
  });
});

it('a wish to clean without steps looks at the quality, and says how a plan is made', async () => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  const intent = understand(['clean the data'], surroundings);
  expect(intent).toMatchObject({kind: 'tool', tool: 'check_quality', args: {dataset: 'sales'}});
  expect(intent.kind === 'tool' ? intent.note : '').toContain('Nothing was changed. `/clean` followed by steps');
});

it.each<[string, string, string, object]>([
  ['compare unit price by region', 'is that significant?', 'test_hypothesis', {value: 'unit_price', group: 'region'}],
  [
    'average unit price by region',
    'is the difference significant?',
    'test_hypothesis',
    {value: 'unit_price', group: 'region'},
  ],
  ['median unit price by region', 'could that be chance?', 'test_hypothesis', {value: 'unit_price', group: 'region'}],
  [
    'average unit price by region where returned is yes',
    'is that statistically significant',
    'test_hypothesis',
    {value: 'unit_price', group: 'region', where: '"returned" = true'},
  ],
  ['share of returned by region', 'is this just noise?', 'test_hypothesis', {value: 'returned', group: 'region'}],
  ['correlation between unit price and id', 'is it significant?', 'correlate', {columns: ['unit_price', 'id']}],
])('“%s”, then “%s”, is the test of what was compared', async (before, prompt, tool, args) => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  const intent = understand([before, prompt], surroundings);
  expect({...intent, note: undefined}).toEqual({kind: 'tool', tool, args: {dataset: 'sales', ...args}});
  // A test of some rows says which.
  const note = intent.kind === 'tool' ? (intent.note ?? '') : '';
  expect(note.startsWith('Read as: only the rows of sales where')).toBe('where' in args);
  success(await bench.run(tool, {dataset: 'sales', ...args}));
});

it('“is that significant?” says what is tested in place of totals, and that periods and single numbers have no test', async () => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  const asked = (before: string) => understand([before, 'is that significant?'], surroundings);
  expect(asked('total unit price by region')).toMatchObject({note: expect.stringContaining('Totals depend on')});
  for (const before of ['total unit price by month', 'average unit price', 'rows by region'])
    expect(asked(before)).toMatchObject({kind: 'unclear', reason: expect.stringContaining('compares nothing')});
});

it('“why?” after an answer offers what drives the number that it was about', async () => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  for (const before of ['average unit price by region', 'top 5 rows by unit price', 'unit price over time'])
    expect(understand([before, 'why?'], surroundings)).toMatchObject({
      kind: 'unclear',
      suggestions: ['what drives unit_price'],
    });
});

it('what drives a number is a regression on the columns that measure or group, and says on which', async () => {
  const datasets = await bench.catalog.datasets();
  const surroundings = {datasets, activeDataset: 'sales'};
  const intent = understand(['what drives unit price?'], surroundings);
  const args = {dataset: 'sales', target: 'unit_price', features: ['region', 'returned'], family: 'linear'};
  expect(intent).toMatchObject({kind: 'tool', tool: 'regress', args});
  success(await bench.run('regress', args));
  expect(understand(['best predictors of the unit price'], surroundings)).toMatchObject({args});
  expect(understand(['what predicts returned'], surroundings)).toMatchObject({args: {family: 'logistic'}});
  expect(understand(['what affects returned'], surroundings)).toMatchObject({args: {family: 'logistic'}});
  for (const asked of ['which columns matter most for returned', 'most important features for returned'])
    expect(understand([asked], surroundings), asked).toMatchObject({tool: 'regress', args: {target: 'returned'}});
  expect(understand(['regress unit price on returned and region'], surroundings)).toMatchObject({
    args: {features: ['returned', 'region']},
  });
  expect(understand(['regress unit price on weather'], surroundings).kind).not.toBe('tool');
});

it.each<[string, object, string]>([
  ['remove duplicates', {do: 'drop_duplicates'}, '/clean duplicates in sales'],
  ['please drop the duplicate rows from sales', {do: 'drop_duplicates'}, '/clean duplicates in sales'],
  [
    'remove rows with missing unit price',
    {do: 'drop_missing', columns: ['unit_price']},
    '/clean missing unit_price in sales',
  ],
  ['drop rows with missing values', {do: 'drop_missing'}, '/clean missing in sales'],
  [
    'cap outliers in unit_price',
    {do: 'cap_outliers', columns: ['unit_price']},
    '/clean outliers cap unit_price in sales',
  ],
  [
    'fill missing unit price with the median',
    {do: 'fill', columns: ['unit_price'], value: 'median'},
    '/clean fill unit_price with median in sales',
  ],
])('"%s" plans, changes nothing, and names the command that asks', async (prompt, step, command) => {
  const datasets = await bench.catalog.datasets();
  const request = {system: '', tools: [], datasets, activeDataset: 'sales'};
  const [call] = reply({...request, messages: [{role: 'user', text: prompt}]}).calls;
  expect(call?.name).toBe('clean_data');
  const asked: object = JSON.parse(call?.argumentsText ?? '');
  expect(asked).toEqual({dataset: 'sales', steps: [step]});
  const result = success(await bench.run('clean_data', asked));
  const usage = {inputTokens: null, outputTokens: null};
  const {text, stop} = reply({
    ...request,
    messages: [
      {role: 'user', text: prompt},
      {role: 'assistant', text: '', toolCalls: call ? [call] : [], usage, provider: 'offline', model: 'analyst'},
      {role: 'tool', callId: call?.id ?? '', name: 'clean_data', result},
    ],
  });
  expect(stop).toBe('complete');
  expect(text).toContain(`Nothing was changed. \`${command}\` shows this plan again and asks`);
  expect(text).not.toContain('apply: true');
  expect((await bench.catalog.dataset('sales')).versions).toHaveLength(1);
});

it('a tool that is not offered is not called, and the question ends unanswered', async () => {
  const datasets = await bench.catalog.datasets();
  const tools = [{name: 'run_sql', description: '', parameters: {}}];
  const messages = [{role: 'user' as const, text: 'is unit price normally distributed?'}];
  const {calls, stop, text} = reply({system: '', tools, datasets, activeDataset: 'sales', messages});
  expect(calls).toEqual([]);
  expect(stop).toBe('unanswered');
  expect(text).toContain('check_distribution, which is not offered here');
});

it.each([
  ['cluster the rows', 'no dataset here has two number columns with values'],
  ['forecast unit price for 12 months', 'no dataset here has one'],
])('%s, where the data have nothing for it, says what is lacking', async (question, lack) => {
  const datasets = await bench.catalog.datasets();
  const tools = [{name: 'run_sql', description: '', parameters: {}}];
  const {calls, text} = reply({
    ...{system: '', tools, datasets, activeDataset: 'sales'},
    messages: [{role: 'user', text: question}],
  });
  expect([calls, text]).toEqual([[], expect.stringContaining(lack)]);
});

it('a column that is not there is left to the reading word by word', async () => {
  const surroundings = {datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  expect(understand(['is the weather different between regions?'], surroundings).kind).not.toBe('tool');
});

it.each<[string, string, object]>([
  ['pca by region', 'reduce', {by: 'region'}],
  ['umap by region', 'reduce', {method: 'umap', by: 'region'}],
  ['Do a principal component analysis of sales', 'reduce', {}],
  ['forecast sales for the next 3 months', 'forecast', {time: 'sold_on', steps: 3, every: 'month'}],
  ['forecast unit price by month', 'forecast', {value: 'unit_price', time: 'sold_on', every: 'month'}],
  ['how many sales will there be next week?', 'forecast', {time: 'sold_on', steps: 1, every: 'week'}],
  ['forecast unit price next quarter', 'forecast', {value: 'unit_price', time: 'sold_on', steps: 1, every: 'quarter'}],
  [
    'forecast the unit price 6 months ahead',
    'forecast',
    {value: 'unit_price', time: 'sold_on', steps: 6, every: 'month'},
  ],
  ['forecast unit price for 12 months', 'forecast', {value: 'unit_price', time: 'sold_on', steps: 12, every: 'month'}],
])('"%s" calls %s', async (prompt, tool, args) => {
  const request = {system: '', tools: [], datasets: await bench.catalog.datasets(), activeDataset: 'sales'};
  const [call] = reply({...request, messages: [{role: 'user', text: prompt}]}).calls;
  expect(call?.name).toBe(tool);
  expect(JSON.parse(call?.argumentsText ?? '')).toEqual({dataset: 'sales', ...args});
});
