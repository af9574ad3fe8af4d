// The watch over real statements: each check speaks where it should, with the numbers, and is silent beside it.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHECKS} from '../../../src/analysis/watch/watch.ts';
import type {Watched} from '../../../src/core/caution.ts';
import {openWatchBench, type WatchBench} from './watched.ts';

let bench: WatchBench;
beforeAll(async () => {
  bench = await openWatchBench();
});
afterAll(() => bench.close());

const said = async (sql: string) =>
  (await bench.cautionsOf({sql})).map(({code, severity, message}) => `${severity} ${code}: ${message}`);

describe('speaks', () => {
  it.each([
    [
      `SELECT region, avg(amount) FROM orders WHERE currency = 'EUR' GROUP BY region`,
      'warn small_groups: avg(amount): 1 of 2 groups has fewer than 5 values (the smallest 2).',
    ],
    [
      `SELECT region AS r, currency, round(median(amount), 1) AS m FROM orders GROUP BY ALL ORDER BY m, r, currency LIMIT 3`,
      'warn small_groups: m: 2 of 3 groups have fewer than 5 values (the smallest 1).',
    ],
    [
      `WITH g AS (SELECT region, currency, avg(amount) AS m FROM orders GROUP BY 1, 2) SELECT * FROM g ORDER BY m`,
      'warn small_groups: m: 2 of 4 groups have fewer than 5 values (the smallest 1).',
    ],
    [
      `SELECT avg(amount) FROM orders WHERE currency = 'EUR' AND region = 'tiny'`,
      'warn small_groups: avg(amount) rests on 2 values.',
    ],
    [
      `SELECT region, 100.0 * count(*) FILTER (WHERE paid) / count(*) AS pct FROM orders GROUP BY region`,
      'warn tiny_percent: pct: 1 of 2 groups has fewer than 20 rows (the smallest 3).',
    ],
    [
      `SELECT customer_id, avg(CASE WHEN paid THEN 1 ELSE 0 END) AS paid_share FROM orders GROUP BY 1`,
      'info tiny_percent: paid_share: 4 of 4 groups have fewer than 20 rows (the smallest 15).',
    ],
    [
      `SELECT customer_id, count(*) * 100.0 / sum(count(*)) OVER () AS share FROM visits WHERE seconds < 8 GROUP BY 1`,
      'info tiny_percent: share rests on 8 rows.',
    ],
    [
      `SELECT sum(c.balance) FROM customers c JOIN orders o USING (customer_id)`,
      'warn join_multiplied: The join repeats the rows of customers 15 times on average (4 rows became 60), and sum(balance) counts them each time.',
    ],
    [
      `SELECT name, avg(balance) FROM orders o LEFT JOIN customers c ON o.customer_id = c.customer_id GROUP BY name`,
      'warn join_multiplied: The join repeats the rows of customers 15 times on average (4 rows became 60), and avg(balance) counts them each time.',
    ],
    [
      `SELECT c.name, sum(o.amount) AS total FROM customers c JOIN orders o ON c.customer_id = o.customer_id AND o.currency = 'EUR' JOIN visits v ON v.customer_id = c.customer_id GROUP BY c.name`,
      'warn join_multiplied: The join matches many rows with many: 2 rows of customers and 30 rows of orders and 10 rows of visits became 150.',
    ],
    [
      'SELECT count(*) FROM visits v, orders o WHERE v.customer_id = o.customer_id',
      'warn join_multiplied: The join matches many rows with many: 20 rows of visits and 60 rows of orders became 300.',
    ],
    [
      'SELECT v.seconds, o.amount FROM visits v JOIN orders o ON v.customer_id = o.customer_id',
      'info join_multiplied: The join matches many rows with many: 20 rows of visits and 60 rows of orders became 300.',
    ],
    [
      'SELECT avg(seconds) FROM (SELECT * FROM visits LIMIT 1000)',
      'warn sample_as_whole: This was computed from the first 1,000 rows (LIMIT without ORDER BY).',
    ],
    [
      'SELECT count(*) FROM visits USING SAMPLE 10 PERCENT (bernoulli)',
      'warn sample_as_whole: This was computed from a random sample (SAMPLE in the SQL), not from all rows.',
    ],
    ['SELECT count(*) FROM part', 'info sample_as_whole: part holds 30 rows, made with LIMIT 30.'],
    [
      'SELECT avg(order_id) FROM orders',
      'warn mean_of_id: avg(order_id) is of order_id, which looks like an id or a code.',
    ],
    [
      'SELECT round(stddev(zip_code::DOUBLE), 2) AS s FROM orders',
      'warn mean_of_id: stddev(zip_code) is of zip_code, which looks like an id or a code.',
    ],
    ['SELECT sum(amount) AS total FROM orders', 'warn mixed_units: sum(amount) mixes 2 values of currency (EUR, USD).'],
    [
      `SELECT min(regexp_extract(weight, '[0-9]+')::INT) FROM orders`,
      'warn mixed_units: weight mixes units or time zones: kg in 30, lb in 30 rows.',
    ],
    [
      'SELECT max(seen::TIMESTAMPTZ) FROM orders',
      'warn mixed_units: seen mixes units or time zones: +05:30 in 30, Z in 30 rows.',
    ],
    [
      'SELECT order_id FROM orders WHERE paid_at > placed',
      'warn mixed_units: paid_at (time with a zone) and placed (time without a zone) are put together.',
    ],
    [
      'SELECT treatment, round(avg(success::INT), 3) AS rate FROM kidney GROUP BY 1 ORDER BY 2',
      "warn simpson_reversal: Simpson's reversal: overall B is above A in treatment (0.8257 against 0.78), but below it within each of the 2 values of stone.",
    ],
  ])('%s', async (sql, expected) => {
    expect(await said(sql)).toEqual([expected]);
  });

  it('what the aggregate tool computes, over the statement that its receipt ends with', async () => {
    const sql = [
      'SELECT count(*) FROM "orders"',
      'WITH grouped AS (SELECT "region", avg("customer_id" * 2) AS "m" FROM "orders" GROUP BY "region"),',
      'spine AS (SELECT unnest(generate_series(1, 3)) AS "x" FROM grouped)',
      'SELECT * FROM grouped ORDER BY "region"',
    ];
    const receipt = {
      id: 1,
      tool: 'aggregate',
      args: {dataset: 'orders'},
      sql: `${sql[0]};\n${sql.slice(1).join('\n')}`,
      ms: 1,
      datasets: [{name: 'orders', version: 1, sha256: ''}],
      rowsRead: 60,
      sampled: false,
    };
    const found = await bench.watch({receipt}, new AbortController().signal);
    expect(found.map(({message}) => message)).toEqual([
      'avg(customer_id) is of customer_id, which looks like an id or a code.',
      'm: 1 of 2 groups has fewer than 5 values (the smallest 3).',
    ]);
  });

  it('a test of samples below 5, and of an id', async () => {
    const table = testTable({test: 'welch_t', p: 0.2, n: '3, 57'});
    const found = await bench.cautionsOf({dataset: 'visits', value: 'x', group: 'y'}, 'test_hypothesis', table);
    expect(found.map(({message}) => message)).toEqual([
      'welch_t: 1 of 2 groups has fewer than 5 values (the smallest 3).',
    ]);
    const ofId = await bench.cautionsOf({dataset: 'orders', target: 'order_id', features: ['amount']}, 'regress');
    expect(ofId.map(({message}) => message)).toEqual([
      'amount is used as a quantity, and it mixes 2 values of currency (EUR, USD).',
      'order_id is used as a quantity, and it looks like an id or a code.',
    ]);
  });

  it('a test of a number by a group whose direction turns in every part of another column', async () => {
    const args = {dataset: 'kidney', value: 'success', group: 'treatment'};
    const found = await bench.cautionsOf(args, 'test_hypothesis');
    expect(found.map(({code}) => code)).toEqual(['simpson_reversal']);
  });

  it('the fifth test of a session with a small p, adjusted for all five; the same test again is no new one', async () => {
    const own = bench.newWatcher();
    const ask = async (value: string, p: number) => {
      const receipt = {
        id: 1,
        tool: 'test_hypothesis',
        args: {dataset: 'visits', value},
        ms: 1,
        datasets: [{name: 'visits', version: 1, sha256: ''}],
        rowsRead: 20,
        sampled: false,
      };
      const table = testTable({test: 'welch_t', p, n: '50, 50'});
      return (await own({receipt, table}, new AbortController().signal)).map(
        ({severity, message}) => `${severity} ${message}`,
      );
    };
    for (const value of ['a', 'b', 'c', 'd', 'd']) expect(await ask(value, 0.3)).toEqual([]);
    // Benjamini-Hochberg of 0.03 among 0.3, 0.3, 0.3, 0.3: 0.03 × 5 / 1.
    expect(await ask('e', 0.03)).toEqual([
      'warn Test 5 of this session, not corrected: adjusted for all of them (Benjamini-Hochberg) this p is 0.15, and 0 of 1 stay below 0.05.',
    ]);
    expect(await ask('f', 0.0001)).toEqual([
      'info Test 6 of this session, not corrected: adjusted for all of them (Benjamini-Hochberg) this p is 0.0006, and 1 of 2 stay below 0.05.',
    ]);
  });

  it('a test after four columns that were tested together, which are four tests and need no word of their own', async () => {
    const own = bench.newWatcher();
    const ask = async (args: object, table: Watched['table']) => {
      const datasetsRead = [{name: 'visits', version: 1, sha256: ''}];
      const receipt = {
        id: 1,
        tool: 'test_hypothesis',
        args,
        ms: 1,
        datasets: datasetsRead,
        rowsRead: 20,
        sampled: false,
      };
      return (await own({receipt, table}, new AbortController().signal)).map(({message}) => message);
    };
    const number = (name: string) => ({name, type: 'DOUBLE', kind: 'number' as const});
    const columns = [{name: 'column', type: 'VARCHAR', kind: 'text' as const}, number('p'), number('p_adjusted')];
    const rows = ['a', 'b', 'c', 'd'].map(name => [name, name === 'a' ? 0.01 : 0.4, 0.04]);
    const many = {columns, rows: [...rows, ['text', null, null]], totalRows: 5};
    expect(await ask({dataset: 'visits', value: 'a', more: ['b', 'c', 'd', 'text'], group: 'g'}, many)).toEqual([]);
    const single = (p: number) => testTable({test: 'welch_t', p, n: '50, 50'});
    expect(await ask({dataset: 'visits', group: 'g', value: 'b'}, single(0.02))).toEqual([]);
    expect(await ask({dataset: 'visits', group: 'g', value: 'e'}, single(0.02))).toEqual([
      'Test 5 of this session, not corrected: adjusted for all of them (Benjamini-Hochberg) this p is 0.0333, and 3 of 3 stay below 0.05.',
    ]);
  });
});

