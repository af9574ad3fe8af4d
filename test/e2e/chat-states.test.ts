// What the chat shows and keeps in its less usual states: sizes that change while something is asked, Ctrl-C there,
// services that refuse or send rubbish, and the commands that show what was computed and what was sent.

import {readdirSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {cellWidth} from '../../src/tui/text-width.ts';

import {count, idle, openChatBench, screenHas, shows} from '../support/chat-bench.ts';
import {asks, htmlPage, oneChunkThenSilence, openAiError, openAiRateLimit, says} from '../support/fake-llm-steps.ts';

const {bench, server, model} = await openChatBench();

const key = 'sk-secret-0123456789abcdef';
const env = () => model({OPENAI_API_KEY: key, DS_AGENT_RETRY_BASE_MS: '20'});
const seeded = ['$ echo earlier', 'earlier'];
const chat = (...args: string[]) => bench.ready(['--data', 'sales.csv', ...args], {seeded, env: env()});
const table = '\x1b[200~a,b\n1,2\n3,4\n5,6\n\x1b[201~';

describe('sizes that change', () => {
  it.each<[string, () => void, string, string]>([
    ['a list of completions', () => {}, '/', '/upload'],
    ['a search of the history', () => {}, '\x12zzz', 'earch'],
    ['a draft of wide characters over several rows', () => {}, '日本語と絵文字👩‍👩‍👧 و عربي '.repeat(8), '日本語'],
    ['a preview', () => {}, '/upload sales.csv\r', 'like this?'],
    ['the offer of a pasted table', () => {}, table, 'y or n'],
    [
      'a question of a tool',
      () => server.setScript('openai', [asks([{name: 'import_file', args: {path: 'sales.csv'}}])]),
      'go\r',
      'y allow',
    ],
    ['a retry', () => server.setScript('openai', [openAiRateLimit({'retry-after': '60'})]), 'go\r', 'retry 1/4 in'],
    ['a queue', () => server.setScript('openai', [oneChunkThenSilence('Half ')]), 'go\r', 'Half'],
  ])('under %s leave one live region and every older line', async (title, script, keys, seen) => {
    script();
    const program = await chat();
    program.write(keys);
    await screenHas(program, seen);
    if (title === 'a queue') program.write('the next\r');
    const above = program.lines().findIndex(line => line.includes('Next steps'));
    const before = program.lines().slice(0, above);
    let seed = 5;
    const random = (low: number, high: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return low + (seed % (high - low + 1));
    };
    for (let index = 0; index < 50; index++) {
      program.resize(random(10, 120), random(3, 40));
      await sleep(index % 5 === 0 ? 30 : 4);
    }
    program.resize(20, 6);
    await sleep(300);
    for (const line of program.screen()) expect(cellWidth(line)).toBeLessThanOrEqual(20);
    program.resize(100, 30);
    await program.until(() => count(program, 'openai ') === 1 && shows(program, 'openai '), 'one bar');
    expect(program.lines().slice(0, above)).toEqual(before);
    expect(count(program, 'Next steps')).toBe(1);
    expect(program.output()).not.toMatch(/\[[23]J/);
  });
});

describe('Ctrl-C', () => {
  it('leaves the grid, drops a pasted table and a search, each without a trace', async () => {
    const program = await chat();
    program.write('/view\r');
    await screenHas(program, 'q leave');
    program.write('\x03');
    await idle(program);
    program.write(table);
    await screenHas(program, 'y or n');
    program.write('\x03');
    await idle(program);
    program.write('\x12view');
    await screenHas(program, 'earch');
    program.write('\x03');
    await program.until(() => !shows(program, 'earch'), 'the end of the search');
    expect(program.exitNow()).toBeNull();
    expect(count(program, 'Imported')).toBe(0);
  });

  it('stops an import, and nothing of it stays', async () => {
    const row = `${Array.from({length: 40}, (_, index) => `word ${index}`).join(',')}\n`;
    const head = `${Array.from({length: 40}, (_, index) => `c${index}`).join(',')}\n`;
    writeFileSync(bench.path('big.csv'), head + row.repeat(120_000));
    const program = await chat('--yes');
    const kept = (folder: string) => readdirSync(bench.path('workspace', folder)).toSorted();
    const before = [kept('data'), kept('uploads')];
    program.write('/upload big.csv\r');
    await screenHas(program, 'Enter queues');
    program.write('\x03');
    await program.until(() => /■ stopped|Stopped\./.test(program.lines().join('\n')), 'the end', 15_000);
    await idle(program);
    expect([kept('data'), kept('uploads')]).toEqual(before);
    program.write('/datasets\r');
    await program.see('sales');
    expect(count(program, 'big v1')).toBe(0);
  });
});

describe('a service that', () => {
  it.each<[string, () => void, string]>([
    [
      'refuses the key',
      () =>
        server.setScript('openai', [
          openAiError(401, {code: 'invalid_api_key', message: `Incorrect API key provided: ${key}`}),
        ]),
      'key',
    ],
    ['sends a page of HTML', () => server.setScript('openai', [htmlPage(200)]), 'OpenAI'],
  ])('%s is named, nothing of it is shown raw, and the chat goes on', async (_title, script, words) => {
    script();
    const program = await chat();
    program.write('hello\r');
    await program.see('✗', 15_000);
    await program.until(() => shows(program, '› Ask about'), 'the prompt');
    expect(program.lines().join('\n')).toContain(words);
    expect(program.output()).not.toContain(key);
    expect(program.output()).not.toContain('Portal');
    program.write('/sql SELECT 40 + 2 AS n\r');
    await program.see('42');
  });
});

describe('two chats on one session', () => {
  it('are one: the second is told who has it and leaves; after the first another goes on', async () => {
    const first = await chat('--session', 'talk');
    const second = bench.start(['--session', 'talk'], {env: env()});
    expect(await second.exit).toBe(4);
    expect(second.output()).toContain(`The session talk is open in another ds-agent (process ${first.pid}).`);
    expect(second.output().lastIndexOf('\x1b[?2004h')).toBeLessThanOrEqual(second.output().lastIndexOf('\x1b[?2004l'));
    server.setScript('openai', [says('Still here.')]);
    first.write('hello\r');
    await first.see('Still here.');
    first.write('/quit\r');
    expect(await first.exit).toBe(0);
    const third = await bench.ready(['--session', 'talk'], {env: env()});
    expect(third.lines().join('\n')).toContain('Still here.');
  });
});

describe('what stands behind an answer', () => {
  it('is shown by /show and /why, and what was sent by /wire', async () => {
    const sql = 'SELECT region, max(price) AS dearest FROM sales GROUP BY region';
    server.setScript('openai', [asks([{name: 'run_sql', args: {sql}}]), says('The dearest is 69.')]);
    const program = await chat();
    program.write('what is dearest\r');
    await program.see('The dearest is 69.');
    await idle(program);
    expect(program.lines().some(line => /^▸ run_sql sales 60 → 3 rows \d+ ms {2}#1$/.test(line))).toBe(true);
    program.write('/show 1\r');
    await program.see(sql);
    await program.see('3 rows');
    await idle(program);
    program.write('/why 1\r');
    await program.see('sha256');
    await idle(program);
    program.write('/wire\r');
    await program.see('Last request to OpenAI');
    expect(program.lines().join('\n')).toContain('what is dearest');
    expect(program.output()).not.toContain(key);
    await idle(program);
    program.write('/status\r');
    await program.see('Tokens:');
    for (const word of [
      'OpenAI gpt-4o-mini: closed',
      'Dataset: sales v1',
      'FULL (all rows)',
      'Privacy: rows',
      'Session:',
    ])
      expect(program.lines().join('\n')).toContain(word);
  });
});
