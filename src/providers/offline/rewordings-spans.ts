// Parts of time set against each other or grouped by ("Sundays vs Mondays", "March 2024 vs March 2023", "by season", "night vs day").

import type {Column} from '../../core/dataset.ts';
import type {Subject} from './intent.ts';
import {dayLabel, isCalendar, monthLabel, monthOf, weekdaysOf} from './periods.ts';
import type {Rewording} from './rewordings.ts';
import {ident, textLiteral} from './sql.ts';

/** A part of time: what it is called, and the condition that says whether a row lies in it. */
type Part = {label: string; sql: string};
type Rule = {pattern: RegExp; read(found: string[], time: Column): {name: string; parts: Part[]; note?: string} | null};

const against = String.raw`(?:vs\.?|versus|and|or|against|than|with|to|compared (?:to|with))`;
const period = String.raw`(?:q[1-4](?: (?:19|20)\d\d)?|[a-z]{3,9}(?: (?:19|20)\d\d)?)`;

const seasons: readonly [name: string, months: string][] = [
  ['spring', '3, 4, 5'],
  ['summer', '6, 7, 8'],
  ['autumn', '9, 10, 11'],
  ['winter', '12, 1, 2'],
];

const rules: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:(?:on|in|between|of|for|from|during) )?(${period}) ${against} (?:on |in |during )?(${period})\b`,
      'i',
    ),
    read: ([, first = '', second = ''], time) => {
      const parts = [first, second].map(text => partNamed(text.toLowerCase(), time));
      const [a, b] = parts;
      return a && b && a.label !== b.label ? {name: `${a.label} or ${b.label}`, parts: [a, b]} : null;
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:(?:at|during|in|by|on) )?(?:the )?(night|nights|nighttime|day|daytime) ${against} (?:at |during |in )?(?:the )?(day|daytime|night|nights|nighttime)\b`,
      'i',
    ),
    read: ([, first = '', second = ''], time) => {
      if (!/^TIMESTAMP/i.test(time.type) || /night/i.test(first) === /night/i.test(second)) return null;
      const hour = `hour(${ident(time.name)})`;
      const parts = [
        {label: 'day', sql: `${hour} BETWEEN 6 AND 17`},
        {label: 'night', sql: `${hour} NOT BETWEEN 6 AND 17`},
      ];
      return {name: 'day or night', parts, note: 'The day was read as 6:00 to 18:00, the night as the rest.'};
    },
  },
  {
    pattern:
      /\b(?:by|per|for each|in each|each|every|across|between|of each) (?:the )?seasons?\b(?! of)|\b(?:which|what) season\b/i,
    read: (_, time) => ({
      name: 'season',
      parts: seasons.map(([label, months]) => ({label, sql: `month(${ident(time.name)}) IN (${months})`})),
      note: 'The seasons are of three months each, spring from March, as north of the equator.',
    }),
  },
];

/** Rows of no part have no group; the columns' own names win. */
export function withSpans(given: Rewording): Rewording {
  const time = given.subject.columns.find(isCalendar);
  if (!time) return given;
  for (const {pattern, read} of rules) {
    const found = pattern.exec(given.text);
    const spans = found && read([...found], time);
    if (!found || !spans || given.subject.columns.some(({name}) => name.toLowerCase() === spans.name)) continue;
    if (/ (?:and|or|to|with) /i.test(found[0]) && !compares.test(given.text)) continue;
    return grouped(given, found, {...spans, time});
  }
  return given;
}

type Spans = {name: string; parts: Part[]; note?: string; time: Column};

function grouped(given: Rewording, [all]: RegExpExecArray, {name, parts, note, time}: Spans): Rewording {
  const asks = /^(?:which|what)/i.exec(all)?.[0];
  const before = given.text.replace(all, asks ? ` ${asks} "${name}" ` : ' ').replace(/[\s?!.]+$/, '');
  const rest = before.replace(compares, ' ').trim();
  const isBare = !/[\p{L}]{3,}/u.test(rest);
  const contrasts = parts.length === 2 && (isBare || (compares.test(before) && !statistic.test(rest)));
  const text = asks ? before : `${contrasts ? `compare ${rest}` : isBare ? 'number of rows' : rest} by "${name}"`;
  const subject = withColumn(given.subject, {name, parts, time});
  const notes = note ? [...given.notes, note] : given.notes;
  return {...given, text: text.replace(/\s+/g, ' ').trim(), subject, notes};
}

const compares = /\b(?:compare|comparison of|difference (?:in|of|between))\b/i;
/** What is said to be computed is computed, a comparison has its own figures. */
const statistic = /\b(?:average|mean|median|total|sum|count|number|how many|share|rate|percentage|plot|chart)\b/i;

function withColumn(subject: Subject, {name, parts, time}: {name: string; parts: Part[]; time: Column}): Subject {
  const column: Column = {
    ...time,
    name,
    type: 'VARCHAR',
    kind: 'text',
    nullCount: parts.length === 2 && name !== 'day or night' ? 1 : 0,
    distinctCount: parts.length,
    min: null,
    max: null,
    topValues: [],
    notes: [],
  };
  const cases = parts.map(({label, sql}) => `WHEN ${sql} THEN ${textLiteral(label)}`).join(' ');
  const derived = [...(subject.derived ?? []), {name, sql: `CASE ${cases} END`}];
  return {...subject, columns: [...subject.columns, column], derived};
}

/** "sundays", "march", "march 2024", "q1 2024". */
function partNamed(text: string, time: Column): Part | null {
  const column = ident(time.name);
  const [word = '', year] = text.split(' ');
  const inYear = year ? ` AND year(${column}) = ${Number(year)}` : '';
  const after = year ? ` ${year}` : '';
  const quarter = /^q([1-4])$/.exec(word)?.[1];
  if (quarter) return {label: `Q${quarter}${after}`, sql: `quarter(${column}) = ${quarter}${inYear}`};
  const month = monthOf(word);
  if (month !== null) return {label: `${monthLabel(month)}${after}`, sql: `month(${column}) = ${month}${inYear}`};
  const days = year ? null : weekdaysOf(word);
  const [day] = days ?? [];
  return day !== undefined && days?.length === 1 ? {label: dayLabel(day), sql: `isodow(${column}) = ${day}`} : null;
}
