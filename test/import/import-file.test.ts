import {execFileSync, spawn} from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {systemClock} from '../../src/core/clock.ts';
import type {AgentEvent} from '../../src/core/events.ts';
import {importFile, importStream} from '../../src/import/import-file.ts';
import {Importing, limitBytes} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

describe('a good file', () => {
  it('becomes a typed dataset, a stored copy and one event', async () => {
    const text = 'id,region,price,day\n1,N,1.5,2024-01-01\n2,S,,2024-01-02\n';
    const {dataset, version, report, alreadyKnown} = await importing.text(text, {}, 'My Sales.2024.csv');
    expect(dataset.name).toBe('my_sales_2024');
    expect(alreadyKnown).toBe(false);
    expect(version.columns.map(({name, type}) => [name, type])).toEqual([
      ['id', 'BIGINT'],
      ['region', 'VARCHAR'],
      ['price', 'DOUBLE'],
      ['day', 'DATE'],
    ]);
    expect(version.columns[2]).toMatchObject({nullCount: 1, distinctCount: 1, min: 1.5, max: 1.5, topValues: ['1.5']});
    expect(report).toMatchObject({rowsIn: 2, rowsOut: 2, rowsDropped: 0, format: 'csv'});
    expect(report.storedName).toMatch(/^uploaded_\d{13}_[0-9a-f]{16}\.csv$/);
    expect(readFileSync(importing.workspace.path('uploads', report.storedName), 'utf8')).toBe(text);
    expect(importing.events.map(event => event.type).filter(type => type !== 'import_progress')).toEqual([
      'dataset_added',
    ]);
    expect(importing.left()).toHaveLength(3);
  });

  it('again: the same bytes are known; other bytes of the same path are version 2; another path gets another name', async () => {
    const path = importing.file('sales.csv', 'a,b\n1,2\n');
    await importing.import(path);
    expect(await importing.import(path)).toMatchObject({alreadyKnown: true, version: {version: 1}});
    writeFileSync(path, 'a,b\n1,2\n3,4\n');
    expect(await importing.import(path)).toMatchObject({dataset: {name: 'sales'}, version: {version: 2}});
    mkdirSync(join(importing.folder, 'other'));
    expect((await importing.text('x,y\n1,2\n', {}, 'other/sales.csv')).dataset.name).toBe('sales_2');
    expect((await importing.text('x,y\n5,6\n', {name: 'sales'}, 'third.csv')).version.version).toBe(3);
  });

  it('known bytes read in another way are a new version', async () => {
    const path = importing.file('d.csv', 'd,x\n01/02/2024,1\n03/04/2024,2\n');
    const first = await importing.import(path);
    expect(first.version.warnings.join()).toContain('ambiguous dates: read as month/day');
    expect(first.version.columns[0]?.min).toBe('2024-01-02');
    const second = await importing.import(path, {dateOrder: 'dmy'});
    expect(second.version).toMatchObject({version: 2});
    expect(second.version.columns[0]?.min).toBe('2024-02-01');
  });

  it('a dry run reports everything and keeps nothing', async () => {
    const {report} = await importing.text('a,b\n1,2\n', {dryRun: true});
    expect(report.rowsOut).toBe(1);
    expect(importing.left()).toEqual([]);
    expect(importing.events.filter(({type}) => type !== 'import_progress')).toEqual([]);
  });

  it('piped data is called stdin unless it is named', async () => {
    async function* pieces() {
      yield Buffer.from('a,b\n1,');
      yield Buffer.from('2\n');
    }
    expect((await importStream(pieces(), {limitBytes}, importing.deps())).dataset.name).toBe('stdin');
    expect((await importStream(pieces(), {limitBytes, name: 'Piped!'}, importing.deps())).dataset.name).toBe('piped');
  });

  it('two imports at once both succeed', async () => {
    const paths = [1, 2].map(n => importing.file(`f${n}.csv`, `a,b\n${n},2\n`));
    const results = await Promise.all(paths.map(path => importing.import(path, {name: 'same'})));
    expect(results.map(({version}) => version.version).sort()).toEqual([1, 2]);
  });
});

