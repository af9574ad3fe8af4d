// The draft a person is writing: pure editing with emacs keys, undo, kill and yank, and placeholders for long pastes.

import {graphemes} from './text-width.ts';

type Snapshot = {text: string; cursor: number};
export type HeldPaste = {mark: string; text: string};

/** `cursor` is an index into `text`. `pastes` are the texts behind placeholders that `text` may hold. */
export type Editor = {
  readonly text: string;
  readonly cursor: number;
  readonly undo: readonly Snapshot[];
  readonly redo: readonly Snapshot[];
  readonly killed: string;
  readonly last: 'insert' | 'kill' | 'other';
  readonly pastes: readonly HeldPaste[];
  readonly pasteCount: number;
};

export type Edit =
  | {type: 'insert'; text: string}
  | {type: 'paste'; text: string}
  | {type: 'set'; text: string}
  | {type: 'replace'; start: number; end: number; text: string}
  | {type: 'move'; to: Place}
  | {type: 'delete'; to: Place}
  | {type: 'kill'; to: Place}
  | {type: 'yank' | 'undo' | 'redo' | 'transpose' | 'open_paste'};

export type Place =
  | 'left'
  | 'right'
  | 'word_left'
  | 'word_right'
  | 'blank_left'
  | 'line_start'
  | 'line_end'
  | 'up'
  | 'down'
  | 'start'
  | 'end';

/** A paste of more lines than this becomes a placeholder. */
export const openPasteLines = 10;
const undoDepth = 200;

export const emptyEditor: Editor = {
  text: '',
  cursor: 0,
  undo: [],
  redo: [],
  killed: '',
  last: 'other',
  pastes: [],
  pasteCount: 0,
};

export function edit(editor: Editor, change: Edit): Editor {
  switch (change.type) {
    case 'insert':
      return splice(editor, editor.cursor, editor.cursor, change.text, 'insert');
    case 'paste':
      return paste(editor, change.text);
    case 'set':
      return splice(editor, 0, editor.text.length, change.text, 'other');
    case 'replace':
      return splice(editor, change.start, change.end, change.text, 'other');
    case 'move':
      return {...editor, cursor: placeOf(editor, change.to), last: 'other'};
    case 'delete':
      return remove(editor, change.to, false);
    case 'kill':
      return remove(editor, change.to, true);
    case 'yank':
      return splice(editor, editor.cursor, editor.cursor, editor.killed, 'other');
    case 'undo':
      return restore(editor, 'undo', 'redo');
    case 'redo':
      return restore(editor, 'redo', 'undo');
    case 'transpose':
      return transpose(editor);
    case 'open_paste':
      return openPaste(editor);
    default:
      change satisfies never;
      return editor;
  }
}

/** The draft as it is sent: every placeholder replaced by the text it stands for. */
export function expanded(editor: Editor): string {
  return editor.pastes.reduce((text, held) => text.replace(held.mark, () => held.text), editor.text);
}

/** The placeholder that ends at the cursor or holds it. */
export function pasteAtCursor(editor: Editor): (HeldPaste & {start: number; end: number}) | null {
  for (const held of editor.pastes) {
    const start = editor.text.indexOf(held.mark);
    const end = start + held.mark.length;
    if (start >= 0 && start < editor.cursor && editor.cursor <= end) return {...held, start, end};
  }
  return null;
}

function splice(editor: Editor, start: number, end: number, text: string, last: Editor['last']): Editor {
  if (start === end && text === '') return editor;
  const joins = last === 'insert' && editor.last === 'insert' && !/\s/.test(text);
  return {
    ...editor,
    text: editor.text.slice(0, start) + text + editor.text.slice(end),
    cursor: start + text.length,
    undo: joins ? editor.undo : [...editor.undo, {text: editor.text, cursor: editor.cursor}].slice(-undoDepth),
    redo: [],
    last,
  };
}

