// The tables of a report as pdfmake's content.

import type {ContentTable, TableCell} from 'pdfmake/interfaces';
import type {Table} from '../../core/dataset.ts';
import {clip} from '../../core/text.ts';
import {columnTexts, columnTitle, isSmallChart} from '../cells.ts';
import {rowsNote, shownRows} from './markdown.ts';
import type {Typesetter} from './pdf-fonts.ts';
import type {Group, Mark} from './pdf-tags.ts';
import {heightOf, ink, type Piece, pageWidth, text} from './pdf-text.ts';

/** A table of more columns is written in parts below each other, each beginning with its first column. */
const mostColumns = 8;
const longestCell = 400;
/** A table of more rows goes over pages rather than leave one half empty. */
const wholeRows = 10;

/** The table, or its parts where it is too wide for a page. */
export function tablePieces(table: Table, {caption, type}: {caption: string; type: Typesetter}): Piece[] {
  const shown = table.rows.slice(0, shownRows);
  const {columns} = table;
  const parts: number[][] = [];
  if (columns.length <= mostColumns) parts.push(columns.map((_, at) => at));
  else
    for (let at = 1; at < columns.length; at += mostColumns - 1)
      parts.push([0, ...columns.slice(at, at + mostColumns - 1).map((_, k) => at + k)]);
  const note = rowsNote(shown.length, table.totalRows);
  return parts.flatMap((chosen, k): Piece[] => {
    const more = parts.length > 1 ? `, part ${k + 1} of ${parts.length}` : '';
    const whole: Group = {kind: 'Table'};
    const head = text(`${caption}${more}`, type, {style: 'caption', mark: {kind: 'Caption', parents: [whole]}});
    const {content, height} = tableOf({...table, rows: shown}, chosen, {type, whole});
    const foot = note && k === parts.length - 1 ? [text(note, type, {style: 'soft', mark: {kind: 'P'}})] : [];
    const breaks = shown.length > wholeRows;
    return [{content: {stack: [head, content, ...foot]}, height: height + 50, breaks}];
  });
}

function tableOf(
  {columns, rows}: Table,
  chosen: readonly number[],
  {type, whole}: {type: Typesetter; whole: Group},
): Piece {
  const size = chosen.length > 6 ? 7.5 : 8.5;
  const texts = chosen.map(at => {
    const column = columns[at];
    if (!column) return [];
    return columnTexts(
      column,
      rows.map(row => row[at] ?? null),
    ).map(each => clip(each, longestCell));
  });
  const isNumber = (k: number) => columns[chosen[k] ?? -1]?.kind === 'number';
  const cell = (content: string, k: number, mark: Mark, style: object = {}): TableCell => ({
    ...text(content, type, {mark}),
    fontSize: size,
    ...(isNumber(k) ? {alignment: 'right'} : {}),
    // A small chart over two lines is none.
    ...(isSmallChart(content) ? {noWrap: true, fontSize: size - 1.5} : {}),
    ...style,
  });
  const titles = chosen.map(at => {
    const column = columns[at];
    return column ? clip(columnTitle(column), 80) : '';
  });
  const widths = widthsOf(titles, texts);
  const rowHeight = (cells: readonly string[]) =>
    Math.max(...cells.map((each, k) => heightOf(each, size, widths[k] ?? pageWidth)), size) + 4;
  const height = rows.reduce(
    (sum, _, row) => sum + rowHeight(texts.map(column => column[row] ?? '')),
    rowHeight(titles),
  );
  const head: Group = {kind: 'TR'};
  const content: ContentTable = {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths,
      body: [
        titles.map((title, k) =>
          cell(title, k, {kind: 'TH', parents: [whole, head]}, {bold: true, fillColor: ink.tint}),
        ),
        ...rows.map((_, row) => {
          const parents = [whole, {kind: 'TR'} satisfies Group];
          return texts.map((column, k) => cell(column[row] ?? '', k, {kind: 'TD', parents}));
        }),
      ],
    },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => ink.line,
      paddingLeft: () => 4,
      paddingRight: () => 4,
      paddingTop: () => 1.5,
      paddingBottom: () => 1.5,
    },
    margin: [0, 0, 0, 8],
  };
  return {content, height};
}

/** Points for each column: what it needs where all fit, else the page shared by the square roots of the needs. */
function widthsOf(titles: readonly string[], texts: readonly string[][]): number[] {
  const perLetter = titles.length > 6 ? 4.3 : 4.8;
  const padding = 9;
  const room = pageWidth - padding * titles.length;
  const needs = titles.map((title, k) => {
    const longest = (texts[k] ?? []).reduce(
      (most, each) => Math.max(most, letterWidths(each)),
      letterWidths(title) * 1.1,
    );
    return Math.max(18, Math.min(longest, 90) * perLetter + 2);
  });
  const total = needs.reduce((sum, need) => sum + need, 0);
  if (total <= room) return needs;
  // Narrow columns keep what they need; the wide ones share what is left.
  const hasSmallCharts = (k: number) => texts[k]?.some(isSmallChart) === true;
  const open = new Set([...needs.keys()].filter(k => !hasSmallCharts(k)));
  let left = room - needs.reduce((sum, need, k) => (open.has(k) ? sum : sum + need), 0);
  for (let changed = true; changed; ) {
    changed = false;
    const share = left / Math.max(1, open.size);
    for (const k of open) {
      const need = needs[k] ?? 0;
      if (need > share) continue;
      open.delete(k);
      left -= need;
      changed = true;
    }
  }
  const weights = [...open].reduce((sum, k) => sum + Math.sqrt(needs[k] ?? 0), 0);
  return needs.map((need, k) => (open.has(k) ? (left * Math.sqrt(need)) / weights : need));
}

/** In letters of usual width: capitals are wider, and more so the blocks of a small chart and what is not Latin. */
function letterWidths(content: string): number {
  if (isSmallChart(content)) return content.length * 1.35;
  let sum = 0;
  for (const each of content)
    sum += (each.codePointAt(0) ?? 0) >= 0x2000 ? 1.9 : /\p{Lu}|[mw@%]/u.test(each) ? 1.45 : 1;
  return sum;
}
