// Finds how a delimited text is written. Every plausible reading is tried on a sample and scored by how even its rows
// are and how much its cells look like values; the best one wins and the runner-up is kept for the preview.

import {kindOfCell} from '../cell-kinds.ts';
import type {Row, RowRules} from '../rows.ts';
import {parseRows} from '../rows.ts';
import type {Layout} from './layout.ts';
import {findLayout} from './layout.ts';

/** What the user fixed on the command line; everything else is found. */
export type DialectHints = {delimiter?: string | undefined; header?: boolean | number | undefined};

/** `confidence` is 0 to 1: how far the runner-up is behind. Rows are counted as lines of the file. */
export type Dialect = Layout & {
  delimiter: string | null;
  quote: string | null;
  escape: string | null;
  skipSpace: boolean;
  confidence: number;
  runnerUp: string | null;
};

/** `prior` is how likely a delimiter is before anything was read. */
const priors: Record<string, number> = {
  ',': 1,
  ';': 1,
  '\t': 1,
  '|': 0.96,
  '||': 0.97,
  '::': 0.8,
  '~': 0.85,
  '^': 0.85,
  '\u0001': 0.95,
  '\u001f': 0.95,
  '¦': 0.9,
  '§': 0.85,
  ':': 0.55,
  ' ': 0.5,
};

const singleColumnPrior = 0.5;

type Reading = {rules: RowRules; rows: Row[]; score: number};

/**
 * Finds the dialect of `sample`, the beginning of a text (no BOM). `complete` says that it is the whole text, otherwise
 * its last line is taken for cut. Never throws; a text without any structure is one column of lines.
 */
export function detectDialect(sample: string, complete: boolean, hints: DialectHints = {}): Dialect {
  const declared = /^sep=(.|\\t)\r?\n/i.exec(sample)?.[1];
  const fixed = hints.delimiter ?? (declared === '\\t' ? '\t' : declared);
  const candidates = fixed !== undefined ? [fixed] : Object.keys(priors).filter(mark => sample.includes(mark));
  const readings: Reading[] = [];
  for (const delimiter of candidates) {
    for (const rules of quoteRules(sample, delimiter)) {
      const rows = parseRows(sample, rules, {complete});
      readings.push({rules, rows, score: score(rows, rules, fixed === undefined ? (priors[delimiter] ?? 0.9) : 1)});
    }
  }
  if (fixed === undefined || readings.every(reading => reading.rows.length === 0))
    readings.push(singleColumn(sample, complete));
  readings.sort((a, b) => b.score - a.score);
  const best = readings[0] ?? singleColumn(sample, complete);
  const second = readings.find(reading => reading.rules.delimiter !== best.rules.delimiter);
  const layout = findLayout(best.rows, {declaredSeparator: declared !== undefined, header: hints.header});
  const {delimiter, quote, escape: escapeMark} = best.rules;
  return {
    ...layout,
    delimiter,
    quote,
    escape: escapeMark,
    skipSpace: delimiter !== null && delimiter !== ' ' && blanksAfter(best.rows),
    confidence: best.score <= 0 ? 0 : Math.round((1 - Math.max(0, second?.score ?? 0) / best.score) * 100) / 100,
    runnerUp: second && second.score > 0 ? second.rules.delimiter : null,
  };
}

function singleColumn(sample: string, complete: boolean): Reading {
  const rules: RowRules = {
    delimiter: null,
    quote: sample.startsWith('"') ? '"' : null,
    escape: '"',
    skipSpace: false,
    width: 1,
  };
  const rows = parseRows(sample, rules, {complete});
  const filled = rows.filter(row => !row.blank).slice(0, 500);
  const worth = filled.reduce((sum, row) => sum + cellWorth(row.cells[0] ?? ''), 0) / Math.max(1, filled.length);
  // A line that is a value as a whole (a time, a date, an address) is better left in one piece.
  const whole = filled.filter(row => ['number', 'moment', 'code'].includes(kindOfCell(row.cells[0] ?? ''))).length;
  const share = whole / Math.max(1, filled.length);
  return {rules, rows, score: singleColumnPrior * worth * 0.6 + (share > 0.5 ? 0.36 * share : 0)};
}

