// Finds the conditions in a question ("where year > 2020", "in Berlin", "with missing age") and joins them by and/or.

import type {Column} from '../../core/dataset.ts';
import {choose, hintedColumn, isYesNo, noRemarks, type Remarks} from './choose.ts';
import {
  type OpenComparison,
  onTime,
  openComparison,
  openRange,
  periodCondition,
  rangeTo,
  type Scan,
  yearsBeside,
} from './filter-ranges.ts';
import {isRowNoun, numberCondition, ordinalCondition, yesNoCondition} from './filter-rows.ts';
import {plainValue} from './filter-values.ts';
import type {Condition, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {areTimes, joinConditions, mergeValues} from './join-conditions.ts';
import {comparePeriod, compareWith, nextItem, periodOf, type Reading, valueList, yes} from './operands.ts';
import {isCalendar, isYearColumn} from './periods.ts';

export type Conditions = {where: Condition | null; open: OpenComparison[]};

/** All conditions of the question; the items they are made of are marked used. */
export function readConditions(items: Item[], subject: Subject, remarks: Remarks): Conditions {
  const scan: Scan = {items, subject, remarks, open: []};
  const groups: Condition[][] = [[]];
  let lastEnd = -1;
  for (let at = 0; at < items.length; ) {
    const reading = items[at]?.used ? null : conditionAt(scan, at);
    if (!reading) {
      at++;
      continue;
    }
    const between = items.slice(Math.max(0, lastEnd), at);
    const said = groups.at(-1)?.at(-1);
    // "in July or August with a rating below 3": the rating is asked of both months.
    const isEither = said !== undefined && areTimes(said, reading.condition);
    const hasOr = between.some(item => item.kind === 'meaning' && item.meaning.kind === 'or');
    if (lastEnd >= 0 && hasOr && !isEither) groups.push([]);
    groups.at(-1)?.push(reading.condition);
    for (const item of items.slice(at, reading.end)) if (item !== reading.keeps) item.used = true;
    lastEnd = reading.end;
    at = reading.end;
  }
  const parts = groups
    .map(group => mergeValues(group, scan))
    .filter(group => group.length > 0)
    .map(group => joinConditions('and', group));
  return {where: parts.length > 0 ? joinConditions('or', parts) : null, open: scan.open};
}

/** A reading that comes to nothing leaves no trace: no item used, no remark made. Problems stay, they are for the user. */
function conditionAt(scan: Scan, at: number): Reading | null {
  const {items, remarks} = scan;
  const used = items.map(item => item.used);
  const [notes, alternatives, open] = [remarks.notes.length, remarks.alternatives.length, scan.open.length];
  const reading = readCondition(scan, at);
  if (reading || scan.open.length > open) return reading;
  for (const [place, item] of items.entries()) item.used = used[place] ?? false;
  remarks.notes.length = notes;
  remarks.alternatives.length = alternatives;
  return null;
}

function readCondition(scan: Scan, at: number): Reading | null {
  const item = scan.items[at];
  if (!item) return null;
  switch (item.kind) {
    case 'column':
      return columnCondition(scan, at, item) ?? yesNoCondition(scan, at, item);
    case 'value':
      return valueList(scan.items, at, null, scan.remarks);
    case 'period':
      return onTime(scan, at, column => comparePeriod(column, '=', item.period));
    case 'part':
      return onTime(scan, at, column =>
        isCalendar(column) ? {kind: 'part', column, part: item.part, values: item.values, label: item.label} : null,
      );
    case 'number':
      return numberCondition(scan, at, item);
    case 'word':
      return ordinalCondition(scan, at, item.lower);
    case 'meaning':
      return meaningCondition(scan, at, item);
    default:
      return null;
  }
}

/** The next item but for words that tie a column to its value: "price is over 10", not "price for those over 10". */
function besideColumn(items: Item[], at: number): number {
  const tie = /^(is|are|was|were|be|been|being|has|have|had|value|of|the|a|an|:|in|at|to)$/;
  for (let i = at; i < Math.min(items.length, at + 4); i++) {
    const item = items[i];
    if (item?.kind !== 'meaning' || item.meaning.kind !== 'filler' || item.meaning.noun || !tie.test(item.lower))
      return i;
  }
  return -1;
}

/** `column` followed by what it must be. */
function columnCondition(scan: Scan, at: number, item: Item & {kind: 'column'}): Reading | null {
  const {items, remarks} = scan;
  let next = besideColumn(items, at + 1);
  let negated = false;
  const first = items[next];
  if (
    first?.kind === 'meaning' &&
    first.meaning.kind === 'not' &&
    /^(not|isnt|arent|wasnt|other than|doesnt|dont|except)/.test(first.lower)
  ) {
    negated = true;
    next = nextItem(items, next + 1);
  }
  const after = items[next];
  if (!after || isRowNoun(item, scan.subject)) return null;
  const finish = (condition: Condition | null, end: number): Reading | null => {
    if (!condition) return null;
    return {condition: negated ? {kind: 'not', condition} : condition, end};
  };
  const meaning = after.kind === 'meaning' ? after.meaning : null;
  const comparesNumber = meaning?.kind === 'operator' && items[nextItem(items, next + 1)]?.kind === 'number';
  // "customers over 30" compares something else than the customer.
  // Nor is "survived over 60" of the yes and no.
  if (
    comparesNumber &&
    meaning.op !== '=' &&
    item.matches.every(({column}) => (column.kind !== 'number' && column.kind !== 'time') || isYesNo(column)) &&
    !/^[01]$/.test(items[nextItem(items, next + 1)]?.text ?? '')
  ) {
    return null;
  }
  const operandAt = nextItem(items, next + 1);
  const operand = items[operandAt];
  if (meaning?.kind === 'missing' || meaning?.kind === 'present') {
    const missing: Condition = {kind: 'missing', column: choose(item, 'any', remarks)};
    return finish(meaning.kind === 'missing' ? missing : {kind: 'not', condition: missing}, next + 1);
  }
  // "customers from Berlin": only times are compared by from, since and until.
  const timed = meaning?.kind === 'operator' && meaning.hint === 'time';
  if (timed && operand?.kind !== 'number' && operand?.kind !== 'period') return null;
  // "sales before 2023" speaks of the time of the sales.
  if (timed && operand && saysYear(scan, item, operand)) return null;
  if (meaning?.kind === 'operator' && operand) {
    const column = choose(item, columnFor(operand), remarks);
    if (operand.kind === 'number' && meaning.op === '>=' && meaning.hint === 'time') {
      const range = rangeTo(scan, column, operandAt);
      if (range) return finish(range.condition, range.end);
    }
    if (operand.kind === 'value' && (meaning.op === '=' || meaning.op === '<>')) {
      const list = valueList(items, operandAt, column, remarks);
      if (list) return finish(meaning.op === '=' ? list.condition : {kind: 'not', condition: list.condition}, list.end);
    }
    return finish(compareWith(column, meaning.op, operand, remarks), operandAt + 1);
  }
  if (meaning?.kind === 'between' && operand?.kind === 'value') return null;
  if (meaning?.kind === 'between') {
    const years = yearsBeside(scan, item, operandAt);
    if (years) return years;
    const range = rangeTo(scan, choose(item, operand ? columnFor(operand) : 'measure', remarks), operandAt);
    return range && finish(range.condition, range.end);
  }
  if (meaning?.kind === 'match' && operand) {
    return finish(
      {kind: 'match', column: choose(item, 'text', remarks), how: meaning.how, text: operand.text},
      operandAt + 1,
    );
  }
  if (after.kind === 'value') {
    const column = item.matches.find(match => after.values.some(known => known.column === match.column))?.column;
    const list = column ? valueList(items, next, column, remarks) : null;
    return list && finish(list.condition, list.end);
  }
  return plainValue(scan, at, next, item, finish);
}

/** A year beside a column of something else, in a table that has a calendar. */
function saysYear({subject}: Scan, {matches}: Item & {kind: 'column'}, operand: Item): boolean {
  const ofTime = matches.some(({column}) => isCalendar(column) || isYearColumn(column));
  return !ofTime && subject.columns.some(isCalendar) && periodOf(operand) !== null;
}

function meaningCondition(scan: Scan, at: number, item: Item & {kind: 'meaning'}): Reading | null {
  const {items, subject, remarks} = scan;
  const {meaning} = item;
  const next = nextItem(items, at + 1);
  const operand = items[next];
  if (!operand) return null;
  if (meaning.kind === 'not') {
    if (
      operand.kind === 'column' &&
      /^(without|no|neither|nor|hasnt|havent)$/.test(item.lower) &&
      !columnCondition({...scan, remarks: noRemarks()}, next, operand)
    ) {
      const column = choose(operand, 'any', remarks);
      return {condition: isYesNo(column) ? yes(column, false) : noneOf(column), end: next + 1};
    }
    if (operand.kind === 'column' && operand.matches.some(match => isYesNo(match.column))) {
      return {condition: yes(choose(operand, 'measure', remarks), false), end: next + 1};
    }
    // "not from JFK", "not in Berlin".
    const isFrom = operand.kind === 'meaning' && operand.lower === 'from';
    const value = isFrom ? nextItem(items, next + 1) : -1;
    const inner = conditionAt(scan, items[value]?.kind === 'value' ? value : next);
    return inner && {condition: {kind: 'not', condition: inner.condition}, end: inner.end};
  }
  if ((meaning.kind === 'missing' || meaning.kind === 'present') && operand.kind === 'column') {
    const condition: Condition = {kind: 'missing', column: choose(operand, 'any', remarks)};
    return {condition: meaning.kind === 'missing' ? condition : {kind: 'not', condition}, end: next + 1};
  }
  if (meaning.kind === 'cue' && meaning.cue === 'first') return ordinalCondition(scan, at, item.lower);
  if (meaning.kind === 'period') return periodCondition(scan, at, next);
  if (meaning.kind === 'between') return openRange(scan, at, next);
  if (meaning.kind !== 'operator') return null;
  if (meaning.op === '=' && operand.kind !== 'number') return null;
  return openComparison(
    scan,
    at,
    next,
    meaning.op,
    meaning.hint ? hintedColumn(meaning.hint, subject) : null,
    meaning.hint === 'time',
  );
}

/** "no absences" are none where every row has a number and some have 0; else the number is missing. */
function noneOf(column: Column): Condition {
  const counts = column.kind === 'number' && column.nullCount === 0 && Number(column.min) === 0;
  return counts ? {kind: 'compare', column, op: '=', value: {kind: 'number', value: 0}} : {kind: 'missing', column};
}

const columnFor = (operand: Item) =>
  operand.kind === 'period'
    ? 'time'
    : operand.kind === 'number'
      ? 'measure'
      : operand.kind === 'column'
        ? 'any'
        : 'text';
