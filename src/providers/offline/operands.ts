// Small readings inside a condition: the next item that matters, a value to compare with, a list of values.

import type {Column} from '../../core/dataset.ts';
import {nearest} from '../../core/text.ts';
import {addOnce, isYesNo, type Remarks} from './choose.ts';
import type {Comparison, Condition, Literal} from './intent.ts';
import type {Item} from './items.ts';
import {isCalendar, type Period, yearOf, yearPeriod} from './periods.ts';

/** `end` is after the last item taken; `keeps` is an item among them that stays to be measured. */
export type Reading = {condition: Condition; end: number; keeps?: Item};

/** The next item from `at` on that is not a filler; -1 when the sentence ends or another clause word stands between. */
export function nextItem(items: Item[], at: number, furthest = 4): number {
  for (let i = at; i < Math.min(items.length, at + furthest); i++) {
    const item = items[i];
    if (item?.kind !== 'meaning' || item.meaning.kind !== 'filler' || /^[?!.;]$/.test(item.lower)) return i;
  }
  return -1;
}

/** The period an item stands for; a number only when it can be a year. */
export function periodOf(item: Item | undefined): Period | null {
  if (item?.kind === 'period') return item.period;
  if (item?.kind !== 'number' || item.percent || item.ordinal) return null;
  const year = yearOf(item.token);
  return year === null ? null : yearPeriod(year);
}

/** Comparing with a period: "after 2020" starts when it is over, "since 2020" when it begins. */
export function comparePeriod(column: Column, op: Comparison, period: Period): Condition {
  const date = (value: string): Literal => ({kind: 'date', value});
  const within: Condition = {kind: 'within', column, ...period};
  switch (op) {
    case '=':
      return within;
    case '<>':
      return {kind: 'not', condition: within};
    case '>':
      return {kind: 'compare', column, op: '>=', value: date(period.until)};
    case '>=':
      return {kind: 'compare', column, op: '>=', value: date(period.from)};
    case '<':
      return {kind: 'compare', column, op: '<', value: date(period.from)};
    case '<=':
      return {kind: 'compare', column, op: '<', value: date(period.until)};
    default:
      return op satisfies never;
  }
}

/** `column op item`, or null when the item cannot be compared with that column. */
export function compareWith(
  column: Column,
  op: Comparison,
  item: Item | undefined,
  remarks: Remarks,
): Condition | null {
  if (!item) return null;
  if (isCalendar(column)) {
    const period = periodOf(item);
    return period && comparePeriod(column, op, period);
  }
  if (item.kind === 'number' && column.kind === 'number') {
    // A column of shares holds 10 % as 0.1.
    const isShare = item.percent && Number(column.min) >= 0 && Number(column.max) <= 1;
    const value = isShare ? Number((item.value / 100).toPrecision(12)) : item.value;
    if (isShare)
      addOnce(
        remarks.notes,
        `${item.text}${/%$/.test(item.text) ? '' : ' %'} was read as ${value}, as ${column.name} goes up to ${Number(column.max)}.`,
      );
    return {kind: 'compare', column, op, value: {kind: 'number', value}};
  }
  const word = item.lower;
  if (isYesNo(column) && (op === '=' || op === '<>')) {
    const answer = yesNo(word, column);
    if (answer !== null) return yes(column, answer === (op === '='));
  }
  if (item.kind === 'column' && item.matches[0] && column !== item.matches[0].column) {
    const other = item.matches[0].column;
    return other.kind === column.kind ? {kind: 'compare', column, op, value: {kind: 'column', column: other}} : null;
  }
  if (column.kind !== 'text' || !['quoted', 'word', 'value', 'number', 'part'].includes(item.kind)) return null;
  return compareText(column, op, item, remarks);
}

