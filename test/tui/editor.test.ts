import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Edit, type Editor, edit, emptyEditor, expanded, type Place} from '../../src/tui/editor.ts';

/** `|` marks the cursor. */
const at = (marked: string): Editor => ({...emptyEditor, text: marked.replace('|', ''), cursor: marked.indexOf('|')});
const shown = ({text, cursor}: Editor) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const after = (editor: Editor, ...edits: Edit[]) => edits.reduce(edit, editor);

describe('the editor', () => {
  const cases: [before: string, change: Edit, expected: string][] = [
    ['ab|c', {type: 'insert', text: 'X'}, 'abX|c'],
    ['ab|c', {type: 'delete', to: 'left'}, 'a|c'],
    ['a👩‍👩‍👧|c', {type: 'delete', to: 'left'}, 'a|c'],
    ['a|👩‍👩‍👧c', {type: 'move', to: 'right'}, 'a👩‍👩‍👧|c'],
    ['|', {type: 'delete', to: 'left'}, '|'],
    ['one two| three', {type: 'move', to: 'word_left'}, 'one |two three'],
    ['one |two.', {type: 'move', to: 'word_right'}, 'one two|.'],
    ['über naïve|', {type: 'move', to: 'word_left'}, 'über |naïve'],
    ['a/b c-d |x', {type: 'kill', to: 'blank_left'}, 'a/b |x'],
    ['one\ntw|o\nthree', {type: 'move', to: 'line_start'}, 'one\n|two\nthree'],
    ['one\ntw|o\nthree', {type: 'move', to: 'up'}, 'on|e\ntwo\nthree'],
    ['one\ntw|o\nthree', {type: 'move', to: 'down'}, 'one\ntwo\nth|ree'],
    ['one\ntwo\nthr|ee', {type: 'move', to: 'up'}, 'one\ntwo|\nthree'],
    ['one|', {type: 'move', to: 'up'}, 'one|'],
    ['one |two\nx', {type: 'kill', to: 'line_end'}, 'one |\nx'],
    ['one|\nx', {type: 'kill', to: 'line_end'}, 'one|x'],
    ['ab|', {type: 'transpose'}, 'ba|'],
    ['a|b', {type: 'transpose'}, 'ba|'],
  ];
  it.each(cases)('%s after %o is %s', (before, change, expected) => {
    expect(shown(edit(at(before), change))).toBe(expected);
  });

  it('kills in a row are gathered in reading order and come back with one yank', () => {
    const killed = after(at('one two three|'), {type: 'kill', to: 'blank_left'}, {type: 'kill', to: 'blank_left'});
    expect(shown(killed)).toBe('one |');
    expect(shown(edit(killed, {type: 'yank'}))).toBe('one two three|');
  });

  it('undo takes back a typed word at once, redo brings it back', () => {
    const typed = after(emptyEditor, ...[...'ab cd'].map((text): Edit => ({type: 'insert', text})));
    expect(edit(typed, {type: 'undo'}).text).toBe('ab');
    expect(edit(edit(typed, {type: 'undo'}), {type: 'redo'}).text).toBe('ab cd');
  });

  it('a paste of 11 lines is held behind a placeholder and sent whole', () => {
    const long = Array.from({length: 11}, (_, index) => `row ${index}`).join('\n');
    const pasted = after(at('see | please'), {type: 'paste', text: long});
    expect(pasted.text).toBe('see [paste 1: 11 lines] please');
    expect(expanded(pasted)).toBe(`see ${long} please`);
    expect(edit(pasted, {type: 'open_paste'}).text).toBe(`see ${long} please`);
    expect(edit(pasted, {type: 'delete', to: 'left'}).text).toBe('see  please');
  });

  it('a paste of 10 lines stays as it is', () => {
    const short = Array.from({length: 10}, (_, index) => `row ${index}`).join('\n');
    expect(edit(emptyEditor, {type: 'paste', text: short}).text).toBe(short);
  });

  it('text that looks like a replacement pattern is sent as it is', () => {
    const long = `${'x\n'.repeat(11)}$& $1`;
    expect(expanded(edit(emptyEditor, {type: 'paste', text: long}))).toBe(long);
  });

  it('any edits keep the cursor inside the text and between whole characters', () => {
    const places: Place[] = [
      'left',
      'right',
      'word_left',
      'word_right',
      'blank_left',
      'line_start',
      'line_end',
      'up',
      'down',
    ];
    const change = fc.oneof(
      fc.constantFrom('a', ' ', '\n', '👩‍👩‍👧', 'é', '日').map((text): Edit => ({type: 'insert', text})),
      fc.constantFrom(...places).map((to): Edit => ({type: 'move', to})),
      fc.constantFrom(...places).map((to): Edit => ({type: 'kill', to})),
      fc.constantFrom(...places).map((to): Edit => ({type: 'delete', to})),
      fc.constantFrom('yank', 'undo', 'redo', 'transpose').map((type): Edit => ({type})),
    );
    fc.assert(
      fc.property(fc.array(change, {maxLength: 60}), edits => {
        const editor = after(emptyEditor, ...edits);
        expect(editor.cursor).toBeGreaterThanOrEqual(0);
        expect(editor.cursor).toBeLessThanOrEqual(editor.text.length);
        expect(editor.text.slice(0, editor.cursor).isWellFormed()).toBe(true);
      }),
      {seed: 7, numRuns: 300},
    );
  });
});
