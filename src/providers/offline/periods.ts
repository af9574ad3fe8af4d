// Dates and periods in words: "2020", "March 2020", "2020-03-05", "Q3 2020". A period is from ≤ x < until.

import type {Column} from '../../core/dataset.ts';
import type {PeriodPart} from './intent.ts';
import {piecesOf} from './names.ts';
import type {Token} from './tokens.ts';

export type Period = {from: string; until: string; label: string};

const monthNames = 'january february march april may june july august september october november december'.split(' ');
const dayNames = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

/** 1 to 12, or null. "may" is also a verb, so callers need a second sign that a month is meant. */
export function monthOf(word: string): number | null {
  if (word.length < 3) return null;
  const bare = word === 'sept' ? 'sep' : word;
  const found = monthNames.findIndex(name => name === bare || (bare.length === 3 && name.startsWith(bare)));
  return found < 0 ? null : found + 1;
}

/** ISO days of the week: Monday is 1. */
export function weekdaysOf(word: string): number[] | null {
  if (/^weekends?$/.test(word)) return [6, 7];
  if (/^(working ?days?|workdays?)$/.test(word)) return [1, 2, 3, 4, 5];
  const found = dayNames.findIndex(name => name === word || `${name}s` === word);
  return found < 0 ? null : [found + 1];
}

export const monthLabel = (month: number) => capital(monthNames[month - 1] ?? '');
export const dayLabel = (day: number) => capital(dayNames[day - 1] ?? '');
const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The period at the cursor and how many tokens it took, or null. A bare year is only read where `years` allows. */
export function periodAt(tokens: Token[], at: number): {period: Period; length: number} | null {
  const [first, second, third, fourth] = [tokens[at], tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  if (!first) return null;
  if (first.kind === 'date') {
    const [year, month, day] = first.text.split('-').map(Number);
    return taken(year && month ? (day ? dayPeriod(year, month, day) : monthPeriod(year, month)) : null, 1);
  }
  const quarter = /^q([1-4])$/.exec(first.lower)?.[1];
  if (quarter && isYear(second)) return taken(quarterPeriod(second?.value ?? 0, Number(quarter)), 2);
  const quarterAfter = /^q([1-4])$/.exec(second?.lower ?? '')?.[1];
  if (isYear(first) && quarterAfter) return taken(quarterPeriod(first.value ?? 0, Number(quarterAfter)), 2);
  const month = first.kind === 'word' ? monthOf(first.lower) : null;
  if (month !== null) {
    if (isYear(second)) return taken(monthPeriod(second?.value ?? 0, month), 2);
    const year = third?.lower === ',' ? fourth : third;
    if (isDay(second) && isYear(year)) {
      return taken(dayPeriod(year?.value ?? 0, month, second?.value ?? 0), third === year ? 3 : 4);
    }
    return null;
  }
  const monthAfter = second?.kind === 'word' ? monthOf(second.lower) : null;
  if (isDay(first) && monthAfter !== null && isYear(third)) {
    return taken(dayPeriod(third?.value ?? 0, monthAfter, first.value ?? 0), 3);
  }
  return null;
}

function taken(period: Period | null, length: number): {period: Period; length: number} | null {
  return period && {period, length};
}

const isYear = (token: Token | undefined) => token !== undefined && yearOf(token) !== null;

/** A token such as 2020 that can be a year: four digits, 1000 to 2999. */
export function yearOf(token: Token): number | null {
  return token.kind === 'number' && /^[12]\d{3}$/.test(token.text) ? (token.value ?? null) : null;
}

const isDay = (token: Token | undefined) =>
  token?.kind === 'number' && Number.isInteger(token.value) && (token.value ?? 0) >= 1 && (token.value ?? 0) <= 31;

const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);

export function yearPeriod(year: number): Period {
  return {from: iso(year, 1, 1), until: iso(year + 1, 1, 1), label: String(year)};
}

function quarterPeriod(year: number, quarter: number): Period {
  return {from: iso(year, quarter * 3 - 2, 1), until: iso(year, quarter * 3 + 1, 1), label: `Q${quarter} ${year}`};
}

function monthPeriod(year: number, month: number): Period | null {
  if (month < 1 || month > 12) return null;
  return {from: iso(year, month, 1), until: iso(year, month + 1, 1), label: `${monthLabel(month)} ${year}`};
}

function dayPeriod(year: number, month: number, day: number): Period | null {
  const from = iso(year, month, day);
  if (month < 1 || month > 12 || Number(from.slice(8)) !== day) return null;
  return {from, until: iso(year, month, day + 1), label: from};
}

/** True for DATE and TIMESTAMP columns, which have a calendar; TIME and INTERVAL have none. */
export function isCalendar(column: Column): boolean {
  return column.kind === 'time' && /^(DATE|TIMESTAMP)/i.test(column.type);
}

/** An integer column that holds years, told by its name and its range. */
export function isYearColumn(column: Column): boolean {
  if (column.kind !== 'number' || !/INT/i.test(column.type)) return false;
  const [low, high] = [Number(column.min), Number(column.max)];
  return piecesOf(column.name).some(piece => /^(year|yr|jahr)$/.test(piece)) && low >= 1000 && high <= 2999;
}

/** The days a time column spans; 0 when it cannot be told. */
export function spanDays(column: Column): number {
  const [from, to] = [Date.parse(String(column.min)), Date.parse(String(column.max))];
  return Number.isFinite(from) && Number.isFinite(to) ? (to - from) / 86_400_000 : 0;
}

/** Period for a trend: at most about 50 points. Up to 2 days hours, 45 days days, 200 days weeks, 4 years months, 12 years quarters. */
export function periodFor(column: Column): PeriodPart {
  const days = spanDays(column);
  if (days <= 2 && /^TIMESTAMP/i.test(column.type)) return 'hour';
  if (days <= 45) return 'day';
  if (days <= 200) return 'week';
  if (days <= 4 * 366) return 'month';
  return days <= 12 * 366 ? 'quarter' : 'year';
}