function paste(editor: Editor, text: string): Editor {
  const lines = text.split('\n').length;
  if (lines <= openPasteLines) return splice(editor, editor.cursor, editor.cursor, text, 'other');
  const pasteCount = editor.pasteCount + 1;
  const mark = `[paste ${pasteCount}: ${lines} lines]`;
  const held = [...editor.pastes, {mark, text}];
  return {...splice(editor, editor.cursor, editor.cursor, mark, 'other'), pastes: held, pasteCount};
}

function openPaste(editor: Editor): Editor {
  const held = pasteAtCursor(editor);
  return held ? splice(editor, held.start, held.end, held.text, 'other') : editor;
}

function remove(editor: Editor, to: Place, kill: boolean): Editor {
  const held = to === 'left' ? pasteAtCursor(editor) : null;
  const place = held ? held.start : placeOf(editor, to);
  const start = Math.min(editor.cursor, place);
  const end = held ? held.end : Math.max(editor.cursor, place);
  const forward = place > editor.cursor;
  const nextLine = kill && to === 'line_end' && start === end && editor.text[end] === '\n' ? end + 1 : end;
  const removed = editor.text.slice(start, nextLine);
  if (removed === '') return editor;
  const next = splice(editor, start, nextLine, '', kill ? 'kill' : 'other');
  if (!kill) return next;
  const before = editor.last === 'kill' ? editor.killed : '';
  return {...next, killed: forward || to === 'line_end' ? before + removed : removed + before};
}

function restore(editor: Editor, from: 'undo' | 'redo', to: 'undo' | 'redo'): Editor {
  const snapshot = editor[from].at(-1);
  if (!snapshot) return editor;
  const kept = [...editor[to], {text: editor.text, cursor: editor.cursor}];
  return {...editor, ...snapshot, [from]: editor[from].slice(0, -1), [to]: kept, last: 'other'};
}

function transpose(editor: Editor): Editor {
  const at = editor.cursor === editor.text.length ? placeOf(editor, 'left') : editor.cursor;
  const before = {...editor, cursor: at};
  const left = editor.text.slice(placeOf(before, 'left'), at);
  const right = editor.text.slice(at, placeOf(before, 'right'));
  if (left === '' || right === '' || left === '\n' || right === '\n') return editor;
  return splice(editor, at - left.length, at + right.length, right + left, 'other');
}

function placeOf({text, cursor}: Pick<Editor, 'text' | 'cursor'>, to: Place): number {
  const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
  const lineEndFound = text.indexOf('\n', cursor);
  const lineEnd = lineEndFound < 0 ? text.length : lineEndFound;
  switch (to) {
    case 'left':
      return cursor - (graphemes(text.slice(Math.max(0, cursor - 40), cursor)).at(-1)?.length ?? 0);
    case 'right':
      return cursor + (graphemes(text.slice(cursor, cursor + 40))[0]?.length ?? 0);
    case 'word_left':
      return Math.max(0, text.slice(0, cursor).search(/[\p{L}\p{N}_]+[^\p{L}\p{N}_]*$/u));
    case 'word_right':
      return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
    case 'blank_left':
      return cursor - (/\S*\s*$/u.exec(text.slice(0, cursor))?.[0].length ?? 0);
    case 'line_start':
      return lineStart;
    case 'line_end':
      return lineEnd;
    case 'up': {
      if (lineStart === 0) return cursor;
      const previousStart = text.lastIndexOf('\n', lineStart - 2) + 1;
      return Math.min(previousStart + (cursor - lineStart), lineStart - 1);
    }
    case 'down': {
      if (lineEnd === text.length) return cursor;
      const nextEnd = text.indexOf('\n', lineEnd + 1);
      return Math.min(lineEnd + 1 + (cursor - lineStart), nextEnd < 0 ? text.length : nextEnd);
    }
    case 'start':
      return 0;
    case 'end':
      return text.length;
    default:
      to satisfies never;
      return cursor;
  }
}
