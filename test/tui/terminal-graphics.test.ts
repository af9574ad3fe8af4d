import {describe, expect, it} from 'vitest';
import {GraphicsQuestion} from '../../src/tui/terminal-graphics.ts';
import {FakeClock} from '../support/fake-clock.ts';

function question() {
  const written: string[] = [];
  const clock = new FakeClock();
  const asked = new GraphicsQuestion(
    data => written.push(data),
    clock,
    () => ({columns: 80, rows: 24}),
  );
  return {asked, written, clock};
}
const settle = () => new Promise(resolve => setImmediate(resolve));

describe('the question what a terminal shows of pictures', () => {
  it('is answered by the attributes, which end the waiting, and asks for the limits of sixels only where there are any', async () => {
    const {asked, written} = question();
    const none = asked.ask();
    asked.hear({type: 'cell_size', width: 9, height: 18});
    asked.hear({type: 'attributes', codes: [62, 22]});
    expect(await none).toEqual({sixel: false, cell: {width: 9, height: 18}, colors: null, area: null, dark: null});
    expect(written).toHaveLength(1);
    const some = asked.ask();
    asked.hear({type: 'background', dark: true});
    asked.hear({type: 'cell_size', width: 18, height: 36});
    asked.hear({type: 'attributes', codes: [62, 4]});
    await settle();
    asked.hear({type: 'sixel_colors', count: 1024});
    asked.hear({type: 'sixel_area', width: 1000, height: 1000});
    asked.hear({type: 'attributes', codes: [62, 4]});
    expect(await some).toEqual({
      sixel: true,
      cell: {width: 18, height: 36},
      colors: 1024,
      area: {width: 1000, height: 1000},
      dark: true,
    });
    // Background and cell, then the limits of sixels; each round ends with what every terminal answers.
    const first = '\x1b]11;?\x1b\\\x1b[16t\x1b[c';
    expect(written).toEqual([first, first, '\x1b[?1;1;0S\x1b[?2;1;0S\x1b[c']);
  });

  it('waits half a second for a silent terminal, once; a late answer counts the next time', async () => {
    const {asked, written, clock} = question();
    const first = asked.ask();
    await clock.advance(500);
    expect((await first).sixel).toBe(false);
    expect((await asked.ask()).sixel).toBe(false);
    expect([clock.sleeps, written.length]).toEqual([[500], 1]);
    asked.hear({type: 'attributes', codes: [4]});
    const next = asked.ask();
    asked.hear({type: 'attributes', codes: [4]});
    await settle();
    asked.hear({type: 'attributes', codes: [4]});
    expect((await next).sixel).toBe(true);
  });

  it.each([
    ['the whole window is 80 × 24 cells of it', {width: 480, height: 312}, {width: 6, height: 13}],
    ['a window above the limit tells nothing', {width: 1000, height: 1000}, null],
    ['a width that fits alone tells nothing', {width: 480, height: 313}, null],
    ['a height that fits alone tells nothing', {width: 481, height: 312}, null],
  ])('knows the cell of an xterm: %s', async (_title, area, cell) => {
    const {asked} = question();
    const answer = asked.ask();
    asked.hear({type: 'attributes', codes: [4]});
    await settle();
    asked.hear({type: 'sixel_area', ...area});
    asked.hear({type: 'attributes', codes: [4]});
    expect((await answer).cell).toEqual(cell);
  });

  it('asked twice at once asks the terminal once', async () => {
    const {asked, written} = question();
    const both = [asked.ask(), asked.ask()];
    asked.hear({type: 'attributes', codes: [62]});
    await Promise.all(both);
    expect(written).toHaveLength(1);
  });
});
