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
  'Join on orders.customer = customers.customer: 5 and 4 rows make 4 pairs; orders has 1 repeated key and 2 unmatched rows; customers has 1 repeated key and 1 unmatched rows.';

describe('a join tells what it does to its tables', () => {
  it.each([
    'SELECT * FROM orders JOIN customers USING (customer)',
    'SELECT count(*) FROM orders o LEFT JOIN customers c ON c.customer = o.customer WHERE price > 5',
    'SELECT o.id FROM orders o, customers c WHERE o.customer = c.customer AND price > 1',
    'WITH j AS (SELECT orders.* FROM orders JOIN customers ON orders.customer = customers.customer) SELECT sum(price) FROM j',
    'SELECT * FROM (SELECT id FROM orders JOIN customers USING (customer)) WHERE id > 1',
  ])('%s', async sql => {
    expect(await ask(sql)).toContain(report);
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
    'SELECT * FROM orders a JOIN orders b ON a.id = b.customer',
  ])('%s is no join on a key of two datasets', async sql => {
    expect(await ask(sql)).not.toContain('Join on');
  });
});

it('a pivot without a list of values is refused with the way to one', async () => {
  const result = await bench.run('run_sql', {sql: 'PIVOT orders ON customer USING sum(price)'});
  expect(result).toMatchObject({
    ok: false,
    code: 'sql.not_select',
    hint: expect.stringContaining('aggregate with pivot'),
  });
});
