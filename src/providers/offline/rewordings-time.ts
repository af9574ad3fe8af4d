// Times that a question leaves open: "last month" is the last of the data, and that is said; years set against each other; weekends.

import type {Column} from '../../core/dataset.ts';
import type {Subject} from './intent.ts';
import {moneyColumns, sayMoney} from './money.ts';
import {isCalendar} from './periods.ts';
import type {Rewording} from './rewordings.ts';

type Rule = {pattern: RegExp; read(found: RegExpExecArray, given: Rewording, time: Column): Rewording | null};

const numberWords = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const units = 'day|week|month|quarter|year';
const against = String.raw`(?:and|vs\.?|versus|to|with|against|compared (?:to|with)|over)`;
const weekdays = 'weekdays?|week days?|working days|workdays';

const rules: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:compare |difference between )?(?:this|the current) (year|month|quarter)\s+${against}\s+(?:the )?(?:last|previous) (?:year|month|quarter)\b`,
      'i',
    ),
    read: (found, given, time) => {
      const unit = (found[1] ?? '').toLowerCase();
      const to = lastDay(time);
      const from = iso(startOf(before(startOf(to, unit)), unit));
      return replaced(
        given,
        found,
        ` from ${from} to ${iso(to)} by ${unit}`,
        asData(found[0], `${from} to ${iso(to)}`),
      );
    },
  },
  {
    pattern:
      /\b(?:the )?(first|second|third|fourth|last|1st|2nd|3rd|4th) (quarter|half) of (?:the year )?((?:19|20)\d\d)\b|\bh([12]) ((?:19|20)\d\d)\b/i,
    read: (found, given) => {
      const [, place = '', unit = `half`, year = found[5], half] = found;
      const isHalf = /half/i.test(unit);
      const places = [/^(?:first|1st)$/i, /^(?:second|2nd)$/i, /^(?:third|3rd)$/i, /^(?:fourth|4th)$/i];
      const said = half
        ? Number(half)
        : /last/i.test(place)
          ? isHalf
            ? 2
            : 4
          : places.findIndex(each => each.test(place)) + 1;
      if (said < 1 || (isHalf && said > 2)) return null;
      if (!isHalf) return replaced(given, found, `Q${said} ${year}`);
      return replaced(
        given,
        found,
        said === 1 ? `from ${year}-01-01 to ${year}-06-30` : `from ${year}-07-01 to ${year}-12-31`,
      );
    },
  },
  {
    pattern: /^when (?:was|is|did) (?:the |our )?(?:very )?(first|earliest|last|latest|most recent) \p{L}+/iu,
    read: (found, given, time) =>
      replaced(given, found, `${/first|earliest/i.test(found[1] ?? '') ? 'minimum' : 'maximum'} "${time.name}"`),
  },
  {
    pattern: new RegExp(
      String.raw`(?:\b(?:in|during|over|for|from|within) )?(?:\bthe )?\b(?:last|past|latest|most recent) (\d{1,3}|${numberWords.join('|')}) (${units})s?\b(?: (?:of|in) (?:the |this )?data)?`,
      'i',
    ),
    read: (found, given, time) => {
      const count = numberWords.includes(found[1] ?? '') ? numberWords.indexOf(found[1] ?? '') : Number(found[1]);
      const to = lastDay(time);
      const from = iso(back(to, count, (found[2] ?? '').toLowerCase()));
      return replaced(given, found, ` from ${from} to ${iso(to)}`, asData(found[0], `${from} to ${iso(to)}`));
    },
  },
  {
    pattern:
      /(?:\b(?:in|during|over|for|from) )?(?:\bthe )?\b(this|current|last|previous) (week|month|quarter|year)\b(?: (?:of|in) (?:the |this )?data)?/i,
    read: (found, given, time) => {
      const unit = (found[2] ?? '').toLowerCase();
      const latest = startOf(lastDay(time), unit);
      const isBefore = /previous/i.test(found[1] ?? '');
      const from = isBefore ? startOf(before(latest), unit) : latest;
      const to = isBefore ? before(latest) : lastDay(time);
      const span = `${iso(from)} to ${iso(to)}`;
      return replaced(given, found, ` from ${span}`, asData(found[0], span));
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:compare |difference (?:between|of) )?((?:19|20)\d\d)\s+${against}\s+((?:19|20)\d\d)\b`,
      'i',
    ),
    read: ([all, first = '', second = ''], given) => {
      const [low, high] = [Number(first), Number(second)].sort((a, b) => a - b);
      if (!/\b(compar\w*|vs\.?|versus|against|differ\w*)(?!\w)/i.test(given.text) || low === undefined) return null;
      if (high !== low + 1) return null;
      const rest = given.text
        .replace(all, ' ')
        .replace(/\b(?:compare|comparison of|difference (?:in|of|between))\b/gi, ' ');
      const {text, notes} = measured(rest, given.subject);
      return {...given, text: `${text} from ${low}-01-01 to ${high}-12-31 by year`, notes: [...given.notes, ...notes]};
    },
  },
  {
    pattern: /\b(?:growth )?(?:year[- ](?:over|on)[- ]year|yoy|annual growth|year to year)(?: growth| change)?\b/i,
    read: (found, given) => ({...atEnd(given, found, 'by year'), wish: {kind: 'change'}}),
  },
  {
    pattern: /\b(?:growth )?(?:quarter[- ](?:over|on)[- ]quarter|qoq|quarter to quarter)(?: growth| change)?\b/i,
    read: (found, given) => ({...atEnd(given, found, 'by quarter'), wish: {kind: 'change'}}),
  },
  {
    pattern: /\b(?:growth )?(?:month[- ](?:over|on)[- ]month|mom|month to month)(?: growth| change)?\b/i,
    read: (found, given) => ({...atEnd(given, found, 'by month'), wish: {kind: 'change'}}),
  },
  {
    pattern: new RegExp(
      String.raw`(?:\b(?:on|between|for|during) )?(?:the )?\b(?:(?:${weekdays})\s+(?:${against}|or|than)\s+(?:on |the )?weekends?|weekends?\s+(?:${against}|or|than)\s+(?:on |the )?(?:${weekdays}))\b`,
      'i',
    ),
    read: byWeekend,
  },
  {
    pattern:
      /(?<=\b(?:higher|lower|more|less|better|worse|bigger|smaller)\b.*)\b(?:on|at|during|over) (?:the )?weekends?\b/i,
    read: byWeekend,
  },
  {
    pattern: /\b(?:in|during|for) (?:the )?(spring|summer|autumn|fall|winter)\b(?: (?:of )?((?:19|20)\d\d))?/i,
    read: (found, given) => {
      const name = (found[1] ?? '').toLowerCase();
      const [first, months] = seasons[name] ?? [];
      if (first === undefined || months === undefined) return null;
      const year = Number(found[2]);
      if (!found[2])
        return replaced(given, found, `in ${months}`, `“${name}” was read as ${months}, as north of the equator.`);
      // The winter of a year is the one that ends in it.
      const from = Date.UTC(first === 11 ? year - 1 : year, first, 1);
      const span = `${iso(new Date(from))} to ${iso(new Date(Date.UTC(year, (first + 3) % 12, 0)))}`;
      const note = `“${name} ${year}” was read as ${span}, as north of the equator.`;
      return replaced(given, found, ` from ${span}`, note);
    },
  },
  {
    pattern: /\b\d{1,2}(?::\d\d)? ?(?:am|pm|o'?clock)\b/i,
    read: (found, given) => {
      const reason = `“${found[0]}” is a time of day, which I do not read as a condition; “by hour” shows all hours.`;
      return {...given, problem: {reason, suggestions: []}};
    },
  },
  {
    pattern:
      /^(?:from when (?:to|until|till) when (?:is|does|goes?|are) .*|(?:what|which) (?:time ?(?:span|frame|range)?|period|dates?|date range)(?: range)? (?:does|do|is|are) .*(?:cover|covered|span|include|in)\b.*|(?:what is |what's |show )?(?:the )?(?:date range|time ?(?:span|frame|range)|period covered)(?: of .*)?|(?:what (?:is|are) )?(?:the )?first and (?:the )?last (?:date|day)s?)$/i,
    read: (_, given, time) => ({...given, text: `range of "${time.name}"`}),
  },
];

/** First month (from 0) and the months as they are said. */
const seasons: Record<string, [first: number, months: string]> = {
  spring: [2, 'March, April and May'],
  summer: [5, 'June, July and August'],
  autumn: [8, 'September, October and November'],
  fall: [8, 'September, October and November'],
  winter: [11, 'December, January and February'],
};

/** Only where there is a calendar column with a last day. */
export function withTimes(given: Rewording): Rewording {
  const time = given.subject.columns.find(isCalendar);
  if (/\b(?:busiest|quietest|peak|rush) hours?\b/i.test(given.text) && !/^TIMESTAMP/i.test(time?.type ?? '')) {
    const why = time ? `${time.name} holds days without a time of day` : `${given.subject.name} has no column of times`;
    return {
      ...given,
      problem: {reason: `${why}, so there is no hour to tell.`, suggestions: time ? ['busiest weekday'] : []},
    };
  }
  if (!time || Number.isNaN(lastDay(time).getTime())) return given;
  for (const {pattern, read} of rules) {
    const found = pattern.exec(given.text.replace(/[?!.\s]+$/, ''));
    const read_ = found && read(found, given, time);
    if (read_) return read_;
  }
  return given;
}

function replaced(given: Rewording, [all]: RegExpExecArray, words: string, note?: string): Rewording {
  const text = given.text.replace(all, words).replace(/\s+/g, ' ').trim();
  return {...given, text, notes: [...given.notes, ...(note ? [note] : [])]};
}

function atEnd(given: Rewording, [all]: RegExpExecArray, words: string): Rewording {
  return {...given, text: `${given.text.replace(all, ' ').replace(/[\s?!.]+$/, '')} ${words}`.trim()};
}

const asData = (said: string, span: string) =>
  `“${said.trim().toLowerCase()}” was read as ${span}, by the last date in the data, whatever day it is today.`;

/** Nothing to compare was named: the money, else the rows. */
function measured(text: string, subject: Subject): {text: string; notes: string[]} {
  if (/[\p{L}]{2,}/u.test(text.replace(/\b(?:the|in|of|year|years|data|by)\b/gi, ''))) return {text, notes: []};
  const money = moneyColumns(subject);
  const [first] = money;
  return first
    ? {
        text: `${text} total "${first.name}"`,
        notes: [sayMoney('What to compare was not named; it', 'the total of', money)],
      }
    : {text: `${text} number of rows`, notes: []};
}

/** A column of the two kinds of days; the counts of the two are of five and of two days a week. */
function byWeekend(found: RegExpExecArray, given: Rewording, time: Column): Rewording {
  const known = given.subject.columns.find(({name}) => name.toLowerCase() === 'weekend');
  const column: Column = {
    ...time,
    name: 'weekend',
    type: 'BOOLEAN',
    kind: 'boolean',
    distinctCount: 2,
    min: null,
    max: null,
  };
  const sql = `isodow("${time.name.replaceAll('"', '""')}") >= 6`;
  const subject = known
    ? given.subject
    : {
        ...given.subject,
        columns: [...given.subject.columns, {...column, topValues: [], notes: []}],
        derived: [...(given.subject.derived ?? []), {name: 'weekend', sql}],
      };
  const note =
    'A week has five working days and two of a weekend, so totals and numbers of rows are not of equal time.';
  const rest = given.text.replace(found[0], ' ').replace(/\bcompare\b/gi, ' ');
  const text = `compare ${rest
    .replace(/\s+/g, ' ')
    .replace(/[?!.]+$/, '')
    .trim()} by "weekend"`;
  return {...given, text, subject, notes: [...given.notes, note]};
}

const lastDay = (time: Column) => new Date(`${String(time.max).slice(0, 10)}T00:00:00Z`);
const iso = (day: Date) => day.toISOString().slice(0, 10);
const before = (day: Date) => new Date(day.getTime() - 86_400_000);

/** The first day of the period that `day` lies in; weeks begin on Monday. */
function startOf(day: Date, unit: string): Date {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  if (unit === 'week') return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * 86_400_000);
  if (unit === 'month') return new Date(Date.UTC(year, month, 1));
  return new Date(Date.UTC(year, unit === 'quarter' ? month - (month % 3) : 0, 1));
}

/** The first of `count` units that end with `day`: the last 30 days have 30 days. */
function back(day: Date, count: number, unit: string): Date {
  if (unit === 'day' || unit === 'week')
    return new Date(day.getTime() - (count * (unit === 'week' ? 7 : 1) - 1) * 86_400_000);
  const months = count * {month: 1, quarter: 3, year: 12}[unit as 'month'];
  const start = new Date(day.getTime() + 86_400_000);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - months, start.getUTCDate()));
}
