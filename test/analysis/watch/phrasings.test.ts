// The same slip worded in many ways: each check hears it through subqueries, names of a WITH clause, windows and other functions.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openWatchBench, type WatchBench} from './watched.ts';

let bench: WatchBench;
beforeAll(async () => {
  bench = await openWatchBench();
});
afterAll(() => bench.close());

const codesOf = async (sql: string) => (await bench.cautionsOf({sql})).map(({severity, code}) => `${severity} ${code}`);
const eur = `currency = 'EUR'`;
const tiny = `region = 'tiny'`;

describe.each<[code: string, statements: string[]]>([
  [
    'warn small_groups',
    [
      `SELECT region, sum(amount) / count(*) FROM orders WHERE ${eur} GROUP BY region`,
      `SELECT * FROM (SELECT region, avg(amount) AS m FROM orders WHERE ${eur} GROUP BY 1) a JOIN (SELECT DISTINCT region FROM orders) b USING (region)`,
      `WITH s AS (SELECT region, avg(amount) AS m FROM orders WHERE ${eur} GROUP BY 1) SELECT region, m FROM s WHERE region = 'tiny' LIMIT 1`,
      `WITH s AS (SELECT region, avg(amount) AS m FROM orders WHERE ${eur} GROUP BY 1), r AS (SELECT *, rank() OVER (ORDER BY m) AS k FROM s) SELECT * FROM r`,
      `SELECT avg(m) FROM (SELECT region, max(amount) AS m FROM orders WHERE ${eur} GROUP BY 1)`,
      'SELECT order_id, region, avg(amount) OVER (PARTITION BY region) AS m FROM orders',
      'SELECT order_id, amount - avg(amount) OVER (PARTITION BY region) AS above FROM orders',
      'WITH w AS (SELECT region, median(amount) OVER w AS m FROM orders WINDOW w AS (PARTITION BY region)) SELECT * FROM w',
    ],
  ],
  [
    'warn tiny_percent',
    [
      `SELECT customer_id, 100.0 * count(*) / (SELECT count(*) FROM orders WHERE ${tiny}) AS pct FROM orders WHERE ${tiny} GROUP BY 1`,
      `SELECT (SELECT count(*) FROM orders WHERE ${tiny} AND paid) * 100.0 / (SELECT count(*) FROM orders WHERE ${tiny}) AS pct`,
      'SELECT region, count_if(paid) / count(*) AS pct FROM orders GROUP BY region',
      'SELECT region, 100 * mean(paid::INT) AS pct FROM orders GROUP BY region',
      'SELECT region, round(100.0 * sum(paid::INT) / nullif(count(*), 0), 1) AS pct FROM orders GROUP BY region',
      `SELECT customer_id, n, n / sum(n) OVER () AS share FROM (SELECT customer_id, count(*) AS n FROM orders WHERE ${tiny} GROUP BY 1)`,
      `WITH t AS (SELECT count(*) AS n FROM orders WHERE ${tiny}) SELECT customer_id, count(*) / any_value(t.n) AS share FROM orders, t WHERE ${tiny} GROUP BY 1`,
    ],
  ],
  [
    'warn join_multiplied',
    [
      'WITH j AS (SELECT c.*, o.amount FROM customers c JOIN orders o USING (customer_id)) SELECT sum(balance) FROM j',
      'SELECT name, sum(b) FROM (SELECT name, balance AS b FROM customers JOIN orders USING (customer_id)) GROUP BY name',
      'SELECT sum(balance) FROM customers c JOIN (SELECT customer_id FROM orders WHERE amount > 20) o USING (customer_id)',
      'WITH o AS (SELECT * FROM orders) SELECT avg(balance) FROM customers JOIN o USING (customer_id)',
      'SELECT name, sum(balance) OVER () FROM customers c JOIN orders o USING (customer_id)',
    ],
  ],
  [
    'warn sample_as_whole',
    [
      'SELECT avg(seconds) FROM (SELECT * FROM visits ORDER BY random() LIMIT 5)',
      'SELECT avg(seconds) FROM visits WHERE random() < 0.99',
      'WITH s AS (SELECT * FROM visits LIMIT 10) SELECT sum(seconds) FROM s',
      'SELECT avg(seconds) FROM visits TABLESAMPLE 90%',
    ],
  ],
  [
    'warn mean_of_id',
    [
      'SELECT avg(zip * 1.0) FROM names',
      'SELECT avg(x) FROM (SELECT zip AS x FROM names)',
      'WITH t AS (SELECT * FROM names) SELECT median(oid) FROM t',
      'SELECT avg(zip) OVER (PARTITION BY bid) FROM names',
      'SELECT corr(zip, bid) FROM names',
      'SELECT avg(customerID) FROM names',
    ],
  ],
  [
    'warn simpson_reversal',
    [
      'SELECT treatment, sum(ok) * 1.0 / count(*) FROM cures GROUP BY 1',
      `SELECT treatment, 100.0 * count(*) FILTER (cured = 'yes') / count(*) AS pct FROM cures GROUP BY 1 ORDER BY pct`,
      `SELECT treatment, count_if(ok = 1) / count(*) FROM cures GROUP BY 1`,
      `WITH r AS (SELECT treatment, avg(ok) AS rate FROM cures GROUP BY 1) SELECT * FROM r ORDER BY rate DESC LIMIT 1`,
    ],
  ],
  [
    'info simpson_reversal',
    [
      'SELECT treatment, cured, count(*) FROM cures GROUP BY 1, 2',
      'SELECT cured, treatment, count(*) AS n FROM cures GROUP BY ALL ORDER BY n',
      'SELECT treatment, success, count(*) AS n, 100.0 * count(*) / sum(count(*)) OVER (PARTITION BY treatment) AS pct FROM kidney GROUP BY 1, 2',
      `SELECT treatment, count(*) FILTER (cured = 'yes') AS yes, count(*) FILTER (cured = 'no') AS no FROM cures GROUP BY 1`,
      'SELECT treatment, count(*) AS n, count_if(ok = 1) AS cured FROM cures GROUP BY 1',
      'WITH t AS (SELECT treatment, ok, count(*) AS n FROM cures GROUP BY 1, 2) SELECT * FROM t ORDER BY n DESC',
    ],
  ],
])('%s', (code, statements) => {
  it.each(statements)('%s', async sql => {
    expect(await codesOf(sql)).toContain(code);
  });
});

