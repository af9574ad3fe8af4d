// Dates and times as people write them, as formats that DuckDB's strptime knows.

import {quoteText} from '../../engine/sql-text.ts';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** One way of writing a moment. `order` is set for dates of three numbers; `notes` say what the type does not. */
export type MomentStyle = {
  type: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMPTZ';
  order: DateOrder | null;
  pattern: RegExp;
  sql(value: string): string;
  notes: string[];
};

const months = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const fullMonths = '(?:january|february|march|april|may|june|july|august|september|october|november|december)';

const parts: Record<string, string> = {
  '%Y': '\\d{4}',
  '%y': '\\d{2}',
  '%m': '(?:0?[1-9]|1[0-2])',
  '%d': '(?:0?[1-9]|[12]\\d|3[01])',
  '%b': months,
  '%B': fullMonths,
  '%a': '(?:mon|tue|wed|thu|fri|sat|sun)',
  '%A': '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)',
  '%H': '(?:[01]?\\d|2[0-3])',
  '%I': '(?:0?[1-9]|1[0-2])',
  '%M': '[0-5]\\d',
  '%S': '[0-5]\\d',
  '%f': '\\d{1,6}',
  '%p': '[AaPp][Mm]',
  '%z': '[+-]\\d{2}:?\\d{2}',
};

const zone = '(?:Z|[+-]\\d{2}(?::?\\d{2})?)';
const isoTime = '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?';
const isoDate = '\\d{4}-\\d{2}-\\d{2}';

const castStyle = (type: MomentStyle['type'], source: string): MomentStyle => ({
  type,
  order: null,
  pattern: new RegExp(`^(?:${source})$`),
  sql: value => `CASE WHEN regexp_full_match(${value}, ${quoteText(source)}) THEN TRY_CAST(${value} AS ${type}) END`,
  notes: [],
});

/** Half the cost of the pattern: a date of ten characters that is written as it was read is one. */
const isoDay: MomentStyle = {
  ...castStyle('DATE', isoDate),
  sql: value =>
    `CASE WHEN strlen(${value}) = 10 AND TRY_CAST(${value} AS DATE)::VARCHAR = ${value} THEN TRY_CAST(${value} AS DATE) END`,
};

const isoStyles: MomentStyle[] = [
  isoDay,
  castStyle('TIMESTAMP', `${isoDate}(?:[T ]${isoTime})?`),
  castStyle('TIMESTAMPTZ', `${isoDate}[T ]${isoTime} ?${zone}`),
  castStyle('TIME', '(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?'),
];

const dates: [format: string, order: DateOrder | null][] = [
  ...['/', '.', '-'].flatMap((mark): [string, DateOrder][] => [
    [`%Y${mark}%m${mark}%d`, 'ymd'],
    [`%d${mark}%m${mark}%Y`, 'dmy'],
    [`%m${mark}%d${mark}%Y`, 'mdy'],
    [`%d${mark}%m${mark}%y`, 'dmy'],
    [`%m${mark}%d${mark}%y`, 'mdy'],
  ]),
  ...[
    ...['%d-%b-%Y', '%d %b %Y', '%d %B %Y', '%d-%B-%Y', '%d/%b/%Y', '%d.%b.%Y', '%d-%b-%y', '%d %b %y', '%d%b%Y'],
    ...['%b %d, %Y', '%B %d, %Y', '%b %d %Y', '%B %d %Y', '%b-%d-%Y', '%Y-%b-%d', '%Y %b %d', '%Y %B %d'],
    ...['%a, %d %b %Y', '%a %d %b %Y', '%A, %B %d, %Y', '%a, %b %d, %Y', '%A, %d %B %Y'],
  ].map((format): [string, null] => [format, null]),
];

const times = ['', '%H:%M', '%H:%M:%S', '%H:%M:%S.%f', '%I:%M %p', '%I:%M:%S %p', '%I:%M%p', '%I:%M:%S%p'];

