import {execFileSync, spawn} from 'node:child_process';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {systemClock} from '../../src/core/clock.ts';
import {readApart} from '../../src/import/read-apart.ts';
import type {ReadItem, ReadRequest} from '../../src/import/readers/items.ts';
import {ZipWriter} from '../../src/import/zip-writer.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const database = (name: string, sql: string): string => {
  const path = join(importing.folder, name);
  const made = new DatabaseSync(path);
  made.exec(sql);
  made.close();
  return path;
};

const request = (path: string, reader: ReadRequest['reader'] = 'sqlite'): ReadRequest => ({
  reader,
  path,
  shown: 'it',
  choice: undefined,
  maxBytes: 1e9,
});

const options = (more: {timeLimitMs?: number; signal?: AbortSignal} = {}) => ({
  signal: new AbortController().signal,
  clock: systemClock,
  sizeBytes: 0,
  ...more,
});

async function all(items: AsyncIterable<ReadItem>): Promise<ReadItem[]> {
  const found: ReadItem[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a reader process', () => {
  it('sends tables and rows', async () => {
    const path = database('d.db', "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
    expect(await all(readApart(request(path), options()))).toEqual([
      {kind: 'table', name: 't', names: ['a', 'b']},
      {
        kind: 'rows',
        rows: [
          {line: 1, cells: ['1', 'x']},
          {line: 2, cells: ['2', '']},
        ],
      },
    ]);
  });

  it('that is stuck in native code is ended at the time limit', async () => {
    const path = join(importing.folder, 'pipe.db');
    execFileSync('mkfifo', [path]);
    const started = performance.now();
    await expect(all(readApart(request(path), options({timeLimitMs: 1_500})))).rejects.toMatchObject({
      code: 'import.too_slow',
    });
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it('a database that makes a gigabyte out of one row is refused', async () => {
    const path = database('d.db', 'CREATE TABLE t(a, b AS (zeroblob(900000000))); INSERT INTO t(a) VALUES (1)');
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.cell_too_long'});
    expect(importing.left()).toEqual([]);
  });

  it('that ends before it has answered is one clear refusal', async () => {
    await expect(all(readApart(request(join(importing.folder, 'gone.db')), options()))).rejects.toMatchObject({
      code: 'import.reader_failed',
      hint: expect.stringContaining('CSV'),
    });
  });

  it('is killed when the import is stopped', async () => {
    const path = database(
      'd.db',
      `CREATE TABLE t(a); INSERT INTO t WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT 200000) SELECT i FROM r`,
    );
    const stop = new AbortController();
    const items = readApart(request(path), options({signal: stop.signal}));
    await items.next();
    stop.abort();
    await expect(all(items)).rejects.toThrow(/abort/i);
  });

  it('ends with the process that asked', async () => {
    const path = database('d.db', 'CREATE TABLE t(a)');
    const source = JSON.stringify(join(import.meta.dirname, '../../src/import/read-apart.ts'));
    const script = importing.file(
      'ask.mjs',
      `import {readApart} from ${source};
       const clock = {now: Date.now, monotonic: () => performance.now(), sleep: ms => new Promise(done => setTimeout(done, ms))};
       const items = readApart(${JSON.stringify(request(path))}, {signal: new AbortController().signal, clock, sizeBytes: 0});
       await items.next();
       const {readFileSync} = await import('node:fs');
       console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim());
       setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [script], {stdio: ['ignore', 'pipe', 'inherit']});
    const reader = Number(await new Promise<string>(resolve => child.stdout.once('data', data => resolve(`${data}`))));
    expect(reader).toBeGreaterThan(0);
    child.kill('SIGKILL');
    const isAlive = () => {
      try {
        process.kill(reader, 0);
        return true;
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, {timeout: 5_000}).toBe(false);
  });

  it('an entry far beyond what tables shrink to is refused after 64 MB', async () => {
    const path = join(importing.folder, 'bomb.zip');
    const writer = await ZipWriter.open(path);
    await writer.add(
      'a.csv',
      Array.from({length: 100}, () => '1,2\n'.repeat(2 ** 18)),
    );
    await writer.finish();
    await writer.close();
    await expect(importing.import(path)).rejects.toMatchObject({
      code: 'import.unpacks_too_large',
      message: expect.stringContaining('67108864'),
    });
    expect(importing.left()).toEqual([]);
  });
});
