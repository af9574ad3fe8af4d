import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {Cell} from '../../../src/core/dataset.ts';
import {formatNumber} from '../../../src/core/text.ts';
import {grouped, mean, median, numbers, split, sum, year} from './arithmetic.ts';
import {allTables, tables} from './datasets.ts';
import {Laboratory, rowsOf} from './laboratory.ts';

/** Made by test/fixtures/analysis/make_rolling.py with pandas. */
const cell = z.union([z.string(), z.number(), z.null()]);
const lines = z.array(z.array(cell));
const fixture = z
  .object({
    rows: z.array(z.object({day: z.string(), place: z.string(), amount: z.number().nullable()})),
    answers: z.record(z.string(), z.unknown()),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/analysis/rolling.json', import.meta.url), 'utf8')));

const takings = {name: 'takings', types: {day: 'DATE', place: 'VARCHAR', amount: 'DOUBLE'}, rows: fixture.rows};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([...allTables, takings]);
});
afterAll(() => laboratory.close());

const o = tables.orders.rows;
const ask = (question: string, dataset = 'orders') => laboratory.ask(question, dataset);
const rounded = (rows: readonly (readonly Cell[])[]) =>
  rows.map(row => row.map(each => (typeof each === 'number' ? Number(each.toPrecision(9)) + 0 : each)));
const monthOfDay = (rows: Cell[][]) => rows.map(([day, ...rest]) => [String(day).slice(0, 7), ...rest]);

describe('a series is what pandas makes of it, days without rows among them', () => {
  test.each([
    ['7 day moving average of total amount'],
    ['3 day moving average of average amount'],
    ['5 day rolling sum of total amount'],
    ['2 week moving average of total amount'],
    ['running total of amount by day'],
    ['cumulative number of rows by day'],
  ])('%s', async question => {
    const answer = await ask(question, 'takings');
    const expected = lines.parse(fixture.answers[question]);
    expect(rounded(rowsOf(answer))).toEqual(rounded(expected));
    expect(answer.text).toContain('Read as: ');
  });

  test('the change from month to month, also in per cent', async () => {
    const question = 'total amount month over month';
    const expected = monthOfDay(lines.parse(fixture.answers[question]));
    expect(rounded(rowsOf(await ask(question, 'takings')))).toEqual(rounded(expected));
  });

  test('in each group over the same days', async () => {
    const question = '7 day moving average of total amount by place';
    const expected = z.record(z.string(), lines).parse(fixture.answers[question]);
    const rows = rowsOf(await ask(question, 'takings'));
    for (const [place, all] of Object.entries(expected)) {
      const own = rows.filter(row => row[1] === place).map(([day = null, , ...rest]) => [day, ...rest]);
      expect(rounded(own)).toEqual(rounded(all));
    }
  });

  test('an average per day counts the days without rows, and says how many they are', async () => {
    const expected = z.array(z.number()).parse(fixture.answers['average daily total amount']);
    const answer = await ask('average daily total amount', 'takings');
    expect(rounded([rowsOf(answer)[0]?.slice(0, 6) ?? []])).toEqual(rounded([expected]));
    expect(answer.text).toContain(`${expected[5]} of them without rows, which count as 0`);
  });
});

describe('averages over groups', () => {
  const perCustomer = split(o, 'customer').map(({rows}) => rows.length);
  test.each([
    'average number of orders per customer',
    'average orders per customer',
    'on average, how many orders per customer',
    'how many orders does each customer place on average',
  ])('%s counts first and averages then', async question => {
    const answer = await ask(question);
    expect(rounded([rowsOf(answer)[0]?.slice(0, 2) ?? []])).toEqual(
      rounded([[mean(perCustomer), median(perCustomer)]]),
    );
    expect(answer.text).toContain('over 60 different values of customer');
  });

  test('an average of something that is no sum stays what it was: each day has its own', async () => {
    expect((await ask('average daily unit price')).text).toContain('Read as: average unit_price by day of order_date');
  });

  test('“average orders by region” has nothing to average over, so rows are counted and that is said', async () => {
    const answer = await ask('average orders by region');
    expect(rounded(rowsOf(answer))).toEqual(rounded(grouped(o, 'region', null, sum)));
    expect(answer.text).toContain('“average orders” names nothing to average over');
  });
});

