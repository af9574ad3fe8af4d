import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {currentVersion} from '../../src/core/dataset.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const month = (i: number) => `${2019 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
const worth = (i: number) => 100 + 2 * i + 30 * Math.sin((i / 12) * 2 * Math.PI) + ((i * 7919) % 101) / 20;
const monthly = Array.from({length: 60}, (_, i) => `${month(i)}-01,${worth(i).toFixed(3)},${2 + (i % 3)}`);
/** Two rows a day; the last month ends on its 9th. */
const daily = Array.from({length: 800}, (_, i) => {
  const day = new Date(Date.UTC(2022, 0, 1 + Math.floor(i / 2))).toISOString().slice(0, 10);
  return `${day},${5 + (Math.floor(i / 2) % 7)},${10 + (i % 5)}`;
});

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('monthly', ['month,sales,price', ...monthly].join('\n'));
  await bench.data('daily', ['day,sold,price', ...daily].join('\n'));
  await bench.data('gaps', ['month,sales,price', ...monthly.filter((_, i) => i % 20 !== 10)].join('\n'));
  await bench.data(
    'years',
    ['year,births', ...Array.from({length: 30}, (_, i) => `${1990 + i},${900 + i * 3 + (i % 4)}`)].join('\n'),
  );
  await bench.data('timeless', 'a,b,id\n1,2,c12\n3,4,d13\n');
  await bench.data('halves', 'a,id,half year\n1,c12,first of 2020\n3,d13,second of 2020\n');
  await bench.data(
    'two',
    ['ordered,shipped,n', ...monthly.slice(0, 12).map(row => `${row.split(',')[0]},${row}`.replace(/,\d+$/, ''))].join(
      '\n',
    ),
  );
});
afterAll(() => bench.close());

const forecast = async (args: object) => success(await bench.run('forecast', args));

