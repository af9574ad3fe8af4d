// Compact markdown tables and values from tool results. Cells are made printable and one line by core/text.

import type {Cell, Table} from '../../core/dataset.ts';
import {clip, formatCell, formatColumn, formatCount, formatNumber} from '../../core/text.ts';

/** How a column of a table is written: plain keeps years and codes without separators, percent has two decimals. */
export type CellStyle = 'value' | 'plain' | 'percent';

export function writeCell(cell: Cell, style: CellStyle = 'value'): string {
  if (style === 'percent') return typeof cell === 'number' ? `${percent(cell)} %` : formatCell(cell);
  if (style === 'plain' && (typeof cell === 'number' || typeof cell === 'bigint')) return String(cell);
  return formatCell(cell);
}

function writeColumn(cells: readonly Cell[], style: CellStyle = 'value'): string[] {
  return style === 'value' ? formatColumn(cells) : cells.map(cell => writeCell(cell, style));
}

export function percent(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  return String(Number(value.toFixed(Math.abs(value) < 0.1 && value !== 0 ? 4 : 2)));
}

const inTable = (text: string) => clip(text, 60).replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A markdown table; `styles` go by position. Numbers are right-aligned. */
export function markdownTable(headers: string[], rows: Cell[][], styles: CellStyle[] = []): string {
  const numbers = headers.map((_, at) => rows.some(row => typeof row[at] === 'number' || typeof row[at] === 'bigint'));
  const columns = headers.map((_, at) =>
    writeColumn(
      rows.map(row => row[at] ?? null),
      styles[at],
    ),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(headers.map(header => inTable(formatCell(header)))),
    line(numbers.map(isNumber => (isNumber ? '--:' : '---'))),
    ...rows.map((_, row) => line(columns.map(texts => inTable(texts[row] ?? '')))),
  ].join('\n');
}

/** The result as it came, at most `maxRows` rows and `maxColumns` columns, saying what was left out. */
export function wholeTable(
  table: Table,
  maxRows = 20,
  maxColumns = 10,
  plain: (name: string) => boolean = () => false,
): string {
  const columns = table.columns.slice(0, maxColumns);
  const rows = table.rows.slice(0, maxRows);
  const styles = columns.map(({name}): CellStyle => (plain(name) ? 'plain' : 'value'));
  const text = markdownTable(
    columns.map(({name}) => name),
    rows,
    styles,
  );
  const left: string[] = [];
  if (rows.length < table.rows.length || table.totalRows === null || table.totalRows > rows.length) {
    const of = table.totalRows === null ? 'more' : formatCount(table.totalRows);
    left.push(`${formatCount(rows.length)} of ${of} rows`);
  }
  if (columns.length < table.columns.length) left.push(`${columns.length} of ${table.columns.length} columns`);
  return left.length > 0 ? `${text}\n\nShowing ${left.join(' and ')}.` : text;
}

/** A number from a result, or null when the cell holds none. */
export function numberOf(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'string' && cell !== '' && Number.isFinite(Number(cell))) return Number(cell);
  return null;
}

export const count = (cell: Cell | undefined): string => formatNumber(numberOf(cell ?? null) ?? 0);
export const rowsWord = (amount: number | null) => (amount === 1 ? 'row' : 'rows');
