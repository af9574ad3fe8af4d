// The data grid as rows of text: titles and types on top, rows of data, and what the keys do. Pure.

import type {ChalkInstance} from 'chalk';
import type {TableColumn} from '../../core/dataset.ts';
import {formatCell, formatCount, printable} from '../../core/text.ts';
import {cellWidth, fitCells} from '../text-width.ts';
import {type GridState, selectionOf} from './grid-state.ts';

export type GridSize = {columns: number; rows: number};

const widest = 32;
const narrowest = 4;
const headerRows = 3;
const footerRows = 2;

/** Rows of data that fit. */
export function gridHeight({rows}: GridSize): number {
  return Math.max(1, rows - headerRows - footerRows);
}

type Shown = {index: number; width: number; right: boolean; title: string; type: string; texts: string[]};

/** Exactly `size.rows` rows, none wider than the screen; `left` is the first column that must be shown for the cursor. */
export function gridFrame(
  state: GridState,
  title: string,
  columns: readonly TableColumn[],
  size: GridSize,
  style: ChalkInstance,
): {lines: string[]; left: number} {
  const height = gridHeight(size);
  const {page, total, row, top, query} = state;
  const rows = page?.rows ?? [];
  const offset = page?.offset ?? 0;
  const numbers = Array.from({length: height}, (_, index) => top + index).filter(each => each < (total ?? 0));
  const gutter = Math.max(3, formatCount((numbers.at(-1) ?? 0) + 1).length);
  const room = Math.max(1, size.columns - gutter - 2);
  const drawn = (index: number): Shown => {
    const column = columns[index] ?? {name: '', type: '', kind: 'text' as const};
    const arrow = query.sort?.column === index ? (query.sort.descending ? ' ▼' : ' ▲') : '';
    const head = printable(column.name, {oneLine: true}) + arrow;
    const type = printable(column.type.toLowerCase(), {oneLine: true});
    const texts = numbers.map(number => {
      const cells = rows[number - offset];
      return cells === undefined ? '…' : formatCell(cells[index] ?? null);
    });
    const content = Math.max(narrowest, cellWidth(head), Math.min(12, cellWidth(type)), ...texts.map(cellWidth));
    return {index, width: Math.min(widest, room, content), right: column.kind === 'number', title: head, type, texts};
  };
  const shown = columnsFrom(state, columns.length, room, drawn);
  const {first, last} = selectionOf(state);
  const isMarked = (index: number) => state.marked.includes(index);
  const line = (head: string, text: (column: Shown) => string, paint: (column: Shown, text: string) => string) =>
    `${style.dim(head.padStart(gutter))}  ${shown
      .map(column => paint(column, padded(text(column), column)))
      .join('  ')}`;
  const body = numbers.map((number, place) => {
    const selected = number + 1 >= first && number + 1 <= last && (state.anchor !== null || state.marked.length > 0);
    const mark = number === row ? '›' : selected ? '+' : ' ';
    return line(
      `${mark}${formatCount(number + 1)}`.padStart(gutter),
      column => column.texts[place] ?? '',
      (column, text) => {
        if (number === row && column.index === state.column)
          return style.level === 0 ? `[${text.slice(1, -1)}]` : style.inverse(text);
        return selected && (state.marked.length === 0 || isMarked(column.index)) ? style.cyan(text) : text;
      },
    );
  });
  const blank = Array.from({length: Math.max(0, height - body.length)}, () => '');
  const lines = [
    style.bold(fitCells(headText(state, title, shown, columns.length), size.columns)),
    line(
      '',
      column => column.title,
      (column, text) => (isMarked(column.index) ? style.bold.underline(text) : style.bold(text)),
    ),
    line(
      '',
      column => column.type,
      (_, text) => style.dim(text),
    ),
    ...body,
    ...blank,
    state.message === null
      ? cellText(state, columns, size.columns)
      : style.yellow(fitCells(printable(state.message, {oneLine: true}), size.columns)),
    state.typing === null
      ? style.dim(fitCells(keys, size.columns))
      : fitCells(
          `filter: ${printable(state.typing, {oneLine: true})}▌   (words, or a condition such as price > 10)`,
          size.columns,
        ),
  ];
  return {lines: lines.slice(0, size.rows), left: shown[0]?.index ?? 0};
}

const keys =
  'q leave · arrows, PgUp/PgDn, g/G · s sort · / filter · v rows · c column · Enter takes it into the question';

function headText({query, total}: GridState, title: string, shown: readonly Shown[], count: number): string {
  const rows = total === null ? 'counting …' : `${formatCount(total)} row${total === 1 ? '' : 's'}`;
  const range =
    shown.length < count
      ? `columns ${(shown[0]?.index ?? 0) + 1}–${(shown.at(-1)?.index ?? 0) + 1} of ${count}`
      : `${count} columns`;
  const filter = query.filter === null ? '' : ` · where ${printable(query.filter, {oneLine: true})}`;
  return `${printable(title, {oneLine: true})} · ${rows} · ${range}${filter}`;
}

/** The whole text of the cell under the cursor, which its column may have cut. */
function cellText({page, row, column}: GridState, columns: readonly TableColumn[], width: number): string {
  const cell = page?.rows[row - page.offset]?.[column];
  if (cell === undefined) return '';
  return fitCells(`${printable(columns[column]?.name ?? '', {oneLine: true})}: ${formatCell(cell)}`, width);
}

/** The columns that fit, moved to the right until the one under the cursor is among them. */
function columnsFrom(state: GridState, count: number, room: number, drawn: (index: number) => Shown): Shown[] {
  for (let left = Math.min(state.left, state.column); ; left++) {
    const shown: Shown[] = [];
    let used = -2;
    for (let index = left; index < count; index++) {
      const column = drawn(index);
      if (used + 2 + column.width > room && shown.length > 0) break;
      shown.push(column);
      used += 2 + column.width;
    }
    if (left >= state.column || shown.some(column => column.index === state.column)) return shown;
  }
}

function padded(text: string, {width, right}: Shown): string {
  const cut = fitCells(text, width);
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(cut)));
  return right ? blanks + cut : cut + blanks;
}