describe('forecast', () => {
  it('finds the time column and its steps, shows the backtest beside the baselines, and gives limits', async () => {
    const {summary, table, artifacts, receipt} = await forecast({dataset: 'monthly', value: 'sales'});
    expect(summary).toContain('sales by month of month: 60 steps, 2019-01-01 to 2023-12-01, season of 12.');
    expect(summary).toContain('Backtest: 12 steps ahead from 5 earlier ends, each method fitted anew');
    expect(summary).toMatch(/\| naive \(baseline\) \|.*\n/);
    expect(summary).toMatch(
      /Best: \w+ \(.*\), its error \d+ % below that of seasonal_naive\. In the backtest its 95 % limits held \d+(\.\d)? % of 60 values/,
    );
    expect(table?.columns.map(({name}) => name)).toEqual(['month', 'forecast', 'lower', 'upper']);
    expect(table?.rows.map(([label]) => label).slice(0, 2)).toEqual(['2024-01-01', '2024-02-01']);
    expect(table?.rows).toHaveLength(12);
    for (const [, mean, lower, upper] of table?.rows ?? [])
      expect(Number(lower) < Number(mean) && Number(mean) < Number(upper)).toBe(true);
    for (const [h, [, mean]] of (table?.rows ?? []).entries())
      expect(Math.abs(Number(mean) - worth(60 + h))).toBeLessThan(12);
    expect(artifacts?.[0]?.preview).toContain('a observed  b forecast');
    expect(receipt.sql).toContain('"sales"');
  });

  it('adds rows of one step up (a price is averaged), and leaves out a last month that is not over', async () => {
    const sold = await forecast({dataset: 'daily', value: 'sold', every: 'month', steps: 2});
    expect(sold.summary).toContain('sum of sold by month of day: 13 steps, 2022-01-01 to 2023-01-01');
    expect(sold.summary).toContain('The last month is recorded in part only and left out.');
    const where = "day < DATE '2022-03-12'";
    const price = await forecast({dataset: 'daily', value: 'price', steps: 7, where});
    expect(price.summary).toContain('mean of price by day of day: 70 steps');
    expect(price.summary).toContain('70 times stand in several rows, put together by their mean.');
    const rows = await forecast({dataset: 'daily', steps: 3, where});
    expect(rows.summary).toContain('rows by day of day');
    expect(rows.table?.rows.map(([, mean]) => mean)).toEqual([2, 2, 2]);
  });

  it('keeps what comes as a dataset: dates that sort and join, the numbers of the table, and what it was made of', async () => {
    const {summary, table} = await forecast({dataset: 'monthly', value: 'sales', steps: 4, save_as: 'next_months'});
    expect(summary).toContain('Saved as dataset next_months v1: 4 rows × 4 columns.');
    const kept = await bench.run('run_sql', {sql: 'SELECT month::VARCHAR, forecast, lower, upper FROM next_months'});
    expect(success(kept).table?.rows).toEqual(table?.rows);
    const version = currentVersion(await bench.catalog.dataset('next_months'));
    expect(version.columns.map(({name, type, computed = false}) => [name, type, computed])).toEqual([
      ['month', 'DATE', false],
      ['forecast', 'DOUBLE', true],
      ['lower', 'DOUBLE', true],
      ['upper', 'DOUBLE', true],
    ]);
    expect(version.columns[1]?.from).toEqual(['monthly.month', 'monthly.sales']);
    expect(version.source).toMatchObject({kind: 'query', parents: [{name: 'monthly', version: 1}]});
    await forecast({dataset: 'years', value: 'births', steps: 2, save_as: 'next_years'});
    const years = await bench.run('run_sql', {sql: 'SELECT year FROM next_years'});
    expect(success(years).table?.rows).toEqual([[2020], [2021]]);
  });

  it('names the times of steps that were asked for, however many have no rows', async () => {
    const years = [1950, 1953, 1954, 1957, 1961, 1962, 1966, 1968, 1971, 1975, 1977, 1980];
    await bench.data('rare', ['found,n', ...years.map((year, i) => `${year}-0${(i % 9) + 1}-11,${i + 1}`)].join('\n'));
    const {table, summary} = await forecast({dataset: 'rare', value: 'n', every: 'year', steps: 2});
    expect(summary).toContain('19 of 31 steps have no rows and count as 0.');
    expect(table?.rows.map(([label]) => label)).toEqual(['1981-01-01', '1982-01-01']);
    const days = await bench.run('forecast', {dataset: 'rare', value: 'n', every: 'day', steps: 2});
    expect(failure(days)).toMatchObject({code: 'forecast.irregular', hint: expect.stringContaining('a longer unit')});
  });

  it('says so where its limits are drawn wider than the method would', async () => {
    const noise = (i: number) => (((i * 7 + 3) * 7919) % 101) / 101 - 0.5;
    const rows = Array.from({length: 120}, (_, i) => {
      const day = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
      return `${day},${50 + (i < 60 ? 0.2 : 12) * noise(i)}`;
    });
    await bench.data('turning', ['day,level', ...rows].join('\n'));
    const {summary} = await forecast({dataset: 'turning', value: 'level', steps: 10});
    expect(summary).toMatch(
      /held \d\d(\.\d)? % of 50 values, so the limits below are drawn \d\.\d+ × as wide, which would have held 95 %\./,
    );
  });

  it('names the column that tells several series of one table apart, and forecasts the one that is asked for', async () => {
    // The days of three stores, the third open from the 20th day on; `crew` is a number of few values that tells nothing apart.
    const rows = Array.from({length: 60}, (_, i) =>
      new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
    ).flatMap((day, i) =>
      ['north', 'south', ...(i < 20 ? [] : ['east'])].map(
        (store, s) => `${day},${store},${10 * (s + 1) + (i % 7)},${(i + s) % 4}`,
      ),
    );
    await bench.data('stores', ['day,store,sold,crew', ...rows].join('\n'));
    const all = await forecast({dataset: 'stores', value: 'sold', steps: 3});
    expect(all.summary).toContain('60 times stand in several rows, put together by their sum.');
    expect(all.summary).toContain(
      '"store" tells 3 series apart, and this is the sum of them all. For one of them give a condition, where "store" = …; for the mean of all ask for mean.',
    );
    const weekly = await forecast({dataset: 'stores', value: 'sold', every: 'week', steps: 1});
    expect(weekly.summary).toContain('"store" tells 3 series apart');
    const one = await forecast({dataset: 'stores', value: 'sold', where: "store = 'north'", steps: 3});
    expect(one.summary).not.toContain('apart');
    expect(one.table?.rows.map(([, mean]) => Math.round(Number(mean)))).toEqual([14, 15, 16]);
    const daily = await forecast({dataset: 'daily', value: 'sold', steps: 3});
    expect(daily.summary).not.toContain('apart');
  });

  it('says how many rows that are added up are exact copies of others', async () => {
    const rows = ['2024-01-01,5,a', '2024-01-01,5,a', '2024-01-01,5,a', '2024-01-02,6,a', '2024-01-02,6,b'];
    const others = Array.from({length: 10}, (_, i) => `2024-01-${String(i + 3).padStart(2, '0')},${i % 3},a`);
    await bench.data('copied', ['day,sold,till', ...rows, ...others].join('\n'));
    const copies = '2 rows are exact copies of others and were counted too; /clean duplicates';
    const sum = await forecast({dataset: 'copied', value: 'sold', combine: 'sum', steps: 1});
    expect(sum.summary).toContain(copies);
    const mean = await forecast({dataset: 'copied', value: 'sold', combine: 'mean', steps: 1});
    expect(mean.summary).not.toContain('copies');
  });

  it('takes a time that stands there twice in a series of single rows for recorded twice, not for twice as much', async () => {
    const rows = [...monthly.filter((_, i) => i % 20 !== 10), ...monthly.slice(31, 32)];
    await bench.data('twice', ['month,sales,price', ...rows].join('\n'));
    const {summary} = await forecast({dataset: 'twice', value: 'sales'});
    expect(summary).toContain(
      '1 time stands in several rows, put together by their mean, since nearly every time has one row; for the sum ask for sum.',
    );
    expect(summary).toContain('3 of 60 steps have no rows and count as the straight line between their neighbours.');
    const summed = await forecast({dataset: 'twice', value: 'sales', combine: 'sum'});
    expect(summed.summary).toContain('count as 0.');
  });

  it('says how gaps were filled', async () => {
    const {summary} = await forecast({dataset: 'gaps', value: 'sales', steps: 3});
    expect(summary).toContain('3 of 60 steps have no rows and count as the straight line between their neighbours.');
  });

  it('says why it compares by RMSE where most values are 0', async () => {
    const days = Array.from({length: 60}, (_, i) => new Date(Date.UTC(2024, 0, i + 1)).toISOString().slice(0, 10));
    await bench.data(
      'rarely',
      ['day,sold', ...days.map((day, i) => `${day},${i % 5 === 1 ? 3 + (i % 4) : 0}`)].join('\n'),
    );
    const {summary} = await forecast({dataset: 'rarely', value: 'sold', steps: 5});
    expect(summary).toContain('Compared by RMSE: 48 of 60 values are 0');
    expect((await forecast({dataset: 'monthly', value: 'sales', steps: 3})).summary).not.toContain('by RMSE');
  });

  it('takes quarters for times, with a season of 4', async () => {
    const quarters = Array.from({length: 40}, (_, i) => `${2005 + (i >> 2)}Q${(i % 4) + 1},${100 + i + 20 * (i % 4)}`);
    await bench.data('quarters', ['when,sales', ...quarters].join('\n'));
    const {table, summary} = await forecast({dataset: 'quarters', value: 'sales'});
    expect(summary).toContain('sales by quarter of when: 40 steps');
    expect(summary).toContain('season of 4');
    expect(table?.rows.map(([label]) => label)).toEqual(['2015-01-01', '2015-04-01', '2015-07-01', '2015-10-01']);
  });

  it('is offered where there is a time, of years too, and nowhere else', async () => {
    const alone = await openToolBench();
    const isOffered = () => alone.tools.find(({name}) => name === 'forecast')?.offered?.();
    await alone.data('timeless', 'a,b\n1,2\n3,4\n');
    expect(await isOffered()).toBe(false);
    await alone.data('years', 'year,births\n2001,5\n2002,7\n2003,6\n');
    expect(await isOffered()).toBe(true);
    await alone.close();
  });

  it('takes years for times, and names them', async () => {
    const {table} = await forecast({dataset: 'years', value: 'births'});
    expect(table?.rows.map(([label]) => label)).toEqual(['2020', '2021', '2022']);
  });

  it.each([
    [{dataset: 'halves', value: 'a'}, '/clean cast "half year" to DATE'],
    [{dataset: 'timeless', value: 'a'}, 'choose a dataset with a column of times'],
    [{dataset: 'monthly', value: 'sales', time: 'price'}, '/clean cast price to DATE'],
    [{dataset: 'two', value: 'n'}, '/forecast … with'],
    [{dataset: 'gaps', value: 'sales', where: 'month(month) IN (1, 2, 6)'}, '/forecast … by month'],
  ])('%j is refused with a hint of what to do: %s', async (args, typed) => {
    expect(failure(await bench.run('forecast', args)).hint).toContain(typed);
  });

  it.each([
    [{dataset: 'monthly', value: 'sales', save_as: 'daily'}, 'dataset.exists'],
    [{dataset: 'timeless', value: 'a'}, 'forecast.no_time'],
    [{dataset: 'monthly', value: 'sales', time: 'price'}, 'forecast.not_a_time'],
    [{dataset: 'two', value: 'n'}, 'forecast.which_time'],
    [{dataset: 'monthly', value: 'sales', where: "month < '2019-06-01'"}, 'explore.refused'],
    [{dataset: 'monthly', value: 'sales', steps: 61}, 'explore.refused'],
    [{dataset: 'monthly', value: 'sails'}, 'analysis.unknown_column'],
    [{dataset: 'monthly', value: 'month'}, 'analysis.not_numeric'],
    [{dataset: 'gaps', value: 'sales', where: 'month(month) IN (1, 2, 6)'}, 'forecast.irregular'],
  ])('%j fails with %s', async (args, code) => {
    expect(failure(await bench.run('forecast', args)).code).toBe(code);
  });
});
