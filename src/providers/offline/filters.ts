// Finds the conditions in a question ("where year > 2020", "in Berlin", "with missing age") and joins them by and/or.

import type {Column} from '../../core/dataset.ts';
import {choose, hintedColumn, isYesNo, type Remarks, timeColumn} from './choose.ts';
import type {Comparison, Condition, Literal, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {comparePeriod, compareWith, nextItem, periodOf, type Reading, valueList, yes} from './operands.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** A comparison that names no column ("orders over 100"); its column is settled once the measure is known. */
export type OpenComparison = {op: Comparison; from: number; to: number | null; text: string; end: number};

export type Conditions = {where: Condition | null; open: OpenComparison[]};

type Scan = {items: Item[]; subject: Subject; remarks: Remarks; open: OpenComparison[]};

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
    if (lastEnd >= 0 && between.some(item => item.kind === 'meaning' && item.meaning.kind === 'or')) groups.push([]);
    groups.at(-1)?.push(reading.condition);
    for (const item of items.slice(at, reading.end)) item.used = true;
    lastEnd = reading.end;
    at = reading.end;
  }
  const parts = groups.filter(group => group.length > 0).map(group => joinConditions('and', group));
  return {where: parts.length > 0 ? joinConditions('or', parts) : null, open: scan.open};
}

export function joinConditions(kind: 'and' | 'or', conditions: Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : {kind, conditions};
}

function conditionAt(scan: Scan, at: number): Reading | null {
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
    case 'meaning':
      return meaningCondition(scan, at, item);
    default:
      return null;
  }
}

