// Replies of a model in the built chat: Markdown styled as it streams, each block into the scrollback as soon as it is whole.

import {describe, expect, it} from 'vitest';
import {count, idle, openChatBench, shows} from '../support/chat-bench.ts';
import {says, stream} from '../support/fake-llm-steps.ts';

const {bench, server, model} = await openChatBench();

const env = () => model({FORCE_COLOR: '1', TERM: 'xterm-256color'});
const reply = [
  '# Sales in **May**\n\n',
  'The mean is *about* 12 and `price` rises.\n\n',
  '- first\n- second **bold**\n  1. inner\n\n',
  '```sql\nSELECT region, 1.5\nFROM sales -- all\n```\n\n',
  '| region | mean |\n|---|--:|\n| north | 1200.5 |\n| s | 7 |\n\n',
  'The end.',
];

describe('a reply in Markdown', () => {
  it('is styled, loses its marks, aligns its table, and stands there once', async () => {
    // In pieces of three characters, so that each mark is cut somewhere.
    server.setScript('openai', [stream({texts: reply.join('').match(/[\s\S]{1,3}/g) ?? [], gapMs: 2})]);
    const program = await bench.ready([], {env: env()});
    program.write('go\r');
    await program.see('The end.');
    await idle(program);
    const lines = program.lines().map(line => line.trimEnd());
    const start = lines.findIndex(line => line.includes('Sales in May'));
    expect(lines.slice(start, lines.indexOf('The end.') + 1)).toEqual([
      'Sales in May',
      '',
      'The mean is about 12 and price rises.',
      '',
      '• first',
      '• second bold',
      '  1. inner',
      '',
      '```sql',
      'SELECT region, 1.5',
      'FROM sales -- all',
      '```',
      '',
      '| region |   mean |',
      '| ------ | -----: |',
      '| north  | 1200.5 |',
      '| s      |      7 |',
      '',
      'The end.',
    ]);
    expect(lines.filter(line => line.includes('Sales in'))).toHaveLength(1);
    // Bold, and a colour for code.
    expect(program.output()).toContain('\x1b[1mbold');
    expect(program.output()).toContain('\x1b[36mprice');
  });

  it('stands above the live region block by block while the rest is still written', async () => {
    server.setScript('openai', [stream({texts: [reply[0] ?? '', reply[1] ?? '', 'Not yet '], ending: 'silence'})]);
    const program = await bench.ready([], {env: env()});
    program.write('go\r');
    await program.until(() => shows(program, 'Not yet'), 'the unfinished block');
    // The live region is one logical line of the terminal, which the unfinished block is part of.
    const lines = program.lines();
    const live = lines.findIndex(line => line.includes('openai ●'));
    expect(lines[live]).toContain('Not yet');
    expect(lines[live]).not.toContain('The mean is');
    expect(lines.slice(0, live).some(line => line.startsWith('The mean is about 12 and price rises.'))).toBe(true);
    program.write('\x1b');
    await program.see('■ stopped');
    expect(count(program, 'Not yet')).toBe(1);
  });
});

describe('a question on the command line', () => {
  it('opens the chat and is asked there first', async () => {
    server.setScript('openai', [says('Asked first.'), says('Asked second.')]);
    const program = bench.start(['what', 'is', 'it?'], {env: env()});
    await program.see('Asked first.', 15_000);
    expect(count(program, '› what is it?')).toBe(1);
    await idle(program);
    program.write('and now\r');
    await program.see('Asked second.');
  });

  it('with -p in a terminal prints the answer and nothing of a chat', async () => {
    server.setScript('openai', [says('Just **this**.')]);
    const program = bench.start(['-p', 'what is it?'], {env: env()});
    expect(await program.exit).toBe(0);
    expect(program.lines()).toContain('Just **this**.');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
    expect(program.output()).not.toMatch(/\x1b/);
  });
});
