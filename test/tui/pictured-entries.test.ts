import headless from '@xterm/headless';
import {describe, expect, it} from 'vitest';
import type {Artifact} from '../../src/core/tool.ts';
import {type ChartPicture, PicturedEntries, pictureText} from '../../src/tui/pictured-entries.ts';
import type {Entry} from '../../src/tui/view-model.ts';

const room = {columns: 80, rows: 24};
const chart = (path: string): Artifact => ({kind: 'chart', title: path, path, preview: '▇'});
const command = (...charts: Artifact[]): Entry => ({kind: 'command', ok: true, text: '', table: undefined, charts});
const notice = (message: string): Entry => ({kind: 'notice', level: 'info', message});
const drawnAs = (data: string, size = {columns: 60, rows: 18}): ChartPicture => ({
  data,
  ...size,
  caption: 'a chart',
  erase: '<erase>',
});

describe('what is finished', () => {
  it('waits for the pictures of its charts, and what comes behind a chart stays behind it', async () => {
    const drawing = new Map<string, (picture: ChartPicture | null) => void>();
    let ready = 0;
    const entries = new PicturedEntries(
      path => new Promise(resolve => drawing.set(path, resolve)),
      () => ready++,
    );
    const [a, b] = [chart('a.svg'), chart('b.svg')];
    const [first, second] = [command(a), command(b)];
    entries.push([notice('before'), first, notice('between'), second], room);
    expect(entries.take({all: false})).toEqual([notice('before')]);
    drawing.get('b.svg')?.(drawnAs('B'));
    await new Promise(resolve => setImmediate(resolve));
    expect([ready, entries.take({all: false})]).toEqual([1, []]);
    drawing.get('a.svg')?.(null);
    await new Promise(resolve => setImmediate(resolve));
    expect([ready, entries.take({all: false})]).toEqual([2, [first, notice('between'), second]]);
    expect([entries.pictureOf(a, room), entries.pictureOf(b, room)?.data]).toEqual([null, 'B']);
  });

  it('is written at once, as characters, when the chat is left', () => {
    const entries = new PicturedEntries(
      () => new Promise(() => {}),
      () => {},
    );
    const waiting = command(chart('a.svg'));
    entries.push([waiting], room);
    expect(entries.take({all: true})).toEqual([waiting]);
  });

  it('has no picture that the window has become too small for', async () => {
    const entries = new PicturedEntries(
      async () => drawnAs('A'),
      () => {},
    );
    for (const [size, data] of [
      [{columns: 60, rows: 19}, 'A'],
      [{columns: 59, rows: 19}, undefined],
      [{columns: 60, rows: 18}, undefined],
    ] as const) {
      const shown = chart('a.svg');
      entries.push([command(shown)], room);
      await new Promise(resolve => setImmediate(resolve));
      expect(entries.pictureOf(shown, size)?.data).toBe(data);
    }
  });
});

describe('a new width of the window', () => {
  it('removes pictures once, since they would lie over lines that are wrapped anew; a new height does not', async () => {
    const entries = new PicturedEntries(
      async () => drawnAs('A'),
      () => {},
    );
    expect(entries.resized({columns: 70, rows: 24})).toBe('');
    const shown = chart('a.svg');
    entries.push([command(shown)], room);
    await new Promise(resolve => setImmediate(resolve));
    entries.pictureOf(shown, room);
    expect(entries.resized({columns: 80, rows: 20})).toBe('');
    expect(entries.resized({columns: 70, rows: 20})).toBe('<erase>');
    expect(entries.resized({columns: 60, rows: 20})).toBe('');
  });
});

describe('a picture on the screen', () => {
  it.each([0, 3, 9])(
    'takes exactly its rows, from row %i of 10, wherever the terminal leaves its cursor',
    async start => {
      const terminal = new headless.Terminal({cols: 40, rows: 10, scrollback: 100, allowProposedApi: true});
      terminal.write('x\r\n'.repeat(start));
      // Some terminals leave the cursor behind the picture, at its last row.
      const text = pictureText(drawnAs('\x1b[5B\x1b[20C', {columns: 20, rows: 6}));
      await new Promise<void>(resolve => terminal.write(`${text}after`.replaceAll('\n', '\r\n'), resolve));
      const {active} = terminal.buffer;
      const rows = Array.from({length: active.length}, (_, row) => active.getLine(row)?.translateToString(true));
      expect(rows.indexOf('after')).toBe(start + 6);
      expect(rows.filter(Boolean)).toHaveLength(start + 1);
      terminal.dispose();
    },
  );
});
