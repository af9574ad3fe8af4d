// Finds what to group by ("by region and month", "per class", "which city …") and the periods of time columns.

import {choose, type Remarks, timeColumn} from './choose.ts';
import type {Key, PeriodPart, Subject} from './intent.ts';
import type {Item} from './items.ts';
import {piecesOf} from './names.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** `unknown` is the word that stood where a column was expected; `spoken` counts the keys said with "by" or "per". */
export type KeyReading = {keys: Key[]; spoken: number; asked: Key | null; unknown: string | null};

export function readKeys(items: Item[], subject: Subject, remarks: Remarks): KeyReading {
  const reading: KeyReading = {keys: [], spoken: 0, asked: null, unknown: null};
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item?.kind !== 'meaning' || item.used) continue;
    const {meaning} = item;
    if (item.lower === 'wise') wiseKey(items, at, subject, remarks, reading);
    else if (meaning.kind === 'by' || isOverKey(items, at)) at = keyList(items, at, subject, remarks, reading);
    else if (meaning.kind === 'cue' && meaning.cue === 'which') reading.asked ??= askedKey(items, at, subject, remarks);
    else if (meaning.kind === 'period' && isAdjective(item.lower))
      addPeriod(item, meaning.part, subject, remarks, reading);
  }
  return reading;
}

/** "monthly sales", "seasonality": periods said without "by". */
const isAdjective = (word: string) => /(ly|annual|annually|season|seasonality|per annum)$/.test(word);

/** "price over month", "sales over region": not a comparison when no number follows. */
function isOverKey(items: Item[], at: number): boolean {
  const item = items[at];
  const after = items.slice(at + 1, at + 3).find(next => next.kind !== 'meaning' || next.meaning.kind !== 'filler');
  if (item?.lower !== 'over' || !after || after.used) return false;
  return after.kind === 'column' || (after.kind === 'meaning' && after.meaning.kind === 'period');
}

function keyList(items: Item[], at: number, subject: Subject, remarks: Remarks, reading: KeyReading): number {
  const by = items[at];
  if (by) by.used = true;
  let found = 0;
  let i = at + 1;
  for (; i < items.length; i++) {
    const item = items[i];
    if (!item || item.used) break;
    if (item.kind === 'column') {
      if (found > 0 && startsMeasure(items, i)) break;
      addKey(reading, keyOf(item, subject, remarks));
      found++;
    } else if (item.kind === 'meaning' && item.meaning.kind === 'period') {
      addPeriod(item, item.meaning.part, subject, remarks, reading);
      found++;
    } else if (item.kind === 'word') {
      if (found === 0) {
        item.used = true;
        reading.unknown ??= item.text;
      }
      break;
    } else if (
      item.kind !== 'meaning' ||
      !/^(and|filler|by)$/.test(item.meaning.kind) ||
      /^(for|in|with)$/.test(item.lower)
    ) {
      break;
    }
  }
  reading.spoken += found;
  return i - 1;
}

/** In "by region and price > 10" the condition is used already; in "by region, average price" the aggregate ends the list. */
function startsMeasure(items: Item[], at: number): boolean {
  const before = items[at - 1];
  return before?.kind === 'meaning' && before.meaning.kind === 'filler' && /^(of|for|in)$/.test(before.lower);
}

function keyOf(item: Item & {kind: 'column'}, subject: Subject, remarks: Remarks): Key {
  const column = choose(item, 'key', remarks);
  // Many different days are unreadable as groups; a period is chosen when the grouping is planned.
  return {column, part: isCalendar(column) && column.distinctCount > Math.min(60, subject.rows / 2) ? 'day' : null};
}

function addKey(reading: KeyReading, key: Key): void {
  const same = reading.keys.some(other => other.column === key.column && other.part === key.part);
  if (!same) reading.keys.push(key);
}

function addPeriod(item: Item, part: PeriodPart, subject: Subject, remarks: Remarks, reading: KeyReading): void {
  item.used = true;
  const key = periodKey(part, subject);
  if (key) addKey(reading, key);
  else {
    const what = part === 'hour' && subject.columns.some(isCalendar) ? 'time of day' : 'date column';
    const reason = `${subject.name} has no ${what} to make a ${part.replaceAll('_', ' ')} from.`;
    remarks.problems.push({reason, suggestions: []});
  }
}

/** The key for a period: of the first calendar column, or a column of years for "year". */
export function periodKey(part: PeriodPart, subject: Subject): Key | null {
  const calendar = subject.columns.find(isCalendar);
  if (part === 'hour' && calendar?.type === 'DATE') return hourColumn(subject);
  const years = subject.columns.find(isYearColumn);
  if (part === 'year' && years && !calendar) return {column: years, part: null};
  if (calendar) return {column: calendar, part};
  const time = timeColumn(subject);
  return time && part === 'year' ? {column: time, part: null} : null;
}

/** A date has no time of day; a column of hours may have it. */
function hourColumn({columns}: Subject): Key | null {
  const column = columns.find(
    ({name, kind, distinctCount}) => kind === 'number' && distinctCount <= 24 && piecesOf(name).includes('hour'),
  );
  return column ? {column, part: null} : null;
}

function wiseKey(items: Item[], at: number, subject: Subject, remarks: Remarks, reading: KeyReading): void {
  const before = items[at - 1];
  const wise = items[at];
  if (wise) wise.used = true;
  if (before?.kind === 'column' && !before.used) {
    addKey(reading, keyOf(before, subject, remarks));
    reading.spoken++;
  }
}

/** "which region", "what are the three months": the thing asked for, before "has", "is", "with". */
function askedKey(items: Item[], at: number, subject: Subject, remarks: Remarks): Key | null {
  for (let i = at + 1; i < Math.min(items.length, at + 4); i++) {
    const item = items[i];
    if (item?.kind === 'column' && !item.used) return keyOf(item, subject, remarks);
    if (item?.kind === 'meaning' && item.meaning.kind === 'period' && !item.used) {
      const key = periodKey(item.meaning.part, subject);
      if (key) item.used = true;
      return key;
    }
    if (item?.kind === 'number') continue;
    if (item?.kind !== 'meaning' || !/^(filler)$/.test(item.meaning.kind) || /^(is|was|are|were)$/.test(item.lower))
      return null;
  }
  return null;
}
