import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import type {SqlEngine} from '../../src/engine/sql-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-cells-'));
let engine: SqlEngine;

beforeAll(async () => {
  engine = await openQueryEngine({dataDirectory: folder, spillDirectory: folder, threads: 1});
});

afterAll(() => {
  engine.close();
  rmSync(folder, {recursive: true, force: true});
});

const cases: [sql: string, cell: Cell, kind: string][] = [
  ['NULL', null, 'number'],
  ['true', true, 'boolean'],
  ['1::TINYINT', 1, 'number'],
  ['9007199254740991::BIGINT', 9007199254740991, 'number'],
  ['9007199254740993::BIGINT', 9007199254740993n, 'number'],
  ['18446744073709551615::UBIGINT', 18446744073709551615n, 'number'],
  ['1::HUGEINT', 1, 'number'],
  ['(-170141183460469231731687303715884105728)::HUGEINT', -170141183460469231731687303715884105728n, 'number'],
  ['1.50::DECIMAL(10,2)', 1.5, 'number'],
  ['-0.05::DECIMAL(4,2)', -0.05, 'number'],
  ['1234567890123456789.123::DECIMAL(30,3)', '1234567890123456789.123', 'number'],
  ['0.1::FLOAT', 0.1, 'number'],
  ['16777217::FLOAT', 16777216, 'number'],
  ["'nan'::DOUBLE", Number.NaN, 'number'],
  ["'-inf'::DOUBLE", Number.NEGATIVE_INFINITY, 'number'],
  ["'inf'::FLOAT", Number.POSITIVE_INFINITY, 'number'],
  ["DATE '2024-02-29'", '2024-02-29', 'time'],
  ["DATE '0001-01-01'", '0001-01-01', 'time'],
  ["DATE '12024-01-01'", '+012024-01-01', 'time'],
  ["'infinity'::DATE", 'infinity', 'time'],
  ["TIME '12:34:56.789'", '12:34:56.789', 'time'],
  ["TIMESTAMP '2024-01-02 03:04:05'", '2024-01-02T03:04:05', 'time'],
  ["TIMESTAMP '1969-12-31 23:59:59.123456'", '1969-12-31T23:59:59.123456', 'time'],
  ["TIMESTAMP_NS '2024-01-02 03:04:05.123456789'", '2024-01-02T03:04:05.123456789', 'time'],
  ["TIMESTAMP_S '2024-01-02 03:04:05'", '2024-01-02T03:04:05', 'time'],
  ["TIMESTAMPTZ '2024-01-02 03:04:05+02'", '2024-01-02T01:04:05Z', 'time'],
  ["'-infinity'::TIMESTAMP", '-infinity', 'time'],
  ["INTERVAL '1 year 2 days 3.5 seconds'", 'P1Y2DT3.5S', 'time'],
  ["INTERVAL '-90 minutes'", 'PT-1H-30M', 'time'],
  ["INTERVAL '0 seconds'", 'PT0S', 'time'],
  ["'7387a0a5-7a29-4ab0-b28b-269ce663a738'::UUID", '7387a0a5-7a29-4ab0-b28b-269ce663a738', 'text'],
  ["'ab\\x00'::BLOB", 'ab\\x00', 'text'],
  ["'0101'::BIT", '0101', 'text'],
  ["'a'::ENUM('a','b')", 'a', 'text'],
  ['[1, NULL, 9007199254740993]', '[1,null,9007199254740993]', 'nested'],
  ["{'a': 1.5, 'b': [DATE '2020-01-01'], 'c': 'x\"y'}", '{"a":1.5,"b":["2020-01-01"],"c":"x\\"y"}', 'nested'],
  ["MAP {'x': 1, 'y': 'nan'::DOUBLE}", '{"x":1,"y":"NaN"}', 'nested'],
  ['MAP {1: true}', '[{"key":1,"value":true}]', 'nested'],
  ['array_value(1, 2)', '[1,2]', 'nested'],
  ['union_value(k := 5)', '5', 'nested'],
  ['\'{"a":[1]}\'::JSON', '{"a":[1]}', 'nested'],
];

describe('one value of each type', () => {
  it.each(cases)('%s is %s', async (sql, cell, kind) => {
    const {table} = await engine.query(`SELECT ${sql} AS x`, {maxRows: 1});
    expect(table.rows[0]?.[0]).toEqual(cell);
    expect(table.columns[0]?.kind).toBe(kind);
  });

  it('a column of nested values with gaps keeps its rows in order over many chunks', async () => {
    const sql = 'SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE [i] END AS x FROM range(5000) t(i) ORDER BY i';
    const {table} = await engine.query(sql, {maxRows: 5000});
    expect(table.rows[4998]).toEqual([null]);
    expect(table.rows[4999]).toEqual(['[4999]']);
  });
});
