// Reads a series from a dataset: one value a time, in order, laid on its own time axis.

import {type Column, isMoment} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {fromSql, numberSql, type Reader, type Selection} from '../column-values.ts';
import {type Frequency, frequencyOf, timeAt, type Unit} from './frequency.ts';

export const COMBINE = ['mean', 'sum', 'count', 'median', 'min', 'max'] as const;
export type Combine = (typeof COMBINE)[number];

/** More different times than this are not held in memory. */
const mostTimes = 2_000_000;
/** A time axis may have this many places for each recorded one; beyond, it is mostly gaps. */
const mostPlaces = 4;

/**
 * `times` are the recorded ones: seconds since 1970 in UTC, or the numbers of a number column. `values` are by place on the axis of
 * `frequency`, NaN where nothing was recorded. `repeated` is the number of times that stood in more than one row.
 */
export type Series = {
  times: Float64Array;
  isDate: boolean;
  frequency: Frequency;
  values: Float64Array;
  rows: number;
  withoutTime: number;
  withoutValue: number;
  repeated: number;
};

export type SeriesRequest = {time: Column; value: Column | null; combine: Combine; every?: Unit | undefined};

/** @throws ToolError `series.not_a_time`, `series.too_few`, `series.too_many`, `series.infinite`, `analysis.not_numeric` */
export async function readSeries(reader: Reader, selection: Selection, request: SeriesRequest): Promise<Series> {
  const {time, value, combine, every} = request;
  const isDate = time.kind === 'time';
  const axis = timeSql(time, every);
  const number = value ? numberSql(value) : '1::DOUBLE';
  const inner = `SELECT ${axis} AS t, ${number} AS v ${fromSql(selection)}`;
  const [[total, withoutTime, withoutValue, infinite] = []] = await reader.rows(
    `SELECT count(*), count(*) FILTER (t IS NULL), count(*) FILTER (v IS NULL OR isnan(v)), count(*) FILTER (isinf(v)) FROM (${inner})`,
  );
  if (Number(infinite) > 0)
    throw new ToolError('series.infinite', `${formatCount(Number(infinite))} values are infinite.`, {
      hint: 'Leave those rows out with a condition in where.',
    });
  const combined = combine === 'count' ? 'count(v)' : `${combine === 'mean' ? 'avg' : combine}(v)`;
  const statement = `SELECT t, ${combined}::DOUBLE, count(*) FROM (${inner}) WHERE t IS NOT NULL AND v IS NOT NULL AND NOT isnan(v) GROUP BY t ORDER BY t`;
  const rows = await reader.rows(`${statement} LIMIT ${mostTimes + 1}`, mostTimes + 1);
  if (rows.length > mostTimes)
    throw new ToolError('series.too_many', `"${time.name}" has more than ${formatCount(mostTimes)} different times.`, {
      hint: 'Combine them by a unit, such as by day (every).',
    });
  if (rows.length < 3)
    throw new ToolError('series.too_few', `There are ${rows.length} different times with a value; 3 are needed.`);
  const times = Float64Array.from(rows, row => Number(row[0]));
  const recorded = Float64Array.from(rows, row => Number(row[1]));
  const found = isDate ? frequencyOf(times, every) : numbered(times);
  const frequency = found.length > mostPlaces * times.length ? asOrder(found, times) : found;
  const values = new Float64Array(frequency.length).fill(Number.NaN);
  recorded.forEach((each, i) => {
    values[frequency.places[i] ?? 0] = each;
  });
  return {
    times,
    isDate,
    frequency,
    values,
    rows: Number(total),
    withoutTime: Number(withoutTime),
    withoutValue: value ? Number(withoutValue) : 0,
    repeated: rows.reduce((sum, row) => sum + (Number(row[2]) > 1 ? 1 : 0), 0),
  };
}

/** Years and other numbers: whole numbers one apart make an axis of their own. */
function numbered(times: Float64Array): Frequency {
  const first = times[0] ?? 0;
  const span = (times[times.length - 1] ?? 0) - first;
  const isYears = times.every(time => Number.isInteger(time) && time > 1500 && time < 2200);
  const whole = times.every(Number.isInteger) && span < mostPlaces * times.length;
  const places = whole ? times.map(time => time - first) : times.map((_, i) => i);
  const name = isYears ? 'year' : whole ? 'step of 1' : 'irregular';
  const length = (places[places.length - 1] ?? 0) + 1;
  return {name, regular: whole, places, length, period: null, years: isYears ? span : 0};
}

function asOrder(frequency: Frequency, times: Float64Array): Frequency {
  return {
    ...frequency,
    name: `irregular`,
    regular: false,
    places: times.map((_, i) => i),
    length: times.length,
    period: null,
  };
}

function timeSql(column: Column, every: Unit | undefined): string {
  const name = quoteName(column.name);
  if (isMoment(column)) {
    const zone = column.type.includes('TIME ZONE') || column.type === 'TIMESTAMPTZ' ? " AT TIME ZONE 'UTC'" : '';
    const moment = `(CASE WHEN isfinite(${name}) THEN ${name} END${zone})::TIMESTAMP`;
    return `epoch(${every === undefined ? moment : `date_trunc('${every}', ${moment})`})`;
  }
  if (column.kind === 'number' && every === undefined)
    return `CASE WHEN isfinite(${name}::DOUBLE) THEN ${name}::DOUBLE END`;
  throw new ToolError(
    'series.not_a_time',
    `"${column.name}" is ${column.type}, ${every === undefined ? 'no date, timestamp or number' : `so it has no ${every}s`}.`,
    {hint: 'Choose a date column, or make one: /clean cast COLUMN to DATE (clean_data).'},
  );
}

/** A place on the axis in words: ISO-8601 (only the date where all times are midnights), or the number. */
export function labelOf({times, isDate, frequency}: Series, place: number): string {
  if (!isDate) return String(frequency.regular ? (times[0] ?? 0) + place : times[place]);
  const time = timeAt(times, frequency, place);
  const date = new Date((time ?? Number.NaN) * 1000);
  if (Number.isNaN(date.getTime())) return String(time ?? place);
  const text = date.toISOString().replace('.000Z', '');
  return text.endsWith('T00:00:00') && (times[0] ?? 0) % 86_400 === 0 ? text.slice(0, -'T00:00:00'.length) : text;
}
