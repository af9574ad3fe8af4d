// The commands about data: plain arguments become the right call of a tool, and what is wrong is said with what is right.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runSlash} from '../../src/cli/slash.ts';
import {DsAgentError} from '../../src/core/errors.ts';
import {type AppBench, openAppBench} from './bench.ts';

const csv = [
  'region,year,price,unit price,sold on',
  ...Array.from({length: 40}, (_, i) => {
    const region = i % 2 === 0 ? 'north' : ' south';
    return `${region},${2020 + (i % 3)},${i},${(i * 37) % 11},2024-01-${String(1 + (i % 28)).padStart(2, '0')}`;
  }),
  'north,2020,0,0,2024-01-01',
].join('\n');

let bench: AppBench;
const {signal} = new AbortController();
const run = (line: string) => runSlash(line, bench.app, signal);
const answer = async (line: string) => {
  const found = await run(line);
  if (typeof found === 'string') throw new Error(found);
  return found;
};
const failure = async (line: string): Promise<DsAgentError> => {
  const found = await run(line).catch((error: unknown) => error);
  if (found instanceof DsAgentError) return found;
  throw new Error(`${line} did not fail`);
};
/** What the last result was asked. */
const asked = () => bench.app.session.receipts().at(-1)?.args;

beforeAll(async () => {
  bench = await openAppBench();
  await run(`/upload ${await bench.file('other.csv', 'a,b\n1,2\n2,3\n3,5\n')}`);
  await run(`/upload ${await bench.file('sales.csv', csv)}`);
});
afterAll(() => bench.close());

describe('arguments', () => {
  it.each([
    ['/quality', {dataset: 'sales'}],
    ['/quality other', {dataset: 'other'}],
    ['/correlate', {dataset: 'sales'}],
    [
      '/correlate price, year "unit price" spearman',
      {dataset: 'sales', columns: ['price', 'year', 'unit price'], method: 'spearman'},
    ],
    ['/correlate with PRICE where year > 2020', {dataset: 'sales', target: 'price', where: 'year > 2020'}],
    ['/correlate other.a other.b', {dataset: 'other', columns: ['a', 'b']}],
    ['/correlate a b in other', {dataset: 'other', columns: ['a', 'b']}],
    ['/test price by region', {dataset: 'sales', value: 'price', group: 'region'}],
    [
      '/test @sales.price by region welch_t greater where year <> 2021',
      {
        dataset: 'sales',
        value: 'price',
        group: 'region',
        test: 'welch_t',
        alternative: 'greater',
        where: 'year <> 2021',
      },
    ],
    ['/test price with "unit price"', {dataset: 'sales', value: 'price', paired_with: 'unit price'}],
    ['/test price mu 19.5', {dataset: 'sales', value: 'price', mu: 19.5}],
    [
      '/reduce UMAP price "unit price" by region',
      {dataset: 'sales', method: 'umap', columns: ['price', 'unit price'], by: 'region'},
    ],
  ])('%s', async (line, expected) => {
    await answer(line);
    expect(asked()).toEqual(expected);
  });

  it.each([
    ['/test price by regoin', 'sales has no column regoin.', 'Did you mean region?'],
    [
      '/test price by region man_whitney',
      'There is no test or further column man_whitney.',
      'Did you mean mann_whitney',
    ],
    ['/test', 'Usage: /test VALUE', undefined],
    ['/test price mu high', 'Usage: /test VALUE', undefined],
    ['/correlate prices', 'sales has no column prices.', 'Did you mean price'],
    ['/chart pie price', 'Usage: /chart histogram|bar|', undefined],
    ['/chart', 'Usage: /chart', undefined],
    ['/chart scatter price', 'Usage: /chart', undefined],
    ['/aggregate price', 'Usage: /aggregate', 'Functions: mean,'],
    ['/aggregate mean', 'Which column is "mean" of?', undefined],
    ['/aggregate mean region', '"region" is VARCHAR, so it has no mean.', undefined],
    ['/clean polish', 'Usage: /clean', undefined],
    ['/clean fill price', 'Usage: /clean', undefined],
    ['/correlate price where', 'There is no condition behind "where".', undefined],
    ['/cluster with nosuch', 'sales has no column "with".', undefined],
    ['/cluster price by region', 'sales has no column "by".', undefined],
    ['/reduce umap umap', 'Usage: /reduce [umap]', undefined],
    ['/forecast price to a b', 'Usage: /forecast', undefined],
    ['/reduce tsne', 'sales has no column tsne.', undefined],
    ['/quality where year > 2020', 'Usage: /quality', undefined],
    ['/correlate in sales other', 'One dataset only stands behind "in".', undefined],
    ['/forecast price 0', 'The arguments of forecast are not right: steps must be at least 1.', undefined],
    ['/cluster k 99', 'The arguments of cluster are not right: k must be at most 50.', undefined],
    ['/cluster into 99 groups', 'The arguments of cluster are not right: k must be at most 50.', undefined],
    ['/cluster into many', 'Usage: /cluster', undefined],
    ['/show 999', 'There is no result 999 to show.', 'Results so far'],
  ])('%s is refused with what is right', async (line, message, hint) => {
    const error = await failure(line);
    expect(error.message).toContain(message);
    if (hint !== undefined) expect(error.hint).toContain(hint);
  });
});