/** `column` followed by what it must be. */
function columnCondition(scan: Scan, at: number, item: Item & {kind: 'column'}): Reading | null {
  const {items, remarks} = scan;
  let next = nextItem(items, at + 1);
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
  if (!after) return null;
  const finish = (condition: Condition | null, end: number): Reading | null => {
    if (!condition) return null;
    return {condition: negated ? {kind: 'not', condition} : condition, end};
  };
  const meaning = after.kind === 'meaning' ? after.meaning : null;
  const operandAt = nextItem(items, next + 1);
  const operand = items[operandAt];
  if (meaning?.kind === 'missing' || meaning?.kind === 'present') {
    const missing: Condition = {kind: 'missing', column: choose(item, 'any', remarks)};
    return finish(meaning.kind === 'missing' ? missing : {kind: 'not', condition: missing}, next + 1);
  }
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
  if (meaning?.kind === 'between') {
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

/** "pclass 3", "region is North", "status 'open'", "survived is true". */
function plainValue(
  {items, remarks}: Scan,
  at: number,
  next: number,
  item: Item & {kind: 'column'},
  finish: (condition: Condition | null, end: number) => Reading | null,
): Reading | null {
  const after = items[next];
  const said = items.slice(at + 1, next).some(filler => /^(is|are|was|were|:)$/.test(filler.lower));
  if (!after) return null;
  if (after.kind === 'number' && (said || next === at + 1)) {
    const column = choose(item, 'measure', remarks);
    const postfix = items[next + 1];
    if (postfix?.kind === 'meaning' && postfix.meaning.kind === 'postfix') {
      return finish(compareWith(column, postfix.meaning.op, after, remarks), next + 2);
    }
    return said || column.distinctCount <= 60 || isYearColumn(column) || isCalendar(column)
      ? finish(compareWith(column, '=', after, remarks), next + 1)
      : null;
  }
  const startsClause = ['where', 'when', 'whose', 'with', 'and', 'or', 'if', 'for'].includes(
    items[at - 1]?.lower ?? '',
  );
  if (after.kind === 'quoted' || (after.kind === 'word' && said && startsClause)) {
    const column = choose(item, 'text', remarks);
    return finish(compareWith(column, '=', after, remarks), next + 1);
  }
  if (after.kind === 'period' && (said || next === at + 1)) {
    const column = choose(item, 'time', remarks);
    return finish(compareWith(column, '=', after, remarks), next + 1);
  }
  if (/^(true|false|yes|no)$/.test(after.lower) && item.matches.some(match => isYesNo(match.column))) {
    return finish(compareWith(choose(item, 'measure', remarks), '=', after, remarks), next + 1);
  }
  return null;
}

const speaksOfRows =
  /^(who|that|which|were|are|was|is|did|have|has|who are|who were|that are|that were|only|where|with|when|if|been|actually|who have|that have|got)$/;

/** "who survived", "how many survived", "returned orders": a yes/no column that stands for the rows that say yes. */
function yesNoCondition({items, remarks}: Scan, at: number, item: Item & {kind: 'column'}): Reading | null {
  if (!item.matches.some(match => isYesNo(match.column))) return null;
  const before = items[at - 1];
  const earlier = items[at - 2];
  const after = items[at + 1];
  const counted = before?.kind === 'meaning' && before.meaning.kind === 'aggregate' && before.meaning.fn === 'count';
  const shared = before?.kind === 'meaning' && before.meaning.kind === 'cue' && before.meaning.cue === 'share';
  const noun =
    after?.kind === 'dataset' ||
    (after?.kind === 'meaning' && after.meaning.kind === 'cue' && after.meaning.cue === 'rows');
  const asked = earlier?.kind === 'meaning' && earlier.meaning.kind === 'cue' && earlier.meaning.cue === 'which';
  const relative =
    speaksOfRows.test(before?.lower ?? '') && !(asked && /^(is|are|was|were)$/.test(before?.lower ?? ''));
  if (after?.kind === 'meaning' && after.meaning.kind === 'cue' && after.meaning.cue === 'rate') return null;
  if (!counted && !relative && !shared && !noun) return null;
  return {condition: yes(choose(item, 'measure', remarks), true), end: at + 1};
}

/** A bare year in a place where a time is said, "3rd class", "with 2 siblings". */
function numberCondition(scan: Scan, at: number, item: Item & {kind: 'number'}): Reading | null {
  const {items, remarks} = scan;
  const next = items[at + 1];
  const before = items[at - 1]?.lower ?? '';
  if (next?.kind === 'column' && (item.ordinal || /^(with|has|have|having|had|exactly|of)$/.test(before))) {
    const column = choose(next, 'measure', remarks);
    const condition = column.kind === 'number' ? compareWith(column, '=', item, remarks) : null;
    return condition && {condition, end: at + 2};
  }
  const period = periodOf(item);
  const postfix = next?.kind === 'meaning' && next.meaning.kind === 'postfix' ? next.meaning : null;
  if (postfix && !item.percent) {
    scan.open.push({op: postfix.op, from: item.value, to: null, text: `${item.text} ${next?.text}`, end: at + 2});
    for (const used of items.slice(at, at + 2)) used.used = true;
    return null;
  }
  const spokenAsTime =
    /^(in|during|for|of|year|within|from|on|only|only for|just for|about|the|what about|how about|and|or|,)$/.test(
      before,
    );
  if (!period || !(spokenAsTime || at === items.length - 1)) return null;
  return onTime(scan, at, column => compareWith(column, '=', item, remarks));
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
      !columnCondition({...scan, remarks: {notes: [], alternatives: [], problems: []}}, next, operand)
    ) {
      const column = choose(operand, 'any', remarks);
      return {condition: isYesNo(column) ? yes(column, false) : {kind: 'missing', column}, end: next + 1};
    }
    if (operand.kind === 'column' && operand.matches.some(match => isYesNo(match.column))) {
      return {condition: yes(choose(operand, 'measure', remarks), false), end: next + 1};
    }
    const inner = conditionAt(scan, next);
    return inner && {condition: {kind: 'not', condition: inner.condition}, end: inner.end};
  }
  if ((meaning.kind === 'missing' || meaning.kind === 'present') && operand.kind === 'column') {
    const condition: Condition = {kind: 'missing', column: choose(operand, 'any', remarks)};
    return {condition: meaning.kind === 'missing' ? condition : {kind: 'not', condition}, end: next + 1};
  }
  if (meaning.kind === 'cue' && meaning.cue === 'first' && operand.kind === 'column' && next === at + 1) {
    return null;
  }
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

function openComparison(
  scan: Scan,
  at: number,
  next: number,
  op: Comparison,
  hinted: Column | null,
  isTime: boolean,
): Reading | null {
  const {items, remarks} = scan;
  const operand = items[next];
  const after = items[next + 1];
  const period = periodOf(operand);
  if (isTime || operand?.kind === 'period') {
    if (!period) return null;
    const to = isTime && op === '>=' ? untilAt(items, next + 1) : -1;
    const upper = periodOf(items[to]);
    if (upper) {
      const range = {from: period.from, until: upper.until, label: `${period.label} to ${upper.label}`};
      return onTime(scan, at, column => rangeOn(column, range, operand, items[to]), to + 1);
    }
    return onTime(scan, at, column => compareWith(column, op, operand, remarks), next + 1);
  }
  if (operand?.kind !== 'number' || operand.percent) return null;
  if (
    after?.kind === 'column' &&
    after.matches.some(({column}) => column.kind === 'number') &&
    !startsList(items, next + 1)
  ) {
    const condition = compareWith(choose(after, 'measure', remarks), op, operand, remarks);
    return condition && {condition, end: next + 2};
  }
  if (hinted)
    return {
      condition: {kind: 'compare', column: hinted, op, value: {kind: 'number', value: operand.value}},
      end: next + 1,
    };
  scan.open.push({op, from: operand.value, to: null, text: `${items[at]?.text} ${operand.text}`, end: next + 1});
  for (const used of items.slice(at, next + 1)) used.used = true;
  return null;
}

/** "more than 3 siblings" takes the column; in "over 30, price by region" a comma stands between. */
function startsList(items: Item[], at: number): boolean {
  const after = items[at + 1];
  return after?.kind === 'meaning' && (after.meaning.kind === 'by' || after.meaning.kind === 'operator');
}

function openRange(scan: Scan, at: number, next: number): Reading | null {
  const {items, remarks} = scan;
  const to = untilAt(items, next + 1);
  const [low, high] = [items[next], items[to]];
  if (low?.kind === 'value') return valueList(items, next, null, remarks);
  const [from, until] = [periodOf(low), periodOf(high)];
  if (from && until && (low?.kind === 'period' || timeColumn(scan.subject))) {
    const range = {from: from.from, until: until.until, label: `${from.label} to ${until.label}`};
    return onTime(scan, at, column => rangeOn(column, range, low, high), to + 1);
  }
  if (low?.kind !== 'number' || high?.kind !== 'number') return null;
  const after = items[to + 1];
  if (after?.kind === 'column') {
    return {condition: numberRange(choose(after, 'measure', remarks), low.value, high.value), end: to + 2};
  }
  scan.open.push({
    op: '>=',
    from: low.value,
    to: high.value,
    text: `between ${low.text} and ${high.text}`,
    end: to + 1,
  });
  for (const used of items.slice(at, to + 1)) used.used = true;
  return null;
}

/** A range on a column that is named: "price between 10 and 20", "date from March 2020 to May 2020". */
function rangeTo({items}: Scan, column: Column, lowAt: number): Reading | null {
  const highAt = untilAt(items, lowAt + 1);
  const [low, high] = [items[lowAt], items[highAt]];
  const [from, until] = [periodOf(low), periodOf(high)];
  if (isCalendar(column) && from && until) {
    const range = {from: from.from, until: until.until, label: `${from.label} to ${until.label}`};
    return {condition: {kind: 'within', column, ...range}, end: highAt + 1};
  }
  if (low?.kind !== 'number' || high?.kind !== 'number') return null;
  return {condition: numberRange(column, low.value, high.value), end: highAt + 1};
}

export function numberRange(column: Column, a: number, b: number): Condition {
  const literal = (value: number): Literal => ({kind: 'number', value});
  return {kind: 'between', column, from: literal(Math.min(a, b)), to: literal(Math.max(a, b))};
}

function rangeOn(
  column: Column,
  range: {from: string; until: string; label: string},
  low: Item | undefined,
  high: Item | undefined,
): Condition | null {
  if (isCalendar(column)) return {kind: 'within', column, ...range};
  return low?.kind === 'number' && high?.kind === 'number' ? numberRange(column, low.value, high.value) : null;
}

/** The item after "and", "to" or "until" at `at`, or -1. */
function untilAt(items: Item[], at: number): number {
  const joint = items[at];
  return joint && /^(and|to|until|till|through|up to)$/.test(joint.lower) ? nextItem(items, at + 1) : -1;
}

/** A condition on the dataset's time column; null when it has none. */
function onTime({subject}: Scan, at: number, make: (column: Column) => Condition | null, end = at + 1): Reading | null {
  const column = timeColumn(subject);
  const condition = column && make(column);
  return condition && {condition, end};
}

const columnFor = (operand: Item) =>
  operand.kind === 'period'
    ? 'time'
    : operand.kind === 'number'
      ? 'measure'
      : operand.kind === 'column'
        ? 'any'
        : 'text';
