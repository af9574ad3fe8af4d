import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Cell} from '../../../src/core/dataset.ts';
import {type Grouping, grouped, mean, numbers, percentTrue, size, split, sum} from './arithmetic.ts';
import {allTables, tables} from './datasets.ts';
import {Laboratory, type Row, rowsOf, sqlOf} from './laboratory.ts';

const readings = Array.from({length: 96}, (_, at) => ({
  taken: `2024-03-0${1 + Math.floor(at / 24)} ${String(at % 24).padStart(2, '0')}:00:00`,
  probe: at % 3 === 0 ? 'P1' : 'P2',
  temperature: 10 + ((at * 7) % 11),
  flow_minutes: at % 13,
}));
const probes = {
  name: 'probes',
  types: {taken: 'TIMESTAMP', probe: 'VARCHAR', temperature: 'DOUBLE', flow_minutes: 'INTEGER'},
  rows: readings,
};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([...allTables, probes]);
});
afterAll(() => laboratory.close());

const o = tables.orders.rows;
const ask = (question: string, dataset = 'orders') => laboratory.ask(question, dataset);
const rounded = (rows: Cell[][]) =>
  rows.map(row => row.map(each => (typeof each === 'number' ? Number(each.toPrecision(9)) : each)));
const dayOf = (row: Row) => new Date(`${row.order_date}T00:00:00Z`).getUTCDay();
const among =
  (names: Record<number, string>, of: (row: Row) => number): Grouping =>
  row =>
    names[of(row)] ?? null;

describe('parts of time against each other', () => {
  const weekday = among({0: 'Sunday', 1: 'Monday'}, dayOf);
  test.each([
    ['total revenue on Sundays vs Mondays', grouped(o, weekday, 'revenue', sum)],
    ['number of orders on sundays versus mondays', grouped(o, weekday, null, size)],
    [
      'revenue in march 2022 vs march 2021',
      grouped(
        o,
        row => (/^202[12]-03/.test(String(row.order_date)) ? `March ${String(row.order_date).slice(0, 4)}` : null),
        'revenue',
        sum,
      ),
    ],
    [
      'how many orders in Q1 2021 vs Q1 2020',
      grouped(
        o,
        row => (/^202[01]-0[123]/.test(String(row.order_date)) ? `Q1 ${String(row.order_date).slice(0, 4)}` : null),
        null,
        size,
      ),
    ],
  ])('%s', async (question, expected) => {
    expect(rounded(rowsOf(await ask(question)))).toEqual(rounded(expected));
  });

  test('without a measure, rows and money stand side by side', async () => {
    const rows = rowsOf(await ask('Sundays vs Mondays'));
    expect(rows.map(row => row.slice(0, 2))).toEqual(grouped(o, weekday, null, size));
  });

  test('“in June and July” is one span and no comparison', async () => {
    expect(sqlOf(await ask('how many orders in June and July'))[0]).toContain('IN (6, 7)');
  });

  test('by season, of three months each, and it is said which', async () => {
    const names = ['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer'];
    const season = (row: Row) =>
      [...names, 'autumn', 'autumn', 'autumn', 'winter'][Number(String(row.order_date).slice(5, 7)) - 1] ?? null;
    const answer = await ask('average unit price by season');
    expect(rounded(rowsOf(answer))).toEqual(rounded(grouped(o, season, 'unit_price', mean)));
    expect(answer.text).toContain('as north of the equator');
  });

  test('night and day need times of day, and say their hours', async () => {
    const part = (row: Row) => (/ (0[6-9]|1[0-7]):/.test(String(row.taken)) ? 'day' : 'night');
    const answer = await ask('temperature at night vs day', 'probes');
    expect(rounded(rowsOf(answer))).toEqual(rounded(grouped(readings, part, 'temperature', mean)));
    expect(answer.text).toContain('6:00 to 18:00');
  });
});

