// --json prints exactly one object in every outcome, stream-json one event a line with the result last.

import {createServer} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {closedAddress, type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, oneChunkThenSilence, openAiError, openAiRateLimit, says} from '../support/fake-llm-steps.ts';
import {makePlace, type Place, type RunResult, runProgram, startProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const fields = [
  'schema_version',
  'status',
  'answer',
  'error',
  'provider',
  'model',
  'attempts',
  'breakers',
  'datasets',
  'artifacts',
  'receipts',
  'cautions',
  'grounding',
  'privacy',
  'usage',
  'next_steps',
  'session',
  'duration_ms',
];
const key = 'sk-test-0123456789abcdefghij';

let place: Place;
let server: FakeLlmServer;
beforeEach(async () => {
  place = makePlace();
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const openai = (more: Record<string, string> = {}) => ({
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: server.openAiBaseUrl,
  DS_AGENT_RETRY_BASE_MS: '5',
  DS_AGENT_RETRY_JITTER: '0',
  ...more,
});
const upload = () => runProgram(['upload', place.file('sales.csv', salesCsv)], {place});

/** The one object on stdout, with exactly the documented fields. */
function resultOf({stdout}: RunResult) {
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(stdout.endsWith('}\n')).toBe(true);
  const result = JSON.parse(stdout);
  expect(Object.keys(result)).toEqual(fields);
  expect(result.schema_version).toBe(1);
  expect(Number.isInteger(result.duration_ms)).toBe(true);
  for (const attempt of result.attempts) expect(Number.isInteger(attempt.ms)).toBe(true);
  if (result.error !== null)
    expect(Object.keys(result.error)).toEqual(['code', 'kind', 'message', 'hint', 'retry_after_ms']);
  return result;
}

describe('--json', () => {
  it('answered: the answer, its receipts with SQL and dataset version, and the next steps', async () => {
    await upload();
    const run = await runProgram(['--json', '-p', 'average price by region'], {place});
    expect(run.code).toBe(0);
    const result = resultOf(run);
    expect(result).toMatchObject({status: 'answered', error: null, provider: 'offline', model: 'analyst'});
    expect(result.answer).toContain('| west | 8 |');
    const dataset = {name: 'sales', version: 1};
    expect(result.receipts[0]).toMatchObject({
      id: 1,
      tool: 'run_sql',
      rows_read: 5,
      sampled: false,
      datasets: [dataset],
    });
    expect(result.receipts[0].sql).toContain('FROM "sales"');
    expect(result.receipts[0].datasets[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.next_steps.length).toBeGreaterThan(0);
  });

  it('data imported in the run is listed with its warnings', async () => {
    const run = await runProgram(['--json', '--data', place.file('sales.csv', salesCsv), '-p', 'describe sales'], {
      place,
    });
    expect(resultOf(run).datasets).toMatchObject([{name: 'sales', version: 1, rows: 5, columns: 4}]);
  });

  it('a batch has one object, with every answer in its order', async () => {
    await upload();
    const stdin = {pipe: 'average price by region\nSELECT nothing FROM sales\nmaximum price\n'};
    const run = await runProgram(['--json', '--batch'], {place, stdin});
    expect(run.code).toBe(9);
    const result = resultOf(run);
    expect(result).toMatchObject({status: 'failed', error: {kind: 'tool'}});
    expect(result.answer).toContain('| west | 8 |');
    expect(result.answer).toMatch(/\n\n.*\bprice\b.*\b8\b/);
  });

  const failures: [string, string[], Record<string, string>, number, object][] = [
    [
      'a usage error',
      ['-p', 'a', 'b c d e f'],
      {},
      2,
      {status: 'failed', error: {kind: 'usage', code: 'usage.two_questions'}},
    ],
    ['an unknown option', ['--nonsense'], {}, 2, {status: 'failed', error: {kind: 'usage', code: 'usage.arguments'}}],
    ['no question', [], {}, 2, {status: 'failed', error: {kind: 'usage', code: 'usage.no_question'}}],
    [
      'a bad variable',
      ['-p', 'x'],
      {OPENAI_BASE_URL: 'nonsense'},
      4,
      {error: {kind: 'configuration', code: 'config.invalid'}},
    ],
    ['a bad workspace', ['-p', 'x', '--workspace', '/proc/x'], {}, 4, {error: {code: 'workspace.not_writable'}}],
    ['a refused file', ['-p', 'x', '--data', 'nothing.csv'], {}, 3, {status: 'failed', error: {kind: 'input'}}],
  ];
  it.each(failures)('%s', async (_, args, env, code, wanted) => {
    const run = await runProgram(['--json', ...args], {place, env});
    expect(run.code).toBe(code);
    expect(resultOf(run)).toMatchObject({answer: null, ...wanted});
  });

  it('the option may also stand behind the others, or be --output-format=json', async () => {
    for (const args of [
      ['-p', 'a', 'b c d', '--json'],
      ['--output-format=json', '--nonsense'],
      ['--output-format', 'json', '--nonsense'],
    ]) {
      const run = await runProgram(args, {place});
      expect(run.code).toBe(2);
      resultOf(run);
    }
  });

  it('a provider that is down: every attempt, the breaker, and exit code 6', async () => {
    const env = openai({OPENAI_BASE_URL: `${await closedAddress()}/v1`, LITELLM_MAX_RETRIES: '2'});
    const run = await runProgram(['--json', '-p', 'hello'], {place, env});
    expect(run.code).toBe(6);
    const result = resultOf(run);
    expect(result).toMatchObject({status: 'failed', error: {kind: 'unavailable'}});
    expect(result.attempts).toHaveLength(3);
    expect(result.attempts).toMatchObject([{outcome: 'network'}, {outcome: 'network'}, {outcome: 'network'}]);
    expect(result.breakers).toMatchObject([{provider: 'openai', failures: 3}]);
  });

  it('a wrong key is exit code 5 and the key is printed nowhere', async () => {
    server.setScript('openai', [
      openAiError(401, {message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key'}),
    ]);
    const run = await runProgram(['--json', '-p', 'hello'], {place, env: openai()});
    expect(run.code).toBe(5);
    expect(resultOf(run)).toMatchObject({error: {kind: 'auth'}});
    expect(run.stdout + run.stderr).not.toContain(key);
  });

  it('a rate limit for ever is exit code 6', async () => {
    server.setScript('openai', [openAiRateLimit()]);
    const run = await runProgram(['--json', '-p', 'hello'], {place, env: openai()});
    expect(run.code).toBe(6);
    expect(resultOf(run).attempts).toHaveLength(5);
  });

  it('an action that nobody approved is exit code 8', async () => {
    server.setScript('openai', [asks([{name: 'import_file', args: {path: '/etc/hostname'}}]), says('I may not.')]);
    const run = await runProgram(['--json', '-p', 'hello'], {place, env: openai()});
    expect(run.code).toBe(8);
    expect(resultOf(run)).toMatchObject({status: 'failed', error: {kind: 'denied', code: 'approval.denied'}});
  });

  it('an answer cut at the token limit is printed with exit code 7', async () => {
    server.setScript('openai', [says('The first half', {ending: 'length'})]);
    const run = await runProgram(['--json', '-p', 'hello'], {place, env: openai()});
    expect(run.code).toBe(7);
    expect(resultOf(run)).toMatchObject({status: 'limit', answer: 'The first half', error: {kind: 'limit'}});
  });

  it.each([
    ['SIGINT', 130, 'interrupt'],
    ['SIGTERM', 143, 'terminate'],
    ['SIGHUP', 129, 'hangup'],
  ] as const)('%s in the middle of an answer is exit code %i', async (signal, code, kind) => {
    server.setScript('openai', [oneChunkThenSilence('Let me ')]);
    const running = startProgram(['--json', '-p', 'hello'], {place, env: openai()});
    await waitFor(() => server.requests.length === 1);
    await sleep(100);
    running.kill(signal);
    const run = await running.done;
    expect(run.code).toBe(code);
    expect(resultOf(run)).toMatchObject({status: 'aborted', answer: null, error: {kind}});
  });

  it('SIGINT while it waits for piped data', async () => {
    const running = startProgram(['--json', '-p', 'hello'], {place, stdin: 'open'});
    await running.sees('stderr', /Waiting/);
    running.kill('SIGINT');
    const run = await running.done;
    expect(run.code).toBe(130);
    expect(resultOf(run)).toMatchObject({status: 'aborted'});
  });
});

describe('--json of the other commands', () => {
  it.each([
    ['upload', ['upload', 'sales.csv'], 0],
    ['upload of nothing', ['upload', 'nothing.csv'], 3],
    ['datasets', ['datasets'], 0],
    ['config', ['config'], 0],
    ['demo', ['demo'], 0],
    ['doctor', ['doctor'], 0],
  ])('%s is one object', async (_, args, code) => {
    place.file('sales.csv', salesCsv);
    const run = await runProgram([...args, '--json'], {place});
    expect(run.stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(run.stdout)).toMatchObject({schema_version: 1});
    expect(run.code).toBe(code);
  });

  it('config shows where each value comes from and no key', async () => {
    const run = await runProgram(['config', '--json'], {place, env: openai()});
    expect(run.stdout).not.toContain(key);
    const {settings} = JSON.parse(run.stdout);
    expect(settings[0]).toEqual({variable: 'OPENAI_API_KEY', value: '•••ghij', origin: 'environment'});
  });

  it('doctor reaches the provider, shows no key, and is exit code 6 when none can be reached', async () => {
    const well = await runProgram(['doctor', '--json'], {place, env: openai()});
    expect(well.code).toBe(0);
    expect(well.stdout).not.toContain(key);
    const down = openai({OPENAI_BASE_URL: `${await closedAddress()}/v1`});
    expect(await runProgram(['doctor', '--json'], {place, env: down})).toMatchObject({code: 6});
  });
});

describe('doctor', () => {
  it.each([
    ['a refused key is exit code 5', 401, '{}', 5, 'fail', /refuses the key \(HTTP 401\)/],
    [
      'a key that Gemini calls a bad request too',
      400,
      '{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}',
      5,
      'fail',
      /refuses the key \(HTTP 400\)/,
    ],
    [
      'a wrong address is doubted',
      404,
      'no',
      0,
      'warn',
      /does not list its models \(HTTP 404\); is its address right\?/,
    ],
    ['a server in trouble is no refusal', 503, 'no', 0, 'warn', /HTTP 503\)$/],
  ])('%s', async (_, status, body, code, state, words) => {
    const http = createServer((_request, response) => void response.writeHead(status).end(body));
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    try {
      const address = http.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const env = openai({OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`});
      const run = await runProgram(['doctor', '--json'], {place, env});
      expect(run.code).toBe(code);
      const check = JSON.parse(run.stdout).checks.find((each: {name: string}) => each.name === 'openai');
      expect(check).toMatchObject({state, detail: expect.stringMatching(words)});
    } finally {
      http.close();
    }
  });
});

describe('--output-format stream-json', () => {
  const linesOf = ({stdout}: RunResult) =>
    stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));

  it('one event a line, numbered, and the result last', async () => {
    await upload();
    const run = await runProgram(['--output-format', 'stream-json', '-p', 'average price by region'], {place});
    expect(run.code).toBe(0);
    const lines = linesOf(run);
    const events = lines.slice(0, -1);
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({v: 1, type: 'session_opened', kind: 'script', resumed: false});
    expect(events[1]).toMatchObject({type: 'prompt', text: 'average price by region'});
    expect(lines.at(-1).session).toBe(events[0].id);
    for (const type of ['tool_start', 'tool_end', 'message', 'turn_end'])
      expect(events.some(each => each.type === type)).toBe(true);
    expect(lines.at(-1)).toMatchObject({type: 'result', status: 'answered', schema_version: 1});
    expect(Object.keys(lines.at(-1))).toEqual(['type', ...fields]);
  });

  it('what every tool and command gives is allowed by the schema of the events', async () => {
    await upload();
    const lines = [
      'describe sales',
      'quality of sales',
      'plot price by region',
      'histogram of price',
      'correlation of price and sold_on',
      'is price different between regions?',
      'missing values in sales',
      'xyzzy plugh',
      '/datasets',
      '/aggregate mean price by region',
      "/sql SELECT *, 9007199254740993 AS big, CAST('NaN' AS DOUBLE) AS nan FROM sales",
      '/sql SELECT nothing FROM sales',
      '/clean duplicates',
      '/nothing',
      '/status',
      '/sessions',
      '/replay',
    ];
    const run = await runProgram(['--output-format=stream-json', '--batch'], {place, stdin: {pipe: lines.join('\n')}});
    const types = new Set(linesOf(run).map(event => event.type));
    for (const type of ['tool_end', 'command_result', 'caution', 'result']) expect(types).toContain(type);
    // The same lines are read back by the next run.
    const again = await runProgram(['-c', '-p', '/why 1'], {place});
    expect(again.stderr).toMatch(/^Continuing the session \S+ \(8 questions so far\)\.\n$/);
  });

  it('the result is last on SIGINT and on a usage error too', async () => {
    server.setScript('openai', [oneChunkThenSilence('Let me ')]);
    const running = startProgram(['--output-format=stream-json', '-p', 'hello'], {place, env: openai()});
    await running.sees('stdout', /text_delta/);
    running.kill('SIGINT');
    const run = await running.done;
    expect(run.code).toBe(130);
    expect(linesOf(run).at(-1)).toMatchObject({type: 'result', status: 'aborted', error: {kind: 'interrupt'}});

    const wrong = await runProgram(['--output-format', 'stream-json', '--nonsense'], {place});
    expect(wrong.code).toBe(2);
    expect(linesOf(wrong).at(-1)).toMatchObject({type: 'result', error: {kind: 'usage'}});
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it never came');
    await sleep(5);
  }
}
