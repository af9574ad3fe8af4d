// Draws a table as text: for a terminal of a given width, or as Markdown for everything that is not a terminal.

import type {Table} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {alignDecimals, columnTexts, columnTitle} from './cells.ts';
import {clipToWidth, fitToWidth, textWidth} from './text-width.ts';

/** Dresses a finished piece of text, for example with colour; it must not change the text's width. */
export type Paint = (role: 'header' | 'type' | 'footer', text: string) => string;

export type TableOptions = {width: number; maxRows?: number; paint?: Paint};

const gap = 2;
const defaultMaxRows = 20;
/** A column may be this wide when not everything fits; wider texts are cut with `…`. */
const widestShared = 32;
/** The last column that is shown may be cut down to this when it is text; numbers are never cut to fit. */
const narrowestText = 12;

type DrawnColumn = {title: string; type: string; texts: string[]; width: number; align: 'left' | 'right'};

/**
 * The table in at most `width` columns and `maxRows` rows (default 20): title row, type row, one line a row, and a footer
 * that says what was left out. Numbers stand right-aligned with their decimal points below each other, null is `∅`. As
 * many columns as fit are shown, in order, at least the first. Ends without a newline.
 */
export function renderTable(
  table: Table,
  {width, maxRows = defaultMaxRows, paint = (_, text) => text}: TableOptions,
): string {
  const rows = table.rows.slice(0, Math.max(0, maxRows));
  const footer = (columns: number) => paint('footer', clipToWidth(tableFooter(table, rows.length, columns), width));
  if (table.columns.length === 0) return footer(0);
  const shown = fitColumns(drawColumns(table, rows), Math.max(1, width));
  const line = (text: (column: DrawnColumn) => string) =>
    shown
      .map(column => fitToWidth(text(column), column.width, column.align))
      .join(' '.repeat(gap))
      .trimEnd();
  const titles = line(c => c.title);
  const types = line(c => c.type);
  const lines = [paint('header', titles)];
  // A table that no engine made has no types to show.
  if (types !== '') lines.push(paint('type', types));
  for (let row = 0; row < rows.length; row++) lines.push(line(c => c.texts[row] ?? ''));
  lines.push(footer(shown.length));
  return lines.join('\n');
}

function drawColumns(table: Table, rows: Table['rows']): DrawnColumn[] {
  return table.columns.map((column, index) => {
    const cells = rows.map(row => row[index] ?? null);
    const texts = columnTexts(column, cells);
    const title = columnTitle(column);
    const type = printable(column.type.toLowerCase(), {oneLine: true});
    const isNumber = column.kind === 'number';
    const drawn = isNumber ? alignDecimals(texts) : texts;
    const content = drawn.reduce((widest, text) => Math.max(widest, textWidth(text)), textWidth(title));
    return {
      title,
      type,
      texts: drawn,
      width: Math.max(content, Math.min(8, type.length)),
      align: isNumber ? 'right' : 'left',
    };
  });
}

function fitColumns(columns: DrawnColumn[], width: number): DrawnColumn[] {
  const total = columns.reduce((sum, column) => sum + column.width + gap, -gap);
  if (total <= width) return columns;
  const shown: DrawnColumn[] = [];
  let used = -gap;
  for (const column of columns) {
    const columnWidth = Math.min(column.width, widestShared);
    const room = width - used - gap;
    const canShrink = column.align === 'left' && room >= narrowestText;
    if (columnWidth > room && !canShrink) break;
    shown.push({...column, width: Math.min(columnWidth, room)});
    used += gap + Math.min(columnWidth, room);
  }
  const [first] = columns;
  return shown.length === 0 && first ? [{...first, width}] : shown;
}

/** "12 of 84 columns, 20 of 1,200 rows"; only the row count when all of it is shown. */
function tableFooter(table: Table, shownRows: number, shownColumns: number): string {
  const parts: string[] = [];
  if (shownColumns < table.columns.length)
    parts.push(`${shownColumns} of ${formatCount(table.columns.length)} columns`);
  const total = table.totalRows;
  if (total === null) parts.push(`${formatCount(shownRows)} of more than ${formatCount(table.rows.length)} rows`);
  else if (shownRows < total) parts.push(`${formatCount(shownRows)} of ${formatCount(total)} rows`);
  else parts.push(total === 1 ? '1 row' : `${formatCount(total)} rows`);
  return parts.join(', ');
}

/**
 * The table as GitHub Markdown with at most `maxRows` rows (default 20), every column, numbers right-aligned by the
 * delimiter row, and the footer as a last line where rows were left out.
 */
export function renderMarkdownTable(table: Table, {maxRows = defaultMaxRows}: {maxRows?: number} = {}): string {
  const rows = table.rows.slice(0, Math.max(0, maxRows));
  const columns = table.columns.map((column, index) => ({
    title: escapeMarkdown(columnTitle(column)),
    rule: column.kind === 'number' ? '---:' : '---',
    texts: columnTexts(
      column,
      rows.map(row => row[index] ?? null),
    ).map(escapeMarkdown),
  }));
  if (columns.length === 0) return tableFooter(table, rows.length, 0);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const lines = [line(columns.map(c => c.title)), line(columns.map(c => c.rule))];
  for (let row = 0; row < rows.length; row++) lines.push(line(columns.map(c => c.texts[row] ?? '')));
  if (rows.length !== table.totalRows) lines.push('', tableFooter(table, rows.length, columns.length));
  return lines.join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|]/g, '\\$&');
}
