// What people type in the first minute, in their own words: money, members, weekends, last month, "best", "affect".

import type {Cell} from '../../../src/core/dataset.ts';
import {grouped, mean, most, numbers, percentTrue, size, split, sum, year} from './arithmetic.ts';
import {type Case, compared, count, o, t} from './expectations.ts';

const between = (from: string, to: string) =>
  o.filter(row => String(row.order_date) >= from && String(row.order_date) <= to);
const lastDay =
  o
    .map(row => String(row.order_date))
    .sort()
    .at(-1) ?? '';
const monthsOf = (...months: string[]) => o.filter(row => months.includes(String(row.order_date).slice(5, 7)));
const onWeekend = o.map(row => ({
  ...row,
  weekend: [0, 6].includes(new Date(`${row.order_date}T00:00:00Z`).getUTCDay()),
}));
const thirtyDaysBefore = new Date(Date.parse(lastDay) - 29 * 86_400_000).toISOString().slice(0, 10);
const total = (rows: typeof o): Cell[][] => [[sum(numbers(rows, 'revenue'))]];

/** Rows, total and average of the money in each group. */
const sideBySide = (rows: typeof o, by: string): Cell[][] =>
  split(rows, by)
    .map(group => {
      const values = numbers(group.rows, 'revenue');
      return [...group.keys, group.rows.length, sum(values), mean(values)];
    })
    .sort((a, b) => Number(b[1]) - Number(a[1]));

export const newcomerOrders: Case[] = [
  {
    ask: `
      which product earns the most money?
      which product makes the most money
      which product brings in the most money
      Which product generates the most revenue?
      best product
      top products
    `,
    rows: grouped(o, 'product', 'revenue', sum).slice(0, 5),
  },
  {
    ask: `
      how much money did we make in 2021
      how much did we earn in 2021
    `,
    rows: total(between('2021-01-01', '2021-12-31')),
  },
  {
    ask: `
      Berlin vs Paris
      difference between Berlin and Paris
      compare Berlin and Paris
    `,
    rows: sideBySide(
      o.filter(row => ['Berlin', 'Paris'].includes(String(row.city))),
      'city',
    ),
  },
  {
    ask: `
      how does city affect orders
      does the city influence purchases
    `,
    rows: sideBySide(o, 'city'),
  },
  {
    ask: `
      compare returned and non returned revenue
      revenue for returned vs not returned
    `,
    rows: compared(o, 'returned', 'revenue').map(row => row.slice(0, 6)),
  },
  {ask: 'average revenue per order by city', rows: grouped(o, 'city', 'revenue', mean)},
  {
    ask: `
      revenue in the last 30 days of data
      total revenue over the last 30 days
    `,
    rows: total(between(thirtyDaysBefore, lastDay)),
  },
  {
    ask: `
      revenue last month
      sales this month
    `,
    rows: total(between(`${lastDay.slice(0, 7)}-01`, lastDay)),
  },
  {ask: 'total revenue last year', rows: total(between('2022-01-01', lastDay))},
  {ask: 'total revenue previous year', rows: total(between('2021-01-01', '2021-12-31'))},
  {
    ask: `
      compare 2020 and 2021
      2020 vs 2021 revenue
      difference in revenue between 2020 and 2021
    `,
    rows: grouped(between('2020-01-01', '2021-12-31'), year('order_date'), 'revenue', sum, 'key'),
  },
  {
    ask: `
      year over year revenue
      revenue growth yoy
    `,
    rows: grouped(o, year('order_date'), 'revenue', sum, 'key').map(row => row.slice(0, 2)),
  },
  {
    ask: `
      weekday vs weekend price
      is unit price higher on weekends?
    `,
    rows: compared(onWeekend, 'weekend', 'unit_price'),
  },
  {
    ask: 'orders with discount over 10%',
    rows: count(o.filter(row => row.discount !== null && Number(row.discount) > 0.1)),
  },
  {
    ask: `
      what sells best in Berlin
      which products sell best in Berlin
    `,
    rows: grouped(
      o.filter(row => row.city === 'Berlin'),
      'product',
      'quantity',
      sum,
    ).slice(0, 5),
  },
  {
    ask: `
      percentage of returned orders by product
      returned rate by product
    `,
    rows: grouped(o, 'product', 'returned', percentTrue).map(row => row.slice(0, 2)),
  },
  {
    ask: 'number of orders by revenue bands',
    rows: grouped(
      o.filter(row => row.revenue !== null).map(row => ({...row, from: Math.floor(Number(row.revenue) / 500) * 500})),
      'from',
      null,
      size,
      'key',
    ),
  },
  {
    ask: `
      maximum of revenue
      what is the maximum of the revenue?
    `,
    rows: [[most(numbers(o, 'revenue'))]],
  },
  {
    ask: 'number of orders with a maximum of 2 in quantity',
    rows: [[o.filter(({quantity}) => quantity !== null && Number(quantity) <= 2).length]],
  },
  {ask: 'what is the highest revenue', rows: [[most(numbers(o, 'revenue'))]]},
  {
    ask: `
      products by revenue
      rank products by revenue
      total revenue by product
    `,
    rows: grouped(o, 'product', 'revenue', sum),
  },
  {ask: 'revenue before 2021', rows: total(between('2000-01-01', '2020-12-31'))},
  {ask: 'sales after 2020', rows: total(between('2021-01-01', lastDay))},
  {ask: 'does Berlin affect the unit price', rows: compared(o, 'city', 'unit_price')},
  {ask: 'biggest revenue ever', rows: [[most(numbers(o, 'revenue'))]]},
  {ask: 'how many orders in summer', rows: count(monthsOf('06', '07', '08'))},
  {ask: 'how many orders in June and July', rows: count(monthsOf('06', '07'))},
  {ask: 'how many orders in 2020 and 2021', rows: count(between('2020-01-01', '2021-12-31'))},
  {
    ask: 'how many orders and how much revenue by city?',
    rows: grouped(o, 'city', null, size).map(([city, rows]) => [
      city ?? null,
      rows ?? null,
      sum(
        numbers(
          o.filter(row => row.city === city),
          'revenue',
        ),
      ),
    ]),
  },
];

export const newcomerTitanic: Case[] = [
  {
    ask: `
      did women survive more than men?
      does sex affect survival
    `,
    rows: grouped(t, 'Sex', 'Survived', percentTrue),
  },
  {ask: 'how many people died', rows: count(t.filter(row => row.Survived === 0))},
  {
    ask: `
      what are the chances of survival for children
      survival rate of kids
    `,
    rows: [
      [
        percentTrue(
          numbers(
            t.filter(row => row.Age !== null && Number(row.Age) < 18),
            'Survived',
          ),
        ),
      ],
    ],
  },
  {ask: 'how old were they', rows: [[mean(numbers(t, 'Age'))]]},
  {
    ask: `
      age groups
      number of passengers by age group
    `,
    rows: grouped(
      t.filter(row => row.Age !== null).map(row => ({...row, from: Math.floor(Number(row.Age) / 10) * 10})),
      'from',
      null,
      size,
      'key',
    ),
  },
  {ask: 'average age of survivors vs non survivors', rows: grouped(t, 'Survived', 'Age', mean, 'key')},
];