function compareText(column: Column, op: Comparison, item: Item, remarks: Remarks): Condition | null {
  if (op !== '=' && op !== '<>') {
    const problem = `${column.name} holds text, so “${op} ${item.text}” cannot be compared as a number.`;
    remarks.problems.push({reason: problem, suggestions: []});
    return null;
  }
  const known = column.topValues.find(value => value.toLowerCase() === item.lower);
  if (known !== undefined) {
    const condition: Condition = {kind: 'in', column, values: [known]};
    return op === '=' ? condition : {kind: 'not', condition};
  }
  if (column.topValues.length >= column.distinctCount && column.topValues.length > 0) {
    const near = nearest(item.text, column.topValues);
    const list = near.length > 0 ? `nearest: ${near.join(', ')}` : `values: ${column.topValues.slice(0, 8).join(', ')}`;
    remarks.problems.push({reason: `${column.name} has no value “${item.text}”; ${list}.`, suggestions: near});
    return null;
  }
  addOnce(remarks.notes, `“${item.text}” is not among the frequent values of ${column.name}; compared ignoring case.`);
  return {kind: 'compare', column, op, value: {kind: 'text', value: item.text}, ignoreCase: true};
}

function yesNo(word: string, column: Column): boolean | null {
  if (/^(true|yes|y|1)$/.test(word)) return true;
  if (/^(false|no|n|0)$/.test(word)) return false;
  return column.name.toLowerCase() === word ? true : null;
}

/** The rows in which a yes/no column says yes (or no). */
export function yes(column: Column, positive: boolean): Condition {
  const value: Literal =
    column.kind === 'boolean' ? {kind: 'boolean', value: positive} : {kind: 'number', value: positive ? 1 : 0};
  return {kind: 'compare', column, op: '=', value};
}

/** "Berlin", "Berlin or Paris", "Berlin, Paris and Rome": values of one column, `prefer` where several have them. */
export function valueList(items: Item[], at: number, prefer: Column | null, remarks: Remarks): Reading | null {
  const first = items[at];
  if (first?.kind !== 'value') return null;
  const column = first.values.find(known => known.column === prefer)?.column ?? first.values[0]?.column;
  if (!column || (prefer && column !== prefer)) return null;
  const others = first.values.filter(known => known.column !== column);
  if (others.length > 0 && !prefer) {
    addOnce(
      remarks.alternatives,
      `“${first.text}” is also a value of ${others.map(({column: {name}}) => name).join(', ')}.`,
    );
  }
  const values: string[] = [];
  let end = at;
  for (let i = at; i < items.length; ) {
    const item = items[i];
    const known = item?.kind === 'value' ? item.values.find(value => value.column === column) : undefined;
    if (item?.kind !== 'value' || !known) break;
    if (!values.includes(known.value)) values.push(known.value);
    if (item.guessed) addOnce(remarks.notes, `“${item.text}” was read as ${column.name} = ${known.value}.`);
    end = i + 1;
    const joint = joiner(items, i + 1);
    if (items[joint]?.kind === 'value') setAgainst(items.slice(i + 1, joint), remarks);
    i = joint;
  }
  // "the Furniture category", "Berlin city": the column's own name belongs to its value.
  const own = items[end];
  if (own?.kind === 'column' && own.matches.some(match => match.column === column)) end++;
  return {condition: {kind: 'in', column, values}, end};
}

/** What the words between two values make of them. */
function setAgainst(between: Item[], remarks: Remarks): void {
  const kinds = between.map(item => (item.kind === 'meaning' ? item.meaning.kind : ''));
  if (kinds.includes('operator') || between.some(({lower}) => lower === 'than')) remarks.contrast = 'compare';
  else if (between.some(({lower}) => lower === 'and') && !remarks.contrast) remarks.contrast = 'split';
}

/** Past "and", "or", "," or "vs" (two in a row at most), and past "in", "for", "the" after it. */
function joiner(items: Item[], at: number): number {
  let i = at;
  while (i < at + 2 && isJoint(items[i])) i++;
  if (i === at) return items.length;
  const after = nextItem(items, i, 3);
  return after < 0 ? items.length : after;
}

function isJoint(item: Item | undefined): boolean {
  if (item?.kind !== 'meaning') return false;
  const {kind} = item.meaning;
  if (kind === 'operator') return / than$/.test(item.lower);
  if (kind === 'filler') return item.lower === 'than';
  return kind === 'and' || kind === 'or' || (kind === 'cue' && item.meaning.cue === 'compare');
}
