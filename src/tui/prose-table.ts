// Lays out a Markdown table for a width: columns aligned, long texts wrapped in their cells, and where even that does not
// fit, one record below the other. Nothing of a cell is ever left out.

import {cellWidth, graphemes} from './text-width.ts';

/** `plain` says how wide a cell is shown; `isRule` marks the line under the titles. */
export type TableLine = {text: string; isHead: boolean};
export type CellText = {plain(cell: string): string; shown(cell: string): string};

/** A text column is not made narrower than this. */
const narrowest = 8;
const numeric = /^[-+−(]?\s?[$€£¥]?\s?[\d.,\s]*\d[\d.,]*(e[-+]?\d+)?\s?%?\)?$|^$|^[-–—∅]$/i;

/** The lines of the table whose rows are `rows`, each at most `width` cells wide where that is possible at all. */
export function layoutTable(rows: readonly string[], width: number, {plain, shown}: CellText): TableLine[] {
  const cells = rows.map(cellsOf);
  const hasRule = cells.length > 1 && (cells[1] ?? []).every(cell => /^:?-+:?$/.test(cell));
  const body = hasRule ? cells.slice(2) : cells;
  const head = hasRule ? (cells[0] ?? []) : null;
  const count = Math.max(...cells.map(row => row.length));
  const all = head ? [head, ...body] : body;
  const columns = Array.from({length: count}, (_, index) => {
    const values = body.map(row => row[index] ?? '');
    const widths = all.map(row => cellWidth(plain(row[index] ?? '')));
    const right = values.length > 0 && values.every(value => numeric.test(plain(value)));
    return {width: Math.max(3, ...widths), right};
  });
  if (!shrink(columns, width - (3 * count + 1))) return records(head, body, shown);
  const pad = (cell: string, index: number) => {
    const column = columns[index] ?? {width: 3, right: false};
    const blanks = ' '.repeat(Math.max(0, column.width - cellWidth(plain(cell))));
    return column.right ? blanks + shown(cell) : shown(cell) + blanks;
  };
  const line = (row: readonly string[], isHead: boolean): TableLine[] => {
    const wrapped = columns.map((column, index) => wrapWords(row[index] ?? '', column.width, plain));
    const height = Math.max(...wrapped.map(parts => parts.length));
    return Array.from({length: height}, (_, part) => ({
      text: `| ${columns.map((__, index) => pad(wrapped[index]?.[part] ?? '', index)).join(' | ')} |`,
      isHead,
    }));
  };
  const rule = columns.map(({width: cell, right}) => (right ? `${'-'.repeat(cell - 1)}:` : '-'.repeat(cell)));
  return [
    ...(head ? [...line(head, true), {text: `| ${rule.join(' | ')} |`, isHead: false}] : []),
    ...body.flatMap(row => line(row, false)),
  ];
}

function cellsOf(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replaceAll('\\|', '|'));
}

/** Makes the widest text columns narrower until all fit; false when they cannot. Numbers keep their width. */
function shrink(columns: {width: number; right: boolean}[], room: number): boolean {
  let over = columns.reduce((sum, column) => sum + column.width, 0) - room;
  while (over > 0) {
    const able = columns.filter(column => !column.right && column.width > narrowest);
    const widest = able.reduce<{width: number} | null>(
      (best, each) => (best && best.width >= each.width ? best : each),
      null,
    );
    if (!widest) return false;
    widest.width--;
    over--;
  }
  return true;
}

function records(
  head: readonly string[] | null,
  body: readonly (readonly string[])[],
  shown: CellText['shown'],
): TableLine[] {
  const titled = (row: readonly string[]) =>
    row.map((cell, index) => ({
      text: `${shown(head?.[index] ?? `column ${index + 1}`)}: ${shown(cell)}`,
      isHead: false,
    }));
  return body.flatMap((row, index) => [...(index > 0 ? [{text: '', isHead: false}] : []), ...titled(row)]);
}

/** `cell` in parts of at most `width` cells, broken between words where there is a blank. */
function wrapWords(cell: string, width: number, plain: CellText['plain']): string[] {
  if (cellWidth(plain(cell)) <= width) return [cell];
  const parts: string[] = [];
  let part = '';
  for (const word of plain(cell).split(/(?<= )/)) {
    if (cellWidth((part + word).trimEnd()) > width && part !== '') {
      parts.push(part.trimEnd());
      part = '';
    }
    for (const piece of graphemes(word)) {
      if (cellWidth((part + piece).trimEnd()) > width) {
        parts.push(part);
        part = '';
      }
      part += piece;
    }
  }
  return part.trim() === '' ? parts : [...parts, part.trimEnd()];
}
