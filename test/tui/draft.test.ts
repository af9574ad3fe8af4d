import {describe, expect, it} from 'vitest';
import type {Completion} from '../../src/tui/chat-host.ts';
import {cleared, type Draft, emptyDraft, typeInto} from '../../src/tui/draft.ts';
import {type InputEvent, key} from '../../src/tui/input-event.ts';

const names = ['/help', '/history', '/quit'];
const complete = (line: string, cursor: number): Completion[] =>
  names
    .filter(name => line.startsWith('/') && name.startsWith(line.slice(0, cursor)))
    .map(label => ({label, detail: '', insert: `${label} `, start: 0}));
const text = (value: string): InputEvent => ({type: 'text', text: value});
const ctrl = (char: string) => key('char', {char, ctrl: true});

function type(draft: Draft, ...inputs: InputEvent[]): {draft: Draft; sent: string[]} {
  const sent: string[] = [];
  let current = draft;
  for (const input of inputs) {
    const step = typeInto(current, input, complete);
    current = step.draft;
    if (step.sent !== null) sent.push(step.sent.text);
  }
  return {draft: current, sent};
}
const empty = emptyDraft(['first', 'second', 'first again']);

describe('the draft', () => {
  it('Enter sends the line and leaves an empty draft', () => {
    const {draft, sent} = type(empty, text('hello'), key('enter'));
    expect(sent).toEqual(['hello']);
    expect(draft.editor.text).toBe('');
  });

  it('Enter on blanks sends nothing', () => {
    expect(type(empty, text('  '), key('enter')).sent).toEqual([]);
  });

  it.each([
    ['Shift+Enter', [key('enter', {shift: true})]],
    ['Alt+Enter', [key('enter', {alt: true})]],
    ['Ctrl-J', [ctrl('j')]],
    ['a backslash and Enter', [text('\\'), key('enter')]],
  ] as [string, InputEvent[]][])('%s starts a new line of the same message', (_title, inputs) => {
    const {sent} = type(empty, text('a'), ...inputs, text('b'), key('enter'));
    expect(sent).toEqual(['a\nb']);
  });

  it('Up walks back, Down comes forward to the unfinished draft', () => {
    const back = type(empty, text('half'), key('up'), key('up'));
    expect(back.draft.editor.text).toBe('second');
    expect(type(back.draft, key('down'), key('down')).draft.editor.text).toBe('half');
  });

  it('Ctrl-R finds the newest line that holds the query, again the one before, Enter sends it', () => {
    const found = type(empty, ctrl('r'), text('FIRST'));
    expect(found.draft.editor.text).toBe('first again');
    const again = type(found.draft, ctrl('r'));
    expect(again.draft.editor.text).toBe('first');
    expect(type(again.draft, key('enter')).sent).toEqual(['first']);
  });

  it('Escape leaves the search with an empty draft', () => {
    const {draft} = type(empty, ctrl('r'), text('second'), key('escape'));
    expect(draft).toMatchObject({search: null, editor: {text: ''}});
  });

  it('a slash opens the completions and Tab takes the chosen one', () => {
    const {draft} = type(empty, text('/h'));
    expect(draft.popup?.items.map(item => item.label)).toEqual(['/help', '/history']);
    expect(type(draft, key('down'), key('tab')).draft.editor.text).toBe('/history ');
  });

  it('Enter sends what was typed unless an item was chosen with the arrows', () => {
    expect(type(empty, text('/h'), key('enter')).sent).toEqual(['/h']);
    const {draft, sent} = type(empty, text('/h'), key('down'), key('enter'));
    expect(sent).toEqual([]);
    expect(draft.editor.text).toBe('/history ');
  });

  it('a completion that would change nothing is not offered', () => {
    expect(type(empty, text('/quit')).draft.popup).toBeNull();
  });

  it('a cleared draft can be called back with Up', () => {
    const draft = cleared(type(empty, text('long thought')).draft);
    expect(draft.editor.text).toBe('');
    expect(type(draft, key('up')).draft.editor.text).toBe('long thought');
  });
});