function quoteRules(sample: string, delimiter: string): RowRules[] {
  const rules = (quote: string, escapeMark: string): RowRules => ({
    delimiter,
    quote,
    escape: escapeMark,
    skipSpace: false,
    width: null,
  });
  const found: RowRules[] = [];
  const mark = delimiter.replace(/[|^\\.*+?()[\]{}$]/g, '\\$&');
  if (sample.includes('"')) {
    const slashed = (sample.match(/\\"/g) ?? []).length;
    const doubled = (sample.match(/[^"]""[^"]/g) ?? []).length;
    found.push(rules('"', slashed > 0 && slashed >= doubled ? '\\' : '"'));
  }
  const single = new RegExp(`(?:^|${mark}) *'[^'\\r\\n]*' *(?=${mark}|\\r|\\n|$)`, 'gm');
  const doubles = new RegExp(`(?:^|${mark}) *"[^"\\r\\n]*" *(?=${mark}|\\r|\\n|$)`, 'gm');
  const singleCount = (sample.match(single) ?? []).length;
  if (singleCount >= 2 && singleCount > (sample.match(doubles) ?? []).length)
    found.push(rules("'", sample.includes("\\'") ? '\\' : "'"));
  if (found.length === 0) found.push(rules('"', '"'));
  return found;
}

function score(all: Row[], rules: RowRules, prior: number): number {
  const rows = all.filter(row => !row.blank).slice(0, 1000);
  if (rows.length === 0) return 0;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  // Wide rows count more than a few one-cell lines of a preamble or a footer.
  let width = 1;
  let weight = 0;
  for (const [cells, count] of counts) {
    const gain = count * (1 - 1 / cells) * Math.min(1, count === 1 && rows.length > 2 ? 0.5 : 1);
    if (gain > weight) [width, weight] = [cells, gain];
  }
  if (width < 2 || isDecimalColumn(rows, width)) return 0;
  const even = (counts.get(width) ?? 0) / rows.length;
  let worth = 0;
  let cells = 0;
  let faults = 0;
  let quoted = 0;
  for (const row of rows) {
    if (row.fault) faults++;
    if (row.cells.length !== width) continue;
    for (const cell of row.cells) worth += cellWorth(cell);
    cells += row.cells.length;
    if (rules.quote && row.text.includes(rules.quote)) quoted += row.fault ? 0 : 1;
  }
  const cellScore = worth / Math.max(1, cells);
  const faultShare = faults / rows.length;
  const quoteBonus = rules.quote === '"' && quoted > 0 ? 1.02 : 1;
  const widthBonus = 0.9 + 0.1 * (1 - 1 / width);
  return prior * even ** 1.5 * cellScore ** 2 * (1 - 0.5 * faultShare) * widthBonus * quoteBonus;
}

/** One column of numbers with a decimal comma under a name: not two columns. */
function isDecimalColumn([header, ...rows]: readonly Row[], width: number): boolean {
  if (width !== 2 || header?.cells.length !== 1 || rows.length < 2) return false;
  return rows.every(row => /^[-+]?\d+(?:,\d+)?$/.test(row.text));
}

function cellWorth(cell: string): number {
  switch (kindOfCell(cell)) {
    case 'number':
    case 'moment':
    case 'code':
    case 'boolean':
      return 1;
    case 'word':
      return /^ | $/.test(cell) ? 0.9 : 0.95;
    case 'empty':
      return 0.75;
    case 'text':
      // Marks that often part cells speak against a reading that leaves them inside.
      return /[;\t|]|,\S|^["']|["']$/.test(cell) ? 0.3 : 0.8;
  }
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
