// Dates and times as people write them, as formats that DuckDB's strptime knows.

import {quoteText} from '../../engine/sql-text.ts';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** One way of writing a moment. `order` is set for dates of three numbers. */
export type MomentStyle = {
  type: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMPTZ';
  order: DateOrder | null;
  shortYear: boolean;
  pattern: RegExp;
  sql(value: string): string;
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
  '%H': '(?:[01]?\\d|2[0-3])',
  '%I': '(?:0?[1-9]|1[0-2])',
  '%M': '[0-5]\\d',
  '%S': '[0-5]\\d',
  '%p': '[AaPp][Mm]',
};

const zone = '(?:Z|[+-]\\d{2}(?::?\\d{2})?)';
const isoTime = '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?';
const isoDate = '\\d{4}-\\d{2}-\\d{2}';

const castStyle = (type: MomentStyle['type'], source: string): MomentStyle => ({
  type,
  order: null,
  shortYear: false,
  pattern: new RegExp(`^(?:${source})$`),
  sql: value => `CASE WHEN regexp_full_match(${value}, ${quoteText(source)}) THEN TRY_CAST(${value} AS ${type}) END`,
});

const isoStyles: MomentStyle[] = [
  castStyle('DATE', isoDate),
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
  ...['%d-%b-%Y', '%d %b %Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%b %d %Y', '%d-%b-%y', '%d %b %y'].map(
    (format): [string, null] => [format, null],
  ),
];

const times = ['', ' %H:%M', ' %H:%M:%S', 'T%H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'];

function formatStyles(): MomentStyle[] {
  return dates.flatMap(([date, order]) =>
    times.map(time => {
      const format = date + time;
      const source = format.replace(/%[a-zA-Z]|[.]/g, part => parts[part] ?? '\\.');
      const type = time === '' ? 'DATE' : 'TIMESTAMP';
      return {
        type,
        order,
        shortYear: format.includes('%y'),
        pattern: new RegExp(`^${source}$`, 'i'),
        sql: value => {
          // strptime takes a two-digit year for %Y: the length of the year is part of the format here.
          const parsed = `TRY_CAST(try_strptime(${value}, ${quoteText(format)}) AS ${type})`;
          return format.includes('%Y') ? `CASE WHEN regexp_matches(${value}, '[0-9]{4}') THEN ${parsed} END` : parsed;
        },
      } satisfies MomentStyle;
    }),
  );
}

let allStyles: MomentStyle[] | null = null;

/** Every style under which all of `values` (trimmed, no missing ones) are moments, ISO first. */
export function momentStyles(values: readonly string[]): MomentStyle[] {
  if (values.length === 0 || !values.every(value => value.length <= 40 && /\d/.test(value) && /[-/.: ]/.test(value)))
    return [];
  allStyles ??= [...isoStyles, ...formatStyles()];
  return allStyles.filter(style => values.every(value => style.pattern.test(value)));
}
