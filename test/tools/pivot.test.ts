import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('orders', 'id,customer,price,"odd, name"\n1,10,5,x\n2,10,6,y\'s\n3,11,7,x\n4,99,8,\n5,,9,x\n');
});
afterAll(() => bench.close());

const columnsOf = async (sql: string) =>
  success(await bench.run('run_sql', {sql})).table?.columns.map(({name}) => name);

describe('a PIVOT without its list of values gets the values as columns', () => {
  it.each([
    ['PIVOT orders ON customer USING sum(price) GROUP BY id', ['id', '10', '11', '99']],
    ['pivot orders on customer /* which */ -- comment\n using sum(price) group by id;', ['id', '10', '11', '99']],
    [
      'PIVOT orders ON "odd, name" USING count(*) GROUP BY customer ORDER BY customer LIMIT 2',
      ['customer', 'x', "y's"],
    ],
    [
      'WITH a AS (SELECT customer, price FROM orders WHERE price > 6) PIVOT a ON customer USING max(price)',
      ['11', '99'],
    ],
    ['SELECT * FROM (PIVOT orders ON customer USING sum(price) GROUP BY id) WHERE "10" > 5', ['id', '10', '11', '99']],
    ['WITH p AS (PIVOT orders ON customer USING sum(price) GROUP BY id) SELECT id, "99" FROM p', ['id', '99']],
    [
      'PIVOT (SELECT price, customer FROM orders WHERE id < 4) ON customer, price > 6 USING count(*)',
      ['10_false', '10_true', '11_false', '11_true'],
    ],
    ['PIVOT orders ON customer IN (11) USING sum(price) GROUP BY id', ['id', '11']],
    ['FROM orders PIVOT (sum(price) FOR customer IN (10, 11) GROUP BY id)', ['id', '10', '11']],
  ])('%s', async (sql, columns) => {
    expect(await columnsOf(sql)).toEqual(columns);
  });

  it('and the figures of the same PIVOT with the list written out', async () => {
    const run = async (list: string) =>
      success(await bench.run('run_sql', {sql: `PIVOT orders ON customer${list} USING sum(price) GROUP BY id`}));
    const [found, written] = [await run(''), await run(" IN ('10', '11', '99')")];
    expect(found.table?.rows).toEqual(written.table?.rows);
    expect(found.receipt.sql).toContain("ON customer IN ('10', '11', '99') USING");
  });
});

describe('a PIVOT is refused with the way to one', () => {
  it.each<[string, object, string]>([
    ['on a column that does not exist', {sql: 'PIVOT orders ON custmer USING sum(price)'}, 'sql.unknown_column'],
    ['of a table that does not exist', {sql: 'PIVOT nothing ON customer USING sum(price)'}, 'sql.unknown_dataset'],
    ['of no rows', {sql: 'PIVOT (FROM orders WHERE false) ON customer USING sum(price)'}, 'sql.pivot_values'],
    ['with too many columns', {sql: 'PIVOT (SELECT unnest(range(300)) AS i) ON i'}, 'sql.pivot_values'],
    [
      'whose values would name columns of a kept dataset',
      {sql: 'PIVOT orders ON customer USING sum(price)', save_as: 'wide'},
      'sql.pivot_values',
    ],
  ])('%s', async (_, args, code) => {
    expect(failure(await bench.run('run_sql', args)).code).toBe(code);
  });
});
