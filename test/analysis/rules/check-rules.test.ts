import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {checkRule} from '../../../src/analysis/rules/check-rules.ts';
import {parseRules} from '../../../src/analysis/rules/rules.ts';
import type {Dataset} from '../../../src/core/dataset.ts';
import {ToolError} from '../../../src/core/errors.ts';
import {openTempEngine, type TempEngine} from '../temp-engine.ts';

let temp: TempEngine;
const datasets = new Map<string, Dataset>();
const odd = 'we"ird naïve 列';
const tables: Record<string, string> = {
  orders: `SELECT * FROM (VALUES (1, 10, 5.5::DOUBLE, 'north', DATE '2024-01-01', true), (2, 11, -3, 'south', DATE '2024-01-02', false),
    (2, 99, 'nan'::DOUBLE, 'nrth', NULL, NULL), (4, NULL, 1200, NULL, DATE '2024-01-04', true)) t(id, customer, price, "${odd.replace('"', '""')}", day, ok)`,
  customers: "SELECT * FROM (VALUES (10, 'A'), (11, 'B'), (NULL, 'C')) t(customer, name)",
  no_rows: 'SELECT 1 AS id WHERE false',
};
beforeAll(async () => {
  temp = await openTempEngine();
  for (const [name, sql] of Object.entries(tables)) datasets.set(name, await temp.dataset(name, sql));
});
afterAll(() => temp.close());

async function check(rule: object, dataset = 'orders') {
  const parsed = parseRules({rules: [rule]});
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  const [first] = parsed.rules.rules;
  if (!first) throw new Error('no rule');
  const find = async (name: string) => {
    const found = datasets.get(name);
    if (!found) throw new ToolError('dataset.unknown', `no ${name}`);
    return found;
  };
  return checkRule(first, dataset, {engine: temp.engine, dataset: find, now: Date.UTC(2024, 0, 5)});
}

describe('a rule', () => {
  it.each<[object, number]>([
    [{check: 'not_null', columns: ['customer', 'price', odd]}, 2],
    [{check: 'not_null', columns: 'id'}, 0],
    [{check: 'unique', columns: 'id'}, 2],
    [{check: 'unique', columns: ['id', 'customer']}, 0],
    [{check: 'unique', columns: 'customer'}, 0],
    [{check: 'range', column: 'price', min: 0, max: 1000}, 2],
    [{check: 'range', column: 'price', min: -3, max: 1200}, 0],
    [{check: 'range', column: 'day', max: '2024-01-03'}, 1],
    [{check: 'set', column: odd, values: ['north', 'south']}, 1],
    [{check: 'set', column: 'id', values: [1, '2', 4]}, 0],
    [{check: 'set', column: 'ok', values: [true]}, 1],
    [{check: 'regex', column: odd, pattern: '^(north|south)$'}, 1],
    [{check: 'regex', column: odd, pattern: "o'r"}, 3],
    [{check: 'foreign_key', columns: 'customer', references: {dataset: 'customers', columns: 'customer'}}, 1],
    [{check: 'row_count', min: 4, max: 4}, 0],
    [{check: 'row_count', min: 5}, 1],
    [{check: 'row_count', min: 1, where: 'id > 4'}, 1],
    [{check: 'type', column: 'price', type: 'number'}, 0],
    [{check: 'type', column: 'price', type: 'integer'}, 1],
    [{check: 'freshness', column: 'day', max_age: '1 day'}, 0],
    [{check: 'freshness', column: 'day', max_age: '3 hours'}, 1],
    [{check: 'freshness', column: 'day', max_age: '9 days', where: 'day IS NULL'}, 1],
    [{check: 'sql', condition: 'price > 0 -- all of them'}, 1],
    [{check: 'sql', condition: 'price > 0', where: 'id <> 2'}, 0],
  ])('%j is broken by so many rows: %d', async (rule, failing) => {
    const result = await check(rule);
    expect(result.problem).toBeNull();
    expect(result.failing).toBe(failing);
    expect(result.status).toBe(failing === 0 ? 'passed' : 'failed');
  });

  it('shows rows that break it, with the column that names them', async () => {
    const {examples, detail} = await check({check: 'range', column: 'price', min: 0});
    expect([detail, examples]).toEqual(['1 of 4 rows', [{id: 2, price: -3}]]);
  });

  it.each<[object, string, string]>([
    [{check: 'not_null', columns: 'custmer'}, 'orders', 'analysis.unknown_column'],
    [{check: 'range', column: 'day', min: 'tomorrow'}, 'orders', 'sql.failed'],
    [{check: 'regex', column: odd, pattern: '('}, 'orders', 'sql.failed'],
    [{check: 'sql', condition: 'true); DROP VIEW orders; SELECT (1'}, 'orders', 'sql.syntax'],
    [{check: 'freshness', column: 'id', max_age: '1 day'}, 'orders', 'rules.not_time'],
    [
      {check: 'foreign_key', columns: 'id', references: {dataset: 'nowhere', columns: 'id'}},
      'orders',
      'dataset.unknown',
    ],
    [
      {check: 'foreign_key', columns: ['id'], references: {dataset: 'customers', columns: ['customer', 'name']}},
      'orders',
      'rules.key_width',
    ],
  ])('%j on %s can not be checked and says why', async (rule, dataset, code) => {
    const {status, problem, failing} = await check(rule, dataset);
    expect([status, problem?.code, failing]).toEqual(['not_checked', code, null]);
  });

  it('on no rows holds but for what asks for rows', async () => {
    expect((await check({check: 'unique', columns: 'id'}, 'no_rows')).status).toBe('passed');
    expect((await check({check: 'row_count', min: 1}, 'no_rows')).status).toBe('failed');
  });
});

describe('a rules file', () => {
  it('tells every problem at once, with its place', () => {
    const rules = [
      {check: 'not_nul', columns: 'a'},
      {check: 'range', column: 'p'},
      {check: 'set', column: 'p', values: [], severity: 'fatal'},
      {check: 'unique', columns: 'a', colums: 'b'},
      {check: 'freshness', column: 'd', max_age: 'yesterday'},
    ];
    const parsed = parseRules({rules, dataset: 3});
    const problems = 'problems' in parsed ? parsed.problems : [];
    for (const place of [
      /^dataset: /,
      /^rules\[0\]\.check: /,
      /^rules\[1\]: needs min or max/,
      /^rules\[2\]\.values: /,
      /^rules\[2\]\.severity: /,
      /^rules\[3\]: .*colums/,
      /^rules\[4\]\.max_age: is written like "2 days"/,
    ])
      expect(
        problems.filter(each => place.test(each)),
        String(place),
      ).toHaveLength(1);
  });

  it.each([null, [], 'rules', {rules: []}, {}])('%j is refused', value => {
    expect(parseRules(value)).toHaveProperty('problems');
  });
});
