// The blocks of a report as pdfmake's content.

import type {Content, ContentTable, TableCell} from 'pdfmake/interfaces';
import type {Table} from '../../core/dataset.ts';
import {clip, printable} from '../../core/text.ts';
import {columnTexts, columnTitle} from '../cells.ts';
import {svgSize} from '../svg/element.ts';
import {rowsNote, shownRows} from './markdown.ts';
import {
  type Block,
  type ChartBlock,
  citation,
  citations,
  citedItems,
  type Prose,
  type ReceiptBlock,
  type SourceRef,
} from './outline.ts';
import type {Typesetter} from './pdf-fonts.ts';
import {ink, text} from './pdf-text.ts';
import {receiptFacts} from './receipt-facts.ts';

/** Points between the margins of a page. */
const pageWidth = 499;
/** A table of more columns is written in parts below each other, each beginning with its first column. */
const mostColumns = 8;
const longestCell = 400;
/** Of a statement that is printed as it was run. */
const mostSqlLines = 60;
/** A table of more rows goes over pages rather than leave one half empty. */
const wholeRows = 10;
/** Lines of code, and items of a list, that stay with their heading. */
const firstLines = 4;
const firstItems = 3;

/**
 * A part of a block with its height in points, estimated from above. pdfmake loses what does not fit on one page when it
 * is told to keep it whole, so only low parts may be kept whole.
 `breaks` may go over
 * pages without harm.
 */
export type Piece = {content: Content; height: number; breaks?: boolean};

export function blockPieces(block: Block, type: Typesetter): Piece[] {
  switch (block.type) {
    case 'heading': {
      const shown = block.text + cited(block.source);
      return [{content: text(shown, type, {style: 'heading'}), height: heightOf(shown, 11.5) + 16}];
    }
    case 'prose': {
      const {tone, spans} = block;
      const content = tone === 'caution' ? framed(spans, type) : paragraph(spans, type, tone === 'note');
      return [{content, height: proseHeight(spans) + 10}];
    }
    case 'list':
      return listPieces(block.items, type);
    case 'table':
      return tables(block.table, {caption: block.caption + cited(block.source), type});
    case 'chart':
      return [chart(block, type)];
    case 'receipt':
      return receipt(block, type);
    default:
      return block satisfies never;
  }
}

/** From above: letters are narrower than 0.55 of their size in nearly every text. */
function heightOf(content: string, size: number, width = pageWidth): number {
  const letters = Math.max(1, Math.floor(width / (size * 0.55)));
  const lines = content.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / letters)), 0);
  return lines * size * 1.45;
}

function proseHeight(spans: Prose): number {
  return heightOf(spans.map(each => each.text).join(''), 10, pageWidth - 14) + 4;
}

/** The first items apart, so that they can stay with a heading. */
function listPieces(items: readonly Prose[], type: Typesetter): Piece[] {
  const cited = citedItems(items);
  return [cited.slice(0, firstItems), cited.slice(firstItems)].flatMap((part, k): Piece[] => {
    if (part.length === 0) return [];
    const isLast = k === 1 || cited.length <= firstItems;
    const ul = part.map(({spans, sources}) => proseText(spans, type, sources));
    const height = part.reduce((sum, {spans}) => sum + proseHeight(spans), 0);
    return [{content: {ul, margin: [0, 0, 0, isLast ? 6 : 0]}, height}];
  });
}

function proseText(spans: Prose, type: Typesetter, sources = citations(spans)) {
  const parts = spans.map(({text: part, strong}) => text(part, type, strong ? {bold: true} : {}));
  const from = sources.length > 0 ? [text(` (${sources.join(', ')})`, type, {color: ink.soft})] : [];
  return {text: [...parts, ...from]};
}

function paragraph(spans: Prose, type: Typesetter, isNote = false): Content {
  return {...proseText(spans, type), margin: [0, 0, 0, 6], ...(isNote ? {color: ink.soft, italics: true} : {})};
}

function framed(spans: Prose, type: Typesetter): Content {
  return {
    table: {widths: ['*'], body: [[{...proseText(spans, type), fillColor: ink.warnTint, color: ink.warn}]]},
    layout: {hLineWidth: () => 0, vLineWidth: at => (at === 0 ? 3 : 0), vLineColor: () => ink.warn},
    margin: [0, 2, 0, 6],
  };
}

/** The table, or its parts where it is too wide for a page. */
function tables(table: Table, {caption, type}: {caption: string; type: Typesetter}): Piece[] {
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
    const head = text(`${caption}${more}`, type, {style: 'caption'});
    const {content, height} = tableOf({...table, rows: shown}, chosen, type);
    const foot = note && k === parts.length - 1 ? [text(note, type, {style: 'soft'})] : [];
    const breaks = shown.length > wholeRows;
    return [{content: {stack: [head, content, ...foot]}, height: height + 50, breaks}];
  });
}

