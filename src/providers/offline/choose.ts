// Chooses one column where a question leaves several, and keeps the remark that tells the user of the choice.

import type {Column} from '../../core/dataset.ts';
import type {Subject} from './intent.ts';
import type {Item} from './items.ts';
import {type Hint, hintPieces} from './meanings.ts';
import {isTakenAway, piecesOf} from './names.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** Sentences said with the answer; `problems` are what keeps a question from being answered at all. */
export type Remarks = {
  /** Values were set against each other: "men than women" compares them, "men and women" splits by their column. */
  contrast: 'compare' | 'split' | null;
  /** A yes/no column of which both answers were named. */
  splitBy: Column | null;
  notes: string[];
  alternatives: string[];
  problems: {reason: string; suggestions: string[]}[];
};

export const noRemarks = (): Remarks => ({contrast: null, splitBy: null, notes: [], alternatives: [], problems: []});

export type Preference = 'measure' | 'key' | 'time' | 'text' | 'any';

const suits: Record<Preference, (column: Column) => boolean> = {
  measure: column => isMeasurable(column),
  key: column => column.kind !== 'number' || column.distinctCount <= 50,
  time: column => isCalendar(column) || isYearColumn(column),
  text: column => column.kind === 'text',
  any: () => true,
};

export const isNumeric = (column: Column) => column.kind === 'number';
export const isMeasurable = (column: Column) => column.kind === 'number' || column.kind === 'boolean';

/** True for yes/no columns: BOOLEAN, or numbers that are only 0 and 1. */
export function isYesNo(column: Column): boolean {
  if (column.kind === 'boolean') return true;
  return column.kind === 'number' && column.distinctCount === 2 && Number(column.min) === 0 && Number(column.max) === 1;
}

/** True for columns that number or name the rows rather than measure anything. */
export function isIdentifier(column: Column, rows: number): boolean {
  const isCalled = piecesOf(column.name).some(piece => /^(id|uuid|guid|index|rowid|key|no|nr)$/.test(piece));
  const allDiffer = rows > 1 && column.distinctCount >= rows - column.nullCount && column.distinctCount > 0.9 * rows;
  return isCalled && (allDiffer || column.kind !== 'number' || column.distinctCount > 50);
}

/** The column an item means; other columns it could mean as well are said once. */
export function choose(item: Item & {kind: 'column'}, preference: Preference, remarks: Remarks): Column {
  const fitting = item.matches.filter(match => suits[preference](match.column));
  const pool = fitting.length > 0 ? fitting : item.matches;
  const [best, ...others] = pool;
  if (!best) throw new Error('a column item has at least one match');
  item.used = true;
  const said = `“${item.text}” was read as the column ${best.column.name}`;
  if (best.quality === 'synonym' || best.quality === 'spelling') addOnce(remarks.notes, `${said}.`);
  else if (best.quality === 'part' && piecesOf(item.text).join('') !== piecesOf(best.column.name).join('')) {
    addOnce(remarks.notes, `${said}.`);
  }
  const rivals = others.filter(other => best.score < 0.9 && other.score > best.score - 0.06);
  if (rivals.length > 0) {
    addOnce(
      remarks.alternatives,
      `“${item.text}” could also mean ${rivals.map(rival => rival.column.name).join(' or ')}.`,
    );
  }
  return best.column;
}

export function addOnce(list: string[], sentence: string): void {
  if (!list.includes(sentence)) list.push(sentence);
}

/** The column a word such as "older" or "cheapest" speaks of, or null. */
export function hintedColumn(hint: Hint, subject: Subject): Column | null {
  if (hint === 'time') return timeColumn(subject);
  for (const wanted of hintPieces[hint]) {
    const found = subject.columns.find(
      column => isNumeric(column) && piecesOf(column.name).some(piece => piece === wanted || piece === `${wanted}s`),
    );
    if (found) return found;
  }
  for (const wanted of hintPieces[hint]) {
    const found = subject.columns.find(
      column => isNumeric(column) && piecesOf(column.name).join('').startsWith(wanted),
    );
    if (found) return found;
  }
  return null;
}

/** The first calendar column, else the first column of years, else null. */
export function timeColumn(subject: Subject): Column | null {
  return subject.columns.find(isCalendar) ?? subject.columns.find(isYearColumn) ?? null;
}

const additive =
  /^(revenue|sale|sales|amount|quantity|qty|units|total|profit|turnover|count|income|volume|orders|spend|spending|expense|expenses|rain|rainfall|precipitation|precip|sold|visits|clicks|passengers)$/;

/** Columns that are added up when no aggregate is named (revenue, quantity); the others (price, age) are averaged. */
export function isAdditive(column: Column): boolean {
  const pieces = piecesOf(column.name);
  return (
    pieces.some(piece => additive.test(piece)) &&
    !pieces.some(piece => /^(avg|average|mean|rate|per|price|pct|percent)$/.test(piece))
  );
}

/** How likely a measure is asked for: amounts and prices before counts, and both before codes of a few numbers. */
export function appeal(column: Column): number {
  return (
    (column.distinctCount > 20 ? 2 : 0) +
    (/INT/.test(column.type) ? 0 : 1) +
    (isAdditive(column) && !isTakenAway(piecesOf(column.name)) ? 1 : 0)
  );
}

/** Number columns worth measuring, identifiers left out. */
export function measureColumns(subject: Subject): Column[] {
  return subject.columns.filter(column => isNumeric(column) && !isIdentifier(column, subject.rows));
}
