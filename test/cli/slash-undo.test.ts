import {afterAll, beforeAll, expect, it} from 'vitest';
import {runSlash} from '../../src/cli/slash.ts';
import {type AppBench, openAppBench} from './bench.ts';

let bench: AppBench;
const {signal} = new AbortController();
const run = (line: string) => runSlash(line, bench.app, signal);

beforeAll(async () => {
  bench = await openAppBench();
  await run(`/upload ${await bench.file('t.csv', 'a,b\n1,x\n,y\n')}`);
});
afterAll(() => bench.close());

it('/undo takes back what clean_data applied, and says so when there is nothing before', async () => {
  const steps = [{do: 'drop_missing'}];
  const cleaned = await bench.app.session.runTool('clean_data', {dataset: 't', steps, apply: true}, signal);
  expect(cleaned).toMatchObject({ok: true, summary: expect.stringContaining('t v2: 1 row ×')});
  expect(await run('/undo')).toEqual({text: 'Now t v1, 2 rows × 2 columns.'});
  await expect(run('/undo t')).rejects.toMatchObject({code: 'dataset.nothing_to_undo'});
  const rows = await bench.app.session.runTool('run_sql', {sql: 'SELECT count(*) FROM t'}, signal);
  expect(rows).toMatchObject({ok: true, table: {rows: [[2]]}});
});
