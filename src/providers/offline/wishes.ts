// Grants what a question wishes of its answer: the rest of its words gives groups, and these become a series, an average, a growth.

import type {Column} from '../../core/dataset.ts';
import {unclear} from './choices.ts';
import {isMeasurable} from './choose.ts';
import type {DataIntent, Intent, Key, Measure, PeriodPart, Span, Wish} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar, spanDays, yearPeriod} from './periods.ts';
import {isStep} from './plan-views.ts';

/** Groups of one series, and of a growth, that are computed side by side. */
const mostGroups = 50;

/** Windows of a moving average where none was said: a week of days or hours, a quarter of months, a year of quarters. */
const usualWindow: Record<PeriodPart, number> = {
  hour: 24,
  day: 7,
  week: 4,
  month: 3,
  quarter: 4,
  year: 3,
  weekday: 7,
  month_of_year: 3,
};

export function granted(wish: Wish, intent: DataIntent, parts: Parts): Intent {
  switch (wish.kind) {
    case 'nth':
      return nthOf(wish.nth, intent, parts);
    case 'typical':
      return typicalOf(wish, intent, parts);
    case 'growth':
      return growthOf(wish, intent, parts);
    case 'running':
    case 'change':
    case 'moving':
      return seriesOf(wish, intent, parts);
    default:
      return wish satisfies never;
  }
}

type Grouping = {measure: Measure; keys: Key[]};

/** One measure in groups, whatever the reading that found them. */
function groupingOf(intent: DataIntent): Grouping | null {
  if (intent.kind === 'trend')
    return {measure: intent.measure, keys: [...intent.keys, {column: intent.time, part: intent.part}]};
  if (intent.kind !== 'aggregate' || intent.having) return null;
  const [measure, ...others] = intent.measures;
  return measure && others.length === 0 ? {measure, keys: intent.keys} : null;
}

const about = ({subject, where, notes, alternatives}: DataIntent) => ({subject, where, notes, alternatives});

const isTime = ({column, part}: Key) => isCalendar(column) && (part === null || isStep(part));

type SeriesWish = Extract<Wish, {kind: 'running' | 'change' | 'moving'}>;

function seriesOf(wish: SeriesWish, intent: DataIntent, parts: Parts): Intent {
  const found = groupingOf(intent);
  const timeKey = found?.keys.find(isTime);
  const keys = found?.keys.filter(key => key !== timeKey) ?? [];
  if (!found || !timeKey || keys.length > 1)
    return unclear(parts, 'That needs one number over time, in one kind of groups at most, and I did not find it.');
  const tooMany = keys.find(({column}) => column.distinctCount > mostGroups);
  if (tooMany) return tooManyGroups(tooMany.column, parts);
  const measure = wish.kind === 'running' ? summed(found.measure, parts) : found.measure;
  if (!measure)
    return unclear(
      parts,
      `A running total adds up, and ${found.measure.column?.name} was to be averaged; say “total”.`,
    );
  const part = timeKey.part ?? 'day';
  const series = {...about(intent), kind: 'series' as const, time: timeKey.column, part, measure, keys};
  if (wish.kind !== 'moving') return {...series, view: wish};
  if (wish.unit !== null && wish.unit !== part)
    return unclear(parts, `The window is of ${wish.unit}s and the values are of each ${part}; say one of both.`);
  const window = wish.window ?? usualWindow[part];
  if (wish.window === null) series.notes.push(`No window was named, so ${window} ${part}s were taken.`);
  return {...series, view: {kind: 'moving', fn: wish.fn, window}};
}

/** What can be added up from period to period; "total" said with a column that would be averaged makes it a sum. */
function summed(measure: Measure, parts: Parts): Measure | null {
  if (measure.fn === 'sum' || (measure.fn === 'count' && measure.column === null)) return measure;
  const said = /\b(?:total|sum)\b/.test(parts.text) && measure.column && isMeasurable(measure.column);
  return said ? {...measure, fn: 'sum'} : null;
}

function typicalOf({fn, unit}: Extract<Wish, {kind: 'typical'}>, intent: DataIntent, parts: Parts): Intent {
  const found = groupingOf(intent);
  const per = unit === null ? found?.keys[0] : found?.keys.find(key => key.part === unit);
  // An average of each day is what "average daily temperature" asks for.
  if (!found || !per || !/^(sum|count)$/.test(found.measure.fn)) return intent;
  const keys = found.keys.filter(key => key !== per);
  if (keys.length > 1) return unclear(parts, 'An average over groups can be split by one more column, not by several.');
  return {...about(intent), kind: 'typical', fn, measure: found.measure, per, keys};
}

