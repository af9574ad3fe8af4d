// Questions of a working day, in the words people use for them: shares, statistics side by side, what lacks the most.

import type {Cell} from '../../../src/core/dataset.ts';
import {median, numbers, percentTrue, quantile, split, sum} from './arithmetic.ts';
import {type Case, o} from './expectations.ts';

const revenueOf = (rows: typeof o) => sum(numbers(rows, 'revenue')) ?? 0;
const byRegion = split(o, 'region');

export const everydayOrders: Case[] = [
  {
    ask: `
      median and 90th percentile of unit_price by region
      90th percentile and median of unit price by region
    `,
    rows: byRegion
      .map(({keys, rows}): Cell[] => {
        const values = numbers(rows, 'unit_price');
        return [...keys, median(values), quantile(0.9)(values)];
      })
      .sort((a, b) => Number(b[1]) - Number(a[1])),
  },
  {
    ask: `
      what percentage of revenue comes from returned orders
      what percentage of revenue is from orders not returned
      share of revenue by returned
    `,
    rows: split(o, 'returned')
      .map(({keys, rows}): Cell[] => [...keys, (100 * revenueOf(rows)) / revenueOf(o)])
      .sort((a, b) => Number(b[1]) - Number(a[1])),
  },
  {
    ask: `
      which region has the highest return rate
      which region has the highest percentage of returned orders
    `,
    rows: byRegion
      .map(({keys, rows}): Cell[] => [...keys, percentTrue(rows.map(row => Number(row.returned)))])
      .sort((a, b) => Number(b[1]) - Number(a[1])),
  },
  {
    ask: `
      which region has the most missing discounts
      missing discount by region
      missing discounts per region
    `,
    rows: byRegion
      .map(({keys, rows}): Cell[] => [...keys, rows.filter(row => row.discount === null).length])
      .sort((a, b) => Number(b[1]) - Number(a[1]) || (String(a[0]) < String(b[0]) ? -1 : 1)),
  },
  {
    ask: `
      which region has the most missing values
      nulls by region
    `,
    rows: byRegion
      .map(({keys, rows}): Cell[] => [
        ...keys,
        rows.filter(row => row.discount === null).length,
        rows.filter(row => row.revenue === null).length,
      ])
      .sort((a, b) => Number(b[1]) - Number(a[1]) || (String(a[0]) < String(b[0]) ? -1 : 1)),
  },
];
