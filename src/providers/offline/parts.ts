// Takes a question apart: conditions, groups, aggregates, a limit, cues, and what remained unread.

import type {Column} from '../../core/dataset.ts';
import {choose, isIdentifier, noRemarks, type Remarks} from './choose.ts';
import {readConditions} from './filters.ts';
import type {AggregateName, Condition, Direction, Having, Key, Measure, PeriodPart, Subject, Wish} from './intent.ts';
import {type Item, readItems} from './items.ts';
import {readKeys} from './keys.ts';
import {readLeftovers, settleOpen} from './leftovers.ts';
import type {Cue, Hint} from './meanings.ts';
import {readMeasures, rowNouns} from './measures.ts';
import {formsOf} from './names.ts';
import {readLimit, readQuantiles} from './parts-numbers.ts';
import type {Token} from './tokens.ts';

/** `columns` are mentioned but neither grouped by, measured nor compared, in the order they were said. */
export type Parts = {
  subject: Subject;
  cues: Set<Cue>;
  where: Condition | null;
  measures: Measure[];
  bare: AggregateName[];
  keys: Key[];
  spokenKeys: number;
  asked: Key | null;
  columns: Column[];
  period: PeriodPart | null;
  superlative: {direction: Direction; hint: Hint | null} | null;
  limit: number | null;
  quantiles: number[];
  unread: string[];
  /** Numbers, times, values and negations that no reading took. */
  idle: string[];
  unknownColumns: string[];
  words: number;
  text: string;
  remarks: Remarks;
  /** Groups of so many rows are asked for. */
  having?: Having;
  wish?: Wish;
  /** The column of the condition whose percentage is asked for. */
  rateOf?: string;
};

export function readParts(tokens: Token[], subject: Subject, datasetNames: string[]): Parts {
  const items = readItems(tokens, subject, datasetNames);
  const remarks = noRemarks();
  settleNames(items, subject);
  const quantiles = readQuantiles(items);
  const limit = readLimit(items);
  const conditions = readConditions(items, subject, remarks);
  const keys = readKeys(items, subject, remarks);
  const measured = readMeasures(items, subject, remarks);
  const columns = remainingColumns(items, remarks);
  const superlative = readSuperlative(items);
  const parts: Parts = {
    subject,
    cues: readCues(items),
    where: conditions.where,
    measures: measured.measures,
    bare: measured.bare,
    keys: keys.keys,
    spokenKeys: keys.spoken,
    asked: keys.asked,
    columns,
    period: readPeriod(items),
    superlative,
    limit,
    quantiles,
    unread: [],
    idle: [],
    unknownColumns: [measured.unknown, keys.unknown].filter(word => word !== null),
    words: items.filter(item => item.kind !== 'meaning' || item.meaning.kind !== 'filler').length,
    text: tokens.map(token => token.lower).join(' '),
    remarks,
  };
  if (remarks.contrast === 'compare') parts.cues.add('compare');
  if (/\b(top|bottom|best|worst|highest|lowest) \d+ ?(%|percent)/.test(parts.text)) {
    const reason =
      'I rank a number of rows, not a percentage of them; the 90th percentile tells where the top 10 % begin.';
    remarks.problems.push({reason, suggestions: []});
  }
  const relative =
    /\b(last|this|previous|next|current|past) (\d+ )?(year|month|week|quarter|day)s?\b|\b(today|yesterday|tomorrow)\b/.exec(
      parts.text,
    )?.[0];
  if (relative) {
    const reason = `“${relative}” depends on today’s date, and the data may end earlier; name the period, such as “in 2024” or “in March 2024”.`;
    remarks.problems.push({reason, suggestions: []});
  }
  for (const [at, item] of items.entries()) {
    const next = items[at + 1]?.lower === 'the' ? items[at + 2] : items[at + 1];
    const compares =
      item.kind === 'meaning' && item.meaning.kind === 'operator' && item.lower !== 'over' && item.lower !== 'from';
    if (!compares || next?.kind !== 'meaning' || next.meaning.kind !== 'aggregate') continue;
    const reason = `“${item.text} ${next.text}” compares with a computed value, which takes two steps: ask for the ${next.text} first.`;
    remarks.problems.push({reason, suggestions: []});
  }
  settleOpen(parts, conditions.open);
  readLeftovers(items, parts);
  parts.idle = items.filter(isIdle).map(({text}) => text);
  return parts;
}

