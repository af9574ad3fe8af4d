import {describe, expect, it} from 'vitest';
import {programPath} from '../support/built-program.ts';
import {count, idle, openChatBench} from '../support/chat-bench.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench} = await openChatBench();

/** The built program in a terminal, with no key and nothing of the person's own settings. */
const chat = (...args: string[]) => chatIn('', ...args);

function chatIn(setting: string, ...args: string[]): PtyProgram {
  const command = `${setting} '${process.execPath}' '${programPath}' ${args.join(' ')}`;
  return bench.start([], {file: '/bin/sh', args: ['-c', `stty -g; ${command}; echo "code $?"; stty -g; sleep 0.1`]});
}
const answered = (terminal: PtyProgram, times: number) =>
  terminal.until(() => count(terminal, 'Next steps (type a number)') === times, `answer ${times}`, 15_000);

async function leave(terminal: PtyProgram, code: number): Promise<void> {
  await terminal.exit;
  expect(count(terminal, `code ${code}`)).toBe(1);
  const modes = terminal.lines().filter(line => /^[0-9a-f]+(:[0-9a-f]+){10,}/.test(line));
  expect(modes).toHaveLength(2);
  expect(modes[0]).toBe(modes[1]);
  const isLast = (on: string, off: string) => terminal.output().lastIndexOf(off) >= terminal.output().lastIndexOf(on);
  expect(isLast('\x1b[?2004h', '\x1b[?2004l') && isLast('\x1b[?25l', '\x1b[?25h')).toBe(true);
}

describe('ds-agent in a terminal, without a key', () => {
  it('imports, answers from computed numbers, takes the number of a step, lists commands and leaves the terminal as it was', async () => {
    const terminal = chat('--data', 'sales.csv');
    await idle(terminal);
    expect(terminal.screen().join('\n')).toMatch(/offline · sales 60 × 3 v1/);

    terminal.write('average price by region\r');
    await answered(terminal, 2);
    expect(count(terminal, '› average price by region')).toBe(1);
    expect(terminal.lines().join('\n')).toMatch(/▸ run_sql sales 60 → 3 rows \d+ ms {2}#\d+/);
    expect(terminal.lines().join('\n')).toMatch(/east\b.*\b20\b/);

    terminal.write('1\r');
    await answered(terminal, 3);
    expect(count(terminal, '› 1')).toBe(1);
    expect(terminal.lines().some(line => line.startsWith('  = '))).toBe(true);

    terminal.write('/help\r');
    await terminal.see('/upload FILE');
    terminal.write('/sql SELECT count(*) AS n FROM sales\r');
    await terminal.until(() => terminal.lines().some(line => /^\s*60\s*$/.test(line)), 'the count');
    await terminal.until(() => count(terminal, 'offline · sales') === 1, 'one status bar');

    terminal.write('/quit\r');
    await leave(terminal, 0);
  });

  it('keeps the data and the history for the next start, and shows its first frame in time', async () => {
    const first = chat('--data', 'sales.csv');
    await idle(first);
    first.write('describe sales\r');
    await answered(first, 2);
    first.write('\x04');
    await leave(first, 0);

    const startedAt = performance.now();
    const again = chat();
    await idle(again);
    const firstFrameMs = performance.now() - startedAt;
    process.stdout.write(`first frame of the chat: ${firstFrameMs.toFixed(0)} ms, shell and terminal included\n`);
    // The budget is 250 ms on a quiet machine and is measured in the bench; this only catches a lost order of magnitude.
    expect(firstFrameMs).toBeLessThan(2500);
    expect(terminalText(again)).toContain('sales 60 × 3 v1');
    again.write('\x1b[A');
    await again.see('› describe sales');
    again.write('\x03');
    await idle(again);
    again.write('\x03');
    await again.see('again to quit');
    again.write('\x03');
    await leave(again, 0);
  });

  it('NO_COLOR, CI and --accessible are honoured in the chat', async () => {
    const coloured = (terminal: PtyProgram) =>
      terminal
        .output()
        .split('\x1b[')
        .some(part => /^[\d;]+m/.test(part));
    const usual = chat('--data', 'sales.csv');
    await idle(usual);
    usual.write('describe sales\r');
    await answered(usual, 2);
    expect(coloured(usual)).toBe(true);
    for (const [setting, seen] of [
      ['NO_COLOR=1 CI=1', 'offline · sales'],
      ['NO_COLOR=1 ACCESSIBLE=1', '›'],
    ] as const) {
      const plain = chatIn(setting);
      await plain.see(seen, 15_000);
      plain.write('describe sales\r');
      await answered(plain, 2);
      expect(coloured(plain)).toBe(false);
      const bars = setting.includes('CI') ? 1 : 0;
      await plain.until(() => count(plain, 'offline · sales') === bars, `${bars} status bars`);
    }
  });

  it('a question typed before the view is up is answered', async () => {
    const terminal = chat('--data', 'sales.csv');
    terminal.write('how many rows\n');
    await answered(terminal, 2);
    expect(terminal.lines().join('\n')).toMatch(/\b60\b/);
  });

  it('a bad line says what to do and the chat goes on', async () => {
    const terminal = chat('--data', 'sales.csv');
    await idle(terminal);
    terminal.write('/sql DELETE FROM sales\r');
    await terminal.see('✗');
    terminal.write('/nosuch\r');
    await terminal.see('There is no command /nosuch');
    terminal.write('/upload missing.csv\r');
    await terminal.until(() => count(terminal, '✗') >= 3, 'a third refusal');
    terminal.write('/quit\r');
    await leave(terminal, 0);
  });
});

function terminalText(terminal: PtyProgram): string {
  return terminal.lines().join('\n');
}
