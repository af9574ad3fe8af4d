// The chat in a terminal: what it costs while nobody touches it, while it counts down, and how fast a key is echoed.

import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type FakeLlmServer, startFakeLlmServer} from '../test/support/fake-llm-server.ts';
import {geminiRateLimit, says, stream} from '../test/support/fake-llm-steps.ts';
import {type PtyProgram, startPty} from '../test/support/pty.ts';
import {echoMs, openChat, signOf} from './chat-keys.ts';
import {modelling} from './chat-models.ts';
import {cleanEnv, example, program, run} from './measure.ts';
import type {Figure} from './run.ts';

const watchedMs = 10_000;
const keysTyped = 150;
const [fewTurns, manyTurns] = [50, 1_000];

export async function chat(): Promise<Figure[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'ds-agent-bench-chat-'));
  const server = await startFakeLlmServer();
  const env = {DS_AGENT_WORKSPACE: workspace, TERM: 'xterm-256color'};
  try {
    await run([program, 'upload', example], {env});
    return [
      await idleChat(env),
      ...(await countdown(env, server)),
      await echo(env, server),
      ...(await modelling(env, workspace)),
      await memory(env, server),
    ];
  } finally {
    await server.close();
    rmSync(workspace, {recursive: true, force: true});
  }
}

const withModel = (env: Record<string, string>, server: FakeLlmServer, more: Record<string, string> = {}) => ({
  ...env,
  OPENAI_API_KEY: 'bench-key',
  OPENAI_BASE_URL: server.openAiBaseUrl,
  ...more,
});

/** Share of the processor that `chat` uses in the time watched, in percent. */
async function cpuShare(chat: PtyProgram): Promise<number> {
  const before = cpuMs(chat.pid);
  const started = performance.now();
  await sleep(watchedMs);
  return (100 * (cpuMs(chat.pid) - before)) / (performance.now() - started);
}

async function idleChat(env: Record<string, string>): Promise<Figure> {
  const opened = await openChat(env);
  await sleep(2_000);
  const written = opened.output().length;
  const share = await cpuShare(opened);
  if (opened.output().length !== written) throw new Error('an idle chat wrote to the terminal');
  opened.dispose();
  return {name: 'processor time of an idle chat', value: share, unit: '%', budget: 0.1};
}

/** Gemini's breaker is open, OpenAI has answered, nothing else happens: the usual layout while a countdown runs. */
async function countdown(env: Record<string, string>, server: FakeLlmServer): Promise<Figure[]> {
  server.setScript('gemini', [geminiRateLimit()]);
  server.setScript('openai', [says('Answered.')]);
  const gemini = {GEMINI_API_KEY: 'k', USE_GEMINI: '1', GOOGLE_GEMINI_BASE_URL: server.geminiBaseUrl};
  const opened = await openChat(withModel(env, server, {...gemini, DS_AGENT_RETRY_BASE_MS: '20'}));
  opened.write('hello\r');
  await opened.see('Answered.', 15_000);
  await opened.until(() => opened.screen().join('\n').includes('Ask about your data'), 'the prompt');
  await sleep(1_500);
  const written = Buffer.byteLength(opened.output());
  const share = await cpuShare(opened);
  const bytes = (Buffer.byteLength(opened.output()) - written) / (watchedMs / 1000);
  if (!/open [45]:\d\d/.test(opened.screen().join('\n')) || bytes < 20) throw new Error('there is no countdown');
  opened.dispose();
  return [
    {name: 'bytes of a countdown tick', value: bytes, unit: 'B', budget: 150},
    {name: 'processor time while a countdown runs', value: share, unit: '%', budget: 3},
  ];
}

/**
 * From the byte of a key to its echo while an answer streams at 200 tokens a second: the 95th percentile, over that of a
 * Node that only echoes and takes turns with it, so that a busy machine slows both.
 */
async function echo(env: Record<string, string>, server: FakeLlmServer): Promise<Figure> {
  const texts = Array.from({length: 6_000}, (_, index) => (index % 25 === 24 ? 'word.\n' : 'word '));
  server.setScript('openai', [stream({texts, gapMs: 5})]);
  const opened = await openChat(withModel(env, server));
  const echoing = "process.stdin.setRawMode(true).on('data', data => process.stdout.write(data)); console.log('ready')";
  const bare = startPty({args: ['-e', echoing], env: cleanEnv({TERM: 'xterm-256color'})});
  await bare.see('ready');
  opened.write('go\r');
  await opened.see('word word', 15_000);
  await sleep(500);
  const [ours, yardstick]: [number[], number[]] = [[], []];
  for (let index = 0; index < keysTyped; index++) {
    const sign = signOf(index);
    ours.push(await echoMs(opened, sign));
    yardstick.push(await echoMs(bare, sign));
    if (index % 20 === 19) opened.write('\x15');
    await sleep(10 + (index % 7) * 5);
  }
  if (opened.screen().join('\n').includes('Ask about your data')) throw new Error('the answer ended too early');
  opened.dispose();
  bare.dispose();
  const [p95, least] = [percentile95(ours), percentile95(yardstick)];
  return {
    name: `key to echo while streaming 200 tokens/s, p95 over bare (${least.toFixed(0)})`,
    value: Math.max(0, p95 - least),
    unit: 'ms',
    budget: 30,
  };
}

function percentile95(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** Resident memory after 1,000 turns over that after 50, in one chat. */
async function memory(env: Record<string, string>, server: FakeLlmServer): Promise<Figure> {
  server.setScript('openai', [says('An answer of a few words, with **marks** and a `name`.\n\n- one\n- two\n')]);
  const opened = await openChat(withModel(env, server));
  let early = 0;
  for (let turn = 1; turn <= manyTurns; turn++) {
    const from = opened.output().length;
    opened.write(`question ${turn}\r`);
    const started = performance.now();
    while (!opened.output().includes('Ask about your data', from)) {
      if (performance.now() - started > 20_000) throw new Error(`turn ${turn} did not end`);
      await sleep(1);
    }
    if (turn === fewTurns) early = residentBytes(opened.pid);
  }
  const late = residentBytes(opened.pid);
  opened.dispose();
  return {
    name: `memory after ${manyTurns} turns / after ${fewTurns} (${Math.round(late / 2 ** 20)} MB)`,
    value: late / early,
    unit: '×',
    budget: 1.3,
  };
}

/** User and system time of all threads; the scheduler counts it in nanoseconds. */
function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(ran) / 1e6;
  }, 0);
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
