// Which key edits the draft how: the emacs keys of a shell, and the arrows with their modifiers.

import type {Edit} from './editor.ts';
import type {Key} from './input-event.ts';

const ctrlKeys: Record<string, Edit> = {
  a: {type: 'move', to: 'line_start'},
  b: {type: 'move', to: 'left'},
  d: {type: 'delete', to: 'right'},
  e: {type: 'move', to: 'line_end'},
  f: {type: 'move', to: 'right'},
  h: {type: 'delete', to: 'left'},
  j: {type: 'insert', text: '\n'},
  k: {type: 'kill', to: 'line_end'},
  o: {type: 'open_paste'},
  t: {type: 'transpose'},
  u: {type: 'kill', to: 'line_start'},
  w: {type: 'kill', to: 'blank_left'},
  y: {type: 'yank'},
  _: {type: 'undo'},
  '/': {type: 'undo'},
  '-': {type: 'undo'},
};

const altKeys: Record<string, Edit> = {
  b: {type: 'move', to: 'word_left'},
  f: {type: 'move', to: 'word_right'},
  d: {type: 'kill', to: 'word_right'},
  _: {type: 'redo'},
  '<': {type: 'move', to: 'start'},
  '>': {type: 'move', to: 'end'},
};

/** The edit a key stands for; null when it edits nothing. */
export function editOfKey(key: Key): Edit | null {
  const byWord = key.ctrl || key.alt;
  switch (key.name) {
    case 'char':
      if (key.ctrl && key.alt) return null;
      return (key.ctrl ? ctrlKeys[key.char] : altKeys[key.char]) ?? null;
    case 'backspace':
      return byWord ? {type: 'kill', to: 'word_left'} : {type: 'delete', to: 'left'};
    case 'delete':
      return byWord ? {type: 'kill', to: 'word_right'} : {type: 'delete', to: 'right'};
    case 'left':
      return {type: 'move', to: byWord ? 'word_left' : 'left'};
    case 'right':
      return {type: 'move', to: byWord ? 'word_right' : 'right'};
    case 'home':
      return {type: 'move', to: key.ctrl ? 'start' : 'line_start'};
    case 'end':
      return {type: 'move', to: key.ctrl ? 'end' : 'line_end'};
    default:
      return null;
  }
}
