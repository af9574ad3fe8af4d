import headless from '@xterm/headless';
import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import {Painter} from '../../src/tui/painter.ts';
import {rowChange} from '../../src/tui/row-change.ts';

type Screen = {columns: number; rows: number};

function open({columns, rows}: Screen) {
  const terminal = new headless.Terminal({cols: columns, rows, scrollback: 20_000, allowProposedApi: true});
  const settled = () => new Promise<void>(resolve => terminal.write('', resolve));
  const logical = () => {
    const buffer = terminal.buffer.active;
    const lines: string[] = [];
    for (let index = 0; index < buffer.length; index++) {
      const line = buffer.getLine(index);
      if (line?.isWrapped) lines.push((lines.pop() ?? '') + line.translateToString(true));
      else lines.push(line?.translateToString(true) ?? '');
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  };
  const rowsOnScreen = () => {
    const {baseY} = terminal.buffer.active;
    return Array.from(
      {length: terminal.rows},
      (_, row) => terminal.buffer.active.getLine(baseY + row)?.translateToString(true) ?? '',
    );
  };
  return {terminal, settled, logical, rowsOnScreen};
}

const random = (seed: number) => {
  let state = seed;
  return (low: number, high: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return low + (state % (high - low + 1));
  };
};

describe('the painter', () => {
  // A frame is drawn for the size the program knows, and read by a terminal that may have changed meanwhile.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'leaves each finished line once and one region, whatever size a frame meets (seed %i)',
    async seed => {
      const pick = random(seed);
      const {terminal, settled, logical} = open({columns: 80, rows: 24});
      terminal.write('$ seeded\r\n');
      const painter = new Painter(data => terminal.write(data.replaceAll(/(?<!\r)\n/g, '\r\n')));
      const known = {columns: 80, rows: 24};
      const finished: string[] = [];
      const frame = () => {
        const more = pick(0, 2);
        const added = Array.from({length: more}, () => `line ${finished.push('') + 0} ${'word '.repeat(pick(0, 40))}.`);
        finished.splice(finished.length - more, more, ...added);
        const rows = pick(1, 4);
        const lines = Array.from({length: rows}, (_, row) =>
          `live ${row} ${'='.repeat(pick(0, 300))}`.slice(0, known.columns - 1),
        );
        painter.paint(added.map(line => `${line}\n`).join(''), {lines, cursorX: pick(0, 1) === 0 ? null : pick(0, 5)});
      };
      for (let step = 0; step < 120; step++) {
        frame();
        if (pick(0, 2) > 0) continue;
        // Some bytes are read before the change and some after it; the program hears of it later.
        if (pick(0, 1) === 0) await settled();
        terminal.resize(pick(20, 200), pick(6, 60));
        if (pick(0, 1) === 0) frame();
        if (pick(0, 1) === 0) await settled();
        Object.assign(known, {columns: terminal.cols, rows: terminal.rows});
        painter.clear();
      }
      painter.clear();
      painter.paint('', {lines: ['live bar'], cursorX: 0});
      await settled();
      const lines = logical();
      expect(lines.filter(line => line.startsWith('line '))).toEqual(finished);
      expect(lines.filter(line => line.includes('live'))).toEqual(['live bar']);
      expect(lines[0]).toBe('$ seeded');
    },
  );

  it('writes a changed digit and nothing else of a row', () => {
    const written: string[] = [];
    const painter = new Painter(data => written.push(data));
    painter.paint('', {lines: ['› ', `gemini ○ open 4:32 → openai · sales ${'x'.repeat(40)}`], cursorX: 2});
    painter.paint('', {lines: ['› ', `gemini ○ open 4:31 → openai · sales ${'x'.repeat(40)}`], cursorX: 2});
    expect(written[1]).toHaveLength('\x1b[?2026h\x1b[?7l\x1b[1B\r\x1b[17C1\x1b[?7h\x1b[1A\r\x1b[2C\x1b[?2026l'.length);
    painter.paint('', {lines: ['› ', `gemini ○ open 4:31 → openai · sales ${'x'.repeat(40)}`], cursorX: 2});
    expect(written).toHaveLength(2);
  });

  it('hides the cursor while it stands at the start only, and shows it again when the region goes', () => {
    let written = '';
    const painter = new Painter(data => {
      written = data;
    });
    painter.paint('', {lines: ['a', 'b'], cursorX: null});
    expect(written).toContain('\x1b[?25l');
    painter.paint('', {lines: ['a', 'c'], cursorX: null});
    expect(written).not.toContain('\x1b[?25');
    painter.clear();
    expect(written).toBe('\r\x1b[J\x1b[?25h');
  });
});

describe('the change of a row', () => {
  const style = new Chalk({level: 1});
  const rows = [
    '',
    'plain',
    'plane',
    `${style.green('●')} closed ${style.dim('· ')}sales`,
    `${style.red('○')} open 4:32 ${style.dim('· ')}sales`,
    `${style.red('○')} open 4:31 ${style.dim('· ')}sales`,
    `${style.bold('› ')}日本語 ${style.inverse('x')}`,
    `${style.bold('› ')}日本語👩‍👩‍👧 ${style.inverse(' ')}`,
    style.dim(style.bold('both')),
  ];

  it('gives the same cells and colours as the row itself, from each to each', async () => {
    const cellsOf = async (text: string) => {
      const {terminal, settled} = open({columns: 60, rows: 3});
      terminal.write(text);
      await settled();
      const line = terminal.buffer.active.getLine(0);
      return Array.from({length: 40}, (_, column) => {
        const cell = line?.getCell(column);
        return [cell?.getChars() || ' ', cell?.getFgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()].join();
      });
    };
    for (const before of rows)
      for (const after of rows)
        expect(await cellsOf(`${before}\r${rowChange(before, after)}`), `${before} → ${after}`).toEqual(
          await cellsOf(after),
        );
  });
});
