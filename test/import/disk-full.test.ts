import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {systemClock} from '../../src/core/clock.ts';
import {importFile} from '../../src/import/import-file.ts';
import {openWorkspace} from '../../src/workspace/workspace.ts';
import {Importing} from './importing.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-full-'));
const small = join(folder, 'small');

/** A file system of 3 MB; only root may make one. */
function mountSmall(): boolean {
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
}

const isMounted = mountSmall();

afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', small]);
  rmSync(folder, {recursive: true, force: true});
});

describe.skipIf(!isMounted)('a full disk', () => {
  it.each([
    ['while the upload is copied', 200_000],
    ['while the table is written', 80_000],
  ])('%s: refused, and nothing is left', async (_, rows) => {
    const importing = await Importing.start();
    try {
      const lines = Array.from(
        {length: rows},
        (_value, index) => `${index},${(index * 7919) % 10007},text ${index * 31}`,
      );
      const path = importing.file('data.csv', `a,b,c\n${lines.join('\n')}\n`);
      const workspace = await openWorkspace(join(small, 'workspace'));
      const deps = {workspace, signal: new AbortController().signal, clock: systemClock, emit: () => {}};
      await expect(importFile({path, limitBytes: 1e9}, deps)).rejects.toMatchObject({code: 'import.disk_full'});
      expect(await readdir(workspace.path('uploads'))).toEqual([]);
      expect(await readdir(workspace.path('data'))).toEqual([]);
    } finally {
      importing.stop();
    }
  });
});
