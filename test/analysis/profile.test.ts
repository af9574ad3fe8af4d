import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {profileDataset, profileSummary, profileTable} from '../../src/analysis/profile.ts';
import type {ColumnProfile, Profile} from '../../src/analysis/profile-types.ts';
import {openTempEngine, type TempEngine} from './temp-engine.ts';

let temp: TempEngine;
beforeAll(async () => {
  temp = await openTempEngine();
});
afterAll(() => temp.close());

async function profileOf(name: string, select: string): Promise<Profile> {
  return profileDataset(temp.engine, await temp.dataset(name, select));
}

function columnOf(profile: Profile, name: string): ColumnProfile {
  const found = profile.columns.find(column => column.name === name);
  if (!found) throw new Error(`no column ${name}`);
  return found;
}

type PandasNumber = {
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
  mean: number;
  sd: number;
  skew: number;
  outliers: number;
};
type Golden = {
  rows: number;
  duplicateRows: number;
  columns: Record<string, {nullCount: number; distinctCount: number; number: PandasNumber | null}>;
};

describe('on the example data', () => {
  let profile: Profile;
  const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/profile-pandas.json', 'utf8'));

  beforeAll(async () => {
    const lines = readFileSync('examples/bike_rentals.csv', 'utf8').trim().split('\n').slice(1).join('\n');
    const types =
      'VARCHAR,DATE,VARCHAR,VARCHAR,VARCHAR,VARCHAR,DOUBLE,BIGINT,BOOLEAN,BIGINT,DOUBLE,DOUBLE,DOUBLE,DOUBLE,BIGINT,BOOLEAN'.split(
        ',',
      );
    const names = Object.keys(golden.columns);
    const select = names.map((name, i) => `nullif(f[${i + 1}], '')::${types[i]} AS "${name}"`).join(', ');
    profile = await profileOf(
      'bike_rentals',
      `SELECT ${select} FROM (SELECT string_split(unnest(string_split('${lines}', chr(10))), ',') AS f)`,
    );
  });

  it('every count is the one of pandas and every statistic is within 1e-9 of it', () => {
    expect([profile.rows, profile.duplicateRows]).toEqual([golden.rows, golden.duplicateRows]);
    for (const [name, expected] of Object.entries(golden.columns)) {
      const {nullCount, distinctCount, facts} = columnOf(profile, name);
      expect([name, nullCount, distinctCount]).toEqual([name, expected.nullCount, expected.distinctCount]);
      if (!expected.number || facts.kind !== 'number') continue;
      const {number: pandas} = expected;
      const pairs: [number | null, number][] = [
        [Number(facts.min), pandas.min],
        [facts.q1, pandas.q1],
        [facts.median, pandas.median],
        [facts.q3, pandas.q3],
        [Number(facts.max), pandas.max],
        [facts.mean, pandas.mean],
        [facts.sampleStdDev, pandas.sd],
        [facts.skewness, pandas.skew],
        [facts.outlierCount, pandas.outliers],
      ];
      for (const [ours, theirs] of pairs)
        expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
    }
  });

  it('guesses what each column is for', () => {
    const kinds = Object.fromEntries(profile.columns.map(column => [column.name, column.semantic]));
    expect(kinds).toMatchObject({
      rental_id: 'id',
      date: 'date',
      region: 'category',
      weather: 'category',
      price: 'measure',
      customer_age: 'measure',
      rating: 'measure',
      member: 'boolean',
    });
  });

  it('a histogram holds every value that is not missing', () => {
    for (const {histogram, nullCount, name} of profile.columns) {
      if (histogram.length === 0) continue;
      expect([name, histogram.reduce((a, b) => a + b, 0)]).toEqual([name, profile.rows - nullCount]);
    }
  });

  it('few whole numbers get one bin each, so none is empty by accident', () => {
    expect(columnOf(profile, 'rating').histogram).toHaveLength(5);
    expect(columnOf(profile, 'price').histogram).toHaveLength(12);
  });

  it('the summary and the table are the committed text', async () => {
    await expect(`${profileSummary(profile)}\n`).toMatchFileSnapshot('../fixtures/analysis/profile-summary.txt');
    expect(profileTable(profile).rows).toHaveLength(16);
  });

  it('names the statements its numbers came from, each one SELECT that runs again', async () => {
    expect(profile.sql.length).toBeLessThanOrEqual(6);
    for (const statement of profile.sql) await temp.engine.query(statement, {maxRows: 10});
  });
});

