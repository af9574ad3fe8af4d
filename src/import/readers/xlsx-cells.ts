// What the cells of an Excel row say, as text: dates as ISO, booleans as true and false, errors as nothing.

import {attribute, elements, unescapeXml, wholeElement} from './xml.ts';

/** `dates` are the numbers of the cell styles that show a date or time. */
export type CellContext = {strings: string[]; dates: ReadonlySet<number>; is1904: boolean};

const maxColumn = 16_384;
const cellElement = wholeElement('c');
const valueElement = wholeElement('v');
const textElement = wholeElement('t');
const phoneticElement = wholeElement('rPh');

/** The cells of one `<row>` element, in their columns; empty ones are "". */
export function rowCells(row: string, context: CellContext): string[] {
  const cells: string[] = [];
  let column = -1;
  for (const found of row.matchAll(cellElement)) {
    const tag = ` ${found[1] ?? ''}`;
    const place = /^([A-Z]{1,3})\d*$/.exec(attribute(tag, 'r') ?? '')?.[1];
    column = place ? columnIndex(place) : column + 1;
    if (column >= maxColumn) continue;
    while (cells.length <= column) cells.push('');
    cells[column] = found[2] === undefined ? '' : cellText(tag, found[2], context);
  }
  return cells;
}

function cellText(tag: string, content: string, context: CellContext): string {
  const type = attribute(tag, 't') ?? 'n';
  if (type === 'inlineStr') return stringText(content);
  const raw = unescapeXml(firstContent(content, valueElement));
  if (raw === '') return '';
  switch (type) {
    case 's':
      return context.strings[Number(raw)] ?? '';
    case 'b':
      return raw === '1' ? 'true' : 'false';
    case 'e':
      return '';
    case 'n': {
      const style = Number(attribute(tag, 's') ?? -1);
      return context.dates.has(style) ? (serialDate(Number(raw), context.is1904) ?? raw) : plainNumber(raw);
    }
    default:
      return excelEscapes(raw);
  }
}

function firstContent(text: string, pattern: RegExp): string {
  for (const found of text.matchAll(pattern)) return found[2] ?? '';
  return '';
}

/** The text of a shared or inline string; parts with their own font are joined, reading aids left out. */
export function stringText(item: string): string {
  const shown = item.replace(phoneticElement, '');
  let text = '';
  for (const found of shown.matchAll(textElement)) text += unescapeXml(found[2] ?? '');
  return excelEscapes(text);
}

/** Excel writes control characters as `_x000D_`. */
function excelEscapes(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-F]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** Binary rounding noise goes: Excel shows 15 digits. */
function plainNumber(raw: string): string {
  if (raw.length > 40 || !/^-?\d*\.?\d+(?:E[+-]?\d+)?$/i.test(raw) || raw.replace(/\D/g, '').length <= 15) return raw;
  return String(Number(Number(raw).toPrecision(15)));
}

/** A day count since 1899-12-30 (1904-01-01 in old Mac books) as ISO text; null when it is no date. */
export function serialDate(serial: number, is1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return null;
  // Excel believes that 1900 was a leap year: days before its 29 February are off by one.
  const shift = is1904 ? 24_107 : serial < 60 ? 25_568 : 25_569;
  const milliseconds = Math.round((serial - shift) * 86_400_000);
  const text = new Date(milliseconds).toISOString();
  const time = text.slice(11, 23).replace(/\.000$/, '');
  if (serial < 1) return time;
  return Number.isInteger(serial) ? text.slice(0, 10) : `${text.slice(0, 10)} ${time}`;
}

/** The cell styles whose number format shows dates or times. */
export function dateStyles(styles: string): Set<number> {
  const custom = new Set<number>();
  for (const tag of elements(styles, 'numFmt')) {
    const code = (attribute(tag, 'formatCode') ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
    if (/[ymdhs]/i.test(code) && !/General/i.test(code)) custom.add(Number(attribute(tag, 'numFmtId')));
  }
  const found = new Set<number>();
  const list = /<(?:\w+:)?cellXfs[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  elements(list, 'xf').forEach((tag, index) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0);
    const isBuiltIn =
      (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    if (isBuiltIn || custom.has(id)) found.add(index);
  });
  return found;
}

function columnIndex(letters: string): number {
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}
