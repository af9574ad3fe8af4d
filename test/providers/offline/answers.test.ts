import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {formatNumber} from '../../../src/core/text.ts';
import {grouped, mean, numbers, size, sum} from './arithmetic.ts';
import {allTables, tables} from './datasets.ts';
import {Laboratory, rowsOf, sqlOf} from './laboratory.ts';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open(allTables);
});
afterAll(() => laboratory.close());

const text = async (question: string, dataset: string) => (await laboratory.ask(question, dataset)).text;
const o = tables.orders.rows;
const t = tables.titanic.rows;

describe('the text of an answer', () => {
  test('leads with the number, says over how many rows, and how many have none', async () => {
    const values = numbers(o, 'revenue');
    const said = await text('average revenue', 'orders');
    expect(said.split('\n')[0]).toBe(
      `The average revenue is **${formatNumber(mean(values) ?? 0)}**. It is over ${values.length} rows of orders; ${o.length - values.length} more have no revenue.`,
    );
  });

  test('holds the groups as a table and the rows that were left out', async () => {
    const said = await text('average price by region', 'orders');
    const without = o.filter(row => row.region === null).length;
    expect(said.match(/^\| (North|South|East|West) \| [\d.]+ \| \d+ \|$/gm)).toHaveLength(4);
    expect(said).toContain(`Left out: ${without} of 400 rows without region.`);
    expect(said).toContain('Read as: average unit_price by region in orders.');
  });

  test('names no lowest group when not all groups were read', async () => {
    const said = await text('revenue per customer', 'orders');
    expect(said).toContain('Showing 20 of 60 groups.');
    expect(said).not.toContain('lowest');
  });

  test('a percentage comes with both counts of it', async () => {
    const women = t.filter(row => row.Sex === 'female');
    const over = t.filter(row => Number(row.Fare) > 50).length;
    expect(await text('what percentage of passengers have fare over 50', 'titanic')).toContain(`${over} of 300`);
    expect(await text('percentage of women who survived', 'titanic')).toContain(`of ${women.length}.`);
  });

  test('a trend names its period, both ends, the highest and the lowest', async () => {
    const said = await text('revenue over time', 'orders');
    expect(said).toMatch(
      /went from \*\*[\d,.]+\*\* in 2020-01 to \*\*[\d,.]+\*\* in 2022-12 \(-?\+?[\d.]+ %\); highest/,
    );
    expect(said).toContain('The period (month) was chosen from the span of order_date');
    expect(said).toContain('Showing the last 20 of 36 periods.');
  });

  test('a comparison gives the difference and admits that no test was made', async () => {
    const [female, male] = ['female', 'male'].map(
      sex =>
        mean(
          numbers(
            t.filter(row => row.Sex === sex),
            'Fare',
          ),
        ) ?? 0,
    );
    const [women, men] = [female, male].map(each => Number(formatNumber(each ?? 0)));
    const difference = Number(Math.abs((women ?? 0) - (men ?? 0)).toFixed(4));
    const said = await text('compare fare between women and men', 'titanic');
    expect(said).toContain(`a difference of ${formatNumber(difference)}`);
    expect(said).toContain('No significance test was made.');
  });

  test('outliers state their rule, a correlation its n and that it is no cause', async () => {
    expect(await text('outliers in revenue', 'orders')).toContain('outside the fences (quartiles ∓ 1.5 IQR)');
    const said = await text('correlation between age and fare', 'titanic');
    expect(said).toContain(`(n = ${numbers(t, 'Age').length})`);
    expect(said).toContain('does not show a cause');
  });

  test('years are written without thousands separators', async () => {
    const said = await text('average max temp by year', 'weather');
    expect(said).toContain('| 2021 |');
    expect(said).not.toContain('2,021');
  });

  test('the sum of the bins of a distribution is the number of values', async () => {
    const {calls} = await laboratory.ask('distribution of revenue', 'orders');
    const bins = calls[1]?.result;
    const counts = bins?.ok ? (bins.table?.rows ?? []).map(row => Number(row[2])) : [];
    expect(sum(counts)).toBe(numbers(o, 'revenue').length);
  });

  test('a cell that looks like markdown cannot break the table', async () => {
    const odd = await Laboratory.open([
      {
        name: 'odd',
        types: {k: 'VARCHAR', v: 'DOUBLE'},
        rows: [
          {k: 'a|b\n| c', v: 1},
          {k: '\u001b[31mred', v: 2},
          {k: 'plain', v: 3},
        ],
      },
    ]);
    const said = (await odd.ask('average v by k', 'odd')).text;
    odd.close();
    expect(said).toContain('| a\\|b\\\\n\\| c | 1 | 1 |');
    expect(said).not.toContain('\u001b');
  });

  test('an empty result is said, not computed around', async () => {
    expect(await text('total revenue by month in 2030', 'orders')).toContain('no trend');
    expect(await text('average revenue in 2030', 'orders')).toContain('There is no revenue to compute from');
  });
});

