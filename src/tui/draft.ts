// What the input line is: the text being written with its history, its search and its completions. Pure.

import type {Completion} from './chat-host.ts';
import {type Edit, type Editor, edit, emptyEditor, expanded, pasteAtCursor} from './editor.ts';
import {findBackwards, type History, historyOf, newer, older, remembered, type Search} from './history.ts';
import type {InputEvent, Key} from './input-event.ts';
import {editOfKey} from './keymap.ts';

/** `moved`: the person chose with the arrows, so Enter takes the chosen item instead of sending the line. */
export type Popup = {items: readonly Completion[]; selected: number; moved: boolean};

export type Draft = {
  readonly editor: Editor;
  readonly history: History;
  readonly search: Search | null;
  readonly popup: Popup | null;
};

export type Complete = (line: string, cursor: number) => Completion[];

/** A line as it is sent, and as it was written, with placeholders for long pastes. */
export type SentLine = {text: string; shown: string};

/** `sent` is the line that Enter sent; the draft is empty then. */
export type Step = {draft: Draft; sent: SentLine | null};

export function emptyDraft(lines: readonly string[]): Draft {
  return {editor: emptyEditor, history: historyOf(lines), search: null, popup: null};
}

/** The draft after `input`. Keys it has no use for leave it as it was. */
export function typeInto(draft: Draft, input: InputEvent, complete: Complete): Step {
  if (draft.search) {
    const searched = inSearch(draft, draft.search, input);
    if (searched.done) return {draft: searched.draft, sent: null};
    return typeInto(searched.draft, input, complete);
  }
  if (input.type !== 'key') {
    return still(changed(draft, {type: input.type === 'paste' ? 'paste' : 'insert', text: input.text}, complete));
  }
  const chosen = draft.popup && inPopup(draft, draft.popup, input, complete);
  if (chosen) return still(chosen);
  if (input.name === 'enter') return enter(draft, input, complete);
  if (input.name === 'tab') return still(completed(draft, complete));
  if (input.name === 'up' || isCtrl(input, 'p')) return still(up(draft));
  if (input.name === 'down' || isCtrl(input, 'n')) return still(down(draft));
  if (isCtrl(input, 'r')) return still({...draft, search: {query: '', at: null}, popup: null});
  const change = editOfKey(input);
  return still(change ? changed(draft, change, complete) : draft);
}

/** The draft with `text` in place of what was written. */
export function withText(draft: Draft, text: string): Draft {
  return {...draft, editor: edit(draft.editor, {type: 'set', text}), popup: null};
}

/** An empty draft; what was written can be called back with Up. */
export function cleared(draft: Draft): Draft {
  return {...emptied(draft), history: remembered(draft.history, expanded(draft.editor))};
}

export function isCtrl(input: InputEvent, char: string): boolean {
  return input.type === 'key' && input.ctrl && !input.alt && input.name === 'char' && input.char === char;
}

function still(draft: Draft): Step {
  return {draft, sent: null};
}

function emptied(draft: Draft): Draft {
  return {...draft, editor: {...emptyEditor, killed: draft.editor.killed}, popup: null};
}

function changed(draft: Draft, change: Edit, complete: Complete): Draft {
  const editor = edit(draft.editor, change);
  const typed = change.type === 'insert' || change.type === 'delete';
  return {...draft, editor, popup: typed ? popupFor(editor, complete) : null};
}

function enter(draft: Draft, input: Key, complete: Complete): Step {
  const {editor} = draft;
  if (input.shift || input.alt || input.ctrl) return still(changed(draft, {type: 'insert', text: '\n'}, complete));
  if (editor.text[editor.cursor - 1] === '\\') {
    const {cursor} = editor;
    return still(changed(draft, {type: 'replace', start: cursor - 1, end: cursor, text: '\n'}, complete));
  }
  const text = expanded(editor);
  return text.trim() === '' ? still(draft) : {draft: emptied(draft), sent: {text, shown: editor.text}};
}

function up(draft: Draft): Draft {
  const moved = edit(draft.editor, {type: 'move', to: 'up'});
  if (moved.cursor !== draft.editor.cursor) return {...draft, editor: moved};
  const step = older(draft.history, draft.editor.text);
  return step ? {...withText(draft, step.text), history: step.history} : draft;
}

function down(draft: Draft): Draft {
  const moved = edit(draft.editor, {type: 'move', to: 'down'});
  if (moved.cursor !== draft.editor.cursor) return {...draft, editor: moved};
  const step = newer(draft.history);
  return step ? {...withText(draft, step.text), history: step.history} : draft;
}

// The popup opens by itself at the start of a /command and after an @.
function popupFor(editor: Editor, complete: Complete): Popup | null {
  const before = editor.text.slice(0, editor.cursor);
  if (!/^\/\S*$/.test(before) && !/(^|\s)@\S*$/.test(before)) return null;
  const items = complete(editor.text, editor.cursor).filter(item => before.slice(item.start) !== item.insert.trimEnd());
  return items.length === 0 ? null : {items, selected: 0, moved: false};
}

function completed(draft: Draft, complete: Complete): Draft {
  const {editor} = draft;
  if (pasteAtCursor(editor)) return changed(draft, {type: 'open_paste'}, complete);
  const items = complete(editor.text, editor.cursor);
  const [only] = items;
  if (only && items.length === 1) return accepted(draft, only, complete);
  return {...draft, popup: items.length === 0 ? null : {items, selected: 0, moved: false}};
}

function accepted(draft: Draft, item: Completion, complete: Complete): Draft {
  const {cursor} = draft.editor;
  return changed(draft, {type: 'replace', start: item.start, end: cursor, text: item.insert}, complete);
}

function inPopup(draft: Draft, popup: Popup, input: Key, complete: Complete): Draft | null {
  const item = popup.items[popup.selected];
  if (!item) return null;
  const step = input.name === 'down' ? 1 : input.name === 'up' || (input.name === 'tab' && input.shift) ? -1 : 0;
  if (step !== 0) {
    const selected = (popup.selected + step + popup.items.length) % popup.items.length;
    return {...draft, popup: {...popup, selected, moved: true}};
  }
  if (input.name === 'escape') return {...draft, popup: null};
  const takes = input.name === 'tab' || (input.name === 'enter' && popup.moved && !input.shift && !input.alt);
  return takes ? accepted(draft, item, complete) : null;
}

/** `done` is false when the key ended the search and means something else as well. */
function inSearch(draft: Draft, search: Search, input: InputEvent): {draft: Draft; done: boolean} {
  const find = (query: string, before: number) => {
    const at = findBackwards(draft.history, query, before) ?? (query === search.query ? search.at : null);
    const text = at === null ? '' : (draft.history.lines[at] ?? '');
    return {draft: {...withText(draft, text), search: {query, at}}, done: true};
  };
  const newest = draft.history.lines.length;
  if (input.type !== 'key') return find(search.query + input.text.replaceAll('\n', ' '), newest);
  if (input.name === 'backspace') return find(search.query.slice(0, -1), newest);
  if (isCtrl(input, 'r')) return find(search.query, search.at ?? newest);
  const ended = {...draft, search: null};
  const cancels = input.name === 'escape' || isCtrl(input, 'c') || isCtrl(input, 'g');
  return cancels ? {draft: withText(ended, ''), done: true} : {draft: ended, done: false};
}
