import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DsAgentError} from '../../src/core/errors.ts';
import {openImportEngine, openQueryEngine} from '../../src/engine/duckdb.ts';
import type {SqlEngine} from '../../src/engine/sql-engine.ts';

// The folder name holds what globs, partitions and quotes would trip over.
const root = mkdtempSync(join(tmpdir(), 'ds-agent-engine-'));
const data = join(root, "k=v [a]b* it's", 'data');
const spill = join(root, 'spill');
let engine: SqlEngine;

beforeAll(async () => {
  mkdirSync(data, {recursive: true});
  const maker = await openImportEngine({dataDirectory: data, spillDirectory: spill, uploads: []});
  const target = (name: string) => `'${join(data, name).replaceAll("'", "''")}'`;
  await maker.run(
    `COPY (SELECT i AS id, 'r' || i % 4 AS region, i * 1.5 AS price, DATE '2024-01-01' + i::INT AS "day of sale"
     FROM range(5000) t(i)) TO ${target('sales.parquet')} (FORMAT parquet)`,
  );
  maker.close();
  engine = await openQueryEngine({dataDirectory: data, spillDirectory: spill, memoryLimitBytes: 2 ** 30, threads: 2});
  await engine.addDataset('sales', join(data, 'sales.parquet'));
});

afterAll(() => {
  engine.close();
  rmSync(root, {recursive: true, force: true});
});

async function failure(work: Promise<unknown>): Promise<DsAgentError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DsAgentError)) throw new Error(`expected one of our errors, got ${String(error)}`);
  return error;
}

describe('reading', () => {
  it('a query within the cap gives all rows and says how many', async () => {
    const {table, datasets} = await engine.query('SELECT region, count(*) AS n FROM sales GROUP BY ALL ORDER BY 1', {
      maxRows: 100,
    });
    expect(table.rows).toEqual([
      ['r0', 1250],
      ['r1', 1250],
      ['r2', 1250],
      ['r3', 1250],
    ]);
    expect(table.totalRows).toBe(4);
    expect(table.columns.map(c => c.kind)).toEqual(['text', 'number']);
    expect(datasets).toEqual(['sales']);
  });

  it.each([
    [4999, null],
    [5000, 5000],
    [5001, 5000],
    [0, null],
  ])('with a cap of %i rows the total of 5,000 is %s', async (maxRows, total) => {
    const {table} = await engine.query('FROM sales', {maxRows});
    expect(table.rows.length).toBe(Math.min(maxRows, 5000));
    expect(table.totalRows).toBe(total);
  });

  it.each([
    'WITH s AS (SELECT * FROM sales) SELECT count(*) FROM s',
    'DESCRIBE sales',
    'SUMMARIZE sales',
    "PIVOT sales ON region IN ('r1','r2') USING sum(price)",
    'select max("day of sale") from main.Sales -- the last; day',
    'SELECT * FROM (VALUES (1), (2)) v(x) JOIN sales ON x = id; ',
    'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT * FROM r, sales LIMIT 1',
  ])('%s reads the dataset sales', async sql => {
    expect((await engine.query(sql, {maxRows: 10})).datasets).toEqual(['sales']);
  });

  it.each(['SELECT 1', 'VALUES (1)', 'SHOW TABLES', 'FROM range(3)', 'SELECT unnest([1,2])', 'PRAGMA show_tables'])(
    '%s runs and reads no dataset',
    async sql => {
      expect((await engine.query(sql, {maxRows: 10})).datasets).toEqual([]);
    },
  );

  it('a folder named k=v adds no column', async () => {
    const {table} = await engine.query('FROM sales LIMIT 1', {maxRows: 1});
    expect(table.columns.map(c => c.name)).toEqual(['id', 'region', 'price', 'day of sale']);
  });

  it('two queries at the same time both answer', async () => {
    const both = await Promise.all(
      [1, 2].map(n => engine.query(`SELECT ${n} AS n, count(*) FROM sales`, {maxRows: 1})),
    );
    expect(both.map(r => r.table.rows[0])).toEqual([
      [1, 5000],
      [2, 5000],
    ]);
  });
});

describe('the lock', () => {
  it.each([
    'CREATE TABLE x AS SELECT 1',
    'DROP VIEW sales',
    "COPY sales TO 'x.csv'",
    "SET memory_limit = '1GB'",
    "PRAGMA memory_limit='1GB'",
    'INSTALL httpfs',
    'LOAD httpfs',
    "ATTACH 'x.db'",
    'EXPLAIN ANALYZE CREATE TABLE x(i INT)',
    'EXPLAIN SELECT 1',
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP VIEW sales',
    'CALL enable_logging()',
    "FROM enable_logging('FileSystem', storage = 'file', storage_path = '/tmp/x')",
    "SELECT write_log('x')",
    "FROM read_csv('/etc/passwd')",
    "SELECT * FROM sales, read_text('/etc/hostname')",
    "SELECT (SELECT content FROM read_text('/etc/hostname'))",
    "FROM glob('/etc/*')",
    'FROM duckdb_settings()',
    "FROM query('DROP VIEW sales')",
    'PREPARE p AS SELECT 1',
    'PIVOT sales ON region',
    'SELECT $1',
    'VACUUM',
    '',
    ' -- nothing\n;',
  ])('%s is refused as not one SELECT over datasets', async sql => {
    const error = await failure(engine.query(sql, {maxRows: 1}));
    expect(error.code).toBe('sql.not_select');
    expect(error.hint).toBeTruthy();
  });

  it.each(["FROM '/etc/passwd'", 'FROM duckdb_views', 'FROM sqlite_master', 'SELECT * FROM pg_catalog.pg_views'])(
    '%s names no dataset',
    async sql => {
      expect((await failure(engine.query(sql, {maxRows: 1}))).code).toBe('sql.unknown_dataset');
    },
  );

  it('a PIVOT without an IN list is told how to write it', async () => {
    expect((await failure(engine.query('PIVOT sales ON region', {maxRows: 1}))).hint).toContain('IN (');
  });

  it('the data is still whole afterwards', async () => {
    expect((await engine.query('SELECT count(*) FROM sales', {maxRows: 1})).table.rows).toEqual([[5000]]);
  });
});

