// An engine closed while it works: what runs ends, and the process lives. Freed at once, DuckDB breaks the process in
// the middle of a connect, a prepare or a query.

import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, describe, expect, it} from 'vitest';
import {openImportEngine, openQueryEngine} from '../../src/engine/duckdb.ts';

const root = mkdtempSync(join(tmpdir(), 'ds-agent-close-'));
afterAll(() => rmSync(root, {recursive: true, force: true}));

const options = {dataDirectory: root, spillDirectory: join(root, 'spill'), memoryLimitBytes: 2 ** 28, threads: 2};
const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5';
const outcomeOf = (running: Promise<unknown>) =>
  running.then(
    () => 'answered',
    (error: Error) => error.message,
  );
/** Each closes at another moment: 0 to 3 ms after the start. */
const moments = Array.from({length: 12}, (_, index) => (index % 4) - 1);
const pass = async (ms: number) => {
  if (ms >= 0) await sleep(ms);
};

describe('closed while it works', () => {
  it('the engine of questions stops the queries it runs, connects for and checks', async () => {
    for (const ms of moments) {
      const engine = await openQueryEngine(options);
      const queries = Array.from({length: 4}, () => outcomeOf(engine.query(endless, {maxRows: 1})));
      await pass(ms);
      engine.close();
      for (const outcome of await Promise.all(queries)) expect(outcome).toMatch(/engine is closed|was stopped/);
    }
  });

  it('the engine of an import stops the statement it prepares or runs', async () => {
    for (const ms of moments) {
      const engine = await openImportEngine({...options, uploads: []});
      const running = outcomeOf(engine.run(`SELECT 1; ${endless}`));
      await pass(ms);
      engine.close();
      expect(await running).toMatch(/engine is closed|Interrupted/);
    }
  });

  it('takes its spilled data away when the last of what ran has ended, and can be closed again', async () => {
    const engine = await openQueryEngine({...options, memoryLimitBytes: 2 ** 26});
    const large = outcomeOf(engine.query('SELECT range AS r FROM range(30000000) ORDER BY hash(range)', {maxRows: 1}));
    while (readdirSync(options.spillDirectory).length === 0) await sleep(1);
    engine.close();
    engine.close();
    expect(await large).toBe('The query was stopped.');
    expect(readdirSync(options.spillDirectory)).toEqual([]);
  });

  it('refuses what is asked later', async () => {
    const engine = await openQueryEngine(options);
    engine.close();
    expect(await outcomeOf(engine.query('SELECT 1', {maxRows: 1}))).toBe('The engine is closed.');
  });
});
