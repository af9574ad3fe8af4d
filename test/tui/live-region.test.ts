import {Chalk} from 'chalk';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {systemClock} from '../../src/core/clock.ts';
import type {ChatState} from '../../src/tui/chat.ts';
import {emptyDraft, withText} from '../../src/tui/draft.ts';
import {liveRegion} from '../../src/tui/live-region.ts';
import {feedProse} from '../../src/tui/markdown.ts';
import {cellWidth} from '../../src/tui/text-width.ts';
import {emptyView} from '../../src/tui/view-model.ts';
import {ScriptedHost} from './support/scripted-host.ts';

const status = new ScriptedHost(systemClock).status();
const idle: ChatState = {view: emptyView, draft: emptyDraft([]), queue: [], turn: null, hint: null, offer: null};
const busy: ChatState = {
  view: {
    ...emptyView,
    prose: feedProse(emptyView.prose, `| a | b |\n${'日本語 words '.repeat(80)}`).prose,
    tools: ['a', 'b', 'c', 'd', 'e', 'f'].map(callId => ({callId, name: 'run_sql', args: {sql: 'x'}, startedAt: 0})),
    approval: {id: 1, question: 'May I import a file with a rather long name? '.repeat(6), askedAt: 0},
    importing: {file: 'sales.csv', phase: 'read', readBytes: 10, totalBytes: 100, startedAt: 0},
  },
  draft: {
    ...withText(emptyDraft([]), 'a draft\nof several lines\n'.repeat(20)),
    popup: {
      items: Array.from({length: 9}, (_, index) => ({
        label: `/command${index}`,
        detail: 'what it does',
        insert: '',
        start: 0,
      })),
      selected: 8,
      moved: true,
    },
  },
  queue: ['one', 'two', 'three', 'four'].map(text => ({text, shown: text})),
  turn: {startedAt: 0, stopping: false},
  hint: null,
  offer: null,
};
const draw = (state: ChatState, columns: number, rows: number, accessible = false) =>
  liveRegion({state, status, columns, rows, now: 1000, style: new Chalk({level: 0}), accessible});

describe('the live region', () => {
  it('is always lower than the screen and never wider, with the cursor inside, at every size', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 120}),
        fc.integer({min: 1, max: 50}),
        fc.boolean(),
        (columns, rows, full) => {
          const region = draw(full ? busy : idle, columns, rows);
          expect(region.lines.length).toBeLessThan(Math.max(2, rows));
          expect(region.lines.length).toBeGreaterThan(0);
          for (const line of region.lines) expect(cellWidth(line)).toBeLessThanOrEqual(Math.max(2, columns));
          expect(region.cursorX ?? 0).toBeLessThanOrEqual(Math.max(2, columns));
        },
      ),
      {seed: 7, numRuns: 500},
    );
  });

  it('keeps the tail of a streamed answer to a third of the screen', () => {
    const {lines} = draw(busy, 60, 30);
    expect(lines.filter(line => line.includes('words')).length).toBeLessThanOrEqual(10);
    expect(lines.filter(line => line.includes('words')).length).toBeGreaterThan(0);
  });

  it('gives up the tail, the tools and the queue before the question, the bar and the input', () => {
    const {lines} = draw(busy, 60, 8);
    const text = lines.join('\n');
    expect(text).toContain('? May I import');
    expect(text).toContain('gemini ●');
    expect(text).toContain('y allow');
    expect(text).not.toContain('words');
  });

  it('shows all keys of a preview in a narrow window, each of them whole', () => {
    const keys = ['import', 'delimiter', 'header', 'date_order', 'cancel'] as const;
    const preview = {id: 1, file: 'a.csv', keys, askedAt: 0};
    const {lines} = draw({...idle, view: {...emptyView, preview}}, 44, 24);
    for (const word of ['Enter import', 'd next delimiter', 'h header on/off', 'o date order', 'n cancel'])
      expect(lines.join('\n')).toContain(word);
  });

  it('shows an import that takes over a second, with its phase and share', () => {
    const importing = {file: 'a.csv', phase: 'read' as const, readBytes: 5, totalBytes: 10};
    const lines = (startedAt: number) =>
      draw({...idle, view: {...emptyView, importing: {...importing, startedAt}}}, 60, 24).lines.join('\n');
    expect(lines(0)).toMatch(/▸ importing a.csv █+░+ 50 % of 10 B, reading/);
    expect(lines(1)).not.toContain('importing');
  });

  it('shows how far a tool is under it, cut to the width', () => {
    const tools = [{callId: 't', name: 'train_model', args: {}, startedAt: 0}];
    const view = {...emptyView, tools, progress: 'Training: trying random_forest (9 of 10); best so far boosting'};
    const {lines} = draw({...idle, view}, 44, 24);
    const at = lines.findIndex(line => line.includes('▸ train_model'));
    expect(lines[at + 1]).toMatch(/^ {2}Training: trying random_forest/);
    expect(lines[at + 1]?.length).toBeLessThanOrEqual(43);
  });

  it('shows the row of the draft that the cursor is in', () => {
    const lines = Array.from({length: 40}, (_, index) => `row ${index}`).join('\n');
    const draft = withText(emptyDraft([]), lines);
    expect(draw({...idle, draft}, 80, 12).lines.at(-2)).toContain('row 39▌');
    const top = {...draft, editor: {...draft.editor, cursor: 0}};
    expect(draw({...idle, draft: top}, 80, 12).lines.join('\n')).toContain('› row 0');
  });

  it('puts the cursor after wide characters', () => {
    const {cursorX} = draw({...idle, draft: withText(emptyDraft([]), '日本')}, 80, 24);
    expect(cursorX).toBe(2 + 4);
  });

  it('shows hostile characters of a paste as escapes and keeps the cursor behind them', () => {
    const {lines, cursorX} = draw({...idle, draft: withText(emptyDraft([]), 'a\x1bb')}, 80, 24);
    expect(lines[0]).toBe('› a\\x1bb');
    expect(cursorX).toBe(2 + 6);
  });

  it('in accessible mode is the input alone', () => {
    expect(draw({...idle, turn: {startedAt: 0, stopping: false}}, 80, 24, true).lines).toEqual(['› ']);
    expect(draw({...idle, hint: 'Ctrl-C again to quit'}, 80, 24, true).lines).toEqual(['› ', 'Ctrl-C again to quit']);
  });

  it('draws a cursor of its own where the place of typing is not in the first row', () => {
    const draft = withText(emptyDraft([]), 'two\nrows');
    expect(draw({...idle, draft}, 80, 24)).toMatchObject({
      cursorX: null,
      lines: ['› two', '  rows▌', expect.any(String)],
    });
    const running: ChatState = {...idle, draft: withText(emptyDraft([]), 'ab'), queue: [{text: 'q', shown: 'q'}]};
    const left = {...running, draft: {...running.draft, editor: {...running.draft.editor, cursor: 1}}};
    const style = new Chalk({level: 1});
    const coloured = liveRegion({state: left, status, columns: 80, rows: 24, now: 0, style, accessible: false});
    expect(coloured.cursorX).toBeNull();
    expect(coloured.lines[1]).toBe(`${style.bold('› ')}a${style.inverse('b')}`);
  });
});
