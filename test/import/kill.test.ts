import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openWorkspace} from '../../src/workspace/workspace.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const source = (path: string) => JSON.stringify(join(import.meta.dirname, '../../src', path));

/** A program that imports a file into the workspace and says `done`. */
function program(path: string): string {
  return `
    import {systemClock} from ${source('core/clock.ts')};
    import {importFile} from ${source('import/import-file.ts')};
    import {openWorkspace} from ${source('workspace/workspace.ts')};
    const workspace = await openWorkspace(${JSON.stringify(importing.workspace.root)});
    console.log('ready');
    const signal = new AbortController().signal;
    await importFile({path: ${JSON.stringify(path)}, limitBytes: 1e9}, {workspace, signal, clock: systemClock, emit() {}});
    console.log('done');`;
}

/** Runs it and kills it `delayMs` after it is ready. */
function runAndKill(script: string, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], {stdio: ['ignore', 'pipe', 'inherit']});
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delayMs));
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
}

describe('kill -9 in the middle of an import', () => {
  it('leaves the workspace as before or as after, and the next start sweeps the rest', async () => {
    const path = importing.file(
      'data.csv',
      `a,b,c\n${Array.from({length: 60_000}, (_, i) => `${i},text ${i},${i / 7}`).join('\n')}\n`,
    );
    const script = importing.file('run.mjs', program(path));
    let versions = 0;
    for (const delayMs of [0, 15, 40, 80, 120, 160, 200, 260, 330, 420]) {
      await runAndKill(script, delayMs);
      const workspace = await openWorkspace(importing.workspace.root, {
        onWarning: message => {
          throw new Error(message);
        },
      });
      const datasets = await workspace.datasets();
      for (const dataset of datasets) for (const {rows} of dataset.versions) expect(rows).toBe(60_000);
      const found = datasets.flatMap(dataset => dataset.versions).length;
      expect(found).toBeGreaterThanOrEqual(versions);
      versions = found;
      const data = importing.left().filter(name => name.startsWith('data/'));
      // An orphaned Parquet file may stay for a day; half-made files never do.
      expect(data.filter(name => name.includes('.tmp-'))).toEqual([]);
      expect(readdirSync(workspace.path('uploads')).filter(name => name.startsWith('.tmp-'))).toEqual([]);
      for (const dataset of datasets)
        for (const {parquet, source: origin} of dataset.versions) {
          expect(importing.left()).toContain(parquet);
          if (origin.kind === 'file') expect(importing.left()).toContain(`uploads/${origin.storedName}`);
        }
    }
  }, 60_000);
});
