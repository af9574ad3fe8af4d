// Excel workbooks (.xlsx). Sheets are streamed row by row, so that a small file that unpacks to much stays bounded.

import type {FileHandle} from 'node:fs/promises';
import {open} from 'node:fs/promises';
import {ImportError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {ZipEntry} from '../zip.ts';
import {damaged, zipEntries, zipEntryBytes} from '../zip.ts';
import type {GridRow, ReadItem, ReadRequest} from './items.ts';
import {inBatches} from './items.ts';
import type {CellContext} from './xlsx-cells.ts';
import {dateStyles, rowCells, stringText} from './xlsx-cells.ts';
import {attribute, elements, wholeElement} from './xml.ts';

const maxPartChars = 64 * 2 ** 20;
const maxStringChars = 128 * 2 ** 20;
const maxSheets = 200;
/** As many as Excel itself can hold. */
const maxRows = 1_048_576;
/** Sheets shrink 8 to 25 times. */
const sheetFactor = 100;
/** One row or one string; what is not closed by then is searched again with every piece. */
const maxElementChars = 4 * 2 ** 20;

/** Every sheet as a table, or the one that was chosen. */
export async function* xlsxItems(request: ReadRequest): AsyncGenerator<ReadItem> {
  const handle = await open(request.path);
  try {
    const book = await openBook(request, handle);
    for (const sheet of chooseSheets(book.sheets, request)) {
      yield {kind: 'table', name: sheet.name, names: null};
      yield* inBatches(sheetRows(book, sheet.part));
    }
  } finally {
    await handle.close();
  }
}

type Sheet = {name: string; part: string};

type Book = {
  request: ReadRequest;
  handle: FileHandle;
  parts: Map<string, ZipEntry>;
  sheets: Sheet[];
  context: CellContext;
  left: number;
};

async function openBook(request: ReadRequest, handle: FileHandle): Promise<Book> {
  const entries = await zipEntries(handle, request.shown);
  const parts = new Map(entries.map(entry => [entry.name.replace(/^\//, '').toLowerCase(), entry]));
  if (parts.has('encryptedpackage')) {
    throw new ImportError('import.encrypted', `${request.shown} is encrypted.`, {
      hint: 'Save it without a password and import that.',
    });
  }
  const context: CellContext = {strings: [], dates: new Set(), is1904: false};
  const book: Book = {request, handle, parts, sheets: [], context, left: request.maxBytes};
  const workbook = await partText(book, 'xl/workbook.xml');
  if (workbook === null) {
    throw new ImportError('import.unsupported', `${request.shown} is an Office file, but not an Excel workbook.`, {
      hint: 'Save it as .xlsx or CSV.',
    });
  }
  context.is1904 = /<workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(workbook);
  const relations = new Map(
    elements((await partText(book, 'xl/_rels/workbook.xml.rels')) ?? '', 'Relationship').map(tag => [
      attribute(tag, 'Id') ?? '',
      partName(attribute(tag, 'Target') ?? ''),
    ]),
  );
  for (const tag of elements(workbook, 'sheet').slice(0, maxSheets)) {
    const part = relations.get(attribute(tag, 'r:id') ?? '');
    if (part && parts.has(part) && part.includes('worksheets'))
      book.sheets.push({name: attribute(tag, 'name') ?? '', part});
  }
  context.dates = dateStyles((await partText(book, 'xl/styles.xml')) ?? '');
  await readStrings(book);
  return book;
}

function partName(target: string): string {
  return (target.startsWith('/') ? target.slice(1) : `xl/${target}`).toLowerCase();
}

function chooseSheets(sheets: readonly Sheet[], {choice, shown}: ReadRequest): readonly Sheet[] {
  if (choice === undefined) return sheets;
  const found = sheets.filter(({name}, index) => name === choice || String(index + 1) === choice);
  if (found[0]) return [found[0]];
  const names = sheets.map(({name}) => printable(name, {oneLine: true}));
  throw new ImportError('import.no_entry', `${shown} has no sheet called "${printable(choice, {oneLine: true})}".`, {
    hint: `Its sheets: ${names.slice(0, 20).join(', ')}.`,
  });
}

/** The text of a part in pieces; all parts of a book together may not unpack to more than the cap. */
async function* partPieces(book: Book, name: string): AsyncGenerator<string> {
  const entry = book.parts.get(name);
  if (!entry) return;
  const decoder = new TextDecoder();
  let first = true;
  for await (const block of zipEntryBytes(book.handle, entry, {
    shown: book.request.shown,
    maxBytes: book.left,
    factor: sheetFactor,
  })) {
    book.left -= block.length;
    const piece = decoder.decode(block, {stream: true});
    if (first && /<!DOCTYPE/i.test(piece.slice(0, 4096))) {
      throw new ImportError('import.unsafe', `${book.request.shown} declares a DOCTYPE, which no Excel file needs.`, {
        hint: 'Open it in a spreadsheet program and save it again.',
      });
    }
    first = false;
    yield piece;
  }
}

async function partText(book: Book, name: string): Promise<string | null> {
  if (!book.parts.has(name)) return null;
  let text = '';
  for await (const piece of partPieces(book, name)) {
    text += piece;
    if (text.length > maxPartChars) throw tooMuch(book.request);
  }
  return text;
}

async function readStrings(book: Book): Promise<void> {
  const {strings} = book.context;
  let total = 0;
  for await (const item of closedElements(partPieces(book, 'xl/sharedstrings.xml'), 'si', book.request)) {
    const text = stringText(item);
    total += text.length + 16;
    if (total > maxStringChars) throw tooMuch(book.request);
    strings.push(text);
  }
}

async function* sheetRows(book: Book, part: string): AsyncGenerator<GridRow> {
  let line = 0;
  let count = 0;
  for await (const row of closedElements(partPieces(book, part), 'row', book.request)) {
    const number = Number(attribute(row.slice(0, row.indexOf('>') + 1), 'r'));
    line = Number.isSafeInteger(number) && number > line ? number : line + 1;
    if (++count > maxRows) throw tooMuch(book.request);
    yield {line, cells: rowCells(row, book.context)};
  }
}

/** Every `<name …>…</name>` (or `<name …/>`) of a stream of XML text. */
async function* closedElements(
  pieces: AsyncIterable<string>,
  name: string,
  request: ReadRequest,
): AsyncGenerator<string> {
  const pattern = wholeElement(name);
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    let end = 0;
    for (const found of rest.matchAll(pattern)) {
      yield found[0];
      end = found.index + found[0].length;
    }
    rest = rest.slice(end);
    if (rest.length > maxElementChars) throw tooMuch(request);
  }
  if (new RegExp(`<(?:\\w+:)?${name}[\\s>]`).test(rest)) throw damaged(request.shown);
}

function tooMuch({shown}: ReadRequest): ImportError {
  return new ImportError('import.unpacks_too_large', `${shown} unpacks to more text than an import may hold.`, {
    hint: 'Save the sheet as CSV and import that.',
  });
}
