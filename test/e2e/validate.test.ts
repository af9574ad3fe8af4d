// `ds-agent validate` as a pipeline calls it.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {makePlace, type Place, runProgram} from '../support/program.ts';

let place: Place;
beforeAll(() => {
  place = makePlace();
  place.file('orders.csv', 'id,customer,price\n1,10,5\n2,11,-3\n3,99,7\n');
  place.file('customers.csv', 'id,name\n10,A\n11,B\n');
});
afterAll(() => place.remove());

const validate = (rules: string, ...args: string[]) => {
  place.file('rules.yaml', rules);
  return runProgram(['validate', 'rules.yaml', ...args], {place, stdin: 'null'});
};

describe('ds-agent validate', () => {
  it('ends with 0 when every rule holds, on data it imports first', async () => {
    const {code, stdout, stderr} = await validate('rules:\n  - {check: unique, columns: id}\n', '--data', 'orders.csv');
    expect([code, stdout, stderr]).toEqual([0, 'ok    orders  unique: id  0 of 3 rows\n1 rule, all hold.\n', '']);
  });

  it('ends with 9 when one is broken, over several datasets, and shows the rows', async () => {
    const rules = `dataset: orders
rules:
  - {check: foreign_key, columns: customer, references: {dataset: customers, columns: id}}
  - {check: range, column: price, min: 0, severity: warn}
  - {dataset: customers, check: row_count, min: 2}
`;
    const {code, stdout} = await validate(rules, '--data', 'customers.csv', '--data', 'orders.csv');
    expect(code).toBe(9);
    expect(stdout).toContain(
      'FAIL  orders  foreign_key: customer in customers (id)  1 of 3 rows\n      such as customer 99\n',
    );
    expect(stdout).toContain('warn  orders  range: price from 0  1 of 3 rows');
    expect(stdout).toContain('3 rules: 1 failed, 1 warned.');
  });

  it('gives one JSON object with each rule, its counts and its SQL', async () => {
    const {code, stdout} = await validate(
      '{"rules": [{"check": "range", "column": "price", "min": 0, "severity": "warn"}]}',
      '--json',
      '--data',
      'orders.csv',
    );
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({schema_version: 1, status: 'warned', failed: 0, warned: 1});
    expect(result.results[0]).toMatchObject({failing: 1, rows: 3, examples: [{id: 2, price: -3}]});
    expect(result.results[0].sql).toContain('SELECT');
    expect(code).toBe(0);
  });

  it('a broken warning ends with 10 only where --fail-on asks for it', async () => {
    const rules = 'rules:\n  - {check: range, column: price, min: 0, severity: warn}\n';
    expect((await validate(rules, '--data', 'orders.csv', '--fail-on', 'warn')).code).toBe(10);
  });

  it.each([
    [
      'rules:\n  - {check: nothing}\n  - {check: range, column: a}\n',
      /has 2 problems:\n {2}rules\[0\]\.check: .*\n {2}rules\[1\]: needs min or max/,
    ],
    ['rules: [', /neither YAML nor JSON/],
    [
      'a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]',
      /neither YAML nor JSON: Excessive alias count/,
    ],
  ])('%j ends with 4 before anything is checked', async (rules, pattern) => {
    const {code, stdout, stderr} = await validate(rules, '--data', 'orders.csv');
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(pattern);
  });

  it('a rule that can not be checked is broken', async () => {
    const {code, stdout} = await validate('rules:\n  - {check: not_null, columns: prise}\n', '--data', 'orders.csv');
    expect(code).toBe(9);
    expect(stdout).toContain('not checked: There is no column "prise". Did you mean "price"?');
  });
});
