// Reads one record of a delimited text: where its cells end, what quotes and escapes in them mean.

export type RowRules = {
  /** One or more characters. Null: every line is one cell. */
  delimiter: string | null;
  quote: string | null;
  /** The quote itself (doubled) or a backslash. */
  escape: string | null;
  /** Blanks after a delimiter do not belong to the cell. */
  skipSpace: boolean;
  /** Any number of blanks after the delimiter belong to it, as in columns set out with blanks. */
  runs?: boolean;
  /** Each line as a whole stands in quotes, and its cells are inside. */
  wrapped?: boolean;
  /** What ends a record where neither LF nor CR does. */
  recordEnd?: string | null;
  /** How many cells a good row has, if known; helps to tell a line break in quotes from a quote that never closes. */
  width: number | null;
};

/**
 * `end` is where the last line of the record ends. `stray`: a quote stood where none should; `open`: one did not close;
 * `hopeless`: more text would not change that; `quoted`: some cell was in quotes.
 */
export type FoundRecord = {
  cells: string[];
  end: number;
  lines: number;
  stray: boolean;
  open: boolean;
  hopeless: boolean;
  quoted: boolean;
};

/** No record reaches over more lines than this: a quote that long was never meant to. */
export const maxQuotedLines = 2_000;

/** The cells of a line that needs no care: no quotes, no escapes. */
export function splitLine(line: string, {delimiter, skipSpace, runs}: RowRules): string[] {
  if (delimiter === null) return [line];
  if (runs) return line.trim().split(delimiter.length === 1 ? / +/ : / {2,}/);
  const cells = line.split(delimiter);
  return skipSpace ? cells.map((cell, index) => (index === 0 ? cell : cell.trimStart())) : cells;
}

/** True when a line can't just be split at its delimiters. */
export function needsCare(line: string, {quote, escape: mark}: RowRules): boolean {
  return (quote !== null && line.includes(quote)) || (mark === '\\' && line.includes('\\'));
}

/** Reads the record that begins at `start`, not going beyond `limit`. */
export function readRecord(text: string, start: number, limit: number, rules: RowRules): FoundRecord {
  const {delimiter, quote, skipSpace, runs} = rules;
  const cells: string[] = [];
  let lines = 1;
  let stray = false;
  let open = false;
  let hopeless = false;
  let quoted = false;
  let at = runs ? afterBlanks(text, start, limit) : start;
  for (;;) {
    let begin = at;
    if (skipSpace || delimiter !== ' ') begin = afterBlanks(text, at, limit);
    if (text[begin] !== quote || begin >= limit) begin = skipSpace && cells.length > 0 ? begin : at;
    let next: number;
    // After a quote that does not close, none further on in the record does either.
    const closed =
      quote !== null && text[begin] === quote && begin < limit && !open ? quotedCell(text, begin, limit, rules) : null;
    if (closed && closed.end >= 0) {
      cells.push(closed.value);
      lines += closed.lines;
      stray ||= closed.stray;
      quoted = true;
      next = closed.end;
    } else {
      // Either a plain cell, or a quote that does not close: then it is an ordinary character.
      if (closed) open = true;
      if (closed?.end === -2) hopeless = true;
      next = cellEnd(text, begin, limit, rules);
      cells.push(plainCell(text.slice(begin, next), rules));
    }
    let after = next;
    if (runs && next < limit && !isBreak(text, next)) after = afterBlanks(text, next, limit);
    if (after >= limit || isBreak(text, after)) {
      const count = open && !hopeless ? countLines(text, start, limit) : lines + Number(open);
      return {cells, end: after, lines: count, stray, open, hopeless, quoted};
    }
    at = runs ? after : next + (delimiter?.length ?? 1);
  }
}

type Quoted = {value: string; end: number; lines: number; stray: boolean};

/**
 * The cell whose quote opens at `begin`; `end` is −1 when it does not close before `limit`, −2 when a line break and a
 * stray quote in it show that it was never meant to reach that far.
 */
function quotedCell(text: string, begin: number, limit: number, rules: RowRules): Quoted {
  const quote = rules.quote ?? '"';
  const backslash = rules.escape === '\\';
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
        const next = text.slice(from + slash + 1, from + slash + 2);
        // A backslash before anything else is only a backslash, as in C:\new.
        value += before.slice(0, slash) + (next === quote || next === '\\' ? next : `\\${next}`);
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
    const end = afterQuote(text, close + 1, limit, rules);
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
function afterQuote(text: string, at: number, limit: number, {delimiter}: RowRules): number {
  const end = delimiter === ' ' ? at : afterBlanks(text, at, limit);
  if (end >= limit || isBreak(text, end)) return end;
  if (delimiter === null) return -1;
  if (text.startsWith(delimiter, end)) return end;
  // A delimiter may itself begin with blanks.
  return text.startsWith(delimiter, at) ? at : -1;
}

/** Outside quotes a backslash keeps a delimiter or quote from being one. */
function plainCell(cell: string, {delimiter, quote, escape: mark}: RowRules): string {
  if (mark !== '\\' || !cell.includes('\\')) return cell;
  let plain = '';
  for (let at = 0; at < cell.length; at++) {
    const isEscape = cell[at] === '\\' && [delimiter, quote].some(each => each && cell.startsWith(each, at + 1));
    if (!isEscape) plain += cell[at];
  }
  return plain;
}

function cellEnd(text: string, begin: number, limit: number, {delimiter, escape: mark}: RowRules): number {
  for (let at = begin; at < limit; at++) {
    if (mark === '\\' && text[at] === '\\' && at + 1 < limit && !isBreak(text, at + 1)) at++;
    else if (isBreak(text, at) || (delimiter !== null && text.startsWith(delimiter, at))) return at;
  }
  return limit;
}

function afterBlanks(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && text[end] === ' ') end++;
  return end;
}

export function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
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
