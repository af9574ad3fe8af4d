// Conditions said without an operator: "who survived", "third class", "with 2 siblings", a bare year.

import {choose, isIdentifier, isYesNo} from './choose.ts';
import {onTime, type Scan} from './filter-ranges.ts';
import type {Condition, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {compareWith, periodOf, type Reading, yes} from './operands.ts';

/** "passengers" where the column is PassengerId: the rows are meant. */
export function isRowNoun(item: Item & {kind: 'column'}, subject: Subject): boolean {
  const loosely = item.matches.every(({quality}) => quality === 'part' || quality === 'synonym');
  return loosely && /[^s]s$/.test(item.lower) && item.matches.every(({column}) => isIdentifier(column, subject.rows));
}

const speaksOfRows =
  /^(who|that|which|were|are|was|is|did|have|has|who are|who were|that are|that were|only|where|when|if|been|actually|who have|that have|got)$/;

/** "who survived", "how many survived", "returned orders": a yes/no column that stands for the rows that say yes. */
export function yesNoCondition({items, remarks}: Scan, at: number, item: Item & {kind: 'column'}): Reading | null {
  if (!item.matches.some(match => isYesNo(match.column))) return null;
  const before = items[at - 1];
  const earlier = items[at - 2];
  const after = items[at + 1];
  const isNoun = isRows(before);
  const counter = isNoun ? earlier : before;
  const counted = isCount(counter) || isCount(items[valuesBefore(items, at) - 1]);
  const shared = before?.kind === 'meaning' && before.meaning.kind === 'cue' && before.meaning.cue === 'share';
  const noun =
    after?.kind === 'dataset' ||
    (after?.kind === 'meaning' && after.meaning.kind === 'cue' && after.meaning.cue === 'rows') ||
    (after?.kind === 'meaning' && after.meaning.kind === 'filler' && after.meaning.noun === true);
  const asked = earlier?.kind === 'meaning' && earlier.meaning.kind === 'cue' && earlier.meaning.cue === 'which';
  const relative =
    speaksOfRows.test(before?.lower ?? '') && !(asked && /^(is|are|was|were)$/.test(before?.lower ?? ''));
  if (after?.kind === 'meaning' && after.meaning.kind === 'cue' && after.meaning.cue === 'rate') return null;
  // "the age of survivors": a noun for those who did.
  const doers =
    /[^s]s$/.test(item.lower) &&
    /^(of|for|among|the|only)$/.test(before?.lower ?? '') &&
    items.slice(0, at).some(({kind}) => kind === 'column');
  if (!counted && !relative && !shared && !noun && !doers) return null;
  return {condition: yes(choose(item, 'measure', remarks), true), end: at + 1};
}

function isCount(item: Item | undefined): boolean {
  return item?.kind === 'meaning' && item.meaning.kind === 'aggregate' && item.meaning.fn === 'count';
}

function isRows(item: Item | undefined): boolean {
  return (
    item?.kind === 'dataset' ||
    (item?.kind === 'meaning' && item.meaning.kind === 'filler' && item.meaning.noun === true)
  );
}

/** Where the values and what was read already begin that end before `at`: "men under 10" in "how many men under 10 survived". */
function valuesBefore(items: Scan['items'], at: number): number {
  const isPassed = (item: Item | undefined) =>
    item?.kind === 'value' || isRows(item) || (item?.used === true && !isCount(item));
  let from = at;
  while (isPassed(items[from - 1])) from--;
  return from < at ? from : 0;
}

/** A bare year in a place where a time is said, "3rd class", "with 2 siblings". */
export function numberCondition(scan: Scan, at: number, item: Item & {kind: 'number'}): Reading | null {
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
  const beyond = items[at + 2];
  if (
    postfix &&
    !item.percent &&
    beyond?.kind === 'column' &&
    beyond.matches.some(({column}) => column.kind === 'number')
  ) {
    const condition = compareWith(choose(beyond, 'measure', remarks), postfix.op, item, remarks);
    return condition && {condition, end: at + 3};
  }
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

/** "first class", "third class": a column of a few whole numbers after an ordinal in words. */
export function ordinalCondition({items, remarks}: Scan, at: number, word: string): Reading | null {
  const place = ['first', 'second', 'third', 'fourth', 'fifth'].indexOf(word) + 1;
  const next = items[at + 1];
  if (place === 0 || next?.kind !== 'column') return null;
  const column = next.matches
    .map(match => match.column)
    .find(({kind, distinctCount}) => kind === 'number' && distinctCount <= 12);
  if (!column || Number(column.min) > place || Number(column.max) < place) return null;
  const condition: Condition = {
    kind: 'compare',
    column: choose(next, 'measure', remarks),
    op: '=',
    value: {kind: 'number', value: place},
  };
  return {condition, end: at + 2};
}