/** Formats that no combination of a date and a time gives. */
const otherFormats: [type: MomentStyle['type'], format: string][] = [
  ...['%I:%M %p', '%I:%M:%S %p', '%I:%M%p', '%I:%M:%S%p', '%I %p', '%I%p'].map((format): ['TIME', string] => [
    'TIME',
    format,
  ]),
  ['TIMESTAMP', '%a %b %d %H:%M:%S %Y'],
  ['TIMESTAMPTZ', '%a, %d %b %Y %H:%M:%S %z'],
  ['TIMESTAMPTZ', '%d/%b/%Y:%H:%M:%S %z'],
  ...['%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y'].map((date): ['TIMESTAMPTZ', string] => [
    'TIMESTAMPTZ',
    `${date} %H:%M:%S %z`,
  ]),
];

const monthFormats = [
  '%Y-%m',
  '%Y/%m',
  '%m/%Y',
  '%m.%Y',
  '%b %Y',
  '%B %Y',
  '%b-%Y',
  '%Y-%b',
  '%Y %b',
  '%b %y',
  '%b-%y',
];

/** Parts of a year, beside it in either order: "2005Q1", "2005-Q1", "2005 Q1", "Q1 2005", "Q1-2005", "1Q 2005"; "H1 2005". */
const yearParts = [
  {letter: 'q', digits: '[1-4]', months: 3, note: 'quarters, read as their first day'},
  {letter: 'h', digits: '[12]', months: 6, note: 'half-years, read as their first day'},
] as const;

const shortYearNote = 'two-digit years: 69 to 99 read as 19xx, 00 to 68 as 20xx';
const monthNote = 'months without a day, read as the first day of the month';

function formatStyle(type: MomentStyle['type'], format: string, order: DateOrder | null, notes: string[]): MomentStyle {
  const source = format.replace(/%[a-zA-Z]|[.]/g, part => parts[part] ?? '\\.');
  return {
    type,
    order,
    pattern: new RegExp(`^${source}$`, 'i'),
    sql: value => {
      // strptime takes a two-digit year for %Y: the length of the year is part of the format here.
      const parsed = `TRY_CAST(try_strptime(${value}, ${quoteText(format)}) AS ${type})`;
      return format.includes('%Y') ? `CASE WHEN regexp_matches(${value}, '[0-9]{4}') THEN ${parsed} END` : parsed;
    },
    notes: format.includes('%y') ? [...notes, shortYearNote] : notes,
  };
}

/** strptime knows no parts of a year. */
function partStyles({letter, digits, months, note}: (typeof yearParts)[number]): MomentStyle[] {
  const year = '[12]\\d{3}';
  const style = (source: string, place: string): MomentStyle => ({
    type: 'DATE',
    order: null,
    pattern: new RegExp(`^(?:${source})$`, 'i'),
    sql: value => {
      const part = (of: string) => `TRY_CAST(regexp_extract(${value}, ${quoteText(of)}, 1) AS INTEGER)`;
      const month = `${months} * ${part(place)} - ${months - 1}`;
      return `CASE WHEN regexp_full_match(${value}, ${quoteText(source)}, 'i') AND ${part('([0-9]{4})')} > 0 THEN make_date(${part('([0-9]{4})')}, ${month}, 1) END`;
    },
    notes: [note],
  });
  const afterLetter = `[${letter}${letter.toUpperCase()}](${digits})`;
  return [
    style(`${year}[-/ ]?${letter}${digits}`, afterLetter),
    style(`${letter}${digits}[-/ ]?${year}`, afterLetter),
    style(`${digits}${letter}[-/ ]?${year}`, `^(${digits})`),
  ];
}

