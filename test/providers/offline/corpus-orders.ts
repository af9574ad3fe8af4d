// Questions about sales: dates, amounts, categories, gaps.

import {grouped, mean, month, numbers, percentTrue, quarter, share, size, sum, year} from './arithmetic.ts';
import {tables} from './datasets.ts';
import {after2020, type Case, compared, distinct, fences, gaps, in2021, o, top} from './expectations.ts';

export const ordersCases: Case[] = [
  {
    ask: `
      average unit_price by region
      average price by region
      mean unit price per region
      avg unit_price for each region
      average prise by regoin
      what is the average price in each region?
      unit price average by region
      avg(unit_price) group by region
      average unit price, region wise
    `,
    rows: grouped(o, 'region', 'unit_price', mean),
  },
  {
    ask: `
      average price by region where year > 2020
      average unit price by region after 2020
      mean unit_price per region since 2021
      average price by region where order_date >= 2021-01-01
    `,
    rows: grouped(after2020, 'region', 'unit_price', mean),
  },
  {
    ask: `
      total revenue by product
      sum of revenue per product
      revenue by product
      sum revenue grouped by product
    `,
    rows: grouped(o, 'product', 'revenue', sum),
  },
  {
    ask: `
      top 5 products by revenue
      which product has the highest total revenue
      top products by total revenue
      best 3 products by revenue
    `,
    rows: grouped(o, 'product', 'revenue', sum),
  },
  {
    ask: `
      which region has the highest average price
      region with the highest average unit price
    `,
    rows: grouped(o, 'region', 'unit_price', mean),
  },
  {
    ask: `
      which region has the lowest average revenue
    `,
    rows: grouped(o, 'region', 'revenue', mean, 'asc'),
  },
  {
    ask: `
      which customer spent the most
      top 5 customers by total revenue
    `,
    rows: grouped(o, 'customer', 'revenue', sum, 'desc', 20),
  },
  {
    ask: `
      bottom 5 customers by total revenue
    `,
    rows: grouped(o, 'customer', 'revenue', sum, 'asc', 20),
  },
  {
    ask: `
      which product sold the most
      best selling product
      total quantity by product
      quantity by product
    `,
    rows: grouped(o, 'product', 'quantity', sum),
  },
  {
    ask: `
      count by region
      how many orders per region
      number of orders by region
      orders by region
      count of orders in each region
    `,
    rows: grouped(o, 'region', null, size),
  },
  {
    ask: `
      how many customers in Berlin
    `,
    rows: [
      [
        distinct(
          o.filter(row => row.city === 'Berlin'),
          'customer',
        ),
      ],
    ],
  },
  {
    ask: `
      average revenue by region and category
      mean revenue per region and per category
    `,
    rows: grouped(o, ['region', 'category'], 'revenue', mean, 'key'),
  },
  {
    ask: `
      revenue by month
      total revenue per month
      monthly revenue
      revenue over time
      how did revenue develop over time
      revenue trend
    `,
    rows: grouped(o, month('order_date'), 'revenue', sum, 'key'),
  },
  {
    ask: `
      total revenue by month in 2021
      monthly revenue in 2021
    `,
    rows: grouped(in2021, month('order_date'), 'revenue', sum, 'key'),
  },
  {
    ask: `
      average revenue by year
      average revenue per year
      yearly average revenue
    `,
    rows: grouped(o, year('order_date'), 'revenue', mean, 'key'),
  },
  {
    ask: `
      total revenue by quarter
      quarterly revenue
    `,
    rows: grouped(o, quarter('order_date'), 'revenue', sum, 'key'),
  },
  {
    ask: `
      number of orders per month
      orders per month
      orders over time
    `,
    rows: grouped(o, month('order_date'), null, size, 'key'),
  },
  {
    ask: `
      which month has the highest revenue
      top 3 months by revenue
    `,
    rows: grouped(o, month('order_date'), 'revenue', sum, 'desc', 20),
  },
  {
    ask: `
      10 most expensive
      top 10 by unit price
      10 orders with the highest unit_price
      show the 10 most expensive orders
    `,
    rows: top(o, 'unit_price', 10, ['order_id']),
  },
  {
    ask: `
      5 cheapest
      5 smallest orders by unit price
      bottom 5 orders by unit_price
    `,
    rows: top(o, 'unit_price', 5, ['order_id'], 1),
  },
  {
    ask: `
      distinct values of city
      unique cities
      list the cities
      what cities are there
      which cities are in the data
      different values of city
      most common city
    `,
    rows: grouped(o, 'city', null, size),
  },
  {
    ask: `
      percentage of orders returned by region
      return rate by region
      share of returned orders per region
    `,
    rows: grouped(o, 'region', 'returned', percentTrue).map(row => row.slice(0, 2)),
  },
  {
    ask: `
      share of revenue by category
      percentage of revenue per category
    `,
    rows: grouped(o, 'category', 'revenue', values => (100 * (sum(values) ?? 0)) / (sum(numbers(o, 'revenue')) ?? 1)),
  },
  {
    ask: `
      percentage of orders by category
      share of orders per category
    `,
    rows: grouped(o, 'category', null, values => (100 * values.length) / o.length),
  },
  {
    ask: `
      percentage of orders with quantity over 5
    `,
    rows: [share(o.filter(row => Number(row.quantity) > 5).length, o.length)],
  },
  {
    ask: `
      compare price between Berlin and Paris
      compare unit_price for Berlin vs Paris
      difference in unit price between Berlin and Paris
    `,
    rows: compared(
      o.filter(row => ['Berlin', 'Paris'].includes(String(row.city))),
      'city',
      'unit_price',
    ),
  },
  {
    ask: `
      missing values
      how many missing values are there
      which columns have nulls
      where are the gaps
    `,
    rows: gaps(o, Object.keys(tables.orders.types)),
  },
  {
    ask: `
      outliers in revenue
      are there outliers in revenue?
      unusual revenue values
    `,
    rows: fences(o, 'revenue'),
  },
  {
    ask: `
      show first 3 rows
      first 3 rows
      head 3
      show 3 rows
    `,
    rows: o.slice(0, 3).map(row => [row.order_id ?? null]),
  },
  {
    ask: `
      last 3 rows
      show the last 3 rows
    `,
    rows: o.slice(-3).map(row => [row.order_id ?? null]),
  },
];