function tableOf({columns, rows}: Table, chosen: readonly number[], type: Typesetter): Piece {
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
  const cell = (content: string, k: number, style: object = {}): TableCell => ({
    ...text(content, type),
    fontSize: size,
    ...(isNumber(k) ? {alignment: 'right'} : {}),
    // A small chart over two lines is none.
    ...(smallChart.test(content) ? {noWrap: true, fontSize: size - 1.5} : {}),
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
  const content: ContentTable = {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths,
      body: [
        titles.map((title, k) => cell(title, k, {bold: true, fillColor: ink.tint})),
        ...rows.map((_, row) => texts.map((column, k) => cell(column[row] ?? '', k))),
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

const smallChart = /^[▁-█·]{2,}$/u;

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
  const isSmallChart = (k: number) => texts[k]?.some(each => smallChart.test(each)) === true;
  const open = new Set([...needs.keys()].filter(k => !isSmallChart(k)));
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
  if (smallChart.test(content)) return content.length * 1.35;
  let sum = 0;
  for (const each of content)
    sum += (each.codePointAt(0) ?? 0) >= 0x2000 ? 1.9 : /\p{Lu}|[mw@%]/u.test(each) ? 1.45 : 1;
  return sum;
}

/** At most this wide and high, so that it fits on a page with its heading and its words. */
const chartSize: [number, number] = [470, 520];

function chart({title, titled, svg, preview, summary, source}: ChartBlock, type: Typesetter): Piece {
  const head = titled ? [] : [text(title + cited(source), type, {style: 'caption'})];
  const words = summary === '' ? [] : [text(summary, type, {style: 'soft', margin: [0, 2, 0, 8]})];
  const drawn: Content = svg === null ? code(preview, type) : drawing(svg, type);
  const height = svg === null ? heightOf(preview, 7.2) : svgHeight(svg);
  return {content: {stack: [...head, drawn, ...words]}, height: height + heightOf(summary, 9) + 30};
}

/** Of the drawing once it is as wide as it may be; all there is room for where it does not say. */
function svgHeight(svg: string): number {
  const {width, height} = svgSize(svg);
  const scaled = (height / width) * chartSize[0];
  return Number.isFinite(scaled) ? Math.min(scaled, chartSize[1]) : chartSize[1];
}

/** A drawing brings no picture of its own: nothing is read from a path or an address in it. */
const noImages = {options: {imageCallback: () => '', warningCallback: () => {}}};

/** In the wide font, with boxes, where Roboto lacks one of its characters. */
function drawing(svg: string, type: Typesetter): Content {
  const clean = printable(svg);
  const shape = {fit: chartSize, ...noImages};
  if (type.covers(clean, 'Roboto')) return {svg: clean, ...shape};
  return {svg: type.boxed(clean.replaceAll(/\bRoboto,\s*/g, '')), font: 'DejaVu Sans', ...shape};
}

function code(content: string, type: Typesetter): Content {
  const lines = text(content.trimEnd(), type, {style: 'code', oneLine: false, wanted: 'DejaVu Sans Mono'});
  return {...lines, preserveLeadingSpaces: true};
}

function receipt(block: ReceiptBlock, type: Typesetter): Piece[] {
  const {id, tool, sql} = block.receipt;
  const told = receiptFacts(block);
  const facts = told.map(({name, value}) => ({
    text: [text(`${name}: `, type, {bold: true}), text(value, type)],
    fontSize: 8.5,
  }));
  const lines = sql ? sql.trimEnd().split('\n') : [];
  // A long statement that nobody is to run again goes on in its line instead of down many pages.
  const runsOn = lines.length > mostSqlLines && !block.runs;
  const begin = runsOn ? '' : lines.slice(0, firstLines).join('\n');
  const rest = runsOn ? lines.map(line => line.trim()).join(' ') : lines.slice(firstLines).join('\n');
  const head = text(`#${id} ${tool}`, type, {style: 'heading'});
  const top: Content[] = [head, ...facts, ...(begin ? [code(begin, type)] : [])];
  const height = told.reduce((sum, {name, value}) => sum + heightOf(name + value, 8.5), heightOf(begin, 7.2) + 40);
  return [{content: {stack: top}, height}, ...(rest ? [{content: code(rest, type), height: heightOf(rest, 7.2)}] : [])];
}

function cited(source: SourceRef | undefined): string {
  const from = source ? citation(source) : '';
  return from.startsWith('#') ? ` (${from})` : '';
}
