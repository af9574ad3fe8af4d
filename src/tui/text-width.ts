// Measures and cuts text in terminal cells, grapheme by grapheme.

import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const plainAscii = /^[ -~]*$/;

export function graphemes(text: string): string[] {
  if (plainAscii.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), part => part.segment);
}

/** Cells that `text` takes on one row; escape sequences take none. */
export function cellWidth(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text);
}

/** The longest start of `text` (no escape sequences in it) that fits, ending in `…` when something was cut. */
export function fitCells(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  if (width < 1) return '';
  let used = 0;
  let kept = '';
  for (const part of graphemes(text)) {
    const cells = cellWidth(part);
    if (used + cells > width - 1) break;
    used += cells;
    kept += part;
  }
  return `${kept}…`;
}

export type Layout = {rows: string[]; cursorRow: number; cursorColumn: number};

/**
 * `text` broken hard at `width` cells, and the place of `cursor` (an index into `text`). A cursor after a full row
 * stands at the start of the next one.
 */
export function layoutText(text: string, cursor: number, width: number): Layout {
  const limit = Math.max(1, width);
  const rows: string[] = [];
  let row = '';
  let used = 0;
  let index = 0;
  let place = {row: 0, column: 0};
  const note = () => {
    if (index <= cursor) place = {row: rows.length, column: used};
  };
  for (const part of graphemes(text)) {
    if (part === '\n' || part === '\r\n') {
      note();
      rows.push(row);
      row = '';
      used = 0;
      index += part.length;
      continue;
    }
    const shown = part === '\t' ? '  ' : part;
    const cells = cellWidth(shown);
    if (used + cells > limit) {
      rows.push(row);
      row = '';
      used = 0;
    }
    note();
    row += shown;
    used += cells;
    index += part.length;
  }
  if (used >= limit && cursor >= text.length) {
    rows.push(row);
    row = '';
    used = 0;
  }
  note();
  rows.push(row);
  return {rows, cursorRow: place.row, cursorColumn: place.column};
}

/** `text` as rows of at most `width` cells. */
export function wrapCells(text: string, width: number): string[] {
  return layoutText(text, -1, width).rows;
}

/**
 * `row` (which may hold colour codes) before cell `column`, the grapheme that starts there (empty at the end), and the
 * rest.
 */
export function splitAtCell(row: string, column: number): [string, string, string] {
  let used = 0;
  let head = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with a control character
  const parts = row.split(/(\x1b\[[\d;]*m)/).flatMap((piece, index) => (index % 2 === 0 ? graphemes(piece) : [piece]));
  for (const [index, part] of parts.entries()) {
    const isCode = part.startsWith('\x1b');
    if (!isCode && used >= column) return [head, part, parts.slice(index + 1).join('')];
    used += isCode ? 0 : cellWidth(part);
    head += part;
  }
  return [head, '', ''];
}
