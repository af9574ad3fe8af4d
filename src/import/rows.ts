// Splits delimited text into rows, piece by piece. Never loses a line: what breaks the rules is read the likeliest way
// and named as a fault, so that the report can show it.

import type {RowRules} from './record.ts';
import {maxQuotedLines, needsCare, readRecord, splitLine} from './record.ts';

export type {RowRules} from './record.ts';

export type RowFault = 'stray_quote' | 'open_quote';

/** `line` is the number of its first line, from 1. A blank line is a row with one empty cell and `blank` set. */
export type Row = {cells: string[]; line: number; text: string; fault: RowFault | null; blank: boolean};

/** A quoted cell longer than this, or over too many lines, is taken for a quote that never closes. */
const maxQuotedChars = 8 << 20;

/** Old systems end a text with Ctrl-Z, or fill it up with NULs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const somethingOn = /[^\s\0\u001a]/;

export class RowParser {
  readonly #rules: RowRules;
  readonly #onRow: (row: Row) => void;
  #buffer = '';
  #line = 1;
  /** Cells in quotes were met. */
  sawQuotes = false;

  constructor(rules: RowRules, onRow: (row: Row) => void) {
    this.#rules = rules;
    this.#onRow = onRow;
  }

  push(given: string): void {
    const {recordEnd} = this.#rules;
    const text = recordEnd ? given.replaceAll(recordEnd, '\n') : given;
    this.#buffer = this.#buffer ? this.#buffer + text : text;
    this.#consume(false);
  }

  end(): void {
    this.#consume(true);
    this.#buffer = '';
  }

  #consume(final: boolean): void {
    const text = this.#buffer;
    let start = 0;
    // Where the next LF and CR are is kept: looking anew for one that never comes would cost the whole text per line.
    let feed = -1;
    let carriage = -1;
    while (start < text.length) {
      if (feed < start) feed = indexOrEnd(text, '\n', start);
      if (carriage < start) carriage = indexOrEnd(text, '\r', start);
      const end = Math.min(feed, carriage);
      // A CR at the very end of a piece may be half of a CRLF.
      if (!final && (end === text.length || (end === text.length - 1 && text[end] === '\r'))) break;
      const next = this.#record(text, start, end, final);
      if (next < 0) break;
      start = next;
    }
    this.#buffer = text.slice(start);
  }

  /** Emits the record that starts at `start`; gives where the next one starts, or −1 when more text is needed. */
  #record(text: string, start: number, end: number, final: boolean): number {
    const {delimiter} = this.#rules;
    const line = text.slice(start, end);
    if (!somethingOn.test(line) && (delimiter === null || !line.includes(delimiter))) {
      this.#emit([line.trim()], line, null, true, 1);
      return afterBreak(text, end);
    }
    if (!needsCare(line, this.#rules)) {
      this.#emit(splitLine(line, this.#rules), line, null, false, 1);
      return afterBreak(text, end);
    }
    const found = readRecord(text, start, text.length, this.#rules);
    const isCut = found.end >= text.length || (found.end === text.length - 1 && text[found.end] === '\r');
    const needsMore = (found.open && !found.hopeless) || isCut;
    if (needsMore && !final && found.end - start < maxQuotedChars && found.lines < maxQuotedLines) return -1;
    if (found.lines > 1 || found.open) {
      const single = readRecord(text, start, end, this.#rules);
      const fits = this.#rules.width !== null && single.cells.length === this.#rules.width;
      if (
        found.open ||
        found.stray ||
        found.lines > maxQuotedLines ||
        (fits && found.cells.length !== single.cells.length)
      ) {
        this.#emit(single.cells, line, 'open_quote', false, 1);
        return afterBreak(text, end);
      }
    }
    this.sawQuotes ||= found.quoted;
    const isWrapped = this.#rules.wrapped && found.cells.length === 1 && found.quoted;
    const cells = isWrapped ? cellsOfLine(found.cells[0] ?? '', this.#rules) : found.cells;
    this.#emit(cells, text.slice(start, found.end), found.stray ? 'stray_quote' : null, false, found.lines);
    return afterBreak(text, found.end);
  }

  #emit(cells: string[], text: string, fault: RowFault | null, blank: boolean, lines: number): void {
    const line = this.#line;
    this.#line += lines;
    this.#onRow({cells, line, text, fault, blank});
  }
}

/** All rows of a text at once. `complete: false` leaves out a last row that the text may have cut. */
export function parseRows(text: string, rules: RowRules, options: {complete?: boolean} = {}): Row[] {
  const rows: Row[] = [];
  const parser = new RowParser(rules, row => rows.push(row));
  parser.push(text);
  if (options.complete ?? true) parser.end();
  return rows;
}

/** The cells of a single line, read by other rules than the rest of its text. */
export function cellsOfLine(line: string, rules: RowRules): string[] {
  return needsCare(line, rules) ? readRecord(line, 0, line.length, rules).cells : splitLine(line, rules);
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function afterBreak(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}
