// Splits delimited text into rows, piece by piece. Never loses a line: what breaks the rules is read the likeliest way
// and named as a fault, so that the report can show it.

export type RowRules = {
  /** One or more characters. Null: every line is one cell. */
  delimiter: string | null;
  quote: string | null;
  /** The quote itself (doubled) or a backslash. */
  escape: string | null;
  /** Blanks after a delimiter do not belong to the cell. */
  skipSpace: boolean;
  /** How many cells a good row has, if known; helps to tell a line break in quotes from a quote that never closes. */
  width: number | null;
};

export type RowFault = 'stray_quote' | 'open_quote';

/** `line` is the number of its first line, from 1. A blank line is a row with one empty cell and `blank` set. */
export type Row = {cells: string[]; line: number; text: string; fault: RowFault | null; blank: boolean};

/** A quoted cell longer than this, or over more lines, is taken for a quote that never closes. */
const maxQuotedChars = 8 << 20;
const maxQuotedLines = 2_000;

/** `open`: a quote did not close. `hopeless`: more text would not change that. */
type Found = {cells: string[]; end: number; lines: number; stray: boolean; open: boolean; hopeless: boolean};

export class RowParser {
  readonly #rules: RowRules;
  readonly #onRow: (row: Row) => void;
  #buffer = '';
  #line = 1;

  constructor(rules: RowRules, onRow: (row: Row) => void) {
    this.#rules = rules;
    this.#onRow = onRow;
  }

  push(text: string): void {
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
    const {delimiter, quote} = this.#rules;
    const line = text.slice(start, end);
    if (!/\S/.test(line) && (delimiter === null || !line.includes(delimiter))) {
      this.#emit([line.trim()], line, null, true, 1);
      return afterBreak(text, end);
    }
    if (quote === null || !line.includes(quote)) {
      this.#emit(this.#split(line), line, null, false, 1);
      return afterBreak(text, end);
    }
    const found = this.#quoted(text, start, text.length);
    const isCut = found.end >= text.length || (found.end === text.length - 1 && text[found.end] === '\r');
    const needsMore = (found.open && !found.hopeless) || isCut;
    if (needsMore && !final && found.end - start < maxQuotedChars && found.lines < maxQuotedLines) return -1;
    if (found.lines > 1 || found.open) {
      const single = this.#quoted(text, start, end);
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
    this.#emit(found.cells, text.slice(start, found.end), found.stray ? 'stray_quote' : null, false, found.lines);
    return afterBreak(text, found.end);
  }

  #split(line: string): string[] {
    const {delimiter, skipSpace} = this.#rules;
    if (delimiter === null) return [line];
    const cells = line.split(delimiter);
    return skipSpace ? cells.map((cell, index) => (index === 0 ? cell : cell.trimStart())) : cells;
  }

  /** Reads one record from `start`, not going beyond `limit`; `end` is where its last line ends. */
  #quoted(text: string, start: number, limit: number): Found {
    const {delimiter, quote, skipSpace} = this.#rules;
    const cells: string[] = [];
    let lines = 1;
    let stray = false;
    let open = false;
    let hopeless = false;
    let at = start;
    for (;;) {
      let begin = at;
      if (skipSpace || delimiter !== ' ') while (text[begin] === ' ' && begin < limit) begin++;
      if (text[begin] !== quote || begin >= limit) begin = skipSpace && cells.length > 0 ? begin : at;
      let next: number;
      // After a quote that does not close, none further on in the record does either.
      const closed = text[begin] === quote && begin < limit && !open ? this.#quotedCell(text, begin, limit) : null;
      if (closed && closed.end >= 0) {
        cells.push(closed.value);
        lines += closed.lines;
        stray ||= closed.stray;
        next = closed.end;
      } else {
        // Either a plain cell, or a quote that does not close: then it is an ordinary character.
        if (closed) open = true;
        if (closed?.end === -2) hopeless = true;
        next = cellEnd(text, begin, limit, delimiter);
        cells.push(text.slice(begin, next));
      }
      if (next >= limit || isBreak(text, next))
        return {
          cells,
          end: next,
          lines: open && !hopeless ? countLines(text, start, limit) : lines + Number(open),
          stray,
          open,
          hopeless,
        };
      at = next + (delimiter?.length ?? 1);
    }
  }

  /** The cell whose quote opens at `begin`; `end` is −1 when it does not close before `limit`, −2 when
   * a line break and a stray quote in it show that it was never meant to reach that far. */
  #quotedCell(text: string, begin: number, limit: number): {value: string; end: number; lines: number; stray: boolean} {
    const quote = this.#rules.quote ?? '"';
    const backslash = this.#rules.escape === '\\';
    let value = '';
    let from = begin + 1;
    let seen = from;
    let spansLines = false;
    let stray = false;
    for (;;) {
      let close = text.indexOf(quote, from);
      if (backslash) {
        const before = text.slice(from, close < 0 ? limit : close);
        const slash = before.indexOf('\\');
        if (slash >= 0 && from + slash + 1 < limit) {
          value += before.slice(0, slash) + text.slice(from + slash + 1, from + slash + 2);
          from += slash + 2;
          continue;
        }
      }
      if (close < 0 || close >= limit) return {value, end: -1, lines: 0, stray};
      if (!backslash && text[close + 1] === quote && close + 1 < limit) {
        value += text.slice(from, close + 1);
        from = close + 2;
        continue;
      }
      const end = this.#afterQuote(text, close + 1, limit);
      value += text.slice(from, close);
      if (end >= 0) return {value, end, lines: countBreaks(text, begin, close), stray};
      spansLines ||= /[\r\n]/.test(text.slice(seen, close));
      seen = close;
      if (spansLines) return {value, end: -2, lines: 0, stray};
      stray = true;
      value += quote;
      close += 1;
      from = close;
    }
  }

  /** Where the cell ends if what follows its quote ends it (blanks allowed), else −1. */
  #afterQuote(text: string, at: number, limit: number): number {
    const {delimiter} = this.#rules;
    let end = at;
    while (end < limit && text[end] === ' ' && delimiter !== ' ') end++;
    if (end >= limit || isBreak(text, end)) return end;
    return delimiter !== null && text.startsWith(delimiter, end) ? end : -1;
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

function indexOrEnd(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function afterBreak(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

function cellEnd(text: string, begin: number, limit: number, delimiter: string | null): number {
  for (let at = begin; at < limit; at++) {
    if (isBreak(text, at) || (delimiter !== null && text.startsWith(delimiter, at))) return at;
  }
  return limit;
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count++;
  }
  return count;
}

/** Lines from `from` to `to`, counted no further than is of interest. */
function countLines(text: string, from: number, to: number): number {
  let count = 1;
  for (let at = from; at < to && count <= maxQuotedLines; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count++;
  }
  return count;
}
