// Takes a question apart: conditions, groups, aggregates, a limit, cues, and what remained unread.

import type {Column} from '../../core/dataset.ts';
import {
  choose,
  hintedColumn,
  isIdentifier,
  isNumeric,
  isYesNo,
  measureColumns,
  noRemarks,
  type Remarks,
} from './choose.ts';
import {numberRange, type OpenComparison} from './filter-ranges.ts';
import {joinConditions, readConditions} from './filters.ts';
import type {AggregateName, Condition, Direction, Key, Measure, PeriodPart, Subject} from './intent.ts';
import {type Item, readItems} from './items.ts';
import {readKeys} from './keys.ts';
import {namesRows, readMeasures} from './measures.ts';
import {formsOf} from './names.ts';
import type {Token} from './tokens.ts';
import type {Cue, Hint} from './vocabulary.ts';

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
  unknownColumns: string[];
  words: number;
  text: string;
  remarks: Remarks;
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
  return parts;
}

/** A column that is also vocabulary ("total", "count") is the aggregate where another column follows it. */
function settleNames(items: Item[], subject: Subject): void {
  for (const [at, item] of items.entries()) {
    if (item.kind === 'column' && namesEachRow(item, subject)) {
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

/** "passengers" where the column is PassengerId: the rows are meant, not their numbers. */
function namesEachRow(item: Item & {kind: 'column'}, subject: Subject): boolean {
  const pieces = formsOf(item.text).pieces;
  return item.matches.every(({column, quality}) => {
    const rest = formsOf(column.name).pieces.filter(piece => !/^(id|no|nr|number|key|code)$/.test(piece));
    const eachDiffers = column.distinctCount >= subject.rows - column.nullCount && isIdentifier(column, subject.rows);
    return (quality === 'part' || quality === 'synonym') && eachDiffers && rest.join(' ') === pieces.join(' ');
  });
}

/** "90th percentile", "percentile 90", "p95", "0.9 quantile", "quartiles", "deciles" as shares of 1, ascending. */
function readQuantiles(items: Item[]): number[] {
  const found = new Set<number>();
  for (const [at, item] of items.entries()) {
    const short = /^p(\d{1,2})$/.exec(item.lower)?.[1];
    if (item.kind === 'word' && short) {
      item.used = true;
      found.add(Number(short) / 100);
    }
    if (item.kind !== 'meaning' || item.meaning.kind !== 'cue') continue;
    const isPercentile = item.meaning.cue === 'percentile';
    if (!isPercentile && !/^quantiles?$/.test(item.lower)) continue;
    for (const near of nearNumbers(items, at)) {
      const share = near.value > 1 || isPercentile ? near.value / 100 : near.value;
      if (share < 0 || share > 1) continue;
      near.used = true;
      found.add(share);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** The numbers joined to the item at `at` by "and" and commas, before it, else after it. */
function nearNumbers(items: Item[], at: number): (Item & {kind: 'number'})[] {
  const walk = (step: 1 | -1) => {
    const numbers: (Item & {kind: 'number'})[] = [];
    for (let i = at + step; i >= 0 && i < items.length; i += step) {
      const item = items[i];
      if (item?.kind === 'number') numbers.push(item);
      else if (item?.kind !== 'meaning' || !/^(and|filler|cue)$/.test(item.meaning.kind)) break;
    }
    return numbers;
  };
  const before = walk(-1);
  return before.length > 0 ? before : walk(1);
}

/** The 5 of "top 5", "5 cheapest", "first 5 rows", "show 5"; it is marked used so that it is no condition. */
function readLimit(items: Item[]): number | null {
  for (const [at, item] of items.entries()) {
    const value = item.kind === 'number' ? item.value : item.kind === 'word' ? wordNumber(item.lower) : null;
    if (value === null || item.used || !Number.isInteger(value) || value < 1 || value > 1000) continue;
    if (item.kind === 'number' && (item.percent || item.ordinal)) continue;
    if (
      countsRows(items[at - 1]) ||
      (at > 0 && items[at - 1]?.lower === 'the' && countsRows(items[at - 2])) ||
      leadsRows(items, at + 1)
    ) {
      item.used = true;
      return value;
    }
  }
  return null;
}

const numberWords = 'one two three four five six seven eight nine ten'.split(' ');
function wordNumber(word: string): number | null {
  const at = numberWords.indexOf(word);
  return at >= 1 ? at + 1 : null;
}

function countsRows(item: Item | undefined): boolean {
  if (item?.kind !== 'meaning') return false;
  if (item.meaning.kind === 'superlative') return true;
  return item.meaning.kind === 'cue' && /^(first|last|random|show|frequent)$/.test(item.meaning.cue);
}

function leadsRows(items: Item[], at: number): boolean {
  const item = items[at];
  const ranks = items.slice(at).some(other => other.kind === 'meaning' && other.meaning.kind === 'superlative');
  const opens = at === 1 || countsRows(items[at - 2]) || /^(the|which|what)$/.test(items[at - 2]?.lower ?? '');
  if (item?.kind === 'dataset' || item?.kind === 'column') return opens && (ranks || countsRows(items[at - 2]));
  if (item?.kind !== 'meaning') return false;
  if (item.meaning.kind === 'superlative') return true;
  if (item.meaning.kind === 'filler')
    return item.meaning.noun === true && opens && (ranks || countsRows(items[at - 2]));
  return item.meaning.kind === 'cue' && /^(rows|random|frequent)$/.test(item.meaning.cue);
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

/** "orders over 100" compares the column that is measured, else the only number column there is. */
function settleOpen(parts: Parts, open: OpenComparison[]): void {
  for (const comparison of open) {
    const age = personAge(parts, comparison);
    const named = [...parts.measures.map(measure => measure.column), ...parts.columns].find(
      column => column && isNumeric(column),
    );
    const numbers = measureColumns(parts.subject);
    const column = age ?? named ?? (numbers.length === 1 ? numbers[0] : null) ?? hintedOnly(parts);
    if (!column) {
      const names = numbers
        .filter(other => !isYesNo(other) && other.distinctCount > 12)
        .slice(0, 4)
        .map(({name}) => name);
      parts.remarks.problems.push({
        reason: `“${comparison.text}” names no column.`,
        suggestions: names.map(name => `where ${name} ${comparison.text}`),
      });
      continue;
    }
    parts.remarks.notes.push(`“${comparison.text}” was applied to ${column.name}.`);
    const {op, from, to} = comparison;
    const condition: Condition =
      to === null ? {kind: 'compare', column, op, value: {kind: 'number', value: from}} : numberRange(column, from, to);
    parts.where = parts.where ? joinConditions('and', [parts.where, condition]) : condition;
  }
}

/** "males under 18": where the rows are people, a small number said beside them is their age. */
function personAge(parts: Parts, {from, to}: OpenComparison): Column | null {
  const age = hintedColumn('age', parts.subject);
  const named = parts.measures.some(({column}) => column === age);
  return age && !named && Math.max(from, to ?? from) <= 120 && Number(age.max) <= 130 ? age : null;
}

function hintedOnly(parts: Parts): Column | null {
  return parts.superlative?.hint ? hintedColumn(parts.superlative.hint, parts.subject) : null;
}

/** Words that nothing took: harmless ones are forgotten, a filter that was not understood is a problem. */
function readLeftovers(items: Item[], parts: Parts): void {
  for (const [at, item] of items.entries()) {
    if (item.used || !['word', 'quoted'].includes(item.kind)) continue;
    if (item.kind === 'word' && (namesRows(item.lower, parts.subject) || item.lower.length < 2)) continue;
    const before = items[at - 1]?.lower ?? '';
    const filters =
      /^(in|for|from|where|with|among|only|at|during|not|except|excluding|=|only for|just for|than|is|over|before|after)$/.test(
        before,
      );
    const isNoun =
      item.kind === 'word' && /[^s]s$/.test(item.text) && item.text === item.lower && /^(for|among|with)$/.test(before);
    if (filters && !isNoun && !(before === 'is' && at < 3)) {
      const reason = `I do not know “${item.text}” in ${parts.subject.name}: it is no column and no frequent value.`;
      parts.remarks.problems.push({reason, suggestions: []});
    } else parts.unread.push(item.text);
  }
}
