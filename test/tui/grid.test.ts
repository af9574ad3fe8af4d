import {Chalk} from 'chalk';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Cell, TableColumn} from '../../src/core/dataset.ts';
import {gridFrame, gridHeight} from '../../src/tui/grid/grid-frame.ts';
import type {GridSource} from '../../src/tui/grid/grid-source.ts';
import {at, type GridState, gridKey, gridState, selectionOf} from '../../src/tui/grid/grid-state.ts';
import {GridView} from '../../src/tui/grid/grid-view.ts';
import {type InputEvent, type KeyName, key} from '../../src/tui/input-event.ts';
import {cellWidth} from '../../src/tui/text-width.ts';
import {settle} from '../support/fake-clock.ts';

const columns: TableColumn[] = [
  {name: 'region', type: 'VARCHAR', kind: 'text'},
  {name: 'price', type: 'DOUBLE', kind: 'number'},
  ...Array.from({length: 20}, (_, index) => ({name: `extra_${index}`, type: 'BIGINT', kind: 'number' as const})),
];
const row = (index: number): Cell[] => [
  `r\x1b${index}日本`,
  index === 2 ? null : index * 1.5,
  ...Array(20).fill(index),
];
const rows = Array.from({length: 100}, (_, index) => row(index));
const loaded: GridState = {...gridState(columns.length), total: 100, page: {offset: 0, rows}};
const style = new Chalk({level: 0});
const frame = (state: GridState, size = {columns: 60, rows: 12}) => gridFrame(state, 'sales v1', columns, size, style);
const text = (letters: string): InputEvent => ({type: 'text', text: letters});
const press = (state: GridState, ...inputs: (string | InputEvent)[]) =>
  inputs.reduce<GridState>((now, input) => {
    const step = gridKey(now, typeof input === 'string' ? text(input) : input, 7);
    return step.type === 'stay' || step.type === 'query' ? step.state : now;
  }, state);

