// Finds what is to be computed: aggregates and the columns they are of ("mean and median fare", "how many customers").

import type {Column} from '../../core/dataset.ts';
import {addOnce, choose, isAdditive, isIdentifier, isMeasurable, type Remarks} from './choose.ts';
import type {AggregateName, Measure, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {piecesOf, singular} from './names.ts';
import {nextItem} from './operands.ts';

/** What the rows of many tables are called; a noun that is neither here nor in the dataset's name is not taken for them. */
export const rowNouns: ReadonlySet<string> = new Set(
  (
    'ride trip rental hire journey order sale purchase transaction booking reservation visit session event customer client ' +
    'user guest visitor passenger patient student pupil employee worker house home property apartment car vehicle ' +
    'bike flight movie film song game match animal flower plant sample measurement reading ticket call message review payment ' +
    'invoice shipment delivery product item case participant respondent subject individual loan account lead deal ' +
    'subscription listing accident crime incident experiment trial request admission appointment complaint donation ' +
    'download comment vote bid claim permit inspection violation email registration'
  ).split(' '),
);

/** `bare` are aggregates that name no column; `unknown` is the word that stood where a column was expected. */
export type MeasureReading = {measures: Measure[]; bare: AggregateName[]; unknown: string | null};

export function readMeasures(items: Item[], subject: Subject, remarks: Remarks): MeasureReading {
  const reading: MeasureReading = {measures: [], bare: [], unknown: null};
  for (let at = 0; at < items.length; at++) {
    const fn = aggregateAt(items, at);
    if (!fn) continue;
    const run = aggregateRun(items, at);
    const counting = run.fns.length === 1 && fn === 'count';
    const columns = targetsAt(items, run.end, remarks, counting ? 'any' : preferenceOf(run.fns));
    const before = columns.length === 0 && !counting ? targetBefore(items, at, remarks) : null;
    const targets = before ? [before] : columns;
    if (counting) reading.measures.push(countOf(items, run.end, targets[0] ?? null, subject, remarks));
    else if (targets.length > 0) {
      reading.measures.push(...targets.flatMap(column => run.fns.map(name => measureOf(name, column))));
    } else {
      reading.unknown ??= unknownTarget(items, run.end);
      reading.bare.push(...run.fns.filter(name => name !== 'count'));
      if (run.fns.includes('count')) reading.measures.push({fn: 'count', column: null});
    }
    at = Math.max(at, run.end - 1);
  }
  return reading;
}

const measureOf = (fn: AggregateName, column: Column): Measure =>
  fn === 'count' ? {fn: 'count', column: null} : {fn, column};

function aggregateAt(items: Item[], at: number): AggregateName | null {
  const item = items[at];
  return item?.kind === 'meaning' && !item.used && item.meaning.kind === 'aggregate' ? item.meaning.fn : null;
}

/** "mean, median and standard deviation": aggregates joined by commas and "and". */
function aggregateRun(items: Item[], at: number): {fns: AggregateName[]; end: number} {
  const fns: AggregateName[] = [];
  let end = at;
  for (let i = at; i < items.length; i++) {
    const item = items[i];
    const fn = aggregateAt(items, i);
    if (fn && item) {
      item.used = true;
      if (!fns.includes(fn)) fns.push(fn);
      end = i + 1;
    } else if (item?.kind !== 'meaning' || !/^(and|filler)$/.test(item.meaning.kind)) break;
  }
  return {fns, end};
}

const preferenceOf = (fns: AggregateName[]) => (fns.every(fn => fn === 'distinct') ? 'any' : 'measure');

/** The columns after an aggregate; words in between ("average house price") are passed over, at most two. */
function targetsAt(items: Item[], from: number, remarks: Remarks, preference: 'any' | 'measure'): Column[] {
  const columns: Column[] = [];
  let skipped = 0;
  for (let i = from; i < items.length; i++) {
    const item = items[i];
    if (!item) break;
    if (item.kind === 'column' && !item.used) {
      if (startsKey(items, i)) break;
      columns.push(choose(item, preference, remarks));
      continue;
    }
    if (item.kind === 'word' && columns.length === 0 && ++skipped <= 2) continue;
    if (item.kind === 'meaning' && !item.used) {
      const {meaning} = item;
      const closes = columns.length > 0 ? /^(of|in|for|on|at|is|are|was|were)$/ : /^(in|on|at|are|were)$/;
      if (meaning.kind === 'filler' && !closes.test(item.lower)) continue;
      if (meaning.kind === 'and' && columns.length > 0) continue;
      if (meaning.kind === 'cue' && columns.length === 0 && meaning.cue === 'distinct') continue;
      if (meaning.kind === 'period' && columns.length === 0) continue;
    }
    break;
  }
  return columns;
}

/** "region" in "price, region wise" belongs to the groups. */
function startsKey(items: Item[], at: number): boolean {
  const after = items[at + 1];
  return after?.lower === 'wise';
}

/** "fare: mean and median", "price average by region". */
function targetBefore(items: Item[], at: number, remarks: Remarks): Column | null {
  for (let i = at - 1; i >= Math.max(0, at - 3); i--) {
    const item = items[i];
    if (item?.kind === 'column' && !item.used) {
      const before = items[i - 1];
      if (before?.kind === 'meaning' && before.meaning.kind === 'by') return null;
      return choose(item, 'measure', remarks);
    }
    if (item?.kind !== 'meaning' || item.meaning.kind !== 'filler') return null;
  }
  return null;
}

function unknownTarget(items: Item[], at: number): string | null {
  const item = items[nextItem(items, at)];
  if (item?.kind !== 'word' || item.used) return null;
  item.used = true;
  return item.text;
}

/** What "how many X" counts: rows, different values of a column, or units that are added up. */
function countOf(items: Item[], at: number, column: Column | null, subject: Subject, remarks: Remarks): Measure {
  if (!column) {
    const noun = items[nextItem(items, at)];
    if (
      noun?.kind === 'word' &&
      !noun.used &&
      /[^s]s$/.test(noun.lower) &&
      !namesRows(noun.lower, subject) &&
      !rowNouns.has(singular(noun.lower))
    ) {
      const reason = `I do not know “${noun.text}” in ${subject.name}: it is no column and no frequent value.`;
      remarks.problems.push({reason, suggestions: ['how many rows']});
      noun.used = true;
    } else if (noun?.kind === 'word' && !noun.used && (namesRows(noun.lower, subject) || /[^s]s$/.test(noun.lower))) {
      noun.used = true;
      if (!namesRows(noun.lower, subject))
        addOnce(remarks.notes, `“${noun.text}” was read as the rows of ${subject.name}.`);
    }
    return {fn: 'count', column: null};
  }
  const allDiffer = column.nullCount === 0 && column.distinctCount >= subject.rows;
  if (allDiffer && isIdentifier(column, subject.rows)) return {fn: 'count', column: null};
  if (isMeasurable(column) && !isIdentifier(column, subject.rows)) {
    if (!isAdditive(column) && !countsThings(column)) return {fn: 'count', column};
    addOnce(remarks.alternatives, `It could also mean the number of rows with a ${column.name}.`);
    return {fn: 'sum', column};
  }
  addOnce(remarks.alternatives, `It could also mean the number of rows (“how many rows”).`);
  return {fn: 'distinct', column};
}

/** "Absences", "num_replies": whole numbers of what their name says in the plural. */
function countsThings({name, type, min}: Column): boolean {
  const last = piecesOf(name).at(-1) ?? '';
  const isRating = /^(?:scores|ratings|prices|rates|points|ages|years|minutes|hours|days|levels|grades)$/.test(last);
  return /INT/.test(type) && Number(min) >= 0 && singular(last) !== last && !isRating;
}

/** True for a noun the dataset is named after: "passengers" for titanic_passengers. */
export function namesRows(noun: string, subject: Subject): boolean {
  const name = subject.name.toLowerCase();
  const stem = noun.replace(/(ed|ing|s)$/, '');
  return (
    name.includes(singular(noun)) ||
    (stem.length >= 4 && name.includes(stem)) ||
    /^(person|people|row|record|time|instance|unit|sample)s?$/.test(noun)
  );
}