describe('/aggregate', () => {
  it('computes by groups, with the number of rows', async () => {
    const {table} = await answer('/aggregate mean price max "unit price" by year where year < 2022');
    expect(table?.columns.map(({name}) => name)).toEqual(['year', 'mean of price', 'max of unit price', 'n']);
    // i ≡ 0 mod 3: 0, 3, …, 39 and the last row's 0; i ≡ 1 mod 3: 1, 4, …, 37.
    expect(table?.rows).toEqual([
      [2020, 273 / 15, 10, 15],
      [2021, 19, 10, 13],
    ]);
  });

  it('counts rows, and needs no group', async () => {
    expect((await answer('/aggregate count')).table?.rows).toEqual([[41]]);
    expect((await answer('/aggregate distinct region')).table?.rows).toEqual([[2, 41]]);
  });
});

describe('/chart', () => {
  it.each([
    ['/chart histogram price', /Distribution of price\nrows/],
    ['/chart bar region', /Number of rows by region[\s\S]*south +█+▏?.* 20[\s\S]*n = \d+ in \d bars$/],
    ['/chart bar count by region', /Number of rows by region[\s\S]*south +█+▏?.* 20[\s\S]*n = \d+ in \d bars$/],
    ['/chart bar count region', /Number of rows by region[\s\S]*south +█+▏?.* 20/],
    ['/chart bar count by region year', /Number of rows by region and year[\s\S]*2021/],
    ['/chart bar mean price by region', /mean of price by region[\s\S]*n = \d+ in \d bars$/],
    ['/chart line by month', /Number of rows by month[\s\S]*n = \d+ in \d+ points?$/],
    ['/chart bar sum price by year region', /sum of price by year and region/],
    ['/chart bar price by region year', /sum of price by region and year[\s\S]*2021/],
    ['/chart line median price by "sold on"', /median of price by sold on/],
    ['/chart scatter price "unit price"', /unit price by price/],
    ['/chart scatter "unit price" by price', /unit price by price/],
    ['/chart box price by region', /price by region[\s\S]*┃/],
    ['/chart box price', /all +├/],
    ['/chart heatmap region by year', /rows by region and year[\s\S]*n = \d+ in 6 cells$/],
    ['/chart heatmap sum price by region year', /^sum of price by region and year[\s\S]*\n6 cells$/],
    ['/chart pairs', /^Pairs of /],
    ['/chart missing', /· none[\s\S]*n = \d+$/],
    ['/chart heatmap mean price by region year', /^mean of price by region and year[\s\S]*n = \d+ in 6 cells$/],
  ])('%s', async (line, expected) => {
    expect((await answer(line)).charts?.map(({preview}) => preview).join('\n')).toMatch(expected);
  });
});

describe('/show and /why', () => {
  it('/show gives the exact SQL and the table of a result', async () => {
    await answer('/sql SELECT count(*) AS rows FROM sales');
    const id = bench.app.session.receipts().at(-1)?.id;
    const {text, table} = await answer(`/show #${id}`);
    expect(text).toContain('SQL:\nSELECT count(*) AS rows FROM sales');
    expect(table?.rows).toEqual([[41]]);
  });

  it('/show of a result in words gives its arguments and words', async () => {
    await answer('/test price by region');
    const {text} = await answer(`/show ${bench.app.session.receipts().at(-1)?.id}`);
    expect(text).toContain('test_hypothesis {"dataset":"sales","value":"price","group":"region"}');
    expect(text).toContain('Test chosen:');
  });
});

describe('/clean', () => {
  const versions = async () => (await bench.app.catalog.dataset('sales')).versions.length;

  it('shows the plan, asks, and changes nothing when the answer is no', async () => {
    bench.fresh();
    bench.answerWith(false);
    const error = await failure('/clean');
    expect(error).toMatchObject({code: 'clean.not_applied', exitCode: 8});
    const events = bench.fresh();
    const plan = events.find(event => event.type === 'command_result');
    expect(plan).toMatchObject({
      text: expect.stringContaining('2. keep the first row of each all columns: 41 → 40 rows'),
    });
    expect(events.find(event => event.type === 'approval_request')).toMatchObject({
      question: 'Apply these 2 steps to sales as v2? /undo goes back.',
    });
    expect(await versions()).toBe(1);
  });

  it.each([
    ['/clean in sales', [{do: 'trim'}, {do: 'drop_duplicates'}]],
    ['/clean trim region; duplicates', [{do: 'trim', columns: ['region']}, {do: 'drop_duplicates'}]],
    ['/clean fill price with median by region', [{do: 'fill', columns: ['price'], value: 'median', by: 'region'}]],
    ['/clean rename "unit price" to unit_price', [{do: 'rename', columns: ['unit price'], to: 'unit_price'}]],
    ["/clean keep where region <> 'a;b'", [{do: 'filter', sql: "region <> 'a;b'"}]],
    ['/clean outliers cap price', [{do: 'cap_outliers', columns: ['price']}]],
    ['/clean replace north with N in region', [{do: 'replace', value: 'north', to: 'N', columns: ['region']}]],
    [
      '/clean cast year to VARCHAR; drop price',
      [
        {do: 'cast', columns: ['year'], value: 'VARCHAR'},
        {do: 'drop_columns', columns: ['price']},
      ],
    ],
    ['/clean upper region in sales', [{do: 'case', columns: ['region'], value: 'upper'}]],
  ])('%s', async (line, steps) => {
    bench.answerWith(false);
    await failure(line);
    expect(asked()).toEqual({dataset: 'sales', steps});
  });

  it('applies after a yes, and /undo takes it back', async () => {
    bench.answerWith(true);
    expect((await answer('/clean trim region; duplicates')).text).toContain('Applied. Now sales v2: 40 rows');
    expect((await answer('/undo sales')).text).toContain('sales v1, 41 rows');
  });
});