describe('amounts, codes and people', () => {
  test('a unit is that of the only column that has it', async () => {
    const answer = await ask('how many readings took more than 9 minutes', 'probes');
    expect(rowsOf(answer)).toEqual([[readings.filter(row => row.flow_minutes > 9).length]]);
    expect(answer.text).toContain('the column of that unit');
  });

  test('a code is found by the form of the values, frequent or not', async () => {
    const own = o.filter(row => row.customer === 'C007');
    const answer = await ask('total revenue of C007');
    expect(rounded(rowsOf(answer).map(row => row.slice(0, 1)))).toEqual(rounded([[sum(numbers(own, 'revenue'))]]));
    expect(answer.text).toContain('“C007” was read as a value of customer, by its form.');
    const first = [...own.map(row => String(row.order_date))].sort()[0];
    expect((await ask('when was the first order of C007')).text).toContain(`**${first}**`);
  });

  test('who never did something are those without one such row', async () => {
    const never = split(o, 'customer').filter(({rows}) => rows.every(row => row.product !== 'Desk'));
    const answer = await ask('customers who never bought a Desk');
    expect(answer.text).toContain(`**${never.length}** values of customer have no row with product = Desk`);
    expect((await ask('customers who never frobbed')).stop).toBe('unanswered');
  });

  test('new customers are counted in the month of their first order', async () => {
    const firsts = split(o, 'customer').map(({rows}) => ({
      first:
        rows
          .map(row => String(row.order_date))
          .sort()[0]
          ?.slice(0, 7) ?? null,
    }));
    expect(rowsOf(await ask('number of new customers per month'))).toEqual(grouped(firsts, 'first', null, size, 'key'));
  });

  test('a number per unit of another is their ratio in each row', async () => {
    const rates = tables.titanic.rows.flatMap(({Fare, Age}) => (Age === null ? [] : [Number(Fare) / Number(Age)]));
    const rows = rowsOf(await ask('fare per age', 'titanic'));
    expect(rows[0]?.[0]).toBeCloseTo(mean(rates) ?? Number.NaN, 9);
  });

  test('“how often does it …” is the percentage of a yes and no', async () => {
    const rows = rowsOf(await ask('how often is returned true?'));
    expect(rows[0]?.[0]).toBeCloseTo(percentTrue(o.map(row => Number(row.returned))) ?? Number.NaN, 9);
  });

  test('the most popular of each group', async () => {
    const answer = await ask('most popular product in each city');
    expect(rowsOf(answer).map(row => row[0])).toEqual([...new Set(o.map(row => String(row.city)))].sort());
    const oslo = rowsOf(answer).find(row => row[0] === 'Oslo');
    expect(oslo?.slice(1)).toEqual(
      grouped(
        o.filter(row => row.city === 'Oslo'),
        'product',
        null,
        size,
      )[0],
    );
  });

  test('figures without outliers are refused, with the way to them', async () => {
    const answer = await ask('average revenue excluding outliers');
    expect(answer.stop).toBe('unanswered');
    expect(answer.text).toContain('Did you mean “outliers in revenue”?');
  });
});

