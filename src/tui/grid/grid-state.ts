// What the data grid shows and what a key does to it. Pure: pages are fetched by whoever runs it.

import type {Cell} from '../../core/dataset.ts';
import type {InputEvent} from '../input-event.ts';
import type {GridQuery, GridSelection} from './grid-source.ts';

/** `row` and `top` are counted from 0 in the order shown. `total` is null while the query is being counted. */
export type GridState = {
  readonly columnCount: number;
  readonly query: GridQuery;
  readonly total: number | null;
  readonly row: number;
  readonly column: number;
  readonly top: number;
  readonly left: number;
  /** Where a selection of rows began. */
  readonly anchor: number | null;
  readonly marked: readonly number[];
  /** The condition being written; null when none is. */
  readonly typing: string | null;
  readonly page: {offset: number; rows: readonly Cell[][]} | null;
  readonly message: string | null;
};

export type GridStep =
  | {type: 'stay'; state: GridState}
  /** The query is another one: count and fetch anew. */
  | {type: 'query'; state: GridState}
  | {type: 'leave'}
  | {type: 'take'; selection: GridSelection};

export function gridState(columnCount: number): GridState {
  const query = {sort: null, filter: null};
  const start = {row: 0, column: 0, top: 0, left: 0, anchor: null, marked: [], typing: null};
  return {columnCount, query, total: null, ...start, page: null, message: null};
}

/** `height` is how many rows of data fit on the screen. */
export function gridKey(state: GridState, input: InputEvent, height: number): GridStep {
  const quiet = {...state, message: null};
  if (state.typing !== null) return typed(quiet, state.typing, input);
  if (input.type !== 'key') return letters(quiet, input.text, height);
  const {row, column} = state;
  switch (input.name) {
    case 'up':
      return stay(at(quiet, row - 1, column, height));
    case 'down':
      return stay(at(quiet, row + 1, column, height));
    case 'left':
      return stay(at(quiet, row, column - 1, height));
    case 'right':
      return stay(at(quiet, row, column + 1, height));
    case 'page_up':
      return stay(at(quiet, row - height, column, height));
    case 'page_down':
      return stay(at(quiet, row + height, column, height));
    case 'home':
      return stay(at(quiet, input.ctrl ? 0 : row, 0, height));
    case 'end':
      return stay(at(quiet, input.ctrl ? lastRow(state) : row, state.columnCount - 1, height));
    case 'enter':
      return state.total ? {type: 'take', selection: selectionOf(state)} : stay(quiet);
    case 'escape':
      return state.anchor !== null || state.marked.length > 0
        ? stay({...quiet, anchor: null, marked: []})
        : {type: 'leave'};
    case 'char':
      return input.ctrl && (input.char === 'c' || input.char === 'd') ? {type: 'leave'} : stay(quiet);
    default:
      return stay(quiet);
  }
}

/** The rows from where the selection began to the cursor, and the marked columns. */
export function selectionOf({query, anchor, row, marked}: GridState): GridSelection {
  const from = anchor ?? row;
  return {
    ...query,
    first: Math.min(from, row) + 1,
    last: Math.max(from, row) + 1,
    columns: [...marked].sort((a, b) => a - b),
  };
}

/** The state with the cursor in the rows that exist, and on the screen. */
export function at(state: GridState, row: number, column: number, height: number): GridState {
  const inRow = Math.max(0, Math.min(row, lastRow(state)));
  const inColumn = Math.max(0, Math.min(column, state.columnCount - 1));
  const top = Math.max(0, Math.min(Math.max(state.top, inRow - height + 1), inRow));
  return {...state, row: inRow, column: inColumn, top, left: Math.min(state.left, inColumn)};
}

function lastRow({total}: GridState): number {
  return Math.max(0, (total ?? 1) - 1);
}

/** Several keys may come in one read; behind "/" the rest is the condition. */
function letters(state: GridState, text: string, height: number): GridStep {
  let step = stay(state);
  let asked = false;
  for (const [index, char] of [...text].entries()) {
    if (step.type === 'leave' || step.type === 'take') return step;
    if (step.state.typing !== null) {
      step = stay({...step.state, typing: step.state.typing + [...text].slice(index).join('')});
      break;
    }
    step = letter(step.state, char, height);
    asked ||= step.type === 'query';
  }
  return asked && step.type === 'stay' ? {...step, type: 'query'} : step;
}

function letter(state: GridState, char: string, height: number): GridStep {
  const {row, column, query} = state;
  switch (char) {
    case 'q':
      return {type: 'leave'};
    case 'h':
      return stay(at(state, row, column - 1, height));
    case 'l':
      return stay(at(state, row, column + 1, height));
    case 'k':
      return stay(at(state, row - 1, column, height));
    case 'j':
      return stay(at(state, row + 1, column, height));
    case 'g':
      return stay(at(state, 0, column, height));
    case 'G':
      return stay(at(state, lastRow(state), column, height));
    case ' ':
    case 'v':
      return stay({...state, anchor: state.anchor === null ? row : null});
    case 'c': {
      const has = state.marked.includes(column);
      return stay({...state, marked: has ? state.marked.filter(each => each !== column) : [...state.marked, column]});
    }
    case 's': {
      const {sort} = query;
      const same = sort?.column === column;
      const next = !same ? {column, descending: false} : sort?.descending ? null : {column, descending: true};
      return requery(state, {...query, sort: next});
    }
    case '/':
      return stay({...state, typing: query.filter ?? ''});
    default:
      return stay(state);
  }
}

function typed(state: GridState, text: string, input: InputEvent): GridStep {
  if (input.type !== 'key') return stay({...state, typing: text + input.text.replaceAll('\n', ' ')});
  if (input.name === 'escape') return stay({...state, typing: null});
  if (input.name === 'backspace') return stay({...state, typing: text.slice(0, -1)});
  if (input.name === 'enter') {
    const filter = text.trim() === '' ? null : text.trim();
    return requery({...state, typing: null}, {...state.query, filter});
  }
  if (input.ctrl && input.char === 'c') return {type: 'leave'};
  return stay(input.ctrl && input.char === 'u' ? {...state, typing: ''} : state);
}

function requery(state: GridState, query: GridQuery): GridStep {
  return {type: 'query', state: {...state, query, total: null, page: null, row: 0, top: 0, anchor: null}};
}

function stay(state: GridState): GridStep {
  return {type: 'stay', state};
}
