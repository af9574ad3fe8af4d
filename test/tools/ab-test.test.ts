// A/B tests, plans of comparisons and many columns at once, through the tool.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {failure, openToolBench, type Success, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 1000}, (_, i) => {
    const isNew = i % 2 === 1;
    const bought = isNew ? i % 10 === 1 || i % 14 === 1 : i % 10 === 0;
    const spent = (isNew ? 10.5 : 10) + ((i * 7919) % 101) / 10;
    return [
      i,
      isNew ? 'new' : 'control',
      bought,
      spent,
      spent / 2 + (i % 7),
      (i * 31) % 11,
      i % 3 === 0 ? 'yes' : 'no',
      i % 5 === 0 ? 'yes' : 'no',
    ].join(',');
  });
  await bench.data('ab', ['user,arm,bought,spent,visits,noise,before,after', ...rows].join('\n'));
});
afterAll(() => bench.close());

const run = async (args: object) => success(await bench.run('test_hypothesis', {dataset: 'ab', ...args}));
const figure = ({table}: Success, name: string, column = 'value') =>
  table?.rows.find(row => row[0] === name)?.[table.columns.findIndex(each => each.name === column)];

describe('an A/B test', () => {
  it('of conversion tells shares, lift, p, the detectable difference and the split', async () => {
    const result = await run({test: 'ab', value: 'bought', group: 'arm'});
    const counts = success(
      await bench.run('run_sql', {sql: 'SELECT avg(bought::INT) FROM ab GROUP BY arm ORDER BY arm'}),
    );
    const [control = 0, variant = 0] = (counts.table?.rows ?? []).map(row => Number(row[0]));
    expect(figure(result, 'control')).toBe(control);
    expect(figure(result, 'variant')).toBe(variant);
    expect(figure(result, 'lift')).toBeCloseTo(variant / control - 1, 12);
    const z = await run({test: 'proportion_z', value: 'bought', group: 'arm'});
    expect(figure(result, 'z', 'p')).toBeCloseTo(Number(z.table?.rows[0]?.[6]), 14);
    expect(result.summary).toContain('Share of true: variant new');
    expect(result.summary).toContain('Sizes of the groups agree with an equal split');
  });

  it('of a number compares means by Welch, the variant less the control', async () => {
    const result = await run({test: 'ab', value: 'spent', group: 'arm'});
    const welch = await run({test: 'welch_t', value: 'spent', group: 'arm'});
    expect(figure(result, 'difference of means')).toBeCloseTo(-Number(welch.table?.rows[0]?.[10]), 12);
    expect(figure(result, 'lift', 'low')).toBeLessThan(Number(figure(result, 'lift')));
    expect(figure(result, 'detectable difference')).toBeGreaterThan(0);
  });

  it('warns when the groups are not of equal size', async () => {
    const result = await run({test: 'ab', value: 'bought', group: 'arm', where: "arm = 'new' OR user < 700"});
    expect(result.summary).toContain('sample ratio mismatch');
  });

  it.each<[string, object, string]>([
    ['no group', {value: 'bought'}, 'test.needs'],
    ['seven groups', {value: 'bought', group: 'noise'}, 'test.not_two_by_two'],
    ['one group', {value: 'spent', group: 'arm', where: "arm = 'new'"}, 'test.too_few_groups'],
  ])('refuses %s', async (_, args, code) => {
    expect(failure(await bench.run('test_hypothesis', {dataset: 'ab', test: 'ab', ...args})).code).toBe(code);
  });
});

describe('a plan', () => {
  it('needs no dataset', async () => {
    const result = success(await bench.run('test_hypothesis', {test: 'power', baseline: 0.1, effect: 0.02}));
    expect(result.receipt).toMatchObject({datasets: [], rowsRead: 0});
    expect(result.summary).toContain('rows in each group');
  });

  it('takes the baseline or the sd from a column', async () => {
    const share = await run({test: 'power', value: 'bought', n: 500});
    expect(share.summary).toMatch(/^500 rows in each group show a difference of 0\.0\d+ with a power of 0\.8/);
    const mean = await run({test: 'power', value: 'spent', effect: 0.5});
    expect(Number(figure(mean, 'n'))).toBeGreaterThan(100);
  });

  it('every other test says that it needs a dataset', async () => {
    expect(failure(await bench.run('test_hypothesis', {test: 'welch_t', value: 'x'})).code).toBe('test.needs');
  });
});

describe('several columns', () => {
  it('are tested one by one, and p is corrected for their number', async () => {
    const args = {value: 'spent', more: ['visits', 'noise'], group: 'arm', test: 'welch_t'};
    const result = await run({...args, correction: 'bonferroni'});
    const [p, adjusted] = ['p', 'p_adjusted'].map(name => Number(figure(result, 'noise', name)));
    expect(adjusted).toBeCloseTo(Math.min(1, 3 * (p ?? 0)), 12);
    expect((await run(args)).summary).toContain('3 tests, p corrected together (benjamini-hochberg)');
  });

  it('one that cannot be tested stands with its reason, an unknown one fails', async () => {
    const result = await run({value: 'spent', more: ['before'], group: 'arm', test: 'anova'});
    expect(result.summary).toContain('- before: not tested');
    const unknown = await bench.run('test_hypothesis', {dataset: 'ab', value: 'spent', more: ['vists'], group: 'arm'});
    expect(failure(unknown)).toMatchObject({code: 'analysis.unknown_column', hint: expect.stringContaining('visits')});
  });

  it("without a group are measurements of the same rows: Friedman's test", async () => {
    expect((await run({value: 'spent', more: ['visits', 'noise']})).summary).toContain('Test chosen: friedman');
  });
});

describe('tests of shares', () => {
  it.each<[string, object, string]>([
    ['two answers of a row', {value: 'before', paired_with: 'after'}, 'mcnemar'],
    ['a share against an expected one', {value: 'bought', mu: 0.1}, 'binomial'],
  ])('%s', async (_, args, test) => {
    expect((await run(args)).summary).toContain(`Test chosen: ${test}`);
  });

  it('a z-test can be one-sided', async () => {
    const args = {test: 'proportion_z', value: 'bought', group: 'arm'};
    const [two, less, greater] = [
      await run(args),
      await run({...args, alternative: 'less'}),
      await run({...args, alternative: 'greater'}),
    ].map(each => Number(each.table?.rows[0]?.[6]));
    expect((less ?? 0) + (greater ?? 0)).toBeCloseTo(1, 12);
    expect(2 * Math.min(less ?? 0, greater ?? 0)).toBeCloseTo(two ?? 0, 12);
  });
});
