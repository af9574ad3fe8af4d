// A large table is measured another way than a small one; every figure must be the same.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {profileDataset, profileSummary} from '../../src/analysis/profile.ts';
import type {Profile} from '../../src/analysis/profile-types.ts';
import {profileColumns} from '../../src/engine/profile-columns.ts';
import {openTempEngine, type TempEngine} from './temp-engine.ts';

let temp: TempEngine;
beforeAll(async () => {
  temp = await openTempEngine();
});
afterAll(() => temp.close());

const odd = 'we"ird naïve 列';
const tables: Record<string, string> = {
  many_values: `SELECT i AS id, hash(i * 3) % 25000 AS u, (hash(i) % 1000003) / 7.0::DOUBLE AS price, 1e9 + (hash(i * 5) % 99991) / 1e5 AS far,
    CASE WHEN hash(i * 7) % 9 = 0 THEN NULL ELSE exp((hash(i * 11) % 100000) / 5000.0) END AS skewed,
    CASE WHEN i = 17 THEN 1e300 ELSE (hash(i * 13) % 77777)::DOUBLE END AS lonely,
    CASE i % 100 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN '-infinity'::DOUBLE ELSE sqrt(i) END AS odd_floats,
    'customer ' || (hash(i * 17) % 20000) AS customer, lpad((hash(i * 19) % 30000)::VARCHAR, 6, '0') AS code, i::VARCHAR AS text_id,
    TIMESTAMP '2024-01-01' + to_seconds((hash(i * 23) % 9000000)::BIGINT) AS moment, (hash(i * 29) % 1000000)::DECIMAL(18, 2) / 100 AS fee,
    (i::HUGEINT * 10000000000000000000) AS huge, [i, i + 1] AS list, 'NaN'::DOUBLE AS never, (i % 2)::DOUBLE AS two FROM range(30000) r(i)`,
  few_values: `SELECT i % 7 AS n, i % 2 = 0 AS flag, ['a', 'A ', '12', '007', NULL][1 + (i % 5)::BIGINT] AS label, DATE '2024-01-01' + (i % 40)::INTEGER AS day,
    (i % 90)::DECIMAL(9, 2) / 4 AS fee, CASE WHEN i % 10 = 0 THEN 'infinity'::DOUBLE WHEN i % 11 = 0 THEN NULL ELSE i % 300 END AS f,
    TIME '10:00:00' + to_minutes(i % 60) AS t, INTERVAL 1 DAY * (i % 3) AS span, NULL::INTEGER AS nothing, 5 AS same, i % 900 AS "${odd.replace('"', '""')}",
    {'k': i % 4} AS struct, -0.0::DOUBLE AS zero, ('x' || i % 3)::BLOB AS raw, 1e308 * (i % 2) AS giant FROM range(5000) r(i)`,
  no_rows: `SELECT 1 AS a, 'x' AS b, 1.5::DOUBLE AS c, DATE '2024-01-01' AS d, [1] AS e WHERE false`,
  one_row: `SELECT 1 AS a, 'x' AS b, 1.5::DOUBLE AS c, DATE '2024-01-01' AS d, [1] AS e, NULL::DOUBLE AS f`,
};

async function both(name: string): Promise<[Profile, Profile]> {
  const dataset = await temp.dataset(name, tables[name] ?? '');
  return [await profileDataset(temp.engine, dataset), await profileDataset(temp.engine, dataset, {largeFrom: 0})];
}

/** Numbers that differ in their last digits are the same. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) => {
      if (typeof each === 'bigint') return String(each);
      // The skewness of what is symmetric is whatever rounding leaves.
      if (key === 'skewness' && Math.abs(each) < 1e-9) return 0;
      if (typeof each !== 'number' || Number.isSafeInteger(each)) return each;
      return Number.isFinite(each) ? Number(each.toPrecision(10)) : String(each);
    }),
  );
}

describe('a large table', () => {
  it.each(Object.keys(tables))('%s has the profile that sorting and grouping everything gives', async name => {
    const [small, large] = await both(name);
    expect(large.rows).toBe(small.rows);
    expect(large.duplicateRows).toBe(small.duplicateRows);
    for (const [index, column] of small.columns.entries()) {
      const other = large.columns[index];
      const {distinctIsEstimate: _a, ...wanted} = column;
      const {distinctIsEstimate, ...got} = other ?? column;
      // Lists and structs are only estimated; columns with thousands of texts are not searched for spelling variants.
      if (distinctIsEstimate) expect(column.columnKind).toBe('nested');
      else expect(rounded(got)).toEqual(rounded(wanted));
    }
  });

  it('a value far from all others does not hide the quartiles of the rest', async () => {
    const [small, large] = await both('many_values');
    const of = (profile: Profile) => profile.columns.find(({name}) => name === 'lonely')?.facts;
    expect(of(large)).toMatchObject({median: expect.any(Number), outlierCount: 1});
    expect(rounded(of(large))).toEqual(rounded(of(small)));
  });

  it('the facts that the import kept spare work and change no figure', async () => {
    const [small] = await both('many_values');
    const dataset = await temp.dataset('with_facts', tables.many_values ?? '');
    const read = async (sql: string) => (await temp.engine.query(sql, {maxRows: 100_000})).table;
    const [version] = dataset.versions;
    const facts = await profileColumns(read, 'with_facts', version?.columns ?? []);
    const columns = version?.columns.map((column, index) => ({...column, ...facts[index]})) ?? [];
    const known = version ? {...dataset, versions: [{...version, columns}]} : dataset;
    const large = await profileDataset(temp.engine, known, {largeFrom: 0});
    for (const [index, column] of small.columns.entries())
      if (column.columnKind !== 'nested') expect(rounded(large.columns[index])).toEqual(rounded(column));
  });

  it('says where the number of distinct values is an estimate', async () => {
    const dataset = await temp.dataset('lists', 'SELECT [i] AS list FROM range(3000) r(i)');
    const profile = await profileDataset(temp.engine, dataset, {largeFrom: 0});
    expect(profileSummary(profile)).toMatch(/list \[.*\]: about [\d,]+ distinct/);
  });
});
