// Sessions of the built program: going on where one ended, on the same data, whatever happened to the process.

import {appendFileSync, existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, oneChunkThenSilence, says} from '../support/fake-llm-steps.ts';
import {type Place, placesWithSales, type RunOptions, runProgram, runShell, startProgram} from '../support/program.ts';
import {startPty} from '../support/pty.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
let server: FakeLlmServer;
beforeEach(async () => {
  place = withSales();
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const run = (args: string[], options: Partial<RunOptions> = {}) => runProgram(args, {place, ...options});
const model = () => ({OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: server.openAiBaseUrl});
const question = 'average price by region';
const list = async () => JSON.parse((await run(['sessions', '--json'])).stdout).sessions;
/** What the model was sent last. */
const lastMessages = () => (server.requests.at(-1)?.body.messages ?? []) as {role: string; content: unknown}[];
const sessionFile = (name: string) => join(place.workspace, 'sessions', `${name}.jsonl`);

describe('going on with a session', () => {
  it('-c continues the last one: results go on counting and /why knows the old ones', async () => {
    await run(['-p', question]);
    const second = await run(['-c', '-p', 'maximum price']);
    expect(second.stderr).toMatch(/^Continuing the session \d{8}T\d{6}-[0-9a-f]{4} \(1 question so far\)\.\n/);
    expect(second.stderr).toMatch(/#3$/m);
    const why = await run(['-c', '-p', '/why 1']);
    expect(why.stdout).toContain('avg("price")');
    expect(why.stdout).toContain('Dataset: sales v1');
    expect(await list()).toHaveLength(1);
  });

  it('a bare number after -c sends the next step of the answer before', async () => {
    const first = await run(['--json', '-p', question]);
    const [step] = JSON.parse(first.stdout).next_steps;
    const second = await run(['-c', '--output-format', 'stream-json', '-p', '1']);
    expect(second.stdout).toContain(JSON.stringify({type: 'prompt', text: step.prompt}).slice(1, -1));
  });

  it('without an earlier one, -c says so and begins one', async () => {
    const {code, stderr} = await run(['-c', '-p', question]);
    expect(code).toBe(0);
    expect(stderr).toContain('There is no earlier session to continue; this is a new one.');
  });

  it('--session NAME begins one of this name, then goes on with it; "last" is the newest', async () => {
    await run(['--session', 'q3-report', '-p', question]);
    await run(['-p', 'how many rows']);
    const named = await run(['--session', 'q3-report', '-p', 'maximum price']);
    expect(named.stderr).toContain('Continuing the session q3-report (1 question so far).');
    expect((await run(['--session', 'last', '-p', '/why 3'])).stdout).toContain('max("price")');
    expect((await list()).map((each: {id: string; turns: number}) => each.turns)).toEqual([2, 1]);
  });

  it.each([
    [['--session', '../x', '-p', 'q'], 'session.bad_id'],
    [['-c', '--session', 'x', '-p', 'q'], 'usage.two_sessions'],
  ])('%j is refused as wrong usage', async (args, wanted) => {
    const {code, stdout} = await run([...args, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe(wanted);
  });

  it('the model gets the whole conversation, every tool call beside its result', async () => {
    const call = {name: 'run_sql', args: {sql: 'SELECT avg(price) AS mean FROM sales'}};
    server.setScript('openai', [asks([call]), says('The mean is 4.'), says('As I said: 4.')]);
    await run(['-p', 'what is the mean price?'], {env: model()});
    await run(['-c', '-p', 'say it again'], {env: model()});
    const messages = lastMessages();
    expect(messages.map(message => message.role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'user']);
    expect(messages[2]).toMatchObject({
      tool_calls: [{id: 'call_1_0', function: {name: 'run_sql', arguments: JSON.stringify(call.args)}}],
    });
    expect(messages[3]).toMatchObject({tool_call_id: 'call_1_0', content: expect.stringContaining('| 4 |')});
    expect(messages[4]).toMatchObject({content: 'The mean is 4.'});
  });
});

describe('a session whose process was killed', () => {
  it('in the middle of a turn has lost nothing said before it, and can be continued', async () => {
    server.setScript('openai', [says('The first answer.'), oneChunkThenSilence('Let me '), says('The third.')]);
    await run(['--session', 's', '-p', 'the first question'], {env: model()});
    const running = startProgram(['--session', 's', '-p', 'the second'], {place, env: model()});
    const end = performance.now() + 10_000;
    while (server.requests.length < 2 && performance.now() < end) await sleep(5);
    running.kill('SIGKILL');
    await running.done;
    appendFileSync(sessionFile('s'), '{"v":1,"seq":7,"time":17956255');

    const third = await run(['--session', 's', '-p', 'the third'], {env: model()});
    expect(third).toMatchObject({code: 0, stdout: 'The third.\n'});
    expect(
      third.stderr.match(/1 line that a killed run left half-written; everything else of it is used/g),
    ).toHaveLength(1);
    const messages = lastMessages();
    expect(messages.slice(1).map(message => message.content)).toEqual([
      'the first question',
      'The first answer.',
      'the third',
    ]);
    const lines = readFileSync(sessionFile('s'), 'utf8').trimEnd().split('\n');
    expect(lines.filter(line => !line.endsWith('}'))).toHaveLength(1);
    const [session] = await list();
    expect(session).toMatchObject({id: 's', turns: 3, first_question: 'the first question'});
  });
});

describe('what was said', () => {
  it('is on the disk when its turn has ended, and so is the name of the file', async () => {
    const preload = join(import.meta.dirname, '../support/processes/record-fsync.ts');
    const log = place.file('synced.jsonl', '');
    await run(['--session', 's', '--batch'], {
      stdin: {pipe: `${question}\nmaximum price\n`},
      nodeArgs: ['--import', preload],
      env: {FSYNC_LOG: log},
    });
    const synced: {path: string; size: number}[] = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    const sizes = synced.filter(({path}) => path === sessionFile('s')).map(({size}) => size);
    const text = readFileSync(sessionFile('s'), 'utf8');
    const ends = text
      .split('\n')
      .flatMap((line, index, lines) =>
        line.includes('"type":"turn_end"') ? [Buffer.byteLength(lines.slice(0, index + 1).join('\n')) + 1] : [],
      );
    expect(ends).toHaveLength(2);
    // Each turn before the next one begins.
    const next = [text.indexOf('"maximum price"'), Buffer.byteLength(text) + 1];
    for (const [index, end] of ends.entries())
      expect(sizes.some(size => size >= end && size <= (next[index] ?? 0))).toBe(true);
    expect(synced.map(({path}) => path)).toContain(join(place.workspace, 'sessions'));
  });
});

describe('the data of a session', () => {
  it('stay the version it was computed from, and it says so; --dataset moves to the current one', async () => {
    await run(['--session', 's', '-p', 'maximum price']);
    await run(['upload', place.file('sales.csv', `${salesCsv}\neast,kiwi,99,2024-03-01\n`)]);
    const stayed = await run(['--session', 's', '-p', 'maximum price']);
    expect(stayed.stderr).toContain(
      'sales has changed: this session used v1 (5 rows), the workspace now has v2 (6 rows). Answers stay on v1; /use sales (or --dataset sales) moves to v2.',
    );
    expect(stayed.stderr).toMatch(/▸ run_sql sales v1/);
    expect(stayed.stdout).toMatch(/\b8\b/);
    const moved = await run(['--session', 's', '--dataset', 'sales', '-p', 'maximum price']);
    expect(moved.stderr).toMatch(/▸ run_sql sales v2/);
    expect(moved.stdout).toContain('99');
    expect((await run(['--session', 's', '-p', 'maximum price'])).stderr).not.toContain('has changed');
  });

  it('that are gone are named', async () => {
    await run(['--session', 's', '-p', 'maximum price']);
    await run(['datasets', 'rm', 'sales', '--yes']);
    const {stderr} = await run(['--session', 's', '-p', '/datasets']);
    expect(stderr).toContain('sales, which this session used, is no longer in the workspace.');
  });

  it('cleaned in the session are not taken for changed', async () => {
    const steps = [{do: 'drop_duplicates'}];
    server.setScript('openai', [
      asks([{name: 'clean_data', args: {dataset: 'sales', steps, apply: true}}]),
      says('Done.'),
    ]);
    await run(['--session', 's', '-p', 'clean it'], {env: model()});
    const {stderr} = await run(['--session', 's', '-p', 'maximum price']);
    expect(stderr).not.toContain('has changed');
    expect(stderr).toMatch(/▸ run_sql sales v2/);
  });
});

describe('two processes on one session', () => {
  it('the second is refused with the process that has it, and may go on when that one was killed', async () => {
    server.setScript('openai', [oneChunkThenSilence('Let me ')]);
    const first = startProgram(['--session', 's', '--output-format', 'stream-json', '-p', 'wait'], {
      place,
      env: model(),
    });
    await first.sees('stdout', /text_delta/);
    const second = await run(['--session', 's', '--json', '-p', question]);
    expect(second.code).toBe(4);
    expect(JSON.parse(second.stdout).error).toMatchObject({
      code: 'session.in_use',
      message: `The session s is open in another ds-agent (process ${first.pid}).`,
    });
    first.kill('SIGKILL');
    await first.done;
    expect((await run(['--session', 's', '-p', question])).code).toBe(0);
    expect(readdirSync(join(place.workspace, 'sessions')).filter(name => name.endsWith('.lock'))).toEqual([]);
  });

  it('each process without --session has a session of its own, also when many start at once', async () => {
    const line = `seq 1 8 | xargs -P 4 -I{} "${process.execPath}" "${join(import.meta.dirname, '../../bin/ds-agent.js')}" -q -n -p '${question}'`;
    const {code, stdout} = await runShell(line, place, 60_000);
    expect(code).toBe(0);
    expect(stdout.match(/\| west \| 8 \|/g)).toHaveLength(8);
    expect(await list()).toHaveLength(8);
  });
});

describe('the list of sessions', () => {
  it('has script runs and chats with their first question, datasets and times, newest first', async () => {
    await run(['-p', question]);
    const chat = startPty({
      args: [join(import.meta.dirname, '../../bin/ds-agent.js'), '--session', 'talk'],
      cwd: place.cwd,
      env: {...place.env, OPENAI_API_KEY: '', GEMINI_API_KEY: '', GOOGLE_API_KEY: ''},
      columns: 120,
    });
    await chat.see('› Ask about your data', 15_000);
    chat.write('maximum price\r');
    await chat.until(() => chat.lines().filter(line => line.includes('Next steps')).length === 2, 'the answer', 15_000);
    chat.write('/sessions\r');
    await chat.see('talk (this one)');
    chat.write('/quit\r');
    expect(await chat.exit).toBe(0);

    const sessions = await list();
    expect(sessions).toMatchObject([
      {id: 'talk', kind: 'chat', turns: 1, first_question: 'maximum price', datasets: ['sales']},
      {kind: 'script', turns: 1, first_question: question, datasets: ['sales']},
    ]);
    for (const {started_at, updated_at} of sessions) expect(started_at <= updated_at).toBe(true);
    const {stdout} = await run(['sessions']);
    expect(stdout).toMatch(/^talk +\d{4}-\d\d-\d\d \d\d:\d\d {2}chat {4}1 question {4}sales {2}maximum price\n/);

    const again = startPty({
      args: [join(import.meta.dirname, '../../bin/ds-agent.js'), '-c'],
      cwd: place.cwd,
      env: {...place.env, OPENAI_API_KEY: '', GEMINI_API_KEY: '', GOOGLE_API_KEY: ''},
      columns: 120,
    });
    await again.see('› Ask about your data', 15_000);
    const shown = again.lines().join('\n');
    expect(shown).toMatch(/› maximum price\n.*\b8\b/);
    expect(shown).toContain('Continuing the session talk (1 question so far).');
    again.write('/why 1\r');
    await again.see('Result 1: run_sql');
    again.dispose();
  });

  it('leaves no file of a chat in which nothing was said', async () => {
    const chat = startPty({
      args: [join(import.meta.dirname, '../../bin/ds-agent.js'), '--session', 'silent'],
      cwd: place.cwd,
      env: {...place.env, OPENAI_API_KEY: '', GEMINI_API_KEY: '', GOOGLE_API_KEY: ''},
    });
    await chat.see('› Ask about your data', 15_000);
    chat.write('/quit\r');
    await chat.exit;
    expect(existsSync(sessionFile('silent'))).toBe(false);
    expect(await list()).toEqual([]);
  });
});
