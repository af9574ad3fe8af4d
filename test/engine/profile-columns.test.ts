import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openImportEngine} from '../../src/engine/duckdb.ts';
import type {ImportEngine} from '../../src/engine/import-engine.ts';
import {profileColumns} from '../../src/engine/profile-columns.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-profile-'));
let engine: ImportEngine;

beforeAll(async () => {
  engine = await openImportEngine({dataDirectory: folder, spillDirectory: folder, uploads: [], threads: 1});
});

afterAll(() => {
  engine.close();
  rmSync(folder, {recursive: true, force: true});
});

async function profile(select: string) {
  const relation = `(${select})`;
  const {columns} = await engine.run(`SELECT * FROM ${relation} LIMIT 0`);
  return profileColumns(sql => engine.run(sql), relation, columns);
}

describe('facts of columns', () => {
  it('nulls, distinct values, edges and the most frequent values, ties in order of value', async () => {
    const [fact] = await profile("SELECT * FROM (VALUES ('b'), ('a'), (NULL), ('b'), ('c'), ('a'))");
    expect(fact).toEqual({nullCount: 1, distinctCount: 3, min: 'a', max: 'c', topValues: ['a', 'b', 'c']});
  });

  it('an all-null and a nested column have no edges', async () => {
    const facts = await profile('SELECT NULL::INTEGER AS a, [1] AS b');
    expect(facts).toEqual([
      {nullCount: 1, distinctCount: 0, min: null, max: null, topValues: []},
      {nullCount: 0, distinctCount: 1, min: null, max: null, topValues: []},
    ]);
  });

  it('up to 10,000 distinct values are counted exactly, and only up to 1,000 are listed', async () => {
    const facts = await profile('SELECT i AS a, i % 1000 AS b, i % 1001 AS c, i % 30 AS d FROM range(10000) t(i)');
    expect(facts.map(fact => fact.distinctCount)).toEqual([10_000, 1000, 1001, 30]);
    expect(facts.map(fact => fact.topValues.length)).toEqual([0, 20, 0, 20]);
  });

  it('no rows and no columns are no trouble', async () => {
    expect(await profile('SELECT 1 AS a WHERE false')).toEqual([
      {nullCount: 0, distinctCount: 0, min: null, max: null, topValues: []},
    ]);
    expect(await profileColumns(sql => engine.run(sql), 'x', [])).toEqual([]);
  });
});

describe('the import engine', () => {
  it.each([
    "FROM read_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/ds-agent-out.csv'",
    'SET enable_external_access = true',
    'INSTALL httpfs',
  ])('%s is refused by its lock', async sql => {
    await expect(engine.run(sql)).rejects.toThrow(/Permission|disabled|locked|cannot|not allowed/i);
  });
});