function growthOf(wish: Extract<Wish, {kind: 'growth'}>, intent: DataIntent, parts: Parts): Intent {
  const found = groupingOf(intent);
  const keys = found?.keys.filter(key => !isTime(key)) ?? [];
  const [key] = keys;
  const time = parts.subject.columns.find(isCalendar);
  if (!time) return unclear(parts, `${parts.subject.name} has no date column, so nothing in it can be seen to grow.`);
  if (!found || !key || keys.length > 1 || /^(share|rate|missing|stddev|variance)$/.test(found.measure.fn))
    return unclear(
      parts,
      'Growth needs one number in one kind of groups, such as “which region grew most in revenue”.',
    );
  if (key.column.distinctCount > mostGroups) return tooManyGroups(key.column, parts);
  const spans = wish.years ? wish.years.map(yearPeriod) : recentSpans(time);
  const [before, after] = spans;
  if (!before || !after) return unclear(parts, `The dates of ${time.name} are too few to compare two spans of time.`);
  if (!wish.years) intent.notes.push(`No years were named, so ${spanReason(time)}`);
  const {by, direction} = wish;
  return {...about(intent), kind: 'growth', measure: found.measure, key, time, before, after, by, direction};
}

const tooManyGroups = (column: Column, parts: Parts) =>
  unclear(
    parts,
    `${column.name} has ${column.distinctCount} values; name some of them, or group by a column with fewer.`,
  );

const day = 86_400_000;
const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
/** Days that make up two years, but for a missing week at either end. */
const twoYears = 716;

/** The last twelve months and the twelve before, else the two halves of the data. */
function recentSpans(time: Column): Span[] {
  const [first, last] = [time.min, time.max].map(each => Date.parse(`${String(each).slice(0, 10)}T00:00:00Z`));
  if (first === undefined || last === undefined || !(last > first)) return [];
  const until = last + day;
  const span = (from: number, to: number): Span => ({
    from: iso(from),
    until: iso(to),
    label: `${iso(from)} to ${iso(to - day)}`,
  });
  const years = wholeYears(first, last);
  if (years) return years;
  if (spanDays(time) < twoYears) {
    const middle = first + Math.floor((until - first) / day / 2) * day;
    return [span(first, middle), span(middle, until)];
  }
  const yearsBefore = (count: number) => {
    const at = new Date(until);
    return Date.UTC(at.getUTCFullYear() - count, at.getUTCMonth(), at.getUTCDate());
  };
  return [span(yearsBefore(2), yearsBefore(1)), span(yearsBefore(1), until)];
}

/** The last two calendar years, where the data has them but for a week. */
function wholeYears(first: number, last: number): Span[] | null {
  const year = new Date(last + 7 * day).getUTCFullYear() - 1;
  const begins = Date.UTC(year - 1, 0, 1);
  const ends = Date.UTC(year + 1, 0, 1);
  return first <= begins + 7 * day && last >= ends - 8 * day && last < ends
    ? [yearPeriod(year - 1), yearPeriod(year)]
    : null;
}

function spanReason(time: Column): string {
  return spanDays(time) < twoYears
    ? 'the second half of the dates is set against the first; they may be other seasons of the year.'
    : 'the last year is set against the one before.';
}

/** "the second best": the ranking down to that place. */
function nthOf(nth: number, intent: DataIntent, parts: Parts): Intent {
  if (intent.kind === 'rank_rows') return {...intent, limit: nth, nth};
  if (intent.kind !== 'aggregate') return unclear(parts, 'I found no ranking to take that place of.');
  if (intent.pick && !intent.pick.within) return {...intent, pick: {...intent.pick, limit: nth, nth}};
  const [measure] = intent.measures;
  const by = measure && /^(min|max)$/.test(measure.fn) && intent.keys.length === 0 ? measure.column : null;
  if (!measure || !by) return unclear(parts, 'I found no ranking to take that place of.');
  return {...about(intent), kind: 'rank_rows', by, direction: measure.fn === 'max' ? 'desc' : 'asc', limit: nth, nth};
}