describe('the message', () => {
  it.each([
    [
      'SELECT treatment, cured, count(*) FROM cures GROUP BY 1, 2',
      "Simpson's reversal in these counts: overall the share of cured = yes is higher in B than in A (82.57 % against 78 %), but lower within each of the 2 values of stone.",
    ],
    [
      `SELECT order_id, avg(amount) OVER (PARTITION BY region) AS m FROM orders WHERE ${eur}`,
      'm: 2 of 30 rows show a figure of fewer than 5 values (the smallest 2).',
    ],
  ])('%s', async (sql, message) => {
    expect((await bench.cautionsOf({sql})).map(each => each.message)).toEqual([message]);
  });
});

describe('is silent', () => {
  it.each([
    'SELECT avg(bid), avg(paid), sum(covid) FROM names',
    'SELECT avg(length(zip::VARCHAR)) FROM names',
    'SELECT customer_id, 100.0 * count(*) / (SELECT count(*) FROM orders) AS pct FROM orders GROUP BY 1',
    'SELECT region, n, n / sum(n) OVER () AS share FROM (SELECT region, count(*) AS n FROM orders GROUP BY 1)',
    'WITH s AS (SELECT customer_id, avg(seconds) AS m FROM visits GROUP BY 1) SELECT * FROM s ORDER BY m LIMIT 1',
    `WITH s AS (SELECT region, avg(amount) AS m, count(*) AS n FROM orders WHERE ${eur} GROUP BY 1) SELECT region, n FROM s`,
    'WITH o AS (SELECT customer_id, sum(seconds) AS s FROM visits GROUP BY 1) SELECT sum(balance), sum(s) FROM customers JOIN o USING (customer_id)',
    'SELECT sum(o.seconds / a.m) FROM visits o CROSS JOIN (SELECT avg(seconds) AS m FROM visits) a',
    'SELECT stone, sum(ok) / count(*) FROM cures GROUP BY 1',
    'SELECT * FROM visits ORDER BY random() LIMIT 5',
    'SELECT order_id, avg(amount) OVER (ORDER BY placed ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM orders',
    'SELECT region, avg(amount) OVER (PARTITION BY region ORDER BY placed) FROM orders',
    'SELECT customer_id, avg(amount) OVER (PARTITION BY customer_id) FROM orders',
    `SELECT region, sum(amount) AS s, avg(sum(amount)) OVER () FROM orders WHERE ${eur} GROUP BY region`,
    'SELECT stone, cured, count(*) FROM cures GROUP BY 1, 2',
    'SELECT treatment, stone, cured, count(*) FROM cures GROUP BY ALL',
    'SELECT treatment, count(*) FROM cures GROUP BY 1',
    'SELECT treatment, count(DISTINCT stone) FROM cures GROUP BY 1',
    `SELECT treatment, cured, count(*) FROM cures WHERE stone = 'small' GROUP BY 1, 2`,
  ])('%s', async sql => {
    expect(await codesOf(sql)).toEqual([]);
  });
});

describe('the arguments of tools', () => {
  it.each<[tool: string, args: Record<string, unknown>, code: string]>([
    ['correlate', {dataset: 'names', columns: ['zip', 'bid']}, 'mean_of_id'],
    ['check_distribution', {dataset: 'names', column: 'zip'}, 'mean_of_id'],
    ['cluster', {dataset: 'names', columns: ['oid', 'bid']}, 'mean_of_id'],
    ['test_hypothesis', {dataset: 'orders', value: 'amount', group: 'paid'}, 'mixed_units'],
    ['test_hypothesis', {dataset: 'cures', value: 'cured', group: 'treatment'}, 'simpson_reversal'],
  ])('%s %j', async (tool, args, code) => {
    expect((await bench.cautionsOf(args, tool)).map(each => each.code)).toEqual([code]);
  });

  it.each<[tool: string, args: Record<string, unknown>]>([
    ['correlate', {dataset: 'names', columns: ['bid', 'covid']}],
    ['clean_data', {dataset: 'names', steps: [{do: 'trim', columns: ['zip']}]}],
    ['test_hypothesis', {dataset: 'orders', value: 'amount', group: 'currency'}],
    ['test_hypothesis', {dataset: 'orders', value: 'amount', group: 'paid', where: eur}],
    ['test_hypothesis', {dataset: 'cures', value: 'cured', group: 'stone'}],
  ])('%s %j has nothing to be careful about', async (tool, args) => {
    expect(await bench.cautionsOf(args, tool)).toEqual([]);
  });
});
