import {spawnSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {DatasetSource} from '../../src/core/dataset.ts';
import type {Workspace} from '../../src/workspace/workspace.ts';
import {openWorkspace} from '../../src/workspace/workspace.ts';

const source: DatasetSource = {kind: 'query', sql: 'SELECT 1', parents: []};
let root: string;
let workspace: Workspace;

beforeEach(async () => {
  root = join(mkdtempSync(join(tmpdir(), 'ds-agent-workspace-')), 'w');
  workspace = await openWorkspace(root);
});

afterEach(() => rmSync(join(root, '..'), {recursive: true, force: true}));

async function add(name: string, content: string, where = workspace) {
  const parquetFile = where.temporaryPath('data', '.parquet');
  writeFileSync(parquetFile, content);
  return where.addVersion(name, {parquetFile, rows: 1, columns: [], source, warnings: []});
}

describe('opening', () => {
  it.runIf(existsSync('/proc/self'))('a place where no folder can be made is refused, not tried for ever', async () => {
    await expect(openWorkspace('/proc/nowhere/w')).rejects.toMatchObject({code: 'workspace.not_writable'});
  });

  it('makes its folders for the owner only', () => {
    expect(readdirSync(root).sort()).toEqual(['charts', 'data', 'logs', 'models', 'reports', 'sessions', 'uploads']);
    for (const name of readdirSync(root)) expect(statSync(join(root, name)).mode & 0o777).toBe(0o700);
  });

  it('a path below a file is refused with the variable to change', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(openWorkspace(join(root, 'file', 'w'))).rejects.toMatchObject({
      code: 'workspace.not_writable',
      kind: 'configuration',
      hint: expect.stringContaining('DS_AGENT_WORKSPACE'),
    });
  });

  it('removes half-made files of dead processes, keeps those of living ones and names of others', async () => {
    const dead = spawnSync('true').pid;
    const make = (name: string) => writeFileSync(join(root, 'data', name), '');
    make(`.tmp-${dead}-0123456789ab.parquet`);
    make(`.tmp-${process.pid}-0123456789ab.parquet`);
    make('.tmp-notes');
    const old = join(root, 'data', `.tmp-${process.pid}-ffffffffffff`);
    mkdirSync(old);
    utimesSync(old, 0, 0);
    await openWorkspace(root);
    expect(readdirSync(join(root, 'data')).sort()).toEqual([`.tmp-${process.pid}-0123456789ab.parquet`, '.tmp-notes']);
  });

  it('removes an old Parquet file without manifest, unless a manifest is broken', async () => {
    await add('sales', 'one');
    const orphan = join(root, 'data', 'sales', 'v2-00000000.parquet');
    writeFileSync(orphan, '');
    utimesSync(orphan, 0, 0);
    writeFileSync(join(root, 'data', 'sales', 'v3.json'), '{');
    await openWorkspace(root);
    expect(existsSync(orphan)).toBe(true);
    rmSync(join(root, 'data', 'sales', 'v3.json'));
    await openWorkspace(root);
    expect(existsSync(orphan)).toBe(false);
    expect((await workspace.datasets()).map(d => d.name)).toEqual(['sales']);
  });

  it('removes an old upload that no version came from', async () => {
    const upload = join(root, 'uploads', 'uploaded_1_00.csv');
    const own = join(root, 'uploads', 'notes.txt');
    for (const path of [upload, own]) {
      writeFileSync(path, '');
      utimesSync(path, 0, 0);
    }
    await openWorkspace(root);
    expect(readdirSync(join(root, 'uploads'))).toEqual(['notes.txt']);
  });
});

describe('paths', () => {
  it.each([['../x'], ['data', '..', '..', 'x'], ['/etc/passwd'], ['a\0b']])('%j leaves the workspace', (...parts) => {
    expect(() => workspace.path(...parts)).toThrow(expect.objectContaining({code: 'workspace.path_outside'}));
  });

  it('a link that points out is refused, one that stays inside is not', () => {
    symlinkSync('/etc', join(root, 'data', 'out'));
    symlinkSync(join(root, 'uploads'), join(root, 'data', 'in'));
    expect(() => workspace.path('data', 'out', 'passwd')).toThrow(/outside the workspace/);
    expect(workspace.path('data', 'in', 'x.csv')).toBe(join(root, 'data', 'in', 'x.csv'));
  });

  it('names starting with two dots are inside', () => {
    expect(workspace.path('data', '..x')).toBe(join(root, 'data', '..x'));
  });
});