describe('is silent', () => {
  it.each([
    'SELECT region, count(*) FROM orders GROUP BY region',
    `SELECT region, avg(amount) FROM orders WHERE currency = 'EUR' GROUP BY region HAVING count(*) >= 5`,
    `SELECT * FROM (SELECT region, currency, avg(amount) AS m, count(*) AS n FROM orders GROUP BY ALL) WHERE n >= 10`,
    `SELECT customer_id % 2, max(seconds) FROM visits GROUP BY 1`,
    'SELECT customer_id, count(*) * 100.0 / (SELECT count(*) FROM orders) AS share FROM orders GROUP BY 1',
    'SELECT o.customer_id, sum(o.seconds) FROM visits o JOIN customers c USING (customer_id) GROUP BY 1',
    'SELECT c.name, count(*) FROM customers c LEFT JOIN visits v USING (customer_id) GROUP BY 1',
    'SELECT sum(v.seconds * c.balance) FROM visits v JOIN customers c USING (customer_id)',
    'SELECT max(c.balance), count(DISTINCT c.customer_id) FROM customers c JOIN visits v USING (customer_id)',
    'SELECT sum(balance) FROM customers c JOIN (SELECT customer_id, sum(seconds) AS s FROM visits GROUP BY 1) v USING (customer_id)',
    'SELECT avg(seconds) FROM (SELECT seconds FROM visits ORDER BY seconds DESC LIMIT 10)',
    'SELECT * FROM visits LIMIT 10',
    'SELECT count(order_id), max(order_id), count(DISTINCT zip_code) FROM orders',
    'SELECT currency, avg(amount) FROM orders GROUP BY currency',
    `SELECT sum(amount) FROM orders WHERE currency = 'EUR'`,
    'SELECT count(*) FROM orders GROUP BY weight',
    'SELECT stone, treatment, avg(success::INT) FROM kidney GROUP BY 1, 2',
    'SELECT stone, avg(success::INT) FROM kidney GROUP BY 1',
    'DESCRIBE orders',
    'SELECT 1',
    'SELECT sum(99999999999999999999) FROM visits',
  ])('%s', async sql => {
    expect(await said(sql)).toEqual([]);
  });
});

it('each check has a code of its own and advice in whole sentences', () => {
  expect(new Set(CHECKS.map(({code}) => code)).size).toBe(CHECKS.length);
  for (const {code, advice} of CHECKS) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(advice).toMatch(/^[A-Z].{60,}\.$/);
  }
});

it('a stopped turn rejects instead of finding nothing', async () => {
  const aborted = AbortSignal.abort(new Error('stopped'));
  const receipt = {
    id: 1,
    tool: 'run_sql',
    args: {sql: 'SELECT avg(order_id) FROM orders'},
    ms: 1,
    datasets: [{name: 'orders', version: 1, sha256: ''}],
    rowsRead: 60,
    sampled: false,
  };
  await expect(bench.watch({receipt}, aborted)).rejects.toThrow('stopped');
});

function testTable({test, p, n}: {test: string; p: number; n: string}) {
  const kinds = {role: 'text', test: 'text', p: 'number', n: 'text'} as const;
  const columns = Object.entries(kinds).map(([name, kind]) => ({
    name,
    type: kind === 'text' ? 'VARCHAR' : 'DOUBLE',
    kind,
  }));
  return {columns, rows: [['test', test, p, n]], totalRows: 1};
}
