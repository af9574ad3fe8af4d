// What once was answered as another question than the one asked: each is a sentence that a person typed.

import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Cell} from '../../../src/core/dataset.ts';
import {grouped, mean, numbers, size, sum} from './arithmetic.ts';
import {allTables, tables} from './datasets.ts';
import {Laboratory, type Row, rowsOf} from './laboratory.ts';

const rides: Row[] = Array.from({length: 90}, (_, at) => ({
  ride_id: `R${100 + at}`,
  day: `2024-0${1 + (at % 9)}-${10 + (at % 17)}`,
  kind: ['city', 'e-bike', 'cargo'][at % 3] ?? '',
  status: ['shipped', 'pending'][at % 4 === 0 ? 1 : 0] ?? '',
  customer_age: 18 + (at % 50),
  hours: (at % 7) + 0.5,
  price: 5 + (at % 3) * 4 + (at % 5),
  rating: 1 + ((at * 3) % 5),
  member: at % 3 === 1,
}));
const table = {
  name: 'rides',
  types: {
    ride_id: 'VARCHAR',
    day: 'DATE',
    kind: 'VARCHAR',
    status: 'VARCHAR',
    customer_age: 'INTEGER',
    hours: 'DOUBLE',
    price: 'DOUBLE',
    rating: 'INTEGER',
    member: 'BOOLEAN',
  },
  rows: rides,
};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([table, ...allTables]);
});
afterAll(() => laboratory.close());

const rounded = (rows: Cell[][]) =>
  rows.map(row => row.map(each => (typeof each === 'number' ? Number(each.toPrecision(9)) : each)));
const months = (from: string, until: string) =>
  rides.filter(({day}) => String(day) >= from && String(day) < until).length;
const byKind = (column: string) => grouped(rides, 'kind', column, mean).map(row => row.slice(0, 2));

test.each<[question: string, expected: Cell[][]]>([
  ['unshipped rides', [[rides.filter(({status}) => status !== 'shipped').length]]],
  ['rides in the first quarter of 2024', [[months('2024-01-01', '2024-04-01')]]],
  ['how many rides in H1 2024', [[months('2024-01-01', '2024-07-01')]]],
  ['how many rides in the second half of 2024', [[months('2024-07-01', '2025-01-01')]]],
  ['how many hours in total', [[sum(numbers(rides, 'hours'))]]],
  ['ratio of members to non-members', grouped(rides, 'member', null, size)],
  ['do e-bikes get better ratings', byKind('rating')],
  ['are e-bikes more expensive than city bikes', byKind('price').filter(([kind]) => kind !== 'cargo')],
  ['which age group rides the most', grouped(rides, row => Math.floor(Number(row.customer_age) / 10) * 10, null, size)],
])('%s', async (question, expected) => {
  const rows = rowsOf(await laboratory.ask(question, 'rides')).map(row => row.slice(0, expected[0]?.length));
  expect(rounded(rows)).toEqual(rounded(expected));
});

test('“did it increase” is a look over time, not at what goes with it', async () => {
  const answer = await laboratory.ask('did revenue increase in 2021?', 'orders');
  const in2021 = tables.orders.rows.filter(row => String(row.order_date).startsWith('2021'));
  const expected = grouped(in2021, row => String(row.order_date).slice(0, 7), 'revenue', sum, 'key');
  expect(rounded(rowsOf(answer))).toEqual(rounded(expected));
});

test.each([
  ['how many unique customers', 'rides', 'different values'],
  ['customers with revenue over 2000', 'orders', 'Did you mean “customers with total revenue over 2000”?'],
  ['rating by kind as percentages', 'rides', 'adding up rating has no meaning'],
])('%s is refused: %s', async (question, dataset, reason) => {
  const only = dataset === 'rides' ? await Laboratory.open([table]) : laboratory;
  const answer = await only.ask(question, dataset);
  expect(answer.text).toContain(reason);
  expect(answer.stop).toBe('unanswered');
  if (only !== laboratory) only.close();
});
