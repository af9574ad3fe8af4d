// Hostile inputs through the built program: what is refused, what is shown, and that nothing stays behind.

import {readdirSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {makePlace, type Place, runProgram, startProgram} from '../support/program.ts';
import {Importing} from './importing.ts';

let place: Place;

beforeEach(() => {
  place = makePlace();
});

afterEach(() => place.remove());

const csv = 'a,b\n1,2\n';

const kept = () =>
  ['uploads', 'data'].flatMap(folder => {
    try {
      return readdirSync(join(place.workspace, folder)).filter(name => !name.startsWith('.spill'));
    } catch {
      return [];
    }
  });

describe('names', () => {
  it.each(['a\nb.csv', 'a\u001b[31mb.csv', 'a\u202eb.csv', `${'n'.repeat(251)}.csv`, 'a[12]*.csv', 'q\'uo"te.csv'])(
    '%j is imported and shown without control characters',
    async name => {
      place.file(name, csv);
      const {code, stdout, stderr} = await runProgram(['upload', name], {place});
      expect(code, stderr).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stdout + stderr).not.toMatch(/[\u001b\u202e]|a\nb\.csv/);
    },
  );

  it.each(['-rf.csv', '--json'])('%s after -- is a file', async name => {
    place.file(name, csv);
    const {code, stdout, stderr} = await runProgram(['upload', '--', name], {place});
    expect(code, stderr).toBe(0);
    expect(stdout).not.toMatch(/^\{/);
    expect(kept()).toHaveLength(2);
  });
});

describe('things that are no tables', () => {
  it('a socket is refused at once', async () => {
    const path = join(place.cwd, 's.csv');
    const server = createServer().listen(path);
    try {
      await new Promise(resolve => server.once('listening', resolve));
      const {code, stderr} = await runProgram(['upload', path], {place});
      expect(code).toBe(3);
      expect(stderr).toMatch(/socket/);
    } finally {
      server.close();
    }
  });

  it('100,000 columns are refused before they reach the engine', async () => {
    const wide = Array.from({length: 100_000}, (_, i) => `c${i}`).join(',');
    place.file('w.csv', `${wide}\n${wide.replaceAll('c', '')}\n`);
    const {code, stderr, ms} = await runProgram(['upload', 'w.csv'], {place});
    expect([code, kept()], stderr).toEqual([3, []]);
    expect(stderr).toMatch(/columns; the limit is 10,000/);
    expect(ms).toBeLessThan(15_000);
  });

  it('a cell of 10 MB is refused with its line', async () => {
    place.file('c.csv', `a,b\n1,2\n3,${'x'.repeat(10 * 2 ** 20)}\n`);
    const {code, stderr} = await runProgram(['upload', 'c.csv'], {place});
    expect([code, kept()], stderr).toEqual([3, []]);
    expect(stderr).toMatch(/line 3/);
  });

  it('an encrypted zip is refused and says so', async () => {
    const name = Buffer.from('a.csv');
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(1, 6);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(1, 8);
    entry.writeUInt32LE(4, 20);
    entry.writeUInt32LE(4, 24);
    entry.writeUInt16LE(name.length, 28);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(entry.length + name.length, 12);
    end.writeUInt32LE(head.length + name.length + 4, 16);
    place.file('e.zip', Buffer.concat([head, name, Buffer.alloc(4), entry, name, end]));
    const {code, stderr} = await runProgram(['upload', 'e.zip'], {place});
    expect([code, kept()], stderr).toEqual([3, []]);
    expect(stderr).toMatch(/encrypted/);
  });

  it('gzip called .csv is read', async () => {
    place.file('g.csv', gzipSync(csv));
    const {code, stdout} = await runProgram(['upload', '--json', 'g.csv'], {place});
    expect(code).toBe(0);
    expect(stdout).toContain('"rows":1');
  });

  it('closed stdin as a file is refused', async () => {
    const {code, stderr} = await runProgram(['upload', '-'], {place, stdin: 'closed'});
    expect(code, stderr).toBe(3);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('a signal in the middle of an import', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s ends it with exit code %d and nothing left', async (signal, wanted) => {
    const importing = await Importing.start();
    try {
      const line = `${'0123456789,'.repeat(5)}text "\n`;
      const path = importing.file('big.csv', `a,b,c,d,e,f\n${line.repeat(600_000)}`);
      const running = startProgram(['upload', path], {place});
      await expect.poll(kept, {timeout: 10_000, interval: 10}).not.toEqual([]);
      running.kill(signal);
      const {code, stderr} = await running.done;
      expect(code, stderr).toBe(wanted);
      expect(kept()).toEqual([]);
    } finally {
      importing.stop();
    }
  });
});
