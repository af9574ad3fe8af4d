// Conditions on ranges and times, with or without a column: "over 100", "between 2019 and 2021", "since March".

import type {Column} from '../../core/dataset.ts';
import {addOnce, choose, isYesNo, type Remarks, timeColumn} from './choose.ts';
import type {Comparison, Condition, Literal, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {compareWith, nextItem, periodOf, type Reading, valueList} from './operands.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** A comparison that names no column ("orders over 100"); its column is settled once the measure is known. */
export type OpenComparison = {op: Comparison; from: number; to: number | null; text: string; end: number};

export type Scan = {items: Item[]; subject: Subject; remarks: Remarks; open: OpenComparison[]};

/** "year > 2020", "year between 2019 and 2021", "year 2020" where the dataset has a time column. */
export function periodCondition(scan: Scan, at: number, next: number): Reading | null {
  const {items, remarks} = scan;
  const word = items[at]?.lower;
  const operand = items[next];
  if (!operand || (word !== 'year' && word !== 'years')) return null;
  if (operand.kind === 'number' && next === at + 1) {
    return onTime(scan, at, column => compareWith(column, '=', operand, remarks), next + 1);
  }
  if (operand.kind === 'number' && /^(is|was|:)$/.test(items[next - 1]?.lower ?? '')) {
    return onTime(scan, at, column => compareWith(column, '=', operand, remarks), next + 1);
  }
  if (operand.kind !== 'meaning') return null;
  const valueAt = nextItem(items, next + 1);
  const {meaning} = operand;
  if (meaning.kind === 'operator' && periodOf(items[valueAt])) {
    return onTime(scan, at, column => compareWith(column, meaning.op, items[valueAt], remarks), valueAt + 1);
  }
  return meaning.kind === 'between' ? openRange(scan, next, valueAt) : null;
}

export function openComparison(
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
    // "under 10 survived" is not of a yes and no.
    !(operand.value > 1 && after.matches.every(({column}) => isYesNo(column))) &&
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

export function openRange(scan: Scan, at: number, next: number): Reading | null {
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

/** "revenue between 2020 and 2021": years of the time column when both lie in its span; the column stays to be measured. */
export function yearsBeside(scan: Scan, item: Item & {kind: 'column'}, lowAt: number): Reading | null {
  const {items, subject, remarks} = scan;
  const highAt = untilAt(items, lowAt + 1);
  const [low, high] = [items[lowAt], items[highAt]];
  const column = subject.columns.find(isCalendar);
  const [from, until] = [periodOf(low), periodOf(high)];
  if (!column || !from || !until || item.matches.some(match => isYearColumn(match.column) || isCalendar(match.column)))
    return null;
  if (low?.kind === 'number' && (from.until <= String(column.min) || until.from > String(column.max))) return null;
  const label = `${from.label} to ${until.label}`;
  addOnce(remarks.alternatives, `${label} was read as a time, not as values of ${item.text}.`);
  for (const used of items.slice(items.indexOf(item) + 1, highAt + 1)) used.used = true;
  return {
    condition: {kind: 'within', column, from: from.from, until: until.until, label},
    end: highAt + 1,
    keeps: item,
  };
}

/** A range on a column that is named: "price between 10 and 20", "date from March 2020 to May 2020". */
export function rangeTo({items}: Scan, column: Column, lowAt: number): Reading | null {
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
export function onTime(
  {subject}: Scan,
  at: number,
  make: (column: Column) => Condition | null,
  end = at + 1,
): Reading | null {
  const column = timeColumn(subject);
  const condition = column && make(column);
  return condition && {condition, end};
}
