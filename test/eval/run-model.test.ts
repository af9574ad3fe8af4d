// `eval:dabench --model` as a user runs it, against a scripted server: a rate limit, a service that fails, a stop in the middle.

import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, openAiRateLimit, says, status} from '../support/fake-llm-steps.ts';

const program = fileURLToPath(new URL('../../eval/dabench/run.ts', import.meta.url));
const scorer = `
export function extract(text) { return new Map([...text.matchAll(/@(\\w+)\\[(.*?)\\]/g)].map(m => [m[1], m[2]])) }
export function scoreOne(labels, text) { const got = extract(text); return labels.map(([k, v]) => [k, got.get(k) === v]) }
`;
const ids = [900001, 900002, 900003];
const lines = (items: unknown[]) => items.map(item => `${JSON.stringify(item)}\n`).join('');

let directory = '';
let server: FakeLlmServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'eval-run-'));
  mkdirSync(join(directory, 'tables'));
  writeFileSync(join(directory, 'tables', 'sales.csv'), 'region,price\nnorth,1.5\nsouth,2.75\n');
  writeFileSync(join(directory, 'score.mjs'), scorer);
  const question = {
    question: 'Mean price?',
    constraints: 'c',
    format: '@mean[number]',
    file_name: 'sales.csv',
    level: 'easy',
  };
  writeFileSync(join(directory, 'questions.jsonl'), lines(ids.map(id => ({id, ...question}))));
  writeFileSync(join(directory, 'labels.jsonl'), lines(ids.map(id => ({id, common_answers: [['mean', '2.12']]}))));
  writeFileSync(join(directory, 'label_audit.csv'), 'id,level,status\n');
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  rmSync(directory, {recursive: true, force: true});
});

function start(more: string[] = []) {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    OPENAI_API_KEY: 'sk-test-0123456789abcdefghij',
    OPENAI_BASE_URL: server.openAiBaseUrl,
    OPENAI_MODEL: 'tiny',
    DS_AGENT_RETRY_BASE_MS: '5',
    DS_AGENT_RETRY_JITTER: '0',
    DS_AGENT_NO_STATE: 'true',
  };
  const out = join(directory, 'out');
  const args = [program, '--dir', directory, '--model', '--out', out, '--concurrency', '1', ...more];
  const child = spawn(process.execPath, args, {env, stdio: ['ignore', 'pipe', 'pipe']});
  let stderr = '';
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)));
  const answered = (count: number) =>
    new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
        if (stderr.includes(`${count} of `)) resolve();
      });
      void ended.then(() => reject(new Error(stderr)));
    });
  return {child, ended, answered, report: () => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))};
}

const right = [asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) AS m FROM data'}}]), says('It is @mean[2.12]')];

it('a rate limit is waited for, a refused call is an error of its question, and all of it is in the report', async () => {
  server.setScript('openai', [
    openAiRateLimit({'retry-after-ms': '20'}),
    ...right,
    asks([{name: 'run_sql', args: {sql: 'SELECT nothing FROM data'}}]),
    says('I think @mean[2.1]'),
    status(400, {error: {message: 'no'}}),
  ]);
  const run = start(['--prices', '1,2']);
  expect(await run.ended).toBe(0);
  const report = run.report();
  expect(report).toMatchObject({
    complete: true,
    chosen: 3,
    tried: 3,
    right: 1,
    toolCalls: 2,
    toolErrors: 1,
    models: ['openai tiny'],
  });
  expect(report.failed).toBeGreaterThanOrEqual(1);
  expect(report.costUsd).toBeCloseTo((report.inputTokens + 2 * report.outputTokens) / 1e6, 12);
  expect(report.questions.map((each: {isRight: boolean}) => each.isRight)).toEqual([true, false, false]);
});

it('--limit asks only so many', async () => {
  server.setScript('openai', right);
  const run = start(['--limit', '1']);
  expect(await run.ended).toBe(0);
  expect(run.report()).toMatchObject({complete: true, chosen: 1, tried: 1, right: 1});
});

it('killed in the middle, what was answered before is kept and the report says that it is not complete', async () => {
  server.setScript('openai', [...right, {kind: 'no_headers'}]);
  const run = start();
  await run.answered(1);
  await expect.poll(() => server.requests.length, {timeout: 10_000}).toBe(3);
  run.child.kill('SIGKILL');
  await run.ended;
  expect(run.report()).toMatchObject({complete: false, chosen: 3, tried: 1, right: 1});
});

it('Ctrl-C ends the question at hand, reports the rest as not asked, and exits with 130', async () => {
  server.setScript('openai', [...right, {kind: 'no_headers'}]);
  const run = start();
  await run.answered(1);
  await expect.poll(() => server.requests.length, {timeout: 10_000}).toBe(3);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.report()).toMatchObject({complete: false, chosen: 3, tried: 1, failed: 0});
});
