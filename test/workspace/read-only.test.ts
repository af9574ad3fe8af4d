import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openWorkspace} from '../../src/workspace/workspace.ts';
import {occurrences, ProgramBench} from '../support/built-program.ts';

const bench = await ProgramBench.start();
const folder = join(bench.folder, 'fixed');

/** Makes the workspace read-only for everybody; only root may mount. */
function seal(): boolean {
  try {
    execFileSync('mount', ['--bind', folder, folder], {stdio: 'ignore'});
    execFileSync('mount', ['-o', 'remount,ro,bind', folder], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
}

mkdirSync(folder);
const canSeal = seal();
if (canSeal) execFileSync('umount', [folder]);

afterAll(async () => {
  if (canSeal) execFileSync('umount', ['-l', folder]);
  await bench.close();
});

const sales = join(bench.folder, 'sales.csv');
const homes = join(bench.folder, 'homes.csv');
const run = (...args: string[]) => bench.run([...args, '--workspace', folder]);
const cantWrite = "can't be written: the file system is read-only";

describe.skipIf(!canSeal)('a workspace on a read-only file system', () => {
  beforeAll(async () => {
    writeFileSync(sales, 'region,price\nnorth,1\nsouth,3\n');
    const rows = Array.from({length: 40}, (_, n) => `${(n * 37) % 100},${50 * ((n * 37) % 100) + ((n * 7919) % 97)}`);
    writeFileSync(homes, `size,cost\n${rows.join('\n')}\n`);
    await run('train', '--data', homes, '--target', 'cost', '--models', 'linear', '-q');
    await run('upload', sales);
    seal();
  });

  it('answers questions about what it holds, with one warning', async () => {
    const {code, out, err} = await run('-p', 'what is the average price?', '-n', '--provider', 'offline');
    expect(code).toBe(0);
    expect(out).toContain('2');
    expect(occurrences(err, cantWrite)).toBe(1);
  });

  it('is reported on, in a file outside of it', async () => {
    const {code, err} = await run('report', '-n', '--dataset', 'sales', '-o', join(bench.folder, 'sales.html'));
    expect(code, err).toBe(0);
    expect(readFileSync(join(bench.folder, 'sales.html'), 'utf8')).toContain('2 rows × 2 columns');
  });

  it('scores a file and its own dataset, and keeps nothing of them', async () => {
    const temporary = () => readdirSync(tmpdir()).filter(name => name.startsWith('ds-agent-scored-'));
    const before = temporary();
    for (const file of [homes, 'homes']) {
      const {code, out, err} = await run('predict', 'latest', file);
      expect(code, err).toBe(0);
      expect(out.split('\n')[0]).toBe('size,cost,predicted');
      expect(out.trim().split('\n')).toHaveLength(41);
      const written = await run('predict', 'latest', file, '-o', join(bench.folder, 'scored.csv'), '--force');
      expect(written.code, written.err).toBe(0);
    }
    expect(temporary()).toEqual(before);
  });

  it('lists its datasets and says in doctor what is wrong', async () => {
    expect((await run('datasets')).out).toContain('sales  v1');
    expect((await run('doctor')).out).toMatch(/warn\s+workspace.*read-only/);
  });

  it.each([
    [['upload', sales, '--name', 'again']],
    [['datasets', 'rm', 'sales', '--yes']],
    [['undo', 'sales', '--to', '1']],
    [['train', '--dataset', 'sales', '--target', 'price']],
    [['-p', '/train price']],
    [['-p', '/cluster to grouped']],
  ])('%j is refused with exit code 4 and the folder to change', async args => {
    const {code, err} = await run(...args);
    expect(code).toBe(4);
    expect(err).toContain(cantWrite);
    expect(err).toContain('--workspace');
  });

  it('is refused where there is nothing to read', async () => {
    await expect(openWorkspace(join(folder, 'charts'), {readOnly: true})).rejects.toMatchObject({
      code: 'workspace.not_writable',
    });
  });
});