describe('groups that are chosen by what they hold', () => {
  const byCity = split(o, 'city');
  test.each([
    ['which city has more than 80 orders', byCity.filter(({rows}) => rows.length > 80).length],
    [
      'cities with an average unit price above 120',
      byCity.filter(({rows}) => (mean(numbers(rows, 'unit_price')) ?? 0) > 120).length,
    ],
    [
      'months with total revenue above 12000',
      split(o, row => String(row.order_date).slice(0, 7)).filter(
        ({rows}) => (sum(numbers(rows, 'revenue')) ?? 0) > 12_000,
      ).length,
    ],
    [
      'months with fewer than 10 orders',
      split(o, row => String(row.order_date).slice(0, 7)).filter(({rows}) => rows.length < 10).length,
    ],
    [
      'customers who ordered in 2020 but not in 2021',
      split(o, 'customer').filter(({rows}) => {
        const years = new Set(rows.map(row => String(row.order_date).slice(0, 4)));
        return years.has('2020') && !years.has('2021');
      }).length,
    ],
  ])('%s', async (question, groups) => {
    const answer = await ask(question);
    expect(answer.text.split('\n')[0]).toMatch(groups === 0 ? /^No / : new RegExp(`^\\*\\*${groups}\\*\\* `));
    expect(rowsOf(answer)).toHaveLength(Math.min(groups, 20));
  });

  test('both months of “in July or August with …” must meet the rest', async () => {
    const rows = o.filter(row => /-0[78]-/.test(String(row.order_date)) && Number(row.quantity) < 3);
    expect(rowsOf(await ask('orders in July or August with quantity below 3'))).toEqual([[rows.length]]);
  });

  test('the summer of one year is that of this year only', async () => {
    const rows = o.filter(row => /^2021-0[678]/.test(String(row.order_date)));
    expect(rowsOf(await ask('how many orders in summer 2021'))).toEqual([[rows.length]]);
    const winter = o.filter(row => /^(2020-12|2021-0[12])/.test(String(row.order_date)));
    expect(rowsOf(await ask('how many orders in winter 2021'))).toEqual([[winter.length]]);
  });

  test('an average per day on Sundays leaves the other days out', async () => {
    const days = o.filter(row => dayOf(row) === 0).map(row => Date.parse(String(row.order_date)));
    const sundays = (Math.max(...days) - Math.min(...days)) / 604_800_000 + 1;
    const answer = await ask('average number of orders per day on Sundays');
    expect(rowsOf(answer)[0]?.[0]).toBeCloseTo(days.length / sundays, 9);
  });
});

describe('what would be another question is refused', () => {
  test.each([
    ['average number of orders on Sundays', 'needs something to average over'],
    ['orders between 6 and 9 am', 'is a time of day'],
    ['late orders', 'did not understand'],
    ['discount by region as percentages', 'adding up discount has no meaning'],
  ])('%s', async (question, reason) => {
    const answer = await ask(question);
    expect(answer.text).toContain(reason);
    expect(answer.stop).toBe('unanswered');
  });
});

describe('several questions in one message', () => {
  test('are answered one after the other', async () => {
    const answer = await ask('average unit price? and which region has the most orders?');
    const [first, second] = answer.calls
      .filter(({name}) => name === 'run_sql')
      .map(({result}) => (result.ok ? result.table?.rows : undefined));
    expect(rounded(first ?? [])[0]?.[0]).toBe(Number((mean(numbers(o, 'unit_price')) ?? 0).toPrecision(9)));
    expect(second?.[0]).toEqual(grouped(o, 'region', null, size)[0]);
    expect(answer.text.match(/Read as: /g)).toHaveLength(2);
  });

  test('the second may lean on the first, and the next message on the second', async () => {
    const answer = await ask('total revenue by region? and by city?');
    expect(sqlOf(answer).at(-1)).toContain('"city"');
    const next = await laboratory.ask(['total revenue by region; total quantity by city', 'only 2021'], 'orders');
    const in2021 = o.filter(row => String(row.order_date).startsWith('2021'));
    expect(rowsOf(next)).toEqual(grouped(in2021, 'city', 'quantity', sum));
  });

  test('one that is not understood is named, and none is answered', async () => {
    const answer = await ask('average unit price? frobnicate the gizmos?');
    expect(answer.text).toContain('Of the 2 questions I do not understand “frobnicate the gizmos”');
    expect(answer.stop).toBe('unanswered');
  });

  test('what is one line of numbers stays one', async () => {
    const answer = await ask('how many orders are there and what is the average unit price');
    expect(rounded(rowsOf(answer))).toEqual(rounded([[o.length, mean(numbers(o, 'unit_price'))]]));
  });
});
