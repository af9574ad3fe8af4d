import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {count, idle, openChatBench} from '../support/chat-bench.ts';
import type {PtyProgram} from '../support/pty.ts';
import {drawSixels} from '../support/sixels.ts';

const {bench} = await openChatBench();

const bars = '/chart bar mean price by region';
const starts = {kitty: '\x1b_Ga=T', iterm2: '\x1b]1337;File=', sixel: '\x1bP0;1;0q'} as const;
/** What follows the beginning of each picture written in a protocol. */
const pictures = (program: PtyProgram, protocol: keyof typeof starts) =>
  program.output().split(starts[protocol]).slice(1);
const allPictures = (program: PtyProgram) =>
  (['kitty', 'iterm2', 'sixel'] as const).flatMap(protocol => pictures(program, protocol));

async function drawn(program: PtyProgram, line: string): Promise<void> {
  program.write(`${line}\r`);
  await program.see('Kept in the workspace:');
  await idle(program);
}

/** Sends a question and waits for the steps behind its answer; those of the greeting are there before. */
async function answered(program: PtyProgram, question: string): Promise<void> {
  program.write(`${question}\r`);
  await program.until(() => count(program, 'Next steps (type a number)') === 2, 'the answer', 15_000);
  await idle(program);
}

/** How many rows stand between what was asked and the words below the picture. */
function rowsOfPicture(program: PtyProgram): number {
  const lines = program.lines();
  const start = lines.indexOf(`› ${bars}`);
  const end = lines.findIndex((each, index) => index > start && each !== '');
  expect(lines[end]).toContain('Bar chart: 3 bars of mean of price by region');
  return end - start - 1;
}

describe('a chart in a terminal with pictures', () => {
  it('is one picture in kitty, over exactly the rows that are free for it, with its facts in words, and the chat goes on', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {env: {TERM: 'xterm-kitty'}});
    expect(allPictures(program)).toEqual([]);
    await drawn(program, bars);
    expect(pictures(program, 'kitty')).toHaveLength(1);
    expect(rowsOfPicture(program)).toBe(Number(/r=(\d+)/.exec(pictures(program, 'kitty')[0] ?? '')?.[1]));
    expect(program.lines().join('\n')).not.toMatch(/[▇█]{3}/);
    await answered(program, 'average price by region');
    expect(program.output()).not.toContain('\x1b_Ga=d');
    program.resize(60, 20);
    await program.until(() => program.output().includes('\x1b_Ga=d,d=a,q=2\x1b\\'), 'the end of the picture');
    await idle(program);
    program.write(`\f/sql SELECT 'goes' || 'on' AS x\r`);
    await program.see('goeson');
    await idle(program);
    expect(allPictures(program)).toHaveLength(1);
    expect(count(program, '› Ask about your data')).toBe(1);
    program.write('/quit\r');
    expect(await program.exit).toBe(0);
  });

  it('leaves nothing of the picture in the session file', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {env: {TERM: 'xterm-kitty'}});
    await drawn(program, bars);
    program.write('/quit\r');
    await program.exit;
    const files = readdirSync(bench.path('workspace', 'sessions'), {recursive: true, withFileTypes: true});
    const kept = files.filter(each => each.name.endsWith('.jsonl'));
    const sessions = kept.map(each => readFileSync(`${each.parentPath}/${each.name}`, 'utf8')).join('');
    expect(sessions).toContain('charts/mean-of-price-by-region');
    expect(sessions).not.toMatch(/iVBOR|u001b_G/);
  });

  it('is one in iTerm2', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {env: {TERM_PROGRAM: 'iTerm.app'}});
    await drawn(program, bars);
    const [, rows] = /^inline=1;size=\d+;width=\d+;height=(\d+);/.exec(pictures(program, 'iterm2')[0] ?? '') ?? [];
    expect(rowsOfPicture(program)).toBe(Number(rows));
  });

  it('is sixels where the terminal says that it shows them and how large its letters are', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {
      answer: reply => (reply === '\x1b[?1;2c' ? '\x1b[6;20;10t\x1b[?62;4;22c' : reply),
    });
    await drawn(program, bars);
    const [body] = pictures(program, 'sixel')[0]?.split('\x1b\\') ?? [];
    expect(rowsOfPicture(program)).toBe(drawSixels(`${starts.sixel}${body}\x1b\\`).height / 20);
  });

  it('follows the tool line of an answer and stands above its words', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {env: {TERM: 'xterm-kitty'}});
    await answered(program, 'plot price by region');
    const output = program.output();
    const places = ['draw_chart sales', starts.kitty, 'Bar chart: 3 bars'].map(text => output.lastIndexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(pictures(program, 'kitty')).toHaveLength(1);
  });
});

describe('a chart is characters', () => {
  it('in a terminal that is silent, whose late answer in pieces is not taken for typed text', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {
      answer: reply => (reply === '\x1b[?1;2c' ? '' : reply),
    });
    await drawn(program, bars);
    expect(program.lines().join('\n')).toMatch(/[▇█]{3}/);
    for (const piece of ['\x1b]11;rgb:ffff/', 'ffff/ffff\x1b\\\x1b[6;20', ';10t\x1b[?62;', '4c']) {
      program.write(piece);
      await new Promise(resolve => setTimeout(resolve, 80));
    }
    program.write('x');
    await program.until(() => program.screen().some(row => row === '› x'), 'the typed letter alone');
  });

  it.each<[string, Record<string, string>]>([
    ['in a terminal without pictures', {}],
    ['in tmux', {TERM: 'xterm-kitty', TMUX: '/tmp/x,1,0'}],
    ['in kitty where no picture is wanted', {TERM: 'xterm-kitty', DS_AGENT_IMAGES: 'off'}],
  ])('%s', async (_title, env) => {
    const program = await bench.ready(['--data', 'sales.csv'], {env});
    await drawn(program, bars);
    expect(allPictures(program)).toEqual([]);
    expect(program.lines().join('\n')).toMatch(/[▇█]{3}/);
  });

  it('in a window too small for a picture', async () => {
    const program = await bench.ready(['--data', 'sales.csv'], {env: {TERM: 'xterm-kitty'}, columns: 60, rows: 9});
    await drawn(program, bars);
    expect(allPictures(program)).toEqual([]);
  });

  it('for a screen reader', async () => {
    const program = bench.start(['--data', 'sales.csv'], {env: {TERM: 'xterm-kitty', ACCESSIBLE: '1'}});
    await program.see('4. distribution of price');
    program.write(`${bars}\r`);
    await program.see('Kept in the workspace:');
    expect(allPictures(program)).toEqual([]);
  });
});
