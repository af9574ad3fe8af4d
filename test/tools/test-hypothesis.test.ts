// Which samples the tool takes from the columns.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('visits', 'ward,days,cost\na,1,\na,2,\na,4,\nb,3,1\nb,5,2\nb,9,4\nc,,\nc,,\n');
  await bench.data('scores', 'score\n-1\n0\n1\n');
});
afterAll(() => bench.close());

it.each(['auto', 'anova', 'kruskal_wallis', 'welch_t', 'mann_whitney'])(
  '%s leaves out a group without any value and says so',
  async test => {
    const {summary} = success(
      await bench.run('test_hypothesis', {dataset: 'visits', value: 'days', group: 'ward', test}),
    );
    expect(summary).toContain('Rows left out: 2 where "ward" is c, all without a value.');
  },
);

it('one group with values is too few', async () => {
  const {code, message} = failure(
    await bench.run('test_hypothesis', {dataset: 'visits', value: 'cost', group: 'ward', test: 'anova'}),
  );
  expect(code).toBe('test.too_few_groups');
  expect(message).toContain('Only 1 of the groups have values');
});

it('ks_standard_normal compares with mean 0 and deviation 1, fixed beforehand', async () => {
  const {table} = success(
    await bench.run('test_hypothesis', {dataset: 'scores', value: 'score', test: 'ks_standard_normal'}),
  );
  const statistic = table?.rows[0]?.[table.columns.findIndex(column => column.name === 'statistic')];
  // Φ(1) − 2/3.
  expect(statistic).toBeCloseTo(0.841344746068543 - 2 / 3, 12);
});

it('says which pairs Wilcoxon does not rank, since they have no difference', async () => {
  await bench.data('pairs', 'a,b\n1,1\n2,2\n3,5\n4,1\n5,9\n6,\n');
  const {summary} = success(
    await bench.run('test_hypothesis', {dataset: 'pairs', value: 'a', paired_with: 'b', test: 'wilcoxon'}),
  );
  expect(summary).toContain('Rows left out: 1 without a value, 2 without a difference, as the test ranks differences.');
});

it.each([{group: 'ward'}, {paired_with: 'ward'}])('a column is not compared with itself: %j', async beside => {
  const result = failure(await bench.run('test_hypothesis', {dataset: 'visits', value: 'ward', ...beside}));
  expect(result).toMatchObject({code: 'test.same_column', message: '"ward" can\'t be compared with itself.'});
});