describe('a chart', () => {
  test.each([
    ['plot revenue by region', 'orders', 'bar', 'region', 'total_revenue'],
    ['bar chart of average price by product', 'orders', 'bar', 'product', 'average_unit_price'],
    ['plot revenue over time', 'orders', 'line', 'month', 'total_revenue'],
    ['line chart of average unit price by quarter', 'orders', 'line', 'quarter', 'average_unit_price'],
    ['histogram of fare', 'titanic', 'histogram', 'Fare', undefined],
    ['plot age', 'titanic', 'histogram', 'Age', undefined],
    ['scatter plot of age and fare', 'titanic', 'scatter', 'Fare', 'Age'],
    ['plot max temp against min temp', 'weather', 'scatter', 'min temp', 'max temp'],
    ['draw the number of passengers by class', 'titanic', 'bar', 'Pclass', 'rows'],
    ['pie chart of orders by city', 'orders', 'bar', 'city', 'rows'],
    ['box plot of fare by class', 'titanic', 'box', 'Pclass', 'Fare'],
    ['boxplot of price', 'orders', 'box', 'unit_price', undefined],
    ['violin plot of fare by class', 'titanic', 'violin', 'Pclass', 'Fare'],
    ['ecdf of fare', 'titanic', 'ecdf', 'Fare', undefined],
    ['draw a q-q plot of fare where sex is female', 'titanic', 'qq', 'Fare', undefined],
    ['qq plot of age', 'titanic', 'qq', 'Age', undefined],
    ['area chart of total revenue by month', 'orders', 'area', 'month', 'total_revenue'],
    ['heatmap of average price by region and category', 'orders', 'heatmap', 'region', 'average_unit_price'],
    ['heat map of region and category', 'orders', 'heatmap', 'region', 'rows'],
    ['pair plot of age and fare', 'titanic', 'pairs', undefined, undefined],
    ['show a map of missing values', 'titanic', 'missing', undefined, undefined],
  ])('"%s" in %s is a %s of %s', async (question, dataset, mark, x, y) => {
    const {calls, text: said} = await laboratory.ask(question, dataset);
    const drawn = calls.find(({name}) => name === 'draw_chart');
    expect({mark: drawn?.args.mark, x: drawn?.args.x, y: drawn?.args.y}).toEqual({mark, x, y});
    expect(drawn?.result.ok).toBe(true);
    expect(said).toContain('Drawn: ');
  });

  test.each([
    ['stacked bar chart of revenue by region and category', 'bar', true],
    ['area chart of revenue by month for each region', 'area', true],
    ['bar chart of revenue by region and category', 'bar', undefined],
  ])('%s: series stand on each other where that is asked for', async (question, mark, stacked) => {
    const {calls} = await laboratory.ask(question, 'orders');
    const {args} = calls.find(({name}) => name === 'draw_chart') ?? {};
    expect([args?.mark, args?.stacked]).toEqual([mark, stacked]);
  });

  test('a scatter chart is of all rows, so that its n and the one of r are the same', async () => {
    const {calls} = await laboratory.ask('scatter plot of age and fare', 'titanic');
    const sql = String(calls.find(({name}) => name === 'draw_chart')?.args.sql);
    expect(sql).not.toMatch(/LIMIT|IS NOT NULL/);
  });

  test.each([
    ['plot revenue by month for each region', 'line', 'month', 'region'],
    ['plot revenue over time by region', 'line', 'month', 'region'],
    ['bar chart of average price by region and category', 'bar', 'region', 'category'],
  ])('%s: one series for each group, and time on the axis', async (question, mark, x, group) => {
    const answer = await laboratory.ask(question, 'orders');
    const drawn = answer.calls.find(({name}) => name === 'draw_chart');
    expect(drawn?.args).toMatchObject({mark, x, group});
    expect(laboratory.drawn?.columns.map(({name}) => name).slice(0, 2)).toEqual([x, group]);
    expect(answer.text).toContain(`for each ${group}`);
  });

  test('more series than can be told apart are refused with their number', async () => {
    const answer = await laboratory.ask('plot revenue by month for each customer', 'orders');
    expect(answer.text).toContain('customer has 60 values, and a chart tells 12 apart');
    expect(answer.stop).toBe('unanswered');
  });

  test.each(['plot it', 'as a chart', 'now as a bar chart', 'make it a graph'])(
    '"%s" draws what was asked before',
    async drawn => {
      const {calls} = await laboratory.ask(['average price by region where year > 2020', drawn], 'orders');
      expect(calls[0]?.args).toMatchObject({mark: 'bar', x: 'region', y: 'average_unit_price'});
      expect(String(calls[0]?.args.sql)).toContain("DATE '2021-01-01'");
    },
  );
});

