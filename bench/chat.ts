// The chat in a terminal: what it costs while nobody touches it, while it counts down, and how fast a key is echoed.

import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {type FakeLlmServer, startFakeLlmServer} from '../test/support/fake-llm-server.ts';
import {geminiRateLimit, says, stream} from '../test/support/fake-llm-steps.ts';
import {type PtyProgram, startPty} from '../test/support/pty.ts';
import {cleanEnv, example, program, run} from './measure.ts';
import type {Figure} from './run.ts';

const watchedMs = 10_000;
const keysTyped = 150;
const [fewTurns, manyTurns] = [50, 1_000];
const modelRows = 100_000;

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

async function open(env: Record<string, string>): Promise<PtyProgram> {
  const opened = startPty({args: [program], env: cleanEnv(env)});
  await opened.see('Ask about your data', 15_000);
  return opened;
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
  const opened = await open(env);
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
  const opened = await open(withModel(env, server, {...gemini, DS_AGENT_RETRY_BASE_MS: '20'}));
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
  const opened = await open(withModel(env, server));
  const echoing = "process.stdin.setRawMode(true).on('data', data => process.stdout.write(data)); console.log('ready')";
  const bare = startPty({args: ['-e', echoing], env: cleanEnv({TERM: 'xterm-256color'})});
  await bare.see('ready');
  opened.write('go\r');
  await opened.see('word word', 15_000);
  await sleep(500);
  const [ours, yardstick]: [number[], number[]] = [[], []];
  for (let index = 0; index < keysTyped; index++) {
    // A sign that the answer does not hold, so that its first appearance is the echo.
    const sign = String.fromCodePoint(0x2460 + (index % 20));
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

/**
 * The slowest of the keys typed while models are trained, evaluated, explained and applied. Fitting and measuring have a
 * thread of their own; a kept forest is read, and a row explained by its trees, in the chat's.
 */
async function modelling(env: Record<string, string>, workspace: string): Promise<Figure[]> {
  const table = join(workspace, 'many.csv');
  writeFileSync(
    table,
    ['a,b,c,d,e,f,g,h,kind,y', ...Array.from({length: modelRows}, (_, row) => line(row))].join('\n'),
  );
  await run([program, 'upload', table], {env});
  const opened = await open(env);
  const figures: Figure[] = [];
  for (const [name, command, end, budget] of [
    ['training', '/train y in many', 'Kept as model', 50],
    ['an evaluation', '/models evaluate in many', '/why', 150],
    ['an explanation', '/models explain in many', '/why', 150],
    ['a row explained', '/models explain row 7 in many', '/why', 250],
    ['scoring', '/predict in many', '/why', 150],
  ] as const) {
    const slowest = Math.max(...(await typed(opened, command, end)));
    figures.push({
      name: `slowest key to echo during ${name} of ${modelRows} rows`,
      value: slowest,
      unit: 'ms',
      budget,
    });
  }
  opened.dispose();
  return figures;
}

/** Sends the line, types until its end is on the screen and nothing runs any more; how long each key took. */
async function typed(opened: PtyProgram, command: string, end: string): Promise<number[]> {
  const from = opened.output().length;
  opened.write(`${command}\r`);
  await opened.see('Esc stops', 15_000);
  const times: number[] = [];
  const isOver = () => opened.output().includes(end, from) && !opened.screen().join('\n').includes('Esc stops');
  while (!isOver()) {
    times.push(await echoMs(opened, String.fromCodePoint(0x2460 + (times.length % 20))));
    if (times.length % 20 === 0) opened.write('\x15');
    await sleep(10 + (times.length % 7) * 5);
  }
  opened.write('\x15');
  return times;
}

/** Numbers that follow no chance: the target is known from them but for a rest. */
function line(row: number): string {
  const at = (step: number) => ((row * step) % 9973) / 9973;
  const numbers = [7919, 104_729, 1_299_709, 15_485_863, 31, 127, 8191, 131_071].map(step => at(step).toFixed(4));
  return `${numbers.join(',')},${'abcde'[row % 5]},${at(7919) + at(31) * at(127) + 0.3 * at(524_287) > 0.9 ? 'yes' : 'no'}`;
}

async function echoMs(program: PtyProgram, sign: string): Promise<number> {
  const from = program.output().length;
  const started = performance.now();
  program.write(sign);
  while (!program.output().includes(sign, from)) {
    if (performance.now() - started > 5_000) throw new Error('a key had no echo');
    await new Promise(resolve => setImmediate(resolve));
  }
  return performance.now() - started;
}

function percentile95(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** Resident memory after 1,000 turns over that after 50, in one chat. */
async function memory(env: Record<string, string>, server: FakeLlmServer): Promise<Figure> {
  server.setScript('openai', [says('An answer of a few words, with **marks** and a `name`.\n\n- one\n- two\n')]);
  const opened = await open(withModel(env, server));
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
