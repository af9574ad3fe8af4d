// Finds how a delimited text is written. Every plausible reading is tried on a sample and scored; the best one wins and
// the runner-up is kept for the preview.

import {kindOfCell} from '../cell-kinds.ts';
import {ColumnProfile} from '../column-profile.ts';
import type {Row, RowRules} from '../rows.ts';
import {RowParser} from '../rows.ts';
import {delimitersOf, quotings} from './candidates.ts';
import type {Layout} from './layout.ts';
import {findLayout} from './layout.ts';
import {cellWorth, scoreReading} from './score.ts';

/** What the user fixed on the command line; everything else is found. */
export type DialectHints = {delimiter?: string | undefined; header?: boolean | number | undefined};

/** `confidence` is 0 to 1: how far the runner-up is behind. Rows are counted as lines of the file. */
export type Dialect = Layout & {
  delimiter: string | null;
  quote: string | null;
  escape: string | null;
  skipSpace: boolean;
  runs: boolean;
  /** Some cell of the sample is in quotes; without that `quote` is only what would be one. */
  usesQuotes: boolean;
  wrapped: boolean;
  recordEnd: string | null;
  confidence: number;
  /** The lines hardly look like rows of a table, however they are read. */
  isDoubtful: boolean;
  runnerUp: string | null;
  profile: ColumnProfile;
};

const singleColumnPrior = 0.5;

type Reading = {rules: RowRules; rows: Row[]; score: number; usesQuotes: boolean};

/**
 * Finds the dialect of `sample`, the beginning of a text (no BOM). `complete` says that it is the whole text, otherwise
 * its last line is taken for cut. Never throws; a text without any structure is one column of lines.
 */
export function detectDialect(given: string, complete: boolean, hints: DialectHints = {}): Dialect {
  const recordEnd = recordEndOf(given);
  const sample = recordEnd ? given.replaceAll(recordEnd, '\n') : given;
  const wrapped = hints.delimiter === undefined ? unwrapLines(sample, complete) : null;
  if (wrapped === null) return {...detectPlain(sample, complete, hints), recordEnd};
  const dialect = detectPlain(wrapped, complete, hints);
  return {...dialect, recordEnd, wrapped: true, quote: '"', escape: '"', usesQuotes: true};
}

const recordEnds = ['\u001e', '\u2028', '\u2029', '\u0085', '\u000b', '\u000c'];

/** The rarer mark that ends lines; null where the usual ones do. */
function recordEndOf(sample: string): string | null {
  if (/[\r\n]/.test(sample.trimEnd())) return null;
  return recordEnds.find(mark => sample.split(mark, 3).length > 2) ?? null;
}

