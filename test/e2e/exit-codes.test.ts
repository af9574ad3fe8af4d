// Every exit code of the documented table, as a shell sees it: stdout holds an answer or nothing, stderr says why in words.

import {existsSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {exitCodes} from '../../src/core/errors.ts';
import {closedAddress, type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, oneChunkThenSilence, openAiError, openAiRateLimit, says} from '../support/fake-llm-steps.ts';
import {type Place, placesWithSales, runProgram, runShell, startProgram} from '../support/program.ts';
import {startPty} from '../support/pty.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
let server: FakeLlmServer;
beforeAll(async () => {
  place = withSales();
});
afterAll(() => place.remove());
beforeEach(async () => {
  server = await startFakeLlmServer();
});
afterEach(() => server.close());

const question = ['-p', 'average price by region'];
/** Codes that a test here has seen. */
const seen = new Set<number>();
const openai = (more: Record<string, string> = {}) => ({
  OPENAI_API_KEY: 'sk-test-0123456789abcdef',
  OPENAI_BASE_URL: server.openAiBaseUrl,
  DS_AGENT_NO_STATE: 'true',
  DS_AGENT_RETRY_BASE_MS: '5',
  DS_AGENT_RETRY_JITTER: '0',
  ...more,
});

async function ends(
  code: number,
  args: string[],
  env: Record<string, string> = {},
): Promise<{out: string; err: string}> {
  const run = await runProgram(args, {place, env});
  expect({code: run.code, stderr: run.stderr}).toMatchObject({code});
  seen.add(code);
  return {out: run.stdout, err: run.stderr.replaceAll(/^(▸|Rate|OpenAI|Success|Caution|Note).*\n/gm, '')};
}

describe('exit code', () => {
  it('0: the answer on stdout', async () => {
    expect((await ends(0, question)).out).toContain('| west | 8 |');
  });

  it('1: the answer could not be written', async () => {
    if (!existsSync('/dev/full')) return void seen.add(1);
    const {code, stderr} = await runShell(`ds_agent -q -p 'average price by region' > /dev/full`, place);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Writing the answer failed: .+\n$/);
    seen.add(1);
  });

  it.each([
    ['an unknown option', ['--nonsense'], /unknown option '--nonsense'/],
    ['an unknown command', ['uplaod', 'x.csv'], /Did you mean: ds-agent upload x\.csv/],
    ['no question', [], /There is no question, and no terminal to chat in\./],
    ['two questions', ['-p', 'a', 'b'], /A question was given twice/],
    ['a bad choice', ['--output-format', 'xml', '-p', 'a'], /can be text, json or stream-json, not "xml"/],
    ['an unknown session', ['replay', 'none'], /There is no session "none"/],
  ])('2: %s', async (_, args, words) => {
    const {out, err} = await ends(2, args);
    expect(out).toBe('');
    expect(err).toMatch(words);
  });

  it('2: a chat whose output is no terminal', async () => {
    const shell = startPty({
      file: '/bin/sh',
      args: ['-c', `"${process.execPath}" "${process.cwd()}/bin/ds-agent.js" > out.txt; echo "code $?"`],
      cwd: place.cwd,
      env: place.env,
    });
    await shell.see('code 2', 15_000);
    expect(shell.lines().join('\n')).toContain('The chat needs a terminal for its output.');
    expect(readFileSync(`${place.cwd}/out.txt`, 'utf8')).toBe('');
    await shell.exit;
    shell.dispose();
  });

  it('3: a file is rejected, for an import, with a question and for an export that would overwrite', async () => {
    expect(await ends(3, ['upload', 'nothing.csv'])).toMatchObject({out: ''});
    expect(await ends(3, ['--data', 'nothing.csv', ...question])).toMatchObject({out: ''});
    expect((await ends(3, ['export', 'sales', '-o', 'sales.csv'])).err).toContain('sales.csv exists already.');
  });

  it('4: a setting or the workspace', async () => {
    expect((await ends(4, question, {OPENAI_BASE_URL: 'nonsense'})).err).toContain('OPENAI_BASE_URL');
    expect((await ends(4, [...question, '--workspace', '/proc/x'])).err).toContain("can't be written");
  });

  it('5: a key that is refused, and a bill that is not paid', async () => {
    server.setScript('openai', [openAiError(401, {message: 'Incorrect API key provided', code: 'invalid_api_key'})]);
    expect(await ends(5, question, openai())).toMatchObject({out: ''});
    server.setScript('openai', [openAiError(429, {message: 'You exceeded your quota', code: 'insufficient_quota'})]);
    expect(await ends(5, question, openai())).toMatchObject({out: ''});
  });

  it('6: no provider answers', async () => {
    server.setScript('openai', [openAiRateLimit()]);
    expect(await ends(6, question, openai())).toMatchObject({out: ''});
    const down = openai({OPENAI_BASE_URL: `${await closedAddress()}/v1`, LITELLM_MAX_RETRIES: '0'});
    expect(await ends(6, question, down)).toMatchObject({out: ''});
  });

  it('7: a limit, with what there is of the answer on stdout', async () => {
    server.setScript('openai', [says('The first half', {ending: 'length'})]);
    expect(await ends(7, question, openai())).toMatchObject({out: 'The first half\n'});
  });

  it('8: what was not allowed', async () => {
    server.setScript('openai', [asks([{name: 'import_file', args: {path: '/etc/hostname'}}]), says('I may not.')]);
    expect((await ends(8, question, openai())).err).toContain('did not allow the import of /etc/hostname');
    expect((await ends(8, ['datasets', 'rm', 'sales'])).err).toContain('--yes');
  });

  it('9: a tool failed, or the question was not understood', async () => {
    expect((await ends(9, ['-p', 'SELECT nothing_here FROM sales'])).err).toContain('nothing_here');
    expect((await ends(9, ['-p', 'xyzzy plugh'])).out).toBe('');
    expect((await ends(9, ['export', 'nothing', '-o', 'x.csv'])).err).toContain(
      'There is no dataset called "nothing".',
    );
  });

  it('10: an answer with a caution, where --fail-on asks for it', async () => {
    expect((await ends(10, ['--fail-on', 'warn', ...question])).out).toContain('| west | 8 |');
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: %i, and stdout has no half answer', async (signal, code) => {
    server.setScript('openai', [oneChunkThenSilence('Half of ')]);
    const running = startProgram(question, {place, env: openai()});
    const end = performance.now() + 10_000;
    while (server.requests.length === 0 && performance.now() < end) await sleep(5);
    running.kill(signal);
    expect(await running.done).toMatchObject({code, stdout: ''});
    seen.add(code);
  });

  it('each of the table was seen', () => {
    expect([...seen].sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  });
});
