import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {count, idle, openChatBench, questionTakesKeys} from '../support/chat-bench.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench} = await openChatBench();

const rowsOf = (row: (index: number) => string, count = 30) => Array.from({length: count}, (_, index) => row(index));
const write = (name: string, lines: string[]) => writeFileSync(bench.path(name), `${lines.join('\n')}\n`);
const chat = (...args: string[]) => bench.ready(args, {columns: 120, rows: 40});
const text = (terminal: PtyProgram) => terminal.lines().join('\n');

/** Waits for the preview number `times`, and until its keys are taken: keys typed before it was seen do not count. */
async function previewed(terminal: PtyProgram, times = 1): Promise<void> {
  const isShown = () => count(terminal, 'Preview of ') === times && text(terminal).includes('like this?');
  await terminal.until(isShown, `preview ${times}`, 15_000);
  await questionTakesKeys();
}

describe('/upload in the chat', () => {
  it('shows a clean file in short and imports it by Enter, and not before', async () => {
    write('sales.csv', ['region,price', ...rowsOf(index => `${index % 2 ? 'north' : 'south'},${index + 10}`)]);
    const terminal = await chat();
    terminal.write('/upload sales.csv\r');
    await previewed(terminal);
    expect(text(terminal)).toContain('Preview of sales.csv: 30 rows × 2 columns (comma, 1 header row, utf-8)');
    expect(text(terminal)).toMatch(/3 of 30 rows/);
    expect(text(terminal)).toContain('Enter import   d next delimiter   h header on/off   n cancel');
    expect(text(terminal)).not.toContain('Delimiter:');
    expect(text(terminal)).not.toContain('sales 30 × 2');
    terminal.write('\r');
    await terminal.see('✓ sales v1');
    await terminal.see('sales 30 × 2 v1');
  });

  it('says a failed import once, and a done one once', async () => {
    write('sales.csv', ['region,price', 'north,1', 'south,2']);
    const terminal = await chat();
    terminal.write('/upload nothere.csv\r');
    await terminal.see('nothere.csv does not exist', 15_000);
    await idle(terminal);
    expect(count(terminal, 'does not exist')).toBe(1);
    expect(count(terminal, 'Check the path')).toBe(1);
    terminal.write('/upload sales.csv\r');
    await previewed(terminal);
    terminal.write('\r');
    await terminal.see('✓ sales v1');
    await idle(terminal);
    expect(count(terminal, 'sales v1')).toBe(1);
    terminal.write('/upload sales.csv\r');
    await previewed(terminal, 2);
    terminal.write('\r');
    await terminal.see('Already imported as sales', 15_000);
  });

  it('shows what was repaired; d takes the next delimiter, h changes the header, Enter keeps that reading', async () => {
    write('odd.csv', ['a;b|c', ...rowsOf(index => `${index};x${index}|${index}`), '7']);
    const terminal = await chat();
    terminal.write('/upload odd.csv\r');
    await previewed(terminal);
    expect(text(terminal)).toMatch(/Delimiter: \S+ \(\d+ % sure, else \S+\); 1 header row/);
    expect(text(terminal)).toMatch(/Encoding: utf-8 \(\d+ % sure\)/);
    expect(text(terminal)).toMatch(/Rows: 31 read, 3[01] kept, \d repaired, \d dropped/);
    const first = /Delimiter: (\S+) .*else (\w+)/.exec(text(terminal));
    terminal.write('d');
    await previewed(terminal, 2);
    expect(text(terminal)).toContain(`Delimiter: ${first?.[2]} (`);
    terminal.write('h');
    await previewed(terminal, 3);
    expect(text(terminal)).toMatch(/no header row/);
    terminal.write('\r');
    await terminal.see('✓ odd v1');
    await terminal.see('odd 32 × 2 v1');
  });

  it('o changes the order of ambiguous dates', async () => {
    write('dates.csv', ['day,n', ...rowsOf(index => `0${1 + (index % 9)}/0${1 + ((index * 2) % 9)}/2024,${index}`)]);
    const terminal = await chat();
    terminal.write('/upload dates.csv\r');
    await previewed(terminal);
    expect(text(terminal)).toContain('ambiguous dates');
    const days = () => terminal.lines().filter(line => /2024-\d\d-\d\d/.test(line));
    terminal.write('o');
    await previewed(terminal, 2);
    const shown = days();
    expect(shown).toHaveLength(16);
    expect(shown[0]).toBe(shown[8]);
    expect(shown[1]).not.toBe(shown[9]);
    terminal.write('\r');
    await terminal.see('✓ dates v1');
  });

  it.each([
    ['n', 'n'],
    ['Esc', '\x1b'],
    ['Ctrl-C', '\x03'],
  ])('%s leaves the workspace as it was, and the chat goes on', async (_title, keys) => {
    write('sales.csv', ['region,price', ...rowsOf(index => `north,${index}`)]);
    const terminal = await chat();
    terminal.write('/upload sales.csv\r');
    await previewed(terminal);
    terminal.write('x');
    terminal.write(keys);
    await terminal.see('Nothing was imported.');
    await idle(terminal);
    terminal.write('/datasets\r');
    await terminal.until(() => count(terminal, '› /datasets') === 1, 'the list');
    await idle(terminal);
    expect(text(terminal)).not.toContain('sales v1');
  });

  it('with --yes imports without asking', async () => {
    write('sales.csv', ['region,price', ...rowsOf(index => `north,${index}`)]);
    const terminal = await chat('--yes');
    terminal.write('/upload sales.csv\r');
    await terminal.see('sales 30 × 2 v1', 15_000);
    expect(text(terminal)).not.toContain('Preview of');
  });
});

describe('a table pasted into the empty line', () => {
  const table = `a,b\n${rowsOf(index => `${index},x`, 5).join('\n')}`;
  const paste = `\x1b[200~${table.replaceAll('\n', '\r')}\x1b[201~`;

  it('becomes the dataset "pasted" by y and Enter', async () => {
    const terminal = await chat();
    terminal.write(paste);
    await terminal.see('? Import this as a dataset?');
    terminal.write('y');
    await previewed(terminal);
    expect(text(terminal)).toContain('Preview of the pasted table: 5 rows × 2 columns');
    terminal.write('\r');
    await terminal.see('✓ pasted v1');
    await terminal.see('pasted 5 × 2 v1');
    expect(count(terminal, '› [pasted table: 6 lines]')).toBe(1);
  });

  it('goes into the line by n, as does a paste that is no table at once', async () => {
    const terminal = await chat();
    terminal.write(paste);
    await terminal.see('? Import this as a dataset?');
    terminal.write('n');
    await terminal.see('› a,b');
    expect(text(terminal)).not.toContain('? Import this');
    terminal.write('\x03');
    await idle(terminal);
    terminal.write('\x1b[200~SELECT a, b\rFROM x, y\rORDER BY a, b\x1b[201~');
    await terminal.see('› SELECT a, b');
    expect(text(terminal)).not.toContain('? Import this');
  });

  it('with --yes is imported after the one question', async () => {
    const terminal = await chat('--yes');
    terminal.write(paste);
    await terminal.see('? Import this as a dataset?');
    terminal.write('y');
    await terminal.see('✓ pasted v1', 15_000);
    expect(text(terminal)).not.toContain('Preview of');
  });
});
