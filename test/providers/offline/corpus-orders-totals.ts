// Questions about sales that have one row for an answer: counts, totals, conditions.

import {
  deviation,
  grouped,
  least,
  mean,
  median,
  most,
  numbers,
  pearson,
  percentTrue,
  quantile,
  quarter,
  sum,
  total,
  variance,
} from './arithmetic.ts';
import {type Case, count, distinct, in2021, o, times, within, withTimes} from './expectations.ts';

export const orderTotalsCases: Case[] = [
  {
    ask: `
      how many orders
      number of orders
      count
      count rows
      how many rows are there?
      how many records
    `,
    rows: count(o),
  },
  {
    ask: `
      how many orders in Berlin
      count orders where city is Berlin
      number of orders where city = 'Berlin'
      orders in berlin
    `,
    rows: count(o.filter(row => row.city === 'Berlin')),
  },
  {
    ask: `
      how many orders in Berlin or Paris
      count where city is Berlin or Paris
    `,
    rows: count(o.filter(row => ['Berlin', 'Paris'].includes(String(row.city)))),
  },
  {
    ask: `
      how many orders not in Berlin
      count where city is not Berlin
      orders excluding Berlin
    `,
    rows: count(o.filter(row => row.city !== 'Berlin')),
  },
  {
    ask: `
      how many orders from New York
      number of orders in new york
    `,
    rows: count(o.filter(row => row.city === 'New York')),
  },
  {
    ask: `
      how many orders in 2021
      count orders during 2021
      orders in 2021
    `,
    rows: count(in2021),
  },
  {
    ask: `
      how many orders before 2021
      orders before 2021-01-01
    `,
    rows: count(o.filter(row => String(row.order_date) < '2021-01-01')),
  },
  {
    ask: `
      how many orders in March 2021
      count of orders in 2021-03
    `,
    rows: count(o.filter(row => String(row.order_date).startsWith('2021-03'))),
  },
  {
    ask: `
      orders with revenue over 1000
      how many orders have revenue above 1,000
      count where revenue > 1k
      number of orders with a revenue of more than 1000
    `,
    rows: count(o.filter(row => row.revenue !== null && Number(row.revenue) > 1000)),
  },
  {
    ask: `
      how many orders have quantity of at least 5
      count where quantity >= 5
      orders with 5 or more quantity
      orders where quantity is no less than 5
    `,
    rows: count(o.filter(row => Number(row.quantity) >= 5)),
  },
  {
    ask: `
      count where quantity between 3 and 5
      how many orders with quantity from 3 to 5
    `,
    rows: count(o.filter(row => Number(row.quantity) >= 3 && Number(row.quantity) <= 5)),
  },
  {
    ask: `
      count where region is North and quantity > 5 or city is Oslo
    `,
    rows: count(o.filter(row => (row.region === 'North' && Number(row.quantity) > 5) || row.city === 'Oslo')),
  },
  {
    ask: `
      how many orders were returned
      returned orders
      number of orders that were returned
    `,
    rows: count(o.filter(row => row.returned === true)),
  },
  {
    ask: `
      how many orders were not returned
      orders not returned
    `,
    rows: count(o.filter(row => row.returned === false)),
  },
  {
    ask: `
      how many orders have no region
      count where region is missing
      orders without region
    `,
    rows: count(o.filter(row => row.region === null)),
  },
  {
    ask: `
      count where discount is not null
      how many orders with known discount
    `,
    rows: count(o.filter(row => row.discount !== null)),
  },
  {
    ask: `
      how many customers
      number of unique customers
      how many distinct customers are there
    `,
    rows: [[distinct(o, 'customer')]],
  },
  {
    ask: `
      average revenue
      what is the mean revenue?
      avg revenue
      avergae revenue
    `,
    rows: total(o, 'revenue', mean),
  },
  {
    ask: `
      mean, median and standard deviation of revenue
    `,
    rows: total(o, 'revenue', mean, median, deviation),
  },
  {
    ask: `
      total revenue in 2021
      revenue in 2021
      how much revenue in 2021
    `,
    rows: total(in2021, 'revenue', sum),
  },
  {
    ask: `
      total revenue in Q3 2021
    `,
    rows: total(
      o.filter(row => quarter('order_date')(row) === '2021-Q3'),
      'revenue',
      sum,
    ),
  },
  {
    ask: `
      max revenue
      highest revenue
      what is the largest revenue
      maximum revenue
    `,
    rows: total(o, 'revenue', most),
  },
  {
    ask: `
      minimum unit price
      lowest unit price
      smallest unit_price
    `,
    rows: total(o, 'unit_price', least),
  },
  {
    ask: `
      variance of quantity
    `,
    rows: total(o, 'quantity', variance),
  },
  {
    ask: `
      90th percentile of revenue
      p90 of revenue
      percentile 90 of revenue
      0.9 quantile of revenue
    `,
    rows: total(o, 'revenue', quantile(0.9)),
  },
  {
    ask: `
      quartiles of revenue
      25th, 50th and 75th percentile of revenue
    `,
    rows: total(o, 'revenue', quantile(0.25), median, quantile(0.75)),
  },
  {
    ask: `
      percentage of orders returned
      what share of orders were returned
      return rate
      percent returned
    `,
    rows: [[percentTrue(numbers(o, 'returned'))]],
  },
  {
    ask: `
      total of unit_price times quantity
      sum of unit price * quantity
      total "unit_price" multiplied by quantity
      sum of the product of unit_price and quantity
    `,
    rows: [[sum(times), times.length]],
  },
  {
    ask: `
      average unit price times quantity by region
      mean of unit_price × quantity per region
      average orders.unit_price times @orders.quantity by orders.region
    `,
    rows: grouped(withTimes, 'region', 'times', mean),
  },
  {
    ask: `
      average of revenue divided by quantity
      mean revenue / quantity
      average ratio of revenue to quantity
    `,
    rows: [[mean(numbers(withTimes, 'ratio'))]],
  },
  {
    ask: `
      top 3 dates by revenue
      top 3 dates by total revenue
    `,
    rows: grouped(o, 'order_date', 'revenue', sum).slice(0, 3),
  },
  {
    ask: `
      top 2 products by total revenue in each region
      top 2 products by total revenue per region
      for each region the top 2 products by total revenue
      the two best products by revenue within each region
    `,
    rows: within(o, ['region', 'product'], 'revenue', 2),
  },
  {
    ask: `
      best product by total revenue for each region
      which product has the highest total revenue in each region
    `,
    rows: within(o, ['region', 'product'], 'revenue', 1),
  },
  {
    ask: `
      duplicates
      are there duplicate rows?
      duplicated rows
    `,
    rows: [[o.length, o.length, 0]],
  },
  {
    ask: `
      correlation between quantity and revenue
      how are quantity and revenue related
      is quantity correlated with revenue
    `,
    rows: [['quantity', 'revenue', pearson(o, 'quantity', 'revenue').r, pearson(o, 'quantity', 'revenue').n]],
  },
  {
    ask: `
      SELECT count(*) FROM orders
      select count(*) from orders where true
      FROM orders SELECT count(*)
      WITH x AS (SELECT 1) SELECT count(*) FROM orders
    `,
    rows: count(o),
  },
];