describe('growth', () => {
  const totals = (value: string) =>
    split(
      o.filter(row => row.category === value),
      year('order_date'),
    ).map(({keys, rows}): [Cell, number] => [keys[0] ?? null, sum(numbers(rows, 'revenue')) ?? 0]);
  const spans = ['Furniture', 'Lighting', 'Electronics'].map(name => {
    const years = new Map(totals(name));
    return {name, before: years.get('2021') ?? 0, after: years.get('2022') ?? 0};
  });
  const relative = ({before, after}: (typeof spans)[number]) => (100 * (after - before)) / before;

  test.each([
    ['which category is growing fastest', relative, -1],
    ['fastest growing category in revenue', relative, -1],
    [
      'which category grew the most in revenue between 2021 and 2022',
      (each: (typeof spans)[number]) => each.after - each.before,
      -1,
    ],
    ['which category declined the most', (each: (typeof spans)[number]) => each.after - each.before, 1],
  ])('%s', async (question, by, direction) => {
    const answer = await ask(question);
    const expected = [...spans]
      .sort((a, b) => direction * (by(a) - by(b)))
      .map(each => [each.name, each.before, each.after, each.after - each.before, relative(each)]);
    expect(rounded(rowsOf(answer))).toEqual(rounded(expected));
    expect(answer.text).toMatch(/\| category \| 2021 \| 2022 \|/);
  });

  test('needs dates, and groups few enough to look at', async () => {
    expect((await ask('which class is growing fastest', 'titanic')).text).toContain('has no date column');
    expect((await ask('which customer is growing fastest')).text).toContain('customer has 60 values');
  });
});

describe('a place in a ranking', () => {
  const regions = grouped(o, 'region', 'revenue', sum);
  const prices = numbers(o, 'unit_price').sort((a, b) => b - a);

  test.each([
    'second best region by revenue',
    'which region has the second highest total revenue',
    '2nd highest total revenue by region',
  ])('%s', async question => {
    const answer = await ask(question);
    expect(answer.text).toContain(`**${regions[1]?.[0]}** has the 2nd highest total revenue`);
  });

  test.each([
    ['what is the third highest unit price', prices[2]],
    ['second lowest unit price', prices.at(-2)],
  ])('%s is a row', async (question, price) => {
    expect((await ask(question)).text).toContain(`unit_price is **${formatNumber(price ?? Number.NaN)}**`);
  });

  test('one that does not exist is said to be missing', async () => {
    expect((await ask('ninth best region by revenue')).text).toContain(
      'There are only 4 groups with a value, so there is no 9th.',
    );
  });
});

describe('a question that goes on', () => {
  const runningBy = (rows: typeof o, by: (row: (typeof o)[number]) => Cell) => {
    let total = 0;
    return grouped(rows, by, 'revenue', sum, 'key').map(([name = null, value]) => {
      total += Number(value);
      return [name, Number(value), total];
    });
  };
  const quarterOf = (row: (typeof o)[number]) =>
    `${String(row.order_date).slice(0, 4)}-Q${Math.ceil(Number(String(row.order_date).slice(5, 7)) / 3)}`;

  test('keeps the running total with another period and a condition', async () => {
    const first = 'running total of revenue by month';
    const quarters = await laboratory.ask([first, 'and by quarter?'], 'orders');
    expect(rounded(rowsOf(quarters))).toEqual(rounded(runningBy(o, quarterOf)));
    const in2021 = o.filter(row => String(row.order_date).startsWith('2021'));
    const one = await laboratory.ask([first, 'and by quarter?', 'only 2021'], 'orders');
    expect(rounded(rowsOf(one))).toEqual(rounded(runningBy(in2021, quarterOf)));
  });

  test('keeps the growth with other groups', async () => {
    const answer = await laboratory.ask(['which category is growing fastest', 'and by region?'], 'orders');
    expect(answer.text).toMatch(/\| region \| 2021 \| 2022 \|/);
  });

  test('what cannot be changed is refused instead of read as another question', async () => {
    const answer = await laboratory.ask(['running total of revenue by month', 'as a chart'], 'orders');
    expect(answer.text).toContain('I cannot change “running total of revenue by month of order_date” in that way');
    expect(answer.stop).toBe('unanswered');
  });
});