/** ISO 8601: week 1 holds 4 January. A week 53 that its year does not have is none. */
const weekSource = '[12]\\d{3}[- ]?W(?:0[1-9]|[1-4]\\d|5[0-3])';
const weekStyle: MomentStyle = {
  type: 'DATE',
  order: null,
  pattern: new RegExp(`^(?:${weekSource})$`, 'i'),
  sql: value => {
    const part = (of: string) => `TRY_CAST(regexp_extract(${value}, ${quoteText(of)}, 1) AS INTEGER)`;
    const monday = `(date_trunc('week', make_date(${part('^([0-9]{4})')}, 1, 4))::DATE + 7 * (${part('([0-9]{2})$')} - 1))`;
    const isWeek = `regexp_full_match(${value}, ${quoteText(weekSource)}, 'i') AND isoyear(${monday}) = ${part('^([0-9]{4})')}`;
    return `CASE WHEN ${isWeek} THEN ${monday} END`;
  },
  notes: ['ISO weeks, read as their Monday'],
};

function allStyles(): MomentStyle[] {
  const joined = dates.flatMap(([date, order]) =>
    times.flatMap(time =>
      (time === '' ? [''] : time.startsWith('%H:%M:%S') ? [' ', 'T'] : [' ']).map(mark =>
        formatStyle(time === '' ? 'DATE' : 'TIMESTAMP', date + mark + time, order, []),
      ),
    ),
  );
  const others = otherFormats.map(([type, format]) => formatStyle(type, format, null, []));
  const onlyMonths = monthFormats.map(format => formatStyle('DATE', format, null, [monthNote]));
  return [...isoStyles, ...joined, ...others, ...onlyMonths, ...yearParts.flatMap(partStyles), weekStyle];
}

let styles: MomentStyle[] | null = null;

/** Every style under which all of `values` (trimmed, no missing ones) are moments, ISO first. */
export function momentStyles(values: readonly string[]): MomentStyle[] {
  return stylesOf(values, (style, tidy) => tidy.every(value => style.pattern.test(value)));
}

/** The styles under which some of `values` are moments, those of most first: a column in several formats. */
export function partialStyles(values: readonly string[]): MomentStyle[] {
  const count = (style: MomentStyle) => values.filter(value => style.pattern.test(value)).length;
  return stylesOf(values, (style, tidy) => tidy.some(value => style.pattern.test(value)))
    .map(style => ({style, fits: count(style)}))
    .toSorted((a, b) => b.fits - a.fits)
    .map(({style}) => style);
}

function stylesOf(
  values: readonly string[],
  accepts: (style: MomentStyle, tidy: readonly string[]) => boolean,
): MomentStyle[] {
  if (values.length === 0 || !values.every(isPossible)) return [];
  // Some programs fill up the day with a blank: "Apr  3 2017".
  const isPadded = values.some(value => /\s{2,}/.test(value));
  const tidy = isPadded ? values.map(value => value.replace(/\s+/g, ' ')) : values;
  styles ??= allStyles();
  return styles
    .filter(style => accepts(style, tidy))
    .filter(style => isMonthsOnly(style, tidy))
    .map(style =>
      isPadded ? {...style, sql: value => style.sql(`regexp_replace(${value}, '\\s+', ' ', 'g')`)} : style,
    );
}

function isPossible(value: string): boolean {
  return value.length <= 40 && /\d/.test(value) && /[-/.: ]|\d[ap]m$|\d[a-z]{3}\d|\d[hqw]|[hq]\d/i.test(value);
}

/** "2010-11" may be a year and the next one, "May-12" a day: those are no months. */
function isMonthsOnly({notes}: MomentStyle, values: readonly string[]): boolean {
  if (!notes.includes(monthNote)) return true;
  const pairs = values.map(value => /^(\d{4})[-/](\d{2})$/.exec(value));
  if (pairs.every(pair => pair && (Number(pair[1]) + 1) % 100 === Number(pair[2]))) return false;
  const short = values.filter(value => /\D\d{2}$/.test(value) && /[a-z]/i.test(value));
  return short.length === 0 || short.some(value => Number(value.slice(-2)) > 31);
}
