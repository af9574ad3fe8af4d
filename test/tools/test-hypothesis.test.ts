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

it('pairs that do not differ are told in one line, and of many those that do are listed', async () => {
  const rows = (means: readonly number[]) =>
    means.flatMap((mean, group) => [-1, 0, 1, 2].map(step => `${String.fromCharCode(97 + group)},${mean + step}`));
  await bench.data('alike', `g,v\n${rows([1, 1.5, 2, 1.2, 1.4]).join('\n')}\n`);
  await bench.data('unlike', `g,v\n${rows([1, 1, 1, 1, 90]).join('\n')}\n`);
  const of = async (dataset: string) =>
    success(await bench.run('test_hypothesis', {dataset, value: 'v', group: 'g', test: 'anova'})).summary;
  const alike = await of('alike');
  expect(alike).toMatch(
    /together\): none of the 10 pairs differs at the 5 % level; the nearest to it is: a − c: -1 \[/,
  );
  expect(alike).not.toContain('\n- ');
  const unlike = await of('unlike');
  expect(unlike.match(/^- .* − e: /gm)).toHaveLength(4);
  expect(unlike).toContain('The other 6 pairs do not differ at the 5 % level; the nearest to it is');
});
