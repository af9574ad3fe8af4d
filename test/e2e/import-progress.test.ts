import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {startPty} from '../support/pty.ts';

const program = fileURLToPath(new URL('../../bin/ds-agent.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ds-agent-progress-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** Uploads what comes slowly: 2 MB, a pause of over a second, 1 MB. */
function slowUpload(columns: number, ...more: string[]) {
  const rows = (count: number) => `${process.execPath} -e 'process.stdout.write("1,2\\n".repeat(${count}))'`;
  const feed = `(${rows(2 ** 19)}; sleep 1.3; ${rows(2 ** 18)})`;
  const upload = `${process.execPath} ${program} upload - --workspace ${folder}/w ${more.join(' ')}`;
  return startPty({file: 'bash', args: ['-c', `${feed} | ${upload}`], columns, env: {HOME: folder}});
}

describe('a long import in a terminal', () => {
  it('shows one line with its size and phase, which is gone at the end', async () => {
    const terminal = slowUpload(44);
    try {
      await terminal.see('importing stdin', 15_000);
      expect(await terminal.exit).toBe(0);
      await terminal.until(() => terminal.lines().join().includes('Upload saved'), 'the end');
      expect(terminal.lines().join('\n')).not.toContain('importing');
      expect(terminal.lines()[0]).toMatch(/^Upload saved/);
    } finally {
      terminal.dispose();
    }
  });

  it('says nothing of it with --quiet', async () => {
    const terminal = slowUpload(80, '--quiet');
    try {
      expect(await terminal.exit).toBe(0);
      expect(terminal.output()).not.toContain('importing');
    } finally {
      terminal.dispose();
    }
  });
});
