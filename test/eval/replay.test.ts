// Plans replayed through the real import and the real tools, and scored with a scorer of the benchmark's own.

import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {mapConcurrently} from '../../eval/dabench/concurrency.ts';
import {readBenchmark} from '../../eval/dabench/dataset.ts';
import type {Plan} from '../../eval/dabench/plan.ts';
import {replay} from '../../eval/dabench/replay.ts';
import {report, scoreAll} from '../../eval/dabench/score.ts';

const scorer = `
export function extract(text) { return new Map([...text.matchAll(/@(\\w+)\\[(.*?)\\]/g)].map(m => [m[1], m[2]])) }
export function scoreOne(labels, text) { const got = extract(text); return labels.map(([k, v]) => [k, got.get(k) === v]) }
`;
const question = (id: number) => ({
  id,
  question: 'q',
  constraints: 'c',
  format: 'f',
  file_name: 'sales.csv',
  level: 'easy',
});
const lines = (items: unknown[]) => items.map(item => `${JSON.stringify(item)}\n`).join('');

let directory = '';
let tableFile = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'eval-test-'));
  mkdirSync(join(directory, 'tables'));
  tableFile = join(directory, 'tables', 'sales.csv');
  writeFileSync(tableFile, 'region,price\nnorth,1.5\nsouth,2.75\nnorth,NA\n');
  writeFileSync(join(directory, 'score.mjs'), scorer);
  writeFileSync(join(directory, 'questions.jsonl'), lines([question(900001), question(900002), question(900003)]));
  writeFileSync(
    join(directory, 'labels.jsonl'),
    lines([
      {id: 900001, common_answers: [['mean', '2.12']]},
      {id: 900002, common_answers: [['mean', '7']]},
      {id: 900003, common_answers: [['n', '3']]},
    ]),
  );
  writeFileSync(
    join(directory, 'label_audit.csv'),
    'id,level,status,native,kept,note\n900001,easy,ok,yes,yes,\n900002,easy,wrong,no,no,"a, b"\n',
  );
});
afterAll(() => rmSync(directory, {recursive: true, force: true}));

const meanPlan: Plan = {
  calls: [
    {tool: 'run_sql', args: {sql: 'SELECT region, price FROM data', save_as: 'kept'}},
    {tool: 'run_sql', args: {sql: 'SELECT avg(price) AS mean, count(*) AS n FROM kept'}},
  ],
  answers: {mean: {call: 1, column: 'mean', digits: 2}, n: {call: 1, column: 'n'}},
};

describe('replay', () => {
  it('imports the table, makes the calls in order and writes the answers', async () => {
    expect((await replay(meanPlan, tableFile)).response).toBe('@mean[2.12]\n@n[3]');
  });

  it('a call that fails is an error with the code of the tool, not a wrong answer', async () => {
    const plan: Plan = {
      calls: [{tool: 'run_sql', args: {sql: 'SELECT cost FROM data'}}],
      answers: {a: {column: 'cost'}},
    };
    await expect(replay(plan, tableFile)).rejects.toThrow(/cost/);
    await expect(replay({...plan, calls: [{tool: 'sum_up', args: {}}]}, tableFile)).rejects.toThrow('no tool sum_up');
  });

  it('import options of a plan reach the import', async () => {
    const plan: Plan = {
      import: {header: false},
      calls: [{tool: 'run_sql', args: {sql: 'SELECT count(*) AS n FROM data'}}],
      answers: {n: {column: 'n'}},
    };
    expect((await replay(plan, tableFile)).response).toBe('@n[4]');
  });
});

describe('scoring', () => {
  it('counts all tried questions, and apart those whose label stands', async () => {
    const benchmark = await readBenchmark(directory);
    const [first, second, third] = benchmark.tasks;
    if (!first || !second || !third) throw new Error('three tasks expected');
    expect([first, second, third].map(task => task.isSound)).toEqual([true, false, true]);
    const scored = scoreAll(
      [{task: first, response: '@mean[2.12]'}, {task: second, response: '@mean[8]'}, {task: third}],
      benchmark,
    );
    expect(scored.map(each => each.isRight)).toEqual([true, false, false]);
    const text = report(scored);
    expect(text).toContain('Questions 3, tried 2.');
    expect(text).toContain('Right: 1/2 (50.0 %) of those tried; 1/3 (33.3 %) of all.');
    expect(text).toContain('no fault in the label: 1/1 (100.0 %) of those tried; 1/2 (50.0 %) of all.');
    expect(text).toContain('mean: got 8, expected 7');
  });

  it('the command writes no response for a question without a plan, and exits 0', async () => {
    const script = new URL('../../eval/dabench/run.ts', import.meta.url).pathname;
    const {stdout} = await promisify(execFile)(process.execPath, [script, '--dir', directory, '--out', directory]);
    expect(stdout).toContain('Questions 3, tried 0.');
    expect(readFileSync(join(directory, 'responses.jsonl'), 'utf8')).toBe('');
    const unusable = promisify(execFile)(process.execPath, [script, '--dir', directory, '--limit', 'some']);
    await expect(unusable).rejects.toMatchObject({code: 2, stderr: expect.stringContaining('Usage:')});
  });
});

it('tasks run side by side up to the limit and keep their order', async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([3, 1, 2, 0], 2, async item => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 0]);
  expect(most).toBe(2);
});