describe('the grid', () => {
  it('fills the screen exactly at every size, and shows the cell under the cursor', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 8, max: 120}),
        fc.integer({min: 6, max: 40}),
        fc.integer({min: 0, max: 99}),
        fc.integer({min: 0, max: 21}),
        (width, height, inRow, inColumn) => {
          const state = at(loaded, inRow, inColumn, gridHeight({columns: width, rows: height}));
          const {lines} = frame(state, {columns: width, rows: height});
          expect(lines).toHaveLength(height);
          for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(width);
          expect(lines.some(line => line.includes(`›${inRow + 1} `))).toBe(true);
        },
      ),
      {seed: 7, numRuns: 300},
    );
  });

  it('keeps titles and types on top, numbers to the right, null as ∅ and hostile text as escapes', () => {
    const {lines} = frame(press(loaded, 'G', 'g', 'j'));
    expect(lines[0]).toMatch(/^sales v1 · 100 rows · columns 1–\d+ of 22$/);
    expect(lines[1]).toContain('region');
    expect(lines[2]).toMatch(/varchar\s+double/);
    expect(lines[3]).toContain('r\\x1b0日本');
    expect(lines[5]).toMatch(/∅/);
    expect(lines.at(-2)).toBe('region: r\\x1b1日本');
    expect(frame(press(loaded, 'G')).lines[1]).toContain('region');
  });

  it('moves to the right until the column of the cursor is there', () => {
    const {lines} = frame(press(loaded, key('end')));
    expect(lines[1]).toContain('extra_19');
    expect(lines[1]).not.toContain('region');
  });

  it('sorts up, down and not at all by s', () => {
    const up = press(loaded, 'l', 's');
    expect(up.query.sort).toEqual({column: 1, descending: false});
    expect(frame({...up, total: 1}).lines[1]).toContain('price ▲');
    expect(press(up, 's').query.sort).toEqual({column: 1, descending: true});
    expect(press(up, 's', 's').query.sort).toBeNull();
    expect(gridKey(loaded, text('sG'), 7).type).toBe('query');
  });

  it('takes a condition behind /, also in one read with it, and Escape drops it', () => {
    const typing = press(loaded, '/price > 10 and q');
    expect(typing.typing).toBe('price > 10 and q');
    expect(press(typing, key('backspace'), key('enter')).query.filter).toBe('price > 10 and');
    expect(press(typing, key('escape'))).toMatchObject({typing: null, query: {filter: null}});
    expect(
      press({...loaded, query: {sort: null, filter: 'x'}}, '/', key('char', {char: 'u', ctrl: true}), key('enter'))
        .query.filter,
    ).toBeNull();
  });

  it('selects rows from where v was pressed, and columns by c', () => {
    const state = press(loaded, 'jjj', 'v', 'j', 'j', 'c', 'l', 'l', 'c');
    expect(selectionOf(state)).toMatchObject({first: 4, last: 6, columns: [0, 2]});
    expect(gridKey(state, key('enter'), 7)).toMatchObject({type: 'take', selection: {first: 4, last: 6}});
    expect(selectionOf(press(state, key('escape')))).toMatchObject({first: 6, last: 6, columns: []});
    expect(frame(state).lines.filter(line => /[+›]\d/.test(line))).toHaveLength(3);
  });

  it.each<[string, InputEvent]>([
    ['q', text('q')],
    ['Escape', key('escape')],
    ['Ctrl-C', key('char', {char: 'c', ctrl: true})],
  ])('%s leaves', (_title, input) => {
    expect(gridKey(loaded, input, 7).type).toBe('leave');
  });

  it('never leaves the rows and columns that exist, whatever is pressed', () => {
    const names: KeyName[] = ['up', 'down', 'left', 'right', 'page_up', 'page_down', 'home', 'end'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), {maxLength: 40}), pressed => {
        const state = press({...loaded, total: 3}, ...pressed.map(name => key(name)));
        expect(state.row).toBeGreaterThanOrEqual(0);
        expect(state.row).toBeLessThan(3);
        expect(state.column).toBeLessThan(22);
        expect(state.top).toBeLessThanOrEqual(state.row);
      }),
      {seed: 7},
    );
  });
});

describe('the running grid', () => {
  const open = (change: Partial<GridSource> = {}) => {
    const asked: string[] = [];
    let written = '';
    const source: GridSource = {
      title: 'sales',
      columns,
      count: async () => 1000,
      rows: async ({sort, filter}, offset, limit) => {
        asked.push(`${offset}+${limit} ${sort?.column ?? ''} ${filter ?? ''}`.trim());
        return Array.from({length: limit}, (_, index) => row(offset + index));
      },
      reference: ({first, last}) => `@sales[rows ${first}-${last}]`,
      ...change,
    };
    const size = () => ({columns: 60, rows: 12});
    const write = (data: string) => {
      written += data;
    };
    return {view: new GridView(source, {write, size, style}), asked, written: () => written};
  };

  it('reads a page at a time and no page twice', async () => {
    const {view, asked, written} = open();
    await settle();
    for (let index = 0; index < 150; index++) view.handle(key('down'));
    await settle();
    expect(asked).toEqual(['0+207']);
    view.handle(text('G'));
    await settle();
    expect(asked).toEqual(['0+207', '943+207']);
    expect(written()).toContain('›1,000');
  });

  it('says what is wrong with a condition and offers it again', async () => {
    const {view, written} = open({
      count: async ({filter}) => {
        if (filter !== null) throw new Error('no column prise');
        return 5;
      },
    });
    await settle();
    view.handle(text('/prise > 1'));
    view.handle(key('enter'));
    await settle();
    expect(written()).toContain('no column prise');
    expect(written()).toContain('filter: prise > 1▌');
  });

  it('gives back the screen and what was taken', async () => {
    const {view, written} = open();
    await settle();
    view.handle(text('v'));
    view.handle(key('down'));
    view.handle(key('enter'));
    expect(await view.done).toBe('@sales[rows 1-2]');
    expect(written().endsWith('\x1b[?1049l')).toBe(true);
  });
});
