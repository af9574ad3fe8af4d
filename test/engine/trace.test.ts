import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import type {SqlEngine} from '../../src/engine/sql-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-trace-'));
let engine: SqlEngine;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // 3 "rare" rows and one row with a price among the "bare" ones.
  await connection.run(
    `COPY (SELECT i AS id, 'e' || i AS email, CASE WHEN i < 3 THEN 'rare' WHEN i < 23 THEN 'bare' ELSE 'full' END AS region,
     CASE WHEN i < 3 OR i > 22 OR i = 7 THEN i * 1.5 END AS price FROM range(63) t(i)) TO '${folder}/s.parquet'`,
  );
  connection.closeSync();
  engine = await openQueryEngine({dataDirectory: folder, spillDirectory: join(folder, 'spill'), threads: 1});
  await engine.addDataset('sales', join(folder, 's.parquet'));
  await engine.addDataset('people', join(folder, 's.parquet'));
});
afterAll(() => {
  engine.close();
  rmSync(folder, {recursive: true, force: true});
});

/** "group region, statistic price": kinds and origins, without the dataset where it is sales. */
async function traced(sql: string): Promise<string | null> {
  const {columns} = await engine.trace(sql, {smallestGroup: 5});
  const name = (origin: string) => origin.replace(/^sales\./, '');
  return columns?.map(({kind, from}) => [kind, ...(from ?? []).map(name)].join(' ')).join(', ') ?? null;
}

describe('what a column is made of', () => {
  it.each([
    ['SELECT email FROM sales', 'value email'],
    ['SELECT EMAIL FROM Sales', 'value email'],
    ['FROM sales', 'value id, value email, value region, value price'],
    ['SELECT upper(email) AS u, u || 1 FROM sales', 'value email, value email'],
    ['SELECT * EXCLUDE (id, price) REPLACE (email AS region) FROM sales', 'value email, value email'],
    ['SELECT x FROM (SELECT * RENAME (email AS x) FROM sales)', 'value email'],
    ['SELECT a FROM sales AS t(q, a)', 'value email'],
    ['SELECT p.email, s.region FROM sales s JOIN people p USING (id)', 'value people.email, value region'],
    ['SELECT sales FROM sales', 'value id email region price'],
    ['SELECT {a: email}.a, [price], unnest([region]) FROM sales', 'value email, value price, value region'],
    [
      'SELECT region, avg(price), count(email), max(email) FROM sales GROUP BY 1',
      'group region, statistic price, count, statistic email',
    ],
    ['SELECT string_agg(email), mode(region), list(price) FROM sales', 'value email, value region, value price'],
    ["SELECT avg(price) FILTER (WHERE email LIKE 'a%') FROM sales", 'statistic price'],
    ["SELECT count(*), sum(CASE WHEN email = 'a' THEN 1 ELSE 0 END) FROM sales", 'count, statistic email'],
    ['SELECT email IS NULL FROM sales', 'value'],
    ['SELECT region, (SELECT email FROM people LIMIT 1) FROM sales GROUP BY 1', 'group region, value people.email'],
    ['SELECT region, sum(price) / sum(sum(price)) OVER () FROM sales GROUP BY 1', 'group region, statistic price'],
    ['SELECT sum(price) OVER () FROM sales', 'value price'],
    ['WITH a AS (SELECT email e FROM sales), b AS (SELECT e f FROM a) SELECT f FROM b', 'value email'],
    ['SELECT region FROM sales UNION ALL SELECT email FROM people', 'value region people.email'],
    ['SELECT x.email FROM sales, LATERAL (SELECT sales.email) x', 'value email'],
    ['SELECT list_transform([1], e -> e + price) FROM sales', 'value price'],
    ["SELECT a, 'x' FROM (VALUES (1), (2)) v(a)", 'name, name'],
    ["SELECT COLUMNS('e.*') FROM sales", null],
    ['SUMMARIZE sales', null],
    ["FROM (PIVOT sales ON region IN ('a') USING sum(price))", null],
    ['SELECT rowid FROM sales', null],
    ['SELECT nonsense FROM', null],
    ['DROP TABLE sales', null],
  ])('%s', async (sql, expected) => {
    expect(await traced(sql)).toBe(expected);
  });
});

async function grouped(sql: string): Promise<unknown> {
  const {grouped: found} = await engine.trace(sql, {smallestGroup: 5});
  return found === null ? null : (await engine.query(found, {maxRows: 100})).table.rows;
}

describe('the statement without its small groups', () => {
  it.each([
    [
      'a group of three rows is left out',
      'SELECT region, count(*) FROM sales GROUP BY 1 ORDER BY 1',
      [
        ['bare', 20],
        ['full', 40],
      ],
    ],
    [
      'so is one in which a statistic is of one value',
      'SELECT region, max(price) FROM sales GROUP BY 1',
      [['full', 93]],
    ],
    ['a statistic over one row is nothing', 'SELECT avg(price) FROM sales WHERE id = 40', []],
    ['also by a filter', 'SELECT avg(price) FILTER (WHERE id = 40), count(*) FROM sales', []],
    ['inside a subquery too', 'SELECT max(m) FROM (SELECT region, max(id) AS m FROM sales GROUP BY 1)', [[62]]],
    [
      'and in a common table',
      'WITH g AS (SELECT region, count(*) AS n FROM sales GROUP BY ALL) SELECT min(n) FROM g',
      [[20]],
    ],
    ['a condition of its own is kept', 'SELECT region FROM sales GROUP BY 1 HAVING count(*) > 30', [['full']]],
    ['of rows as they are there is none', 'SELECT region FROM sales', null],
    ['nor of distinct rows', 'SELECT DISTINCT region FROM sales', null],
    ['nor of groups beside rows', 'SELECT email, n FROM sales, (SELECT count(*) AS n FROM sales)', null],
  ])('%s', async (_, sql, expected) => {
    expect(await grouped(sql)).toEqual(expected);
  });
});
