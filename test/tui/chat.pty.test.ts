import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type PtyOptions, type PtyProgram, startPty} from '../support/pty.ts';
import {bundleChatProgram} from './support/bundle.ts';

let bundle: {file: string; remove(): void};
const started: PtyProgram[] = [];
beforeAll(async () => {
  bundle = await bundleChatProgram();
});
afterEach(() => {
  for (const program of started.splice(0)) program.dispose();
});
afterAll(() => bundle.remove());

const seeded = ['$ echo earlier', 'earlier'];
const bar = 'gemini ●';

function start(options: Partial<PtyOptions> = {}, ...args: string[]): PtyProgram {
  const program = startPty({seeded, ...options, args: options.args ?? [bundle.file, ...args]});
  started.push(program);
  return program;
}
async function ready(options: Partial<PtyOptions> = {}, ...args: string[]): Promise<PtyProgram> {
  const program = start(options, ...args);
  await program.see(bar);
  return program;
}
const count = (program: PtyProgram, text: string) => program.lines().filter(line => line.includes(text)).length;
const clearsScreen = (program: PtyProgram) => /\[[23]J/.test(program.output());
const idle = (program: PtyProgram) => program.see('Ask about your data');
const submitted = (program: PtyProgram) =>
  JSON.parse(/submitted (\[.*\])/.exec(program.lines().join(''))?.[1] ?? 'null') as string[];

async function quit(program: PtyProgram): Promise<string[]> {
  program.write('\x03');
  await program.see('again to quit');
  program.write('\x03');
  expect(await program.exit).toBe(0);
  return submitted(program);
}

describe('the chat in a terminal', () => {
  it('shows prompt, answer and status bar exactly once, below what the shell had printed', async () => {
    const program = await ready();
    program.write('hello\r');
    await program.see('Next steps');
    await idle(program);
    expect(program.lines().slice(0, 2)).toEqual(seeded);
    expect(count(program, '› hello')).toBe(1);
    expect(count(program, 'You said: hello.')).toBe(1);
    expect(count(program, bar)).toBe(1);
    expect(await quit(program)).toEqual(['hello']);
    expect(count(program, bar)).toBe(0);
    expect(count(program, 'You said: hello.')).toBe(1);
  });

  it('a 200-line answer leaves exactly its 200 lines, in order, and nothing of the live region', async () => {
    const program = await ready();
    program.write('long 200\r');
    await program.see('Next steps');
    await idle(program);
    const lines = program.lines().filter(line => /^line \d+\.$/.test(line));
    expect(lines).toEqual(Array.from({length: 200}, (_, index) => `line ${index + 1}.`));
    expect(program.lines().slice(0, 2)).toEqual(seeded);
    expect(count(program, bar)).toBe(1);
    expect(clearsScreen(program)).toBe(false);
  });

  it('a long paragraph is written as one logical line, so that a copy has no breaks in it', async () => {
    const program = await ready({columns: 40});
    program.write('stream 60\r');
    await program.see('Next steps', 15_000);
    expect(count(program, 'token '.repeat(60).trim())).toBe(1);
  });

  it('tool calls are one line with rows in and out, time and receipt', async () => {
    const program = await ready();
    program.write('tool\r');
    await program.see('North is dearest.');
    expect(count(program, '▸ run_sql sales 4,000 → 2 rows 12 ms  #3')).toBe(1);
  });

  it('hostile text changes nothing on the screen but is shown', async () => {
    const program = await ready();
    program.write('hostile\r');
    await program.see('a\\x1b[2J\\x1b]0;title\\x07b\\x0dc');
    expect(program.output()).not.toContain('\x1b[2J');
  });

  it('keys typed before the view is up are not lost, Enter among them', async () => {
    const program = start();
    program.write('early\nhalf');
    await program.see('You said: early.');
    await program.see('› half');
    program.write('\x03');
    expect(await quit(program)).toEqual(['early']);
  });

  it('a paste with line ends is one draft; a long one is a placeholder and is sent whole', async () => {
    const program = await ready();
    program.write('\x1b[200~one\rtwo\x1b[201~');
    await program.see('two');
    program.write('\x03');
    program.write('a\rb\rc');
    await program.see('  c');
    program.write('\x03');
    program.write(`\x1b[200~${'row\r'.repeat(3000)}end\x1b[201~`);
    await program.see('[paste 1: 3001 lines]');
    program.write('\r');
    await program.see('You said', 15_000);
    await idle(program);
    expect(count(program, '› [paste 1: 3001 lines]')).toBe(1);
    expect(await quit(program)).toEqual([`${'row\n'.repeat(3000)}end`]);
  });

  it('a lost end of paste does not swallow Ctrl-C or the keys after a second', async () => {
    const program = await ready();
    program.write('\x1b[200~lost');
    await program.see('› lost', 3000);
    program.write(' more');
    await program.see('› lost more');
    program.write('\x03');
    await idle(program);
  });

  it('Shift+Enter in modifyOtherKeys and kitty form, Alt+Enter and Ctrl-J make one message of several lines', async () => {
    const program = await ready();
    program.write('a\x1b[27;2;13~b\x1b[13;2uc\x1b\rd\ne');
    await program.see('  e');
    program.write('\r');
    await program.see('You said');
    expect(await quit(program)).toEqual(['a\nb\nc\nd\ne']);
  });

  it('a line sent while busy waits visibly, Up takes it back, and the rest runs in order', async () => {
    const program = await ready();
    program.write('stream 40\r');
    await program.see('token token');
    program.write('second\r');
    await program.see('⋯ second');
    program.write('third\r');
    await program.see('⋯ third');
    program.write('\x1b[A');
    await program.see('› third');
    program.write('\x15');
    await program.see('You said: second.');
    await idle(program);
    expect(await quit(program)).toEqual(['stream 40', 'second']);
  });
});

describe('Ctrl-C and leaving', () => {
  it('stops the turn, then clears the draft, then asks, then quits with 0', async () => {
    const program = await ready();
    program.write('slow\r');
    await program.see('1s');
    program.write('draft');
    await program.see('› draft');
    program.write('\x03');
    await program.see('■ stopped');
    expect(count(program, '› draft')).toBe(1);
    program.write('\x03');
    await idle(program);
    program.write('\x1b[A');
    await program.see('› draft');
    program.write('\x03');
    await idle(program);
    expect(await quit(program)).toEqual(['slow']);
  });

  it('Escape stops the turn', async () => {
    const program = await ready();
    program.write('slow\r');
    await program.see('Esc stops');
    program.write('\x1b');
    await program.see('■ stopped');
  });

  it('stopping gives queued lines back as a draft instead of running them', async () => {
    const program = await ready();
    program.write('slow\r');
    await program.see('Esc stops');
    program.write('next\r');
    await program.see('⋯ next');
    program.write('\x03');
    await program.see('■ stopped');
    await program.see('› next');
    program.write('\x03');
    expect(await quit(program)).toEqual(['slow']);
  });

  it('the question of a tool is answered by y, and by n', async () => {
    const program = await ready();
    program.write('approve\r');
    await program.see('? Import /tmp/other.csv?');
    await sleep(300);
    program.write('n');
    await program.see('Left it.');
    await idle(program);
    program.write('approve\r');
    await program.see('y allow');
    await sleep(300);
    program.write('y');
    await program.see('Imported it.');
  });

  it.each([
    ['Ctrl-D', '\x04', 0],
    ['/quit', '/quit\r', 0],
    ['/quit while a turn runs', 'slow\r/quit\r', 0],
    ['SIGTERM', 'signal SIGTERM\r', 143],
    ['SIGHUP', 'signal SIGHUP\r', 129],
    ['SIGINT', 'signal SIGINT\r', 130],
  ])('%s restores the terminal and ends with the right code', async (_title, keys, code) => {
    const shell = `stty -g; "${process.execPath}" "${bundle.file}"; echo "code $?"; stty -g; sleep 0.1`;
    const program = await ready({file: '/bin/sh', args: ['-c', shell]});
    for (const part of keys.split(/(?<=\r)/)) {
      program.write(part);
      await sleep(80);
    }
    await program.exit;
    expect(count(program, `code ${code}`)).toBe(1);
    const modes = program.lines().filter(line => /^[0-9a-f]+(:[0-9a-f]+){10,}/.test(line));
    expect(modes).toHaveLength(2);
    expect(modes[0]).toBe(modes[1]);
    const last = (on: string, off: string) => program.output().lastIndexOf(off) >= program.output().lastIndexOf(on);
    expect(last('\x1b[?2004h', '\x1b[?2004l')).toBe(true);
    expect(last('\x1b[?25l', '\x1b[?25h')).toBe(true);
    expect(count(program, bar)).toBe(0);
  });
});

describe('other keys of the terminal', () => {
  it('a redirected stderr gets no control codes', async () => {
    const errors = `${bundle.file}.stderr`;
    const shell = `"${process.execPath}" "${bundle.file}" 2> "${errors}"`;
    const program = await ready({file: '/bin/sh', args: ['-c', shell]});
    program.write('\x04');
    await program.exit;
    expect(readFileSync(errors, 'utf8')).toBe('exit 0; submitted []\n');
  });

  it('Ctrl-Z gives the terminal back to the shell, and fg brings the chat back with its draft', async () => {
    const program = start({file: '/bin/bash', args: ['--norc', '--noediting', '-i'], env: {PS1: 'shell> '}});
    await program.see('shell> ');
    program.write(`'${process.execPath}' '${bundle.file}'\r`);
    await program.see(bar);
    program.write('half a thought');
    await program.see('› half a thought');
    program.write('\x1a');
    await program.see('Stopped');
    expect(count(program, bar)).toBe(0);
    program.write('stty -a | grep -o -- "-\\?icanon"; echo back\r');
    await program.until(() => program.lines().includes('back'), 'the shell');
    expect(program.lines()).toContain('icanon');
    program.write('fg\r');
    await program.see('› half a thought');
    program.write('\x15hello\r');
    await program.see('You said: hello.');
    expect(count(program, bar)).toBe(1);
  });

  it('Ctrl-L draws the live region anew and keeps what stands above it', async () => {
    const program = await ready();
    program.write('hello\r');
    await program.see('Next steps');
    await idle(program);
    const before = program.output().length;
    program.write('\x0c');
    await program.until(() => program.output().slice(before).includes(bar), 'a repaint');
    expect(count(program, bar)).toBe(1);
    expect(count(program, 'You said: hello.')).toBe(1);
  });

  it('Tab completes a command and a dataset, and the list is gone afterwards', async () => {
    const program = await ready();
    program.write('/h');
    await program.see('what /help does');
    program.write('\t');
    await program.see('› /help');
    expect(count(program, 'what /help does')).toBe(0);
    program.write('\x15see @sa');
    await program.see('@sales  dataset');
    program.write('\t');
    await program.see('› see @sales');
    expect(count(program, '@sales  dataset')).toBe(0);
  });

  it('Ctrl-R finds an earlier line', async () => {
    const program = await ready();
    program.write('\x12first');
    await program.see('search "first": first question');
    program.write('\r');
    await program.see('You said: first question.');
  });
});

describe('what waits, and what does not', () => {
  it('an idle chat writes nothing and uses no processor time', async () => {
    const program = await ready();
    program.write('hello\r');
    await program.see('Next steps');
    await sleep(300);
    const ticks = () => {
      const fields = readFileSync(`/proc/${program.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    };
    const before = {output: program.output().length, ticks: ticks()};
    await sleep(2000);
    expect(program.output().length).toBe(before.output);
    expect(ticks() - before.ticks).toBeLessThanOrEqual(1);
  });

  it('a retry counts down with falling values and is gone when the answer comes', async () => {
    const program = await ready();
    program.write('retry\r');
    const seen: number[] = [];
    await program.until(() => {
      const value = /retry 2\/4 in ([\d.]+)s \(429\)/.exec(program.screen().join('\n'))?.[1];
      if (value !== undefined && seen.at(-1) !== Number(value)) seen.push(Number(value));
      return count(program, 'At last.') > 0;
    }, 'answer');
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    await idle(program);
    expect(count(program, 'retry 2/4')).toBe(0);
    expect(count(program, 'Rate limit hit (attempt 2/4). Retrying in 1.5s...')).toBe(1);
  });

  it('an open breaker counts down in the status bar although nothing else happens', async () => {
    const program = start({}, 'breaker');
    const seen = new Set<string>();
    await program.until(() => {
      const value = /gemini ○ open ([\d:.]+s?) → openai/.exec(program.screen().join('\n'))?.[1];
      if (value !== undefined) seen.add(value);
      return program.screen().join('\n').includes('probes next');
    }, 'the end of the wait');
    expect([...seen].filter(value => /^0:0[3456]$/.test(value)).length).toBeGreaterThan(1);
    expect([...seen].filter(value => /^[012]\.\ds$/.test(value)).length).toBeGreaterThan(5);
    const before = program.output().length;
    await sleep(500);
    expect(program.output().length).toBe(before);
  });

  it('without colour nothing is coloured; with it, the marks are', async () => {
    const plain = await ready();
    plain.write('tool\r');
    await plain.see('Next steps');
    expect(
      plain
        .output()
        .split('\x1b[')
        .some(part => /^[\d;]*m/.test(part)),
    ).toBe(false);
    const coloured = await ready({}, 'color');
    expect(coloured.output()).toContain('\x1b[32m●');
  });

  it('CI=1 in a terminal does not freeze the frames', async () => {
    const program = await ready({env: {CI: '1'}});
    program.write('abc');
    await program.see('› abc');
  });

  it('accessible mode has no bar and no running countdown, and says when a wait begins and ends', async () => {
    const program = start({}, 'accessible');
    await program.see('›');
    program.write('retry\r');
    await program.see('At last.');
    expect(count(program, 'Retrying in 1.5s')).toBe(1);
    expect(count(program, 'Trying again now.')).toBe(1);
    expect(program.output()).not.toContain('retry 2/4');
  });
});

async function storm(program: PtyProgram): Promise<void> {
  let seed = 7;
  const random = (low: number, high: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return low + (seed % (high - low + 1));
  };
  for (let index = 0; index < 80; index++) {
    program.resize(random(20, 200), random(6, 60));
    await sleep(5);
  }
  program.resize(80, 24);
}

describe('sizes', () => {
  it.each([
    [80, 24],
    [30, 6],
    [12, 3],
    [20, 2],
  ])('at %i × %i an answer stays exact and old lines survive', async (columns, rows) => {
    const program = start({columns, rows});
    await program.see('›');
    program.write('long 40\r');
    await program.until(() => count(program, 'line 40.') === 1 && count(program, 'Profile') > 0, 'answer');
    const lines = program.lines().filter(line => /^line \d+\.$/.test(line));
    expect(lines).toEqual(Array.from({length: 40}, (_, index) => `line ${index + 1}.`));
    expect(program.lines().slice(0, 2)).toEqual(seeded);
    expect(clearsScreen(program)).toBe(false);
  });

  it('a storm of sizes while streaming loses and doubles nothing', async () => {
    const program = await ready();
    program.write('long 400\r');
    await storm(program);
    await program.see('Next steps', 20_000);
    await idle(program);
    const lines = program.lines().filter(line => /^line \d+\.$/.test(line));
    expect(lines).toEqual(Array.from({length: 400}, (_, index) => `line ${index + 1}.`));
    expect(program.lines().slice(0, 2)).toEqual(seeded);
    expect(count(program, bar)).toBe(1);
    expect(count(program, '› ')).toBe(2);
  });

  it('a storm of sizes leaves one status bar', async () => {
    const program = await ready();
    await sleep(300);
    await storm(program);
    await idle(program);
    expect(count(program, bar)).toBe(1);
    expect(program.lines().slice(0, 2)).toEqual(seeded);
  });
});
