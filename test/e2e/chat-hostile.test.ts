// What a chat must bear: data, replies and errors full of terminal codes, and any keys in any order at any size.

import {writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';

import {count, idle, openChatBench, shows} from '../support/chat-bench.ts';
import {asks, openAiError, says} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

/** Writes the clipboard, the title, colours; clears the screen; turns the writing round. */
const evil = '\x1b]52;c;RVZJTA==\x07\x1b[2J\x1b]0;EVIL\x07\r\x9b31mEVIL\u202e\x08';
const leaks = (program: PtyProgram) =>
  ['\x1b]52', '\x1b]0;', '\x1b[2J', '\x9b', '\u202e', '\x08'].filter(code => program.output().includes(code));

it('codes in cells, names, replies, steps and errors are shown as escapes, and reach the terminal nowhere', async () => {
  writeFileSync(bench.path('evil.csv'), `"na${evil}me",v\n"${evil}",1\n${'an ordinary cell,2\n'.repeat(30)}`);
  server.setScript('openai', [
    asks([{name: 'run_sql', args: {sql: `SELECT '${evil}' AS "x${evil}"`}}]),
    says(`Answer one ${evil} **${evil}** \`${evil}\``),
    asks([{name: `no${evil}`, args: {x: evil}}]),
    says('Answer two.'),
    asks([{name: 'suggest_next_steps', args: {steps: [{label: `step ${evil}`, prompt: evil}]}}]),
    says('Answer three.'),
    openAiError(400, {message: `refused ${evil}`}),
  ]);
  const program = await bench.ready(['--yes'], {env: model()});
  const say = async (line: string, seen: string) => {
    program.write(line);
    await program.see(seen, 15_000);
    await idle(program);
  };
  await say('/upload evil.csv\r', '✓ evil v1');
  await say('/sql FROM evil\r', 'an ordinary cell');
  await say('one\r', 'Answer one');
  await say('two\r', 'Answer two.');
  await say('three\r', 'Answer three.');
  await say('1\r', 'refused \\x1b]52');
  await say('/show 2\r', 'x\\x1b]52');
  expect(leaks(program)).toEqual([]);
  expect(count(program, '1  step \\x1b]52')).toBe(1);
});

it('any keys in any order and at any size leave a chat that answers', async () => {
  const keys = ['\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D', '\x1b[H', '\x1b[3~', '\x1b[200~', '\x1b[201~', '\x1b[27;2;13~']
    .concat([
      '\x1b[13;2u',
      '\x1bOA',
      '\x1b',
      '\x1b[I',
      '\x1b[<0;10;10M',
      '\x1b[?62;c',
      '\x1b]11;rgb:0/0/0\x07',
      '\t',
      '\r',
    ])
    .concat([
      '\n',
      '\x7f',
      '\x01',
      '\x05',
      '\x0b',
      '\x15',
      '\x17',
      '\x19',
      '\x12',
      '\x1f',
      '\x0f',
      '\x14',
      '\x0c',
      '\x00',
    ])
    .concat([
      '/',
      '/vi',
      '@sa',
      '日本',
      '👩‍👩‍👧',
      'e\u0301',
      'مرحبا',
      '\u200d',
      ' ',
      '\\',
      '"',
      '2',
      'q',
      'y',
      'n',
      '\x1b[1;5C',
    ])
    .concat(['\x1bb', '\x1bd', '\xff', '\x1b[99999999999999999999u', '\x1b[', '\x1b[1', '/sql SELECT 1\r', '/view\r'])
    .concat(['how many rows\r', '/upload sales.csv\r']);
  let seed = 3;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const program = await bench.ready(['--data', 'sales.csv']);
  for (let index = 0; index < 150; index++) {
    program.write(Array.from({length: 1 + random(4)}, () => keys[random(keys.length)]).join(''));
    if (random(10) === 0) program.resize(10 + random(100), 3 + random(40));
    if (random(4) === 0) await sleep(random(20));
  }
  // A paste without its end is one for a second.
  await sleep(1_200);
  program.resize(100, 30);
  for (let index = 0; index < 20 && !shows(program, '› Ask about'); index++) {
    program.write('\x03');
    await sleep(300);
  }
  await idle(program);
  program.write('/sql SELECT 123 * 1000 + 456 AS alive\r');
  await program.until(() => /123,?456/.test(program.lines().join('\n')), 'an answer', 15_000);
  await idle(program);
  expect(count(program, 'offline ·')).toBe(1);
  program.write('\x04');
  expect(await program.exit).toBe(0);
});
