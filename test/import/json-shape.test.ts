import {DatabaseSync} from 'node:sqlite';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {JsonShape} from '../../src/import/formats/json-shape.ts';
import {Importing} from './importing.ts';

const look = (text: string, lines = false) => new JsonShape(lines).feed(Buffer.from(text));
const names = (count: number, sign = ':') => Array.from({length: count}, (_, at) => `"k${at}"${sign}1`).join(',');

describe('the look at JSON before it is parsed', () => {
  it('counts open brackets, not those in strings', () => {
    expect(look('['.repeat(256))).toBeNull();
    expect(look('['.repeat(257))).toBe('deep');
    expect(look('[]'.repeat(1000))).toBeNull();
    expect(look(`["${'['.repeat(1000)}", "\\"${'{'.repeat(1000)}"]`)).toBeNull();
  });

  it('goes on where the last block ended, also in the middle of an escape', () => {
    const shape = new JsonShape(false);
    for (const part of ['["\\', '"', '['.repeat(300), '"', '['.repeat(255)])
      expect(shape.feed(Buffer.from(part))).toBeNull();
    expect(shape.feed(Buffer.from('['))).toBe('deep');
  });

  it('a string that never closes ends with its line, and each line of NDJSON starts anew', () => {
    expect(look(`{"a": "x\n${'{"a":'.repeat(300)}`)).toBe('deep');
    expect(look('{"a":[\n'.repeat(1000), true)).toBeNull();
    expect(look('{"a":[\n'.repeat(1000), false)).toBe('deep');
  });

  it('counts different names at one depth, not values', () => {
    expect(look(`{${names(10_000)}}`)).toBeNull();
    expect(look(`{${names(10_001)}}`)).toBe('wide');
    expect(look(`[${names(10_001, ',')}]`)).toBeNull();
    expect(look('{"a":1,"b":2}\n'.repeat(10_001), true)).toBeNull();
    expect(look(`{${names(10_001).replaceAll(',', '}\n{')}}`, true)).toBe('wide');
  });
});

describe('files that are small and say much', () => {
  let importing: Importing;
  beforeEach(async () => {
    importing = await Importing.start();
  });
  afterEach(() => importing.stop());

  it.each([
    ['objects in lists in objects', 'a.json', `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`],
    ['lists in a record', 'a.json', `[{"a":${'['.repeat(99_000)}1${']'.repeat(99_000)}}]`],
    ['objects in an object', 'a.json', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['a line of NDJSON', 'a.ndjson', `{"a":1}\n{"a":${'['.repeat(99_000)}1${']'.repeat(99_000)}}\n`],
  ])('%s, nested without end, are refused: parsed, they would end the process', async (_, name, text) => {
    await expect(importing.text(text, {}, name)).rejects.toMatchObject({code: 'import.too_deep'});
    expect(importing.left()).toEqual([]);
  });

  it('a name for each record is refused as too wide', async () => {
    const text = Array.from({length: 12_000}, (_, at) => `{"k${at}":1}`).join('\n');
    await expect(importing.text(text, {}, 'a.ndjson')).rejects.toMatchObject({code: 'import.too_wide'});
  });

  it('a database whose columns are made up while they are read stops at 64 MB', async () => {
    const path = importing.file('g.db', '');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE t(a, b TEXT GENERATED ALWAYS AS (hex(zeroblob(1900000))) VIRTUAL)');
    database.exec(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO t SELECT i FROM n',
    );
    database.close();
    const before = process.memoryUsage().rss;
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.unpacks_too_large'});
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 2 ** 20);
    expect(importing.left()).toEqual([]);
  }, 30_000);
});