describe('awkward tables', () => {
  it('no rows', async () => {
    const profile = await profileOf('empty', "SELECT 1 AS a, 'x' AS b, DATE '2024-01-01' AS d WHERE false");
    expect(profile.rows).toBe(0);
    expect(profileSummary(profile)).toContain('0 rows × 3 columns');
  });

  it('one row: no spread, no warning but constant', async () => {
    const profile = await profileOf('one', 'SELECT 5.5::DOUBLE AS a');
    const {facts, semantic} = columnOf(profile, 'a');
    expect(semantic).toBe('constant');
    expect(facts).toMatchObject({min: 5.5, median: 5.5, mean: 5.5, sampleStdDev: null});
  });

  it('all null', async () => {
    const profile = await profileOf('nulls', 'SELECT NULL::DOUBLE AS a, NULL::VARCHAR AS b FROM range(10)');
    expect(columnOf(profile, 'a').warnings).toEqual(['all values are missing']);
    expect(columnOf(profile, 'b').nullCount).toBe(10);
    expect(profile.duplicateRows).toBe(9);
  });

  it('NaN counts as missing as in pandas, infinities stay out of the mean, huge values do not fail', async () => {
    const profile = await profileOf(
      'special',
      "SELECT unnest(['NaN', 'inf', '-inf', '1', '2', '3']::DOUBLE[]) AS a, unnest([1e308, -1e308, 1e300, 0, 1, 2]::DOUBLE[]) AS b, unnest([170141183460469231731687303715884105727, 0, 1, 2, 3, 4]::HUGEINT[]) AS c",
    );
    const {facts, nullCount} = columnOf(profile, 'a');
    expect(nullCount).toBe(1);
    expect(facts).toMatchObject({mean: 2, nanCount: 1, infiniteCount: 2, min: Number.NEGATIVE_INFINITY, median: 2});
    expect(columnOf(profile, 'b').histogram.reduce((a, b) => a + b, 0)).toBe(6);
  });

  it('names with quotes, blanks, unicode and SQL words', async () => {
    const profile = await profileOf('names', `SELECT 1 AS "a""b", 2 AS "select", 3 AS "ü 漢", 4 AS "x; DROP"`);
    expect(profile.columns.map(column => column.name)).toEqual(['a"b', 'select', 'ü 漢', 'x; DROP']);
  });

  it('every type of column', async () => {
    const profile = await profileOf(
      'types',
      `SELECT i AS id, i % 2 = 0 AS flag, TIME '10:00:00' + to_minutes(i) AS t, INTERVAL 1 DAY * i AS span,
       [i, i] AS list, {'k': i} AS struct, i::DECIMAL(12,2) AS price, TIMESTAMPTZ '2024-01-01 00:00:00Z' + to_days(i::INTEGER) AS at,
       uuid() AS u, CASE WHEN i = 3 THEN DATE 'infinity' ELSE DATE '2024-01-01' + i::INTEGER END AS d, ('x' || i)::BLOB AS raw FROM range(40) r(i)`,
    );
    const kinds = Object.fromEntries(profile.columns.map(column => [column.name, column.semantic]));
    expect(kinds).toMatchObject({
      id: 'id',
      flag: 'boolean',
      t: 'date',
      list: 'nested',
      struct: 'nested',
      price: 'measure',
      u: 'id',
    });
    expect(columnOf(profile, 'd').histogram.reduce((a, b) => a + b, 0)).toBe(39);
  });

  it('200 columns are read in a few statements', async () => {
    const select = Array.from({length: 200}, (_, i) => `(i * ${i + 1}) % 97 AS c${i}`).join(', ');
    const profile = await profileOf('wide', `SELECT ${select} FROM range(500) r(i)`);
    expect(profile.columns).toHaveLength(200);
    expect(profile.sql.length).toBeLessThanOrEqual(25);
    expect(profileSummary(profile)).toContain('… and 140 more columns');
  });

  it('mixed values, numbers kept as text and spelling variants are pointed out', async () => {
    const profile = await profileOf(
      'messy',
      `SELECT CASE WHEN i % 10 = 0 THEN 'n.a.' ELSE i::VARCHAR END AS mixed, lpad(i::VARCHAR, 5, '0') AS zip, (i + 1)::VARCHAR AS plain,
       ['Berlin', 'berlin ', 'Paris'][1 + i % 3] AS city FROM range(30) r(i)`,
    );
    expect(columnOf(profile, 'mixed').warnings).toContain('mixed: 27 of 30 values are numbers');
    expect(columnOf(profile, 'zip').warnings).toContain('30 with leading zeros: a code, not a number');
    expect(columnOf(profile, 'plain').warnings).toContain('numbers kept as text');
    expect(columnOf(profile, 'city').warnings).toContain('1 values differ from another only by case or blanks');
    expect(profile.duplicateRows).toBe(0);
  });

  it('duplicate rows are counted as pandas duplicated() counts them', async () => {
    const profile = await profileOf('repeated', 'SELECT i % 4 AS a, i % 2 AS b FROM range(10) r(i)');
    expect(profile.duplicateRows).toBe(6);
  });

  it('a column that is not there is refused with the nearest names', async () => {
    const dataset = await temp.dataset('named', 'SELECT 1 AS price, 2 AS region');
    await expect(profileDataset(temp.engine, dataset, {columns: ['prise']})).rejects.toMatchObject({
      code: 'profile.unknown_column',
      hint: 'Did you mean price?',
    });
    expect((await profileDataset(temp.engine, dataset, {columns: ['region']})).columns).toHaveLength(1);
  });

  it('stops when its signal has fired', async () => {
    const dataset = await temp.dataset('stopped', 'SELECT 1 AS a');
    await expect(profileDataset(temp.engine, dataset, {signal: AbortSignal.abort()})).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