describe('refusals leave nothing behind', () => {
  const refused: [title: string, make: (i: Importing) => string, code: string][] = [
    ['a missing file', i => join(i.folder, 'nope.csv'), 'import.not_found'],
    ['a folder', i => i.folder, 'import.is_directory'],
    ['an empty file', i => i.file('e.csv', ''), 'import.empty'],
    ['only blanks', i => i.file('b.csv', ' \n\n\t\n'), 'import.blank'],
    ...['zero', 'null', 'full', 'urandom', 'tty', 'ptmx'].map((name): [string, () => string, string] => [
      `/dev/${name}`,
      () => `/dev/${name}`,
      'import.not_a_file',
    ]),
    ['a path with NUL', () => 'a\0b.csv', 'import.not_found'],
    ['a PNG called .csv', i => i.file('p.csv', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1')), 'import.unsupported'],
    ['a PDF called .csv', i => i.file('p.csv', '%PDF-1.7\n1 0 obj'), 'import.unsupported'],
    [
      'a program called .csv',
      i => i.file('p.csv', Buffer.from('\x7fELF\x02\x01\x01\0\0', 'latin1')),
      'import.unsupported',
    ],
    ['an HTML page called .csv', i => i.file('p.csv', '\n<!DOCTYPE html><html>'), 'import.unsupported'],
    ['many NULs', i => i.file('n.csv', 'a,b\n1\0,2\n'.repeat(99)), 'import.unsupported'],
    ['broken JSON', i => i.file('j.json', '[{"a": 1}, {"a":'), 'import.bad_json'],
    ['a number as JSON', i => i.file('j.json', '42'), 'import.no_table'],
    ['a cut Parquet file', i => i.file('p.parquet', 'PAR1 and then nothing'), 'import.damaged'],
    [
      'an encrypted Office file',
      i => i.file('x.xlsx', Buffer.from('d0cf11e0a1b11ae1'.repeat(2), 'hex')),
      'import.unsupported',
    ],
    ['Feather 1', i => i.file('f.feather', 'FEA1\0\0\0\0'), 'import.unsupported'],
    ['20,000 columns', i => i.file('w.csv', `${'a,'.repeat(20_000)}a\n${'1,'.repeat(20_000)}1\n`), 'import.too_wide'],
    ['a cell of 5 MB', i => i.file('c.csv', `a,b\n1,${'x'.repeat(5 * 2 ** 20)}\n`), 'import.cell_too_long'],
  ];

  it.each(refused)('%s', async (_, make, code) => {
    const error = await importing.import(make(importing)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({code, kind: 'input'});
    expect(error).toHaveProperty('hint', expect.stringMatching(/\w/));
    expect(String(error)).not.toMatch(/\n {4}at /);
    expect(importing.left()).toEqual([]);
    expect(importing.events.map(event => event.type).filter(type => type !== 'import_progress')).toEqual([
      'import_rejected',
    ]);
  });

  it.each([
    ['EncryptedPackage', /is an encrypted Excel/],
    ['Workbook', /an old Excel file/],
  ])('an Office container with a part called %s is called what it is', async (part, message) => {
    const bytes = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(1024),
      Buffer.from(part, 'utf16le'),
    ]);
    await expect(importing.text(bytes, {}, 'book.xlsx')).rejects.toMatchObject({
      code: 'import.unsupported',
      message: expect.stringMatching(message),
    });
  });

  it('a FIFO is refused at once, not waited for', async () => {
    const path = join(importing.folder, 'fifo');
    execFileSync('mkfifo', [path]);
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.not_a_file'});
  });

  it.skipIf(process.getuid?.() === 0)('a file without read permission', async () => {
    const path = importing.file('secret.csv', 'a,b\n1,2\n');
    chmodSync(path, 0);
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.no_permission'});
  });

  it('a link out of its folder is refused and names the target; one inside is read', async () => {
    symlinkSync('/etc/passwd', join(importing.folder, 'out.csv'));
    importing.file('real.csv', 'a,b\n1,2\n');
    symlinkSync('real.csv', join(importing.folder, 'in.csv'));
    await expect(importing.import(join(importing.folder, 'out.csv'))).rejects.toMatchObject({
      code: 'import.link',
      message: expect.stringContaining('/etc/passwd'),
    });
    expect((await importing.import(join(importing.folder, 'in.csv'))).version.rows).toBe(1);
  });

  it('a file over the limit is named with both sizes and the variable', async () => {
    const path = importing.file('big.csv', 'x'.repeat(3 * 2 ** 20));
    await expect(importing.import(path, {limitBytes: 2 ** 20})).rejects.toMatchObject({
      code: 'import.too_large',
      message: 'File too large (3 MB > 1 MB limit). Upload rejected: size 3145728 > limit 1048576',
      hint: expect.stringContaining('UPLOAD_SIZE_LIMIT_MB'),
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a limit of %d means the default, never no limit',
    async limit => {
      async function* endless() {
        for (;;) yield Buffer.alloc(2 ** 20, 'a,b\n');
      }
      await expect(importStream(endless(), {limitBytes: limit}, importing.deps())).rejects.toMatchObject({
        code: 'import.too_large',
      });
      expect(importing.left()).toEqual([]);
    },
  );

  /** Import of `path` that calls `act` once, after the first block was read. */
  function whileReading(path: string, act: () => void, signal?: AbortSignal) {
    let ticks = 0;
    let hasActed = false;
    const deps = importing.deps(signal);
    const emit = (event: AgentEvent) => {
      deps.emit(event);
      if (event.type !== 'import_progress' || hasActed) return;
      hasActed = true;
      act();
    };
    // Time flies, so that progress is told after every block.
    const clock = {...systemClock, monotonic: () => 1000 * ticks++};
    return importFile({path, limitBytes}, {...deps, emit, clock});
  }

  it('a file that grows while it is read is refused', async () => {
    const path = importing.file('grow.csv', `a,b\n${'1,2\n'.repeat(500_000)}`);
    await expect(whileReading(path, () => appendFileSync(path, '3,4\n'))).rejects.toMatchObject({
      code: 'import.changed',
    });
    expect(importing.left()).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['shrinks', path => truncateSync(path, 1_200_000)],
    ['is written again', path => utimesSync(path, 1, 1)],
  ])('a file that %s while it is read is refused', async (_, act) => {
    const path = importing.file('changes.csv', `a,b\n${'1,2\n'.repeat(500_000)}`);
    await expect(whileReading(path, () => act(path))).rejects.toMatchObject({code: 'import.changed'});
    expect(importing.left()).toEqual([]);
  });

  it('a link that is turned to another file again and again never leads out of its folder', async () => {
    const link = join(importing.folder, 'swap.csv');
    importing.file('mine.csv', 'a,b\n1,2\n');
    symlinkSync('mine.csv', link);
    // One process, so that nothing goes on once it has been killed.
    const turns = spawn(process.execPath, [
      '-e',
      `const {renameSync, symlinkSync} = require('node:fs');
       const [, link] = process.argv;
       for (;;) for (const target of ['/etc/passwd', 'mine.csv']) {
         symlinkSync(target, link + '.new');
         renameSync(link + '.new', link);
       }`,
      link,
    ]);
    const ended = new Promise(resolve => turns.once('exit', resolve));
    try {
      const seen = new Set<string>();
      for (let round = 0; round < 40; round++) {
        const result = await importing.import(link, {name: `r${round}`}).catch((reason: unknown) => reason);
        if (result instanceof Error) seen.add('code' in result ? String(result.code) : String(result));
        else seen.add('read');
      }
      expect([...seen].filter(each => each !== 'import.not_found').sort()).toEqual(['import.link', 'read']);
      const datasets = await importing.workspace.datasets();
      for (const {versions} of datasets) expect(versions[0]?.columns.map(({name}) => name)).toEqual(['a', 'b']);
    } finally {
      turns.kill('SIGKILL');
      await ended;
    }
  });

  it('an abort in the middle cleans up', async () => {
    const controller = new AbortController();
    const path = importing.file('long.csv', `a,b\n${'1,2\n'.repeat(500_000)}`);
    const running = whileReading(path, () => controller.abort(), controller.signal);
    await expect(running).rejects.toMatchObject({code: 'aborted', kind: 'interrupt'});
    expect(importing.left()).toEqual([]);
  });

  it('an abort while the engine works cleans up', async () => {
    const controller = new AbortController();
    const path = importing.file(
      'long.csv',
      `a,b\n${Array.from({length: 300_000}, (_, i) => `${i},${i * 7}`).join('\n')}\n`,
    );
    const running = importFile({path, limitBytes}, importing.deps(controller.signal));
    setTimeout(() => controller.abort(), 120);
    const error = await running.catch((reason: unknown) => reason);
    // A fast machine may be done by then; a refusal leaves nothing.
    if (error instanceof Error) {
      expect(error).toMatchObject({code: 'aborted'});
      expect(importing.left()).toEqual([]);
    }
  });
});

describe('names that would trip a reader', () => {
  it.each([
    'a[12].csv',
    'b*?.csv',
    "it's.csv",
    'q"uote.csv',
    '-rf.csv',
    '--json',
    'ü né.csv',
    'new\nline.csv',
    '\u001b[31m.csv',
  ])('%j: only that file is read', async name => {
    importing.file('a1.csv', 'wrong\n1\n');
    const {version, dataset} = await importing.text('a,b\n1,2\n', {}, name);
    expect(version.columns.map(column => column.name)).toEqual(['a', 'b']);
    expect(dataset.name).toMatch(/^[a-z_][a-z0-9_]*$/);
  });

  it('a folder k=v adds no column', async () => {
    mkdirSync(join(importing.folder, 'k=v'));
    const {version} = await importing.text('a,b\n1,2\n', {}, 'k=v/x.csv');
    expect(version.columns.map(column => column.name)).toEqual(['a', 'b']);
  });

  it.each(['../x', '/etc/passwd', '~'])('the dataset name %j becomes harmless', async name => {
    const {dataset} = await importing.text('a,b\n1,2\n', {name});
    expect(dataset.name).toMatch(/^[a-z_][a-z0-9_]*$/);
  });
});