describe('versions', () => {
  it('each is a new file named by its hash, and the newest is current', async () => {
    await add('sales', 'one');
    const dataset = await add('sales', 'two');
    expect(dataset.versions.map(v => v.version)).toEqual([1, 2]);
    expect(dataset.current).toBe(2);
    const [first] = dataset.versions;
    expect(first?.parquet).toBe(`data/sales/v1-${first?.sha256.slice(0, 8)}.parquet`);
    expect(readFileSync(join(root, first?.parquet ?? ''), 'utf8')).toBe('one');
    expect(statSync(join(root, first?.parquet ?? '')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, 'data'))).toEqual(['sales']);
  });

  it('setCurrent goes back, another process sees it, a new version goes forward again', async () => {
    await add('sales', 'one');
    await add('sales', 'two');
    await workspace.setCurrent('sales', 1);
    expect((await (await openWorkspace(root)).dataset('sales')).current).toBe(1);
    expect((await add('sales', 'three')).current).toBe(3);
    await expect(workspace.setCurrent('sales', 9)).rejects.toMatchObject({code: 'dataset.unknown_version'});
  });

  it('twenty writers at once get twenty numbers and nobody loses a file', async () => {
    const other = await openWorkspace(root);
    await Promise.all(Array.from({length: 20}, (_, i) => add('sales', `content ${i % 3}`, i % 2 ? workspace : other)));
    const {versions} = await workspace.dataset('sales');
    expect(versions).toHaveLength(20);
    for (const {parquet} of versions) expect(existsSync(join(root, parquet))).toBe(true);
    expect(readdirSync(join(root, 'data', 'sales'))).toHaveLength(40);
  });

  it('a broken manifest costs only its own version and is told', async () => {
    await add('sales', 'one');
    await add('sales', 'two');
    writeFileSync(join(root, 'data', 'sales', 'v2.json'), '{"version": 2');
    const warnings: string[] = [];
    const again = await openWorkspace(root, {onWarning: text => warnings.push(text)});
    expect((await again.datasets())[0]?.versions.map(v => v.version)).toEqual([1]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('data/sales/v2.json');
  });

  it('infinities and 64-bit values of column facts survive the manifest', async () => {
    const parquetFile = workspace.temporaryPath('data');
    writeFileSync(parquetFile, 'x');
    const column = {
      name: 'a',
      originalName: 'a',
      type: 'BIGINT',
      kind: 'number' as const,
      nullCount: 0,
      distinctCount: 1,
      min: Number.NEGATIVE_INFINITY,
      max: 9007199254740993n,
      topValues: [],
      notes: [],
    };
    await workspace.addVersion('big', {parquetFile, rows: 1, columns: [column], source, warnings: []});
    expect((await workspace.dataset('big')).versions[0]?.columns).toEqual([column]);
  });

  it('a removed dataset is gone whole', async () => {
    await add('sales', 'one');
    await workspace.removeDataset('sales');
    expect(readdirSync(join(root, 'data'))).toEqual([]);
    await expect(workspace.removeDataset('sales')).rejects.toMatchObject({code: 'dataset.unknown'});
  });

  it('an unknown dataset names the nearest', async () => {
    await add('sales', 'one');
    await expect(workspace.dataset('salse')).rejects.toMatchObject({hint: 'Did you mean sales?'});
    await expect(workspace.dataset('../x')).rejects.toMatchObject({code: 'dataset.unknown'});
  });

  it.each(['../x', 'Sales', '1a', '', 'a b', 'a'.repeat(64)])('%j is no name for a dataset', async name => {
    await expect(add(name, 'x')).rejects.toMatchObject({code: 'dataset.bad_name'});
  });
});

describe('sessions', () => {
  const write = (id: string, text: string) => writeFileSync(join(root, 'sessions', `${id}.jsonl`), text, {flag: 'a'});

  it('gives back the lines in order, newest session first, and counts the torn ones', async () => {
    write('a', '{"n":1}\n{"n":2}\n{"n": 3');
    write('b', '{"n":3}\n');
    utimesSync(join(root, 'sessions', 'a.jsonl'), 1, 1);
    expect(await workspace.readSession('a')).toEqual({lines: [{n: 1}, {n: 2}], brokenLines: 1});
    expect((await workspace.sessions()).map(s => s.id)).toEqual(['b', 'a']);
    expect(await workspace.readSession('none')).toBeNull();
  });

  it.each(['../a', '', '.hidden', 'a/b', 'a b', 'x'.repeat(101)])('%j is no name for a session', async name => {
    await expect(workspace.readSession(name)).rejects.toMatchObject({code: 'session.bad_id'});
    expect(() => workspace.sessionPath(name)).toThrow(/can't be the name of a session/);
  });
});
