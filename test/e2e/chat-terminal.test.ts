import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {cellWidth} from '../../src/tui/text-width.ts';
import {programPath} from '../support/built-program.ts';
import {count, idle, openChatBench, screenHas, shows} from '../support/chat-bench.ts';
import {asks, oneChunkThenSilence, openAiRateLimit, says, stream} from '../support/fake-llm-steps.ts';
import type {PtyOptions, PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

const seeded = ['$ echo earlier', 'earlier'];
const ctrlC = '\x03';
const chat = (options: Partial<PtyOptions> = {}, ...args: string[]) =>
  bench.ready(args, {seeded, ...options, env: model(options.env)});
const narrow = async (columns: number) => {
  const program = bench.start([], {seeded, columns, rows: 12, env: model()});
  await program.until(() => shows(program, '› Ask'), 'the prompt', 15_000);
  return program;
};
const prompts = () =>
  server
    .requestsTo('openai')
    .map(request => (request.body as {messages: {role: string; content: string}[]}).messages)
    .map(messages => messages.findLast(message => message.role === 'user')?.content);

async function quits(program: PtyProgram): Promise<void> {
  program.write(ctrlC);
  await screenHas(program, 'again to');
  program.write(ctrlC);
  expect(await program.exit).toBe(0);
  expect(
    program.output().endsWith('\x1b[?2004l') ||
      program.output().lastIndexOf('\x1b[?2004l') > program.output().lastIndexOf('\x1b[?2004h'),
  ).toBe(true);
}

const lines400 = Array.from(
  {length: 400},
  (_, index) => `line ${index + 1}${index % 9 === 0 ? ` ${'word '.repeat(30)}` : ''}.`,
);

describe('the scrollback', () => {
  it.each([
    ['80 × 24', 80, 24, false],
    ['a height of 6 rows', 40, 6, false],
    ['80 random sizes from 20 × 6 to 200 × 60 while it streams', 80, 24, true],
  ])('holds each line of a 400-line answer once, at %s', async (_title, columns, rows, storm) => {
    server.setScript('openai', [stream({texts: lines400.map(line => `${line}\n`), gapMs: storm ? 4 : 0})]);
    const program = await chat({columns, rows});
    program.write('go\r');
    if (storm) {
      await program.see('line 3.');
      let seed = 11;
      const random = (low: number, high: number) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return low + (seed % (high - low + 1));
      };
      for (let index = 0; index < 80; index++) {
        program.resize(random(20, 200), random(6, 60));
        await sleep(index % 3 === 0 ? 25 : 6);
      }
      program.resize(80, 24);
    }
    await program.see('line 400.', 20_000);
    await idle(program);
    await sleep(250);
    expect(program.lines().filter(line => line.startsWith('line '))).toEqual(lines400);
    expect(program.lines().slice(0, 2)).toEqual(seeded);
    expect(count(program, 'openai ●')).toBe(1);
    expect(count(program, '› Ask about')).toBe(1);
    expect(program.output()).not.toMatch(/\[[23]J/);
  });
});

describe('what is pasted and typed', () => {
  it('a paste of 3,000 lines is one placeholder and is sent whole', async () => {
    server.setScript('openai', [says('Read.')]);
    const program = await chat();
    const lines = Array.from({length: 3_000}, (_, index) => `note ${index} of the log`);
    program.write(`\x1b[200~${lines.join('\r')}\x1b[201~`);
    await screenHas(program, '› [paste 1: 3000 lines]');
    program.write(' sum it up\r');
    await program.see('Read.');
    expect(prompts().at(-1)).toBe(`${lines.join('\n')} sum it up`);
    expect(count(program, 'note 1500')).toBe(0);
  });

  it('text and Enter in one read are sent; a paste without its end swallows neither Ctrl-C nor what follows', async () => {
    server.setScript('openai', [says('Glued.'), says('Then.')]);
    const program = await chat();
    program.write('together\r');
    await program.see('Glued.');
    await idle(program);
    program.write('\x1b[200~lost');
    await sleep(100);
    program.write(ctrlC);
    await sleep(100);
    await idle(program);
    program.write('\x1b[200~after');
    await screenHas(program, '› after');
    program.write(' all\r');
    await program.see('Then.');
    expect(prompts().slice(-2)).toEqual(['together', 'after all']);
  });

  it('wide characters, joined emoji and right-to-left text are edited by whole characters and sent as they were', async () => {
    server.setScript('openai', [says('日本語の答え 👩‍👩‍👧 مرحبا ok')]);
    const program = await chat({columns: 30});
    program.write('価格は👩‍👩‍👧か');
    await screenHas(program, '› 価格は');
    expect(program.cursor().x).toBe(2 + cellWidth('価格は👩‍👩‍👧か'));
    program.write('\x7f\x7f');
    program.write('مرحبا');
    await screenHas(program, 'مرحبا');
    program.write('\r');
    await program.see('ok');
    expect(prompts().at(-1)).toBe('価格はمرحبا');
    expect(count(program, '日本語の答え')).toBe(1);
  });

  it('a bare number sends the step of the list shown last, and an outdated one is refused with that list', async () => {
    const suggestions = (label: string) =>
      asks([{name: 'suggest_next_steps', args: {steps: [{label, prompt: `please ${label}`}]}}]);
    server.setScript('openai', [suggestions('step one'), says('A.'), suggestions('step two'), says('B.'), says('C.')]);
    const program = await chat();
    program.write('first\r');
    await program.see('A.');
    await program.see('1  step one');
    await idle(program);
    program.write('1\r');
    await program.see('B.');
    await program.see('1  step two');
    expect(prompts().at(-1)).toBe('please step one');
    await idle(program);
    const asked = server.requestsTo('openai').length;
    program.write('3\r');
    await program.see('There is no step 3. Now:');
    expect(server.requestsTo('openai')).toHaveLength(asked);
  });

  it('what is sent while busy waits below the answer; Up takes it back', async () => {
    server.setScript('openai', [oneChunkThenSilence('Working '), says('Done.')]);
    const program = await chat();
    program.write('one\r');
    await screenHas(program, 'Working');
    program.write('two\r');
    await screenHas(program, '⋯ two');
    await screenHas(program, '1 queued');
    program.write('\x1b[A');
    await screenHas(program, '› two');
    expect(shows(program, '⋯ two')).toBe(false);
  });
});

describe('Ctrl-C', () => {
  it('asks when idle, and clears a draft that Up brings back', async () => {
    const program = await chat();
    program.write('a draft');
    await screenHas(program, '› a draft');
    program.write(ctrlC);
    await idle(program);
    program.write('\x1b[A');
    await screenHas(program, '› a draft');
    program.write(ctrlC);
    await idle(program);
    await quits(program);
  });

  it.each<[string, () => void, string, string]>([
    ['an answer streams', () => server.setScript('openai', [oneChunkThenSilence('Half ')]), 'q', 'Half'],
    ['a retry waits', () => server.setScript('openai', [openAiRateLimit({'retry-after': '60'})]), 'q', 'retry 1/4 in'],
    [
      'a tool runs',
      () =>
        server.setScript('openai', [
          asks([
            {
              name: 'run_sql',
              args: {sql: 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5'},
            },
          ]),
        ]),
      'q',
      '▸ run_sql',
    ],
    [
      'a slash command runs',
      () => {},
      '/sql SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5',
      '▸ run_sql',
    ],
  ])('stops what runs while %s, keeps the draft, and the chat goes on', async (_title, script, line, seen) => {
    script();
    const program = await chat();
    program.write(`${line}\r`);
    await screenHas(program, seen);
    program.write('kept');
    await screenHas(program, '› kept');
    const started = performance.now();
    program.write(ctrlC);
    await program.until(() => /■ stopped|Stopped\./.test(program.lines().join('\n')), 'the end');
    expect(performance.now() - started).toBeLessThan(3_000);
    await screenHas(program, '› kept');
    program.write(ctrlC);
    await idle(program);
    server.setScript('openai', [says('Still here.')]);
    program.write('again\r');
    await program.see('Still here.');
    await idle(program);
    await quits(program);
  });

  it('on a question says no and stops; on a preview cancels', async () => {
    server.setScript('openai', [asks([{name: 'import_file', args: {path: 'sales.csv'}}]), says('No.')]);
    const program = await chat();
    program.write('load something\r');
    await screenHas(program, 'y allow');
    program.write(ctrlC);
    await program.see('✗ not allowed');
    await program.see('■ stopped');
    await idle(program);
    program.write('/upload sales.csv\r');
    await screenHas(program, 'like this?');
    program.write(ctrlC);
    await program.see('Nothing was imported.');
    await idle(program);
    await quits(program);
  });
});

describe('the surroundings', () => {
  const coloured = (program: PtyProgram) =>
    program
      .output()
      .split('\x1b[')
      .some(part => /^[\d;]+m/.test(part));

  it.each<[string, Record<string, string>, boolean]>([
    ['NO_COLOR', {NO_COLOR: '1'}, false],
    ['FORCE_COLOR=0', {FORCE_COLOR: '0'}, false],
    ['FORCE_COLOR in a terminal without colours', {FORCE_COLOR: '1', TERM: 'vt100'}, true],
    // Node counts no colours where CI is set; what matters is that the frames go on.
    ['CI', {CI: '1'}, false],
  ])('with %s the chat is %j: %s', async (_title, env, hasColour) => {
    server.setScript('openai', [says('**Bold** answer.')]);
    const program = await chat({env});
    program.write('q\r');
    await program.see('answer.');
    await idle(program);
    expect(coloured(program)).toBe(hasColour);
  });

  it.each([20, 30, 44])('at %i columns nothing is wider than the screen and the chat can be used', async columns => {
    server.setScript('openai', [
      stream({
        texts: [
          'A short answer.\n\n',
          '| region | average price | n |\n|---|--:|--:|\n| north | 1200.5 | 3 |\n\n',
          'End.',
        ],
        gapMs: 20,
      }),
    ]);
    const program = await narrow(columns);
    program.write('question\r');
    await program.see('End.');
    await program.until(() => shows(program, '› Ask'), 'the prompt');
    for (const line of program.screen()) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
    expect(program.lines().join('\n')).toContain('1200.5');
    program.write('/st');
    await screenHas(program, '/status');
    program.write(ctrlC);
    await quits(program);
  });

  it('Ctrl-Z gives the shell its terminal, fg brings back the draft', async () => {
    const program = bench.start([], {
      file: '/bin/bash',
      args: ['--norc', '--noediting', '-i'],
      env: {PS1: 'shell> ', ...model()},
    });
    await program.see('shell> ');
    program.write(`'${process.execPath}' '${programPath}'\r`);
    await idle(program);
    program.write('half');
    await screenHas(program, '› half');
    program.write('\x1a');
    await program.see('Stopped');
    program.write('stty -a | grep -o -- "-\\?icanon"; fg\r');
    await screenHas(program, '› half');
    expect(program.lines().filter(line => /^-?icanon$/.test(line))).toEqual(['icanon']);
    program.kill('SIGKILL');
  });
});