describe('errors', () => {
  it('an unknown column names the nearest of the dataset', async () => {
    const error = await failure(engine.query('SELECT avg(pricee) FROM sales', {maxRows: 1}));
    expect(error.code).toBe('sql.unknown_column');
    expect(error.message).toBe('There is no column called "pricee".');
    expect(error.hint).toContain('"price"');
  });

  it('an unknown column behind a table alias is found too', async () => {
    expect((await failure(engine.query('SELECT s.regio FROM sales s', {maxRows: 1}))).code).toBe('sql.unknown_column');
  });

  it('an unknown dataset names the nearest', async () => {
    const error = await failure(engine.query('SELECT * FROM salse', {maxRows: 1}));
    expect(error.code).toBe('sql.unknown_dataset');
    expect(error.hint).toBe('Did you mean sales?');
  });

  it.each([
    ['SELEC 1', 'sql.syntax'],
    ['SELECT "a FROM sales', 'sql.syntax'],
    ['SELECT foo(1)', 'sql.failed'],
    ['SELECT region::INT FROM sales', 'sql.failed'],
    ["SELECT error('boom')", 'sql.failed'],
  ])('%s fails with %s, one line, without a path', async (sql, code) => {
    const error = await failure(engine.query(sql, {maxRows: 1}));
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/\n|ds-agent-engine|LINE 1/);
  });

  it('a query over the memory limit says so', async () => {
    const small = await openQueryEngine({
      dataDirectory: data,
      spillDirectory: spill,
      memoryLimitBytes: 20e6,
      threads: 1,
    });
    const error = await failure(small.query('SELECT list(i::VARCHAR) FROM range(50000000) t(i)', {maxRows: 1}));
    expect(error.code).toBe('sql.out_of_memory');
    small.close();
  });

  it('a sort larger than memory spills, and the spill folder is gone after closing', async () => {
    const small = await openQueryEngine({
      dataDirectory: data,
      spillDirectory: spill,
      memoryLimitBytes: 60e6,
      threads: 1,
    });
    const sql = 'SELECT i, md5(i::VARCHAR) AS h FROM range(1500000) t(i) ORDER BY h';
    const {table} = await small.query(sql, {maxRows: 1});
    expect(table.rows).toHaveLength(1);
    expect(readdirSync(spill).length).toBeGreaterThan(0);
    small.close();
    expect(readdirSync(spill)).toEqual([]);
  });
});

describe('stopping', () => {
  it.each(['query', 'writeParquet'] as const)('%s ends within 500 ms of the signal', async method => {
    const controller = new AbortController();
    const sql = 'SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range < 0';
    const running =
      method === 'query'
        ? engine.query(sql, {maxRows: 1, signal: controller.signal})
        : engine.writeParquet(sql, join(data, 'never.parquet'), {signal: controller.signal});
    let stoppedAt = 0;
    setTimeout(() => {
      stoppedAt = performance.now();
      controller.abort();
    }, 100);
    expect((await failure(running)).code).toBe('aborted');
    expect(performance.now() - stoppedAt).toBeLessThan(500);
    expect((await engine.query('SELECT 1', {maxRows: 1})).table.rows).toEqual([[1]]);
  });

  it.each([0, 1, 2, 4, 8, 16])(
    'a signal that fires %i ms after the start stops a query that is only being checked',
    async delayMs => {
      const controller = new AbortController();
      const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5';
      const running = engine.query(endless, {maxRows: 1, signal: controller.signal});
      setTimeout(() => controller.abort(), delayMs);
      expect((await failure(running)).code).toBe('aborted');
    },
  );

  it('an already stopped query never starts', async () => {
    const error = await failure(engine.query('SELECT 1', {maxRows: 1, signal: AbortSignal.abort()}));
    expect(error.code).toBe('aborted');
  });
});

describe('saving', () => {
  it.each([
    'SELECT region, sum(price) AS total FROM sales GROUP BY region',
    'SELECT region, sum(price) AS total FROM sales GROUP BY region; -- done',
    "SELECT ';' AS region, 1 AS total -- ;\n",
    "FROM sales SELECT region, '/* ; */' AS total /* end */ ;",
  ])('%s can be written and read back', async sql => {
    const file = join(data, 'saved.parquet');
    const {rows} = await engine.writeParquet(sql, file, {});
    await engine.addDataset('saved', file);
    const {table} = await engine.query('FROM saved', {maxRows: 10_000});
    expect(table.rows).toHaveLength(rows);
    expect(table.columns.map(c => c.name)).toEqual(['region', 'total']);
    await engine.dropDataset('saved');
    expect((await failure(engine.query('FROM saved', {maxRows: 1}))).code).toBe('sql.unknown_dataset');
  });

  it('a statement that closes the parenthesis itself is refused', async () => {
    const file = join(data, 'saved.parquet');
    await expect(engine.writeParquet("SELECT 1) TO 'x.csv' --", file, {})).rejects.toThrow();
  });
});