describe('readings that look alike', () => {
  test.each([
    ['total revenue yesterday', 'depends on today'],
    ['fare above average', 'takes two steps'],
    ['how many families', 'I do not know “families”'],
    ['busiest hour', 'so there is no hour to tell'],
    ['why did revenue drop', 'Data alone does not say why'],
    ['delete cancelled orders', 'Nothing was changed'],
    ['does revenue influence the number of orders', 'number of rows by revenue bands'],
    ['which product do people prefer', 'Did you mean “number of rows by product”?'],
    ['top 10 percent of revenue', 'a number of rows, not a percentage'],
    ['give me the five largest orders', 'By which column?'],
    ['how many women and children', 'I do not know “children”'],
  ])('"%s" is asked back', async (question, said) => {
    const dataset = /fare|women/.test(question) ? 'titanic' : 'orders';
    const answer = await laboratory.ask(question, dataset);
    expect(answer.text).toContain(said);
    expect(answer.calls).toEqual([]);
  });

  test('"in cabin A3" filters by a value that is not among the frequent ones, and says so', async () => {
    const answer = await laboratory.ask('how many passengers in cabin A3', 'titanic');
    expect(sqlOf(answer)[0]).toContain(`lower(CAST("Cabin" AS VARCHAR)) = 'a3'`);
    expect(answer.text).toContain('not among the frequent values of Cabin');
  });

  test('both answers of a yes/no column split the rows instead of excluding them all', async () => {
    const answer = await laboratory.ask('average price for returned and not returned orders', 'orders');
    expect(sqlOf(answer)[0]).toContain('GROUP BY 1');
    expect(answer.text).toContain('returned = false');
  });

  test('a column of the active dataset wins over a dataset of the same name, unless spoken of as one', async () => {
    const rows = [
      {weather: 'sun', v: 1},
      {weather: 'rain', v: 2},
    ];
    const both = await Laboratory.open([
      tables.weather,
      {name: 'trips', types: {weather: 'VARCHAR', v: 'DOUBLE'}, rows},
    ]);
    expect(sqlOf(await both.ask('which weather has the highest v', 'trips'))[0]).toContain('FROM "trips"');
    expect(sqlOf(await both.ask('count rows in weather', 'trips'))[0]).toContain('FROM "weather"');
    both.close();
  });

  test('an amount without a column is money, and what else it could be is said', async () => {
    const answer = await laboratory.ask('orders over 300', 'orders');
    expect(sqlOf(answer)[0]).toContain('"revenue" > 300');
    expect(answer.text).toContain('“over 300” was applied to revenue. It could also mean unit_price');
  });

  test('groups of so many rows are counted, those below left out', async () => {
    const answer = await laboratory.ask('customers with more than 8 orders', 'orders');
    const sizes = grouped(o, 'customer', null, size).filter(([, rows]) => Number(rows) > 8);
    expect(answer.text).toContain(`**${sizes.length}** values of customer have more than 8 rows.`);
    expect(rowsOf(answer).every(([, rows]) => Number(rows) > 8)).toBe(true);
  });

  test('rows that meet a condition are shown with how many there are', async () => {
    const {text: said} = await laboratory.ask('show rows where city is Berlin', 'orders');
    expect(said).toContain(`The first 10 of **${o.filter(row => row.city === 'Berlin').length}** matching rows:`);
  });

  test('"is revenue higher for returned orders" compares them with the others', async () => {
    const answer = await laboratory.ask('is revenue higher for returned orders', 'orders');
    expect(answer.text).toContain('returned = true');
    expect(answer.text).toContain('returned = false');
  });
});