/** The lines of a text of which each stands in quotes as a whole, without them; null where that is not so. */
function unwrapLines(sample: string, complete: boolean): string | null {
  if (!/^\s*"/.test(sample)) return null;
  const {rows} = read(sample, {delimiter: null, quote: '"', escape: '"', skipSpace: false, width: 1}, complete);
  const filled = rows.filter(row => !row.blank);
  const lines = filled.flatMap(row => (row.fault === null && row.text.trim().startsWith('"') ? row.cells : []));
  if (filled.length < 2 || lines.length < filled.length * 0.9) return null;
  const marks = [',', ';', '\t', '|'].map(mark => lines.map(line => line.split(mark).length));
  const isTable = marks.some(([first = 1, ...counts]) => first > 1 && counts.every(count => count >= first));
  return isTable ? lines.join('\n') : null;
}

function detectPlain(sample: string, complete: boolean, hints: DialectHints): Omit<Dialect, 'recordEnd'> {
  const declared = /^sep=(.|\\t)\r?\n/i.exec(sample)?.[1];
  const fixed = hints.delimiter ?? (declared === '\\t' ? '\t' : declared);
  const candidates = fixed !== undefined ? [{delimiter: fixed, runs: false, prior: 1}] : delimitersOf(sample);
  const readings: Reading[] = [];
  for (const candidate of candidates)
    for (const rules of quotings(sample, candidate)) {
      const {rows, usesQuotes} = read(sample, rules, complete);
      readings.push({rules, rows, usesQuotes, score: scoreReading(rows, rules, candidate.prior)});
    }
  if (fixed === undefined || readings.every(reading => reading.rows.length === 0))
    readings.push(singleColumn(sample, complete));
  readings.sort((a, b) => b.score - a.score);
  const best = readings[0] ?? singleColumn(sample, complete);
  const second = readings.find(reading => markOf(reading) !== markOf(best));
  const layout = findLayout(best.rows, {declaredSeparator: declared !== undefined, header: hints.header});
  const {delimiter, quote, escape: escapeMark, runs = false} = best.rules;
  return {
    ...layout,
    delimiter,
    quote,
    escape: escapeMark,
    runs,
    skipSpace: delimiter !== null && delimiter !== ' ' && blanksAfter(best.rows),
    usesQuotes: best.usesQuotes,
    wrapped: false,
    confidence: best.score <= 0 ? 0 : Math.round((1 - Math.max(0, second?.score ?? 0) / best.score) * 100) / 100,
    isDoubtful: fixed === undefined && isDoubtful(best),
    runnerUp: second && second.score > 0 ? second.rules.delimiter : null,
    profile: profileOf(best.rows, layout),
  };
}

function isDoubtful({rules, rows, score, usesQuotes}: Reading): boolean {
  if (rules.delimiter === null && usesQuotes) return false;
  const filled = rows.filter(row => !row.blank);
  if (filled.length < 3) return false;
  const share = (test: (text: string) => boolean) => filled.filter(({text}) => test(text)).length / filled.length;
  if (rules.delimiter !== null) return score < 0.35 || share(isProse) > 0.5;
  return share(text => /^(?:\S+ +){4}/.test(text) || looksWritten(text)) > 0.3;
}

/** A sentence or two: words, and a mark at the end. */
function isProse(text: string): boolean {
  return /[.!?]["')]?\s*$/.test(text) && /^[^\d\t;|]*$/.test(text) && text.split(/\s+/).length > 8;
}

/** What stands in programs and settings: braces, a call, an assignment, "key: value" or "3:1.2", a mark at the beginning or the end. */
function looksWritten(text: string): boolean {
  return /[{}]|\w\(|;\s*$|\S\s*=\s*\S|^\s*[-*@#/<[]\s*[\p{L}/]|^\s*[\p{L}_]\w*:(?:\s|$)|(?:^|\s)\d+:\d*\.\d/u.test(
    text,
  );
}

/** One blank or two part the same columns. */
function markOf({rules}: Reading): string | null {
  return rules.runs ? ' ' : rules.delimiter;
}

function profileOf(rows: readonly Row[], {firstLine, headerRows, width}: Layout): ColumnProfile {
  const table = rows.filter(row => !row.blank && row.line >= firstLine).slice(headerRows);
  const good = table.filter(row => row.cells.length === width && row.fault === null);
  return new ColumnProfile(
    good.map(row => row.cells),
    width,
  );
}

function read(sample: string, rules: RowRules, complete: boolean): {rows: Row[]; usesQuotes: boolean} {
  const rows: Row[] = [];
  const parser = new RowParser(rules, row => rows.push(row));
  parser.push(sample);
  if (complete) parser.end();
  return {rows, usesQuotes: parser.sawQuotes};
}

function singleColumn(sample: string, complete: boolean): Reading {
  const rules: RowRules = {
    delimiter: null,
    quote: standsInQuotes(sample) ? '"' : null,
    escape: '"',
    skipSpace: false,
    width: 1,
  };
  const {rows, usesQuotes} = read(sample, rules, complete);
  const filled = rows.filter(row => !row.blank).slice(0, 500);
  const worth = filled.reduce((sum, row) => sum + lineWorth(row.cells[0] ?? ''), 0) / Math.max(1, filled.length);
  // A line that is a value as a whole (a time, a date, an address) is better left in one piece.
  const whole = filled.filter(row => ['number', 'moment', 'code'].includes(kindOfCell(row.cells[0] ?? ''))).length;
  const share = whole / Math.max(1, filled.length);
  return {rules, rows, usesQuotes, score: singleColumnPrior * worth * 0.6 + (share > 0.5 ? 0.36 * share : 0)};
}

/** A line of words may hold any mark. */
function lineWorth(line: string): number {
  return Math.max(cellWorth(line), /^(?:[^\s]+ +){3}/.test(line) ? 0.8 : 0);
}

/** Lines that begin with a quote also end with one. */
function standsInQuotes(sample: string): boolean {
  const begun = sample.match(/^ *"/gm) ?? [];
  const whole = sample.match(/^ *"(?:[^"]|"")*" *$/gm) ?? [];
  return begun.length > 0 && whole.length >= begun.length * 0.9;
}

function blanksAfter(rows: readonly Row[]): boolean {
  let blank = 0;
  let plain = 0;
  for (const row of rows) {
    for (const cell of row.cells.slice(1)) {
      if (cell.startsWith(' ')) blank++;
      else if (cell !== '') plain++;
    }
  }
  return blank > 0 && plain <= blank * 0.02;
}
