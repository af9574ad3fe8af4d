// Turns the cells of one column into texts that read well below each other.

import type {Cell, TableColumn} from '../core/dataset.ts';
import {formatColumn, printable} from '../core/text.ts';

const codeName = /(^|[_\s])(id|code|zip|year|postcode)$/i;

export function columnTitle(column: TableColumn): string {
  return printable(column.name, {oneLine: true});
}

/**
 * The texts of one column, in order, with equally many decimals. Numbers that name things (years, ids, codes) or have four digits at most in the
 * whole column get no thousands separators: 2023, not 2,023.
 */
export function columnTexts(column: TableColumn, cells: readonly Cell[]): string[] {
  const texts = formatColumn(cells);
  if (column.kind !== 'number') return texts;
  const isShort = cells.every(cell => typeof cell === 'string' || cell === null || Math.abs(Number(cell)) < 10_000);
  if (!isShort && !codeName.test(column.name)) return texts;
  return texts.map(text => text.replaceAll(',', ''));
}

/** Pads the fractions so that decimal points stand below each other: "21" and "18.42" become "21   " and "18.42". */
export function alignDecimals(texts: readonly string[]): string[] {
  const numeric = /^-?[\d,]+(\.\d+)?$/;
  const fraction = (text: string) => (numeric.test(text) && text.includes('.') ? text.length - text.indexOf('.') : 0);
  const longest = texts.reduce((most, text) => Math.max(most, fraction(text)), 0);
  return texts.map(text => (numeric.test(text) ? text + ' '.repeat(longest - fraction(text)) : text));
}

/** A row of blocks that draws a distribution; over two lines it is none. */
export function isSmallChart(text: string): boolean {
  return /^[▁-█·]{2,}$/u.test(text);
}