function isIdle(item: Item): boolean {
  if (item.used) return false;
  return /^(?:number|period|part|value)$/.test(item.kind) || (item.kind === 'meaning' && item.meaning.kind === 'not');
}

/** A column that is also vocabulary ("total", "count") is the aggregate where another column follows it. */
function settleNames(items: Item[], subject: Subject): void {
  for (const [at, item] of items.entries()) {
    if (item.kind === 'column' && (namesEachRow(item, subject) || namesWhose(item))) {
      items[at] = {
        kind: 'meaning',
        meaning: {kind: 'filler', noun: true},
        text: item.text,
        lower: item.lower,
        used: false,
      };
      continue;
    }
    if (item.kind !== 'column' || item.meaning?.kind !== 'aggregate') continue;
    const following = items
      .slice(at + 1, at + 4)
      .find(next => next.kind !== 'meaning' || next.meaning.kind !== 'filler');
    if (following?.kind !== 'column' && item.lower !== 'how many') continue;
    items[at] = {kind: 'meaning', meaning: item.meaning, text: item.text, lower: item.lower, used: false};
  }
}

/** "customers" where there is customer_age and no column of customers: those whose age it is, not their ages. */
function namesWhose(item: Item & {kind: 'column'}): boolean {
  const [piece, ...more] = formsOf(item.text).pieces;
  if (piece === undefined || more.length > 0 || !/[^s]s$/.test(item.lower) || !rowNouns.has(piece)) return false;
  return item.matches.every(({column, quality}) => {
    const pieces = formsOf(column.name).pieces;
    return quality === 'part' && column.kind === 'number' && pieces.length > 1 && pieces.at(-1) !== piece;
  });
}

/** "passengers" where the column is PassengerId: the rows are meant, not their numbers. */
function namesEachRow(item: Item & {kind: 'column'}, subject: Subject): boolean {
  const pieces = formsOf(item.text).pieces;
  return item.matches.every(({column, quality}) => {
    const rest = formsOf(column.name).pieces.filter(piece => !/^(id|no|nr|number|key|code)$/.test(piece));
    const eachDiffers = column.distinctCount >= subject.rows - column.nullCount && isIdentifier(column, subject.rows);
    return (
      (quality === 'part' || quality === 'synonym') &&
      eachDiffers &&
      (rest.join(' ') === pieces.join(' ') || isVerbOf(pieces, rest))
    );
  });
}

/** "rents" of rental_id. */
function isVerbOf([verb = '', ...more]: string[], [noun = '', ...others]: string[]): boolean {
  return more.length + others.length === 0 && verb.length >= 4 && noun.startsWith(verb);
}

function readCues(items: Item[]): Set<Cue> {
  const cues = new Set<Cue>();
  for (const item of items) {
    const meaning = item.kind === 'meaning' ? item.meaning : null;
    if (meaning?.kind === 'cue') cues.add(meaning.cue);
    if (meaning?.kind === 'missing' && !item.used) cues.add('missing_values');
  }
  return cues;
}

function readSuperlative(items: Item[]): Parts['superlative'] {
  for (const item of items) {
    if (item.kind === 'meaning' && item.meaning.kind === 'superlative') {
      return {direction: item.meaning.direction, hint: item.meaning.hint ?? null};
    }
  }
  return null;
}

function readPeriod(items: Item[]): PeriodPart | null {
  const item = items.find(({kind, used}, at) => kind === 'meaning' && !used && at >= 0 && isPeriod(items[at]));
  return item?.kind === 'meaning' && item.meaning.kind === 'period' ? item.meaning.part : null;
}

const isPeriod = (item: Item | undefined) => item?.kind === 'meaning' && item.meaning.kind === 'period';

function remainingColumns(items: Item[], remarks: Remarks): Column[] {
  const columns: Column[] = [];
  for (const item of items) {
    if (item.kind !== 'column' || item.used) continue;
    const column = choose(item, 'any', remarks);
    if (!columns.includes(column)) columns.push(column);
  }
  return columns;
}
