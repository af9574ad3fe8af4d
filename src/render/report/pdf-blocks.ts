// The blocks of a report as pdfmake's content.

import type {Content, Margins} from 'pdfmake/interfaces';
import {printable} from '../../core/text.ts';
import {svgSize} from '../svg/element.ts';
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
import {tablePieces} from './pdf-tables.ts';
import type {Group, Mark} from './pdf-tags.ts';
import {heightOf, ink, type Piece, pageWidth, text} from './pdf-text.ts';
import {receiptFacts} from './receipt-facts.ts';

/** Of a statement that is printed as it was run. */
const mostSqlLines = 60;
/** Lines of code, and items of a list, that stay with their heading. */
const firstLines = 4;
/** Letters of code that stay with their heading; about four lines of a page. */
const mostBeginning = 480;
/** Letters of code in one text at most. */
const mostCode = 3_000;
const firstItems = 3;

export function blockPieces(block: Block, type: Typesetter): Piece[] {
  switch (block.type) {
    case 'heading': {
      const shown = block.text + cited(block.source);
      return [{content: text(shown, type, {style: 'heading', mark: {kind: 'H3'}}), height: heightOf(shown, 11.5) + 16}];
    }
    case 'prose': {
      const {tone, spans} = block;
      const content = tone === 'caution' ? framed(spans, type) : paragraph(spans, type, tone === 'note');
      return [{content, height: proseHeight(spans) + 10}];
    }
    case 'list':
      return listPieces(block.items, type);
    case 'table':
      return tablePieces(block.table, {caption: block.caption + cited(block.source), type});
    case 'chart':
      return [chart(block, type)];
    case 'receipt':
      return receipt(block, type);
    default:
      return block satisfies never;
  }
}

function proseHeight(spans: Prose): number {
  return heightOf(spans.map(each => each.text).join(''), 10, pageWidth - 14) + 4;
}

/** The first items apart, so that they can stay with a heading. */
function listPieces(items: readonly Prose[], type: Typesetter): Piece[] {
  const cited = citedItems(items);
  const list: Group = {kind: 'L'};
  return [cited.slice(0, firstItems), cited.slice(firstItems)].flatMap((part, k): Piece[] => {
    if (part.length === 0) return [];
    const isLast = k === 1 || cited.length <= firstItems;
    const ul = part.map(({spans, sources}) =>
      proseText(spans, type, sources, {kind: 'LBody', parents: [list, {kind: 'LI'}]}),
    );
    const height = part.reduce((sum, {spans}) => sum + proseHeight(spans), 0);
    return [{content: {ul, margin: [0, 0, 0, isLast ? 6 : 0]}, height}];
  });
}

function proseText(spans: Prose, type: Typesetter, sources = citations(spans), mark: Mark = {kind: 'P'}) {
  const parts = spans.map(({text: part, strong}) => text(part, type, {mark, ...(strong && {bold: true})}));
  const from = sources.length > 0 ? [text(` (${sources.join(', ')})`, type, {color: ink.soft, mark})] : [];
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

/** At most this wide and high, so that it fits on a page with its heading and its words. */
const chartSize: [number, number] = [470, 520];

function chart({title, titled, svg, preview, summary, source}: ChartBlock, type: Typesetter): Piece {
  const head = titled ? [] : [text(title + cited(source), type, {style: 'caption', mark: {kind: 'P'}})];
  const words = summary === '' ? [] : [text(summary, type, {style: 'soft', margin: [0, 2, 0, 8], mark: {kind: 'P'}})];
  const alt = printable([title, summary].filter(Boolean).join('. '), {oneLine: true});
  const drawn: Content = svg === null ? code(preview, type) : drawing(svg, type, {kind: 'Figure', alt});
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
function drawing(svg: string, type: Typesetter, mark: Mark): Content {
  const clean = printable(svg);
  const shape = {fit: chartSize, mark, ...noImages};
  if (type.covers(clean, 'Roboto')) return {svg: clean, ...shape};
  return {svg: type.boxed(clean.replaceAll(/\bRoboto,\s*/g, '')), font: 'DejaVu Sans', ...shape};
}

/** Parts of one text, each short: pdfmake copies the words that are left for each of them. */
function code(content: string, type: Typesetter): Content {
  const mark: Mark = {kind: 'Code'};
  const parts = partsOf(content.trimEnd(), mostCode);
  const texts = parts.map((part, at) => ({
    ...text(part, type, {style: 'code', oneLine: false, wanted: 'DejaVu Sans Mono', mark}),
    margin: [0, at === 0 ? 2 : 0, 0, at === parts.length - 1 ? 2 : 0] satisfies Margins,
    preserveLeadingSpaces: true,
  }));
  return texts.length === 1 ? (texts[0] ?? '') : {stack: texts};
}

/** Cut at the ends of lines, or at blanks of a line that is longer than a part may be. */
function partsOf(content: string, most: number): string[] {
  const parts: string[] = [];
  let rest = content;
  while (rest.length > most) {
    const line = rest.lastIndexOf('\n', most);
    const at = line > 0 ? line : rest.lastIndexOf(' ', most);
    const end = at > 0 ? at : most;
    parts.push(rest.slice(0, end));
    rest = rest.slice(at > 0 ? end + 1 : end);
  }
  return [...parts, rest];
}

function receipt(block: ReceiptBlock, type: Typesetter): Piece[] {
  const {id, tool, sql} = block.receipt;
  const told = receiptFacts(block);
  const facts = told.map(({name, value}) => {
    const mark: Mark = {kind: 'P'};
    return {text: [text(`${name}: `, type, {bold: true, mark}), text(value, type, {mark})], fontSize: 8.5};
  });
  const lines = sql ? sql.trimEnd().split('\n') : [];
  // A long statement that nobody is to run again goes on in its line instead of down many pages.
  const runsOn = lines.length > mostSqlLines && !block.runs;
  const whole = runsOn ? lines.map(line => line.trim()).join(' ') : lines.join('\n');
  const begin = beginningOf(whole);
  const rest = whole.slice(begin.length).replace(/^\s/, '');
  const head = text(`#${id} ${tool}`, type, {style: 'heading', mark: {kind: 'H3'}});
  const top: Content[] = [head, ...facts, ...(begin ? [code(begin, type)] : [])];
  const height = told.reduce((sum, {name, value}) => sum + heightOf(name + value, 8.5), heightOf(begin, 7.2) + 40);
  return [
    {content: {stack: top}, height},
    ...(rest ? [{content: code(rest, type), height: heightOf(rest, 7.2), breaks: true}] : []),
  ];
}

/** What of a statement stays with its heading: the first lines, or the beginning of one that is very long. */
function beginningOf(sql: string): string {
  const lines = sql.split('\n').slice(0, firstLines).join('\n');
  if (lines.length <= mostBeginning) return lines;
  const end = lines.lastIndexOf(' ', mostBeginning);
  return lines.slice(0, end > 0 ? end : mostBeginning);
}

function cited(source: SourceRef | undefined): string {
  const from = source ? citation(source) : '';
  return from.startsWith('#') ? ` (${from})` : '';
}
