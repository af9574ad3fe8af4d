// How good a reading of a text is: how even its rows are, and how much its cells look like values.

import {kindOfCell} from '../cell-kinds.ts';
import type {Row, RowRules} from '../rows.ts';

const rowsLookedAt = 1000;

/** 0 (no table) to about 1. */
export function scoreReading(all: readonly Row[], rules: RowRules, prior: number): number {
  const rows = withoutComments(all.filter(row => !row.blank).slice(0, rowsLookedAt));
  if (rows.length === 0) return 0;
  const width = heaviestWidth(rows);
  if (width < 2 || isDecimalColumn(rows, width)) return 0;
  const even = rows.filter(row => row.cells.length === width).length / rows.length;
  let worth = 0;
  let cells = 0;
  let faults = 0;
  let quoted = 0;
  for (const row of rows) {
    if (row.fault) faults++;
    if (row.cells.length !== width) continue;
    for (const cell of row.cells) worth += cellWorth(cell);
    cells += row.cells.length;
    if (rules.quote && row.text.includes(rules.quote)) quoted += row.fault ? 0 : 1;
  }
  const cellScore = worth / Math.max(1, cells);
  const faultShare = faults / rows.length;
  const quoteBonus = quoted > 0 ? (rules.quote === '"' ? 1.02 : 1.01) : 1;
  const widthBonus = 0.9 + 0.1 * (1 - 1 / width);
  // Lines of prose hold a delimiter now and then; few tables have so many odd rows.
  // A single line of words is a sentence.
  if (rows.length === 1 && rules.delimiter === ' ' && cellScore < 1) return 0.2;
  const ragged = even < 0.6 ? even / 0.6 : 1;
  return prior * even ** 1.5 * ragged * cellScore ** 2 * (1 - 0.5 * faultShare) * widthBonus * quoteBonus;
}

/** Without the comments at the top, if there is more than comments. */
function withoutComments(rows: readonly Row[]): readonly Row[] {
  const first = rows.findIndex(row => !/^\s*(?:#|\/\/|%)/.test(row.text));
  return first > 0 ? rows.slice(first) : rows;
}

/** Wide rows count more than a few one-cell lines of a preamble or a footer. */
function heaviestWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  let width = 1;
  let weight = 0;
  for (const [cells, count] of counts) {
    const gain = count * (1 - 1 / cells) * Math.min(1, count === 1 && rows.length > 2 ? 0.5 : 1);
    if (gain > weight) [width, weight] = [cells, gain];
  }
  return width;
}

/** One column of numbers with a decimal comma under a name: not two columns. */
function isDecimalColumn([header, ...rows]: readonly Row[], width: number): boolean {
  if (width !== 2 || header?.cells.length !== 1 || rows.length < 2) return false;
  return rows.every(row => /^[-+]?\d+(?:,\d+)?$/.test(row.text));
}

/** How much a cell looks like what stands in cells: 1 for a value. */
export function cellWorth(cell: string): number {
  switch (kindOfCell(cell)) {
    case 'number':
    case 'moment':
    case 'code':
    case 'boolean':
      return 1;
    case 'word':
      // Two numbers beside each other were rather parted by their blank.
      return twoNumbers.test(cell) ? 0.5 : /^ | $/.test(cell) ? 0.9 : 0.95;
    case 'empty':
      return 0.75;
    case 'text':
      return textWorth(cell);
  }
}

const twoNumbers = /\d[ \u00a0]+[-+]?\d/;

function textWorth(cell: string): number {
  // Marks that often part cells, and halves of something, speak against a reading that leaves them so.
  if (/[;\t|]|,\S|^["']|["']$|\\$/.test(cell)) return 0.3;
  if (isHalf(cell)) return 0.25;
  return /\S:[^\s/]/.test(cell) || twoNumbers.test(cell) ? 0.5 : 0.8;
}

/** A bracket opens that does not close, or the other way round. */
function isHalf(cell: string): boolean {
  const count = (marks: RegExp) => (cell.match(marks) ?? []).length;
  return count(/[[{(]/g) !== count(/[\]})]/g);
}
