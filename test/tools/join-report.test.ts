import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('orders', 'id,customer,price\n1,10,5\n2,10,6\n3,11,7\n4,99,8\n5,,9\n');
  await bench.data('customers', 'customer,city\n10,A\n11,B\n11,C\n12,D\n');
  await bench.data('cities', 'city,land\nA,x\nB,y\n');
});
afterAll(() => bench.close());

const ask = async (sql: string, more: object = {}) => success(await bench.run('run_sql', {sql, ...more})).summary;
const report =
  'Join on orders.customer = customers.customer: 5 and 4 rows make 4 pairs; orders has 1 repeated key and 2 unmatched rows; customers has 1 repeated key and 1 unmatched row.';

describe('a join tells what it does to its tables', () => {
  it.each([
    'SELECT * FROM orders JOIN customers USING (customer)',
    'SELECT count(*) FROM orders o LEFT JOIN customers c ON c.customer = o.customer WHERE price > 5',
    'SELECT o.id FROM orders o, customers c WHERE o.customer = c.customer AND price > 1',
    'WITH j AS (SELECT orders.* FROM orders JOIN customers ON orders.customer = customers.customer) SELECT sum(price) FROM j',
    'SELECT * FROM (SELECT id FROM orders JOIN customers USING (customer)) WHERE id > 1',
    'SELECT * FROM orders NATURAL JOIN customers',
    'SELECT * FROM orders JOIN customers USING (customer) JOIN cities USING (city)',
    'SELECT * FROM orders JOIN customers USING (customer) JOIN range(3) t(i) ON t.i = orders.id',
    'SELECT (SELECT count(*) FROM orders b JOIN customers USING (customer) WHERE b.id = a.id) FROM orders a',
  ])('%s', async sql => {
    expect(await ask(sql)).toContain(report);
  });

  it.each([
    [
      'a dataset with itself',
      'SELECT * FROM orders a JOIN orders b ON a.id = b.customer - 0 JOIN orders c ON a.id = c.id',
      'Join on a.id = c.id: 5 and 5 rows make 5 pairs; a has 0 repeated keys and 0 unmatched rows; c has 0 repeated keys and 0 unmatched rows.',
    ],
    [
      'a subquery',
      'SELECT * FROM orders o LEFT JOIN (SELECT customer, count(*) AS n FROM customers GROUP BY 1) c USING (customer)',
      'Join on orders.customer = c.customer: 5 and 3 rows make 3 pairs; orders has 1 repeated key and 2 unmatched rows; c has 0 repeated keys and 1 unmatched row.',
    ],
    [
      'a name of WITH, made of another one',
      'WITH c AS (SELECT * FROM customers), d AS (SELECT customer FROM c WHERE city < $$C$$) SELECT * FROM orders, d WHERE d.customer = orders.customer',
      'Join on orders.customer = d.customer: 5 and 2 rows make 3 pairs; orders has 1 repeated key and 2 unmatched rows; d has 0 repeated keys and 0 unmatched rows.',
    ],
    [
      'a name of WITH that a dataset has too',
      'WITH cities AS (SELECT 10 AS customer) SELECT * FROM orders JOIN cities USING (customer)',
      'Join on orders.customer = cities.customer: 5 and 1 rows make 2 pairs; orders has 1 repeated key and 3 unmatched rows; cities has 0 repeated keys and 0 unmatched rows.',
    ],
  ])('%s', async (_, sql, line) => {
    expect(await ask(sql)).toContain(line);
  });

  it('the pairs are the rows of the plain join', async () => {
    const {table} = success(
      await bench.run('run_sql', {sql: 'SELECT count(*) FROM orders JOIN customers USING (customer)'}),
    );
    expect(table?.rows).toEqual([[4]]);
  });

  it('one line for each two tables, also beside save_as', async () => {
    const sql =
      'SELECT id, land FROM orders JOIN customers USING (customer) JOIN cities ON cities.city = customers.city';
    const summary = await ask(sql, {save_as: 'lands'});
    expect(summary).toContain(report);
    expect(summary).toContain(
      'Join on customers.city = cities.city: 4 and 2 rows make 2 pairs; customers has 0 repeated keys and 2 unmatched rows; cities has 0 repeated keys and 0 unmatched rows.',
    );
    expect(summary).toContain('Saved as dataset lands v1');
  });

  it.each([
    'SELECT count(*) FROM orders',
    'SELECT * FROM orders, customers',
    'SELECT * FROM orders JOIN customers ON orders.customer > customers.customer',
    'SELECT * FROM orders JOIN customers ON orders.customer = customers.customer OR price = 5',
    "SELECT 'join, on' FROM orders WHERE customer IN (SELECT customer FROM customers)",
    'SELECT * FROM orders o, LATERAL (SELECT * FROM customers c WHERE c.customer = o.customer) l',
  ])('%s is no join on a key of two datasets', async sql => {
    expect(await ask(sql)).not.toContain('Join on');
  });
});
