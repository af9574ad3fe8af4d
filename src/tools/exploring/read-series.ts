// The series that is forecast: its time column, its steps, several rows of one step put together, and its gaps filled.

import {columnNamed, fromSql, type Reader, type Selection} from '../../analysis/column-values.ts';
import {timeAt, UNITS, type Unit} from '../../analysis/time-series/frequency.ts';
import {type Combine, readSeries, type Series} from '../../analysis/time-series/read-series.ts';
import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {separatingColumn} from './separating-column.ts';

export type SeriesAsked = {
  time?: string | undefined;
  value?: string | undefined;
  every?: Unit | undefined;
  combine?: Combine | undefined;
  where?: string | undefined;
};

/** `values` have no gaps; `notes` say what was done to them, in sentences. `combined`: a value may stand for several rows. */
export type Prepared = {
  series: Series;
  values: Float64Array;
  what: string;
  time: string;
  columns: string[];
  notes: string[];
  combined: boolean;
};

/** Names of what is not added up over rows. */
const averages =
  /price|rate|ratio|share|temp|average|avg|mean|score|rating|percent|pct|index|age|speed|humidity|pressure|height|weight|level/i;
const leastFilled = 0.85;
const fewRepeated = 0.05;
const leastValues = 8;
const mostGaps = 0.3;

/** @throws ToolError `forecast.no_time`, `forecast.which_time`, `forecast.not_a_time`, `forecast.irregular`, `forecast.gaps`, `series.*` */
export async function prepareSeries(reader: Reader, dataset: Dataset, asked: SeriesAsked): Promise<Prepared> {
  const {columns} = currentVersion(dataset);
  const selection: Selection = {dataset: dataset.name, where: asked.where};
  const time = timeColumnOf(columns, asked.time);
  const value = asked.value === undefined ? null : columnNamed(columns, asked.value);
  const usual = asked.combine ?? (value === null ? 'count' : averages.test(value.name) ? 'mean' : 'sum');
  const readBy = (combine: Combine) => (every: Unit | undefined) =>
    readSeries(reader, selection, {time, value, combine, every});
  const notes: string[] = [];
  const first = await regularSeries(readBy(usual), asked.every, time, notes);
  const {every} = first;
  const isTwice = asked.combine === undefined && usual === 'sum' && every === undefined && isOneRowEach(first.series);
  const combine = isTwice ? 'mean' : usual;
  const series = isTwice ? await readBy(combine)(every) : first.series;
  const combined = every !== undefined || series.repeated > 0 || value === null;
  const adds = combine === 'sum' || combine === 'count';
  const whole =
    every !== undefined && adds ? await wholePeriods(reader, selection, time, series, every, notes) : series;
  const what = value === null ? 'rows' : combined ? `${combine} of ${value.name}` : value.name;
  if (series.repeated > 0 && every === undefined)
    notes.push(
      `${series.repeated === 1 ? '1 time stands' : `${formatCount(series.repeated)} times stand`} in several rows, put together by their ${combine}${isTwice ? ', since nearly every time has one row; for the sum ask for sum' : ''}.`,
    );
  if (series.repeated > 0) {
    const apart = await separatingColumn(reader, selection, columns, {time, value});
    if (apart) notes.push(severalSeries(apart, combine));
    const copies = combine === 'sum' ? await copiesIn(reader, selection) : 0;
    if (copies > 0)
      notes.push(
        `${copies === 1 ? '1 row is an exact copy of another and was' : `${formatCount(copies)} rows are exact copies of others and were`} counted too; /clean duplicates (clean_data, drop_duplicates) leaves one of each.`,
      );
  }
  if (series.withoutTime > 0) notes.push(`${formatCount(series.withoutTime)} rows without a time are left out.`);
  if (series.withoutValue > 0) notes.push(`${formatCount(series.withoutValue)} rows without a value are left out.`);
  const values = filled(whole, combined && adds, notes);
  const used = [time.name, ...(value ? [value.name] : [])];
  return {series: whole, values, what, time: time.name, columns: used, notes, combined};
}

/** How many rows are equal in all columns to one before them. */
async function copiesIn(reader: Reader, selection: Selection): Promise<number> {
  const from = fromSql(selection);
  const sql = `SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT * ${from})) ${from}`;
  const [[copies] = []] = await reader.rows(sql);
  return Number(copies ?? 0);
}

function severalSeries({name, series}: {name: string; series: number}, combine: Combine): string {
  const all = combine === 'count' ? 'rows' : combine;
  const other =
    combine === 'mean'
      ? '; for the sum of all ask for sum'
      : combine === 'sum'
        ? '; for the mean of all ask for mean'
        : '';
  return `"${name}" tells ${formatCount(series)} series apart, and this is the ${all} of them all. For one of them give a condition, where ${quoteName(name)} = …${other}.`;
}

/** The one named, or the only date. A number is a time only where it holds years. */
function timeColumnOf(columns: readonly Column[], named: string | undefined): Column {
  if (named !== undefined) {
    const column = columnNamed(columns, named);
    if (isDate(column) || isYears(column)) return column;
    throw new ToolError('forecast.not_a_time', `"${column.name}" is ${column.type}, no date, timestamp or year.`, {
      hint: makeDate(column),
    });
  }
  const found = timesIn(columns);
  const [first, ...more] = found;
  if (!first) {
    const text = columns.find(
      ({kind, topValues}) => kind === 'text' && topValues.some(value => /\d[-./ ]\d|(19|20)\d\d/.test(value)),
    );
    throw new ToolError('forecast.no_time', 'There is no date column, so there is nothing to forecast along.', {
      hint: text ? makeDate(text) : 'No text column could be dates either: choose a dataset with a column of times.',
    });
  }
  if (more.length > 0)
    throw new ToolError(
      'forecast.which_time',
      `There are ${found.length} date columns: ${found.map(({name}) => name).join(', ')}.`,
      {
        hint: `Name the one to forecast along: /forecast … with ${quoteName(first.name)} (time).`,
      },
    );
  return first;
}

function makeDate({name}: Column): string {
  const typed = printable(/^[\p{L}\p{N}_]+$/u.test(name) ? name : quoteName(name), {oneLine: true});
  return `A forecast needs real times: /clean cast ${typed} to DATE makes them (clean_data, cast).`;
}

function isDate({kind, type}: Column): boolean {
  return kind === 'time' && /^(DATE|TIMESTAMP)/.test(type);
}

/** The dates, or without any the numbers that are called years and hold some. */
export function timesIn(columns: readonly Column[]): Column[] {
  const dates = columns.filter(isDate);
  return dates.length > 0 ? dates : columns.filter(column => isYears(column) && /year|jahr/i.test(column.name));
}

function isYears({kind, type, min, max}: Column): boolean {
  return kind === 'number' && /INT/.test(type) && Number(min) > 1500 && Number(max) < 2200;
}

/**
 * Nearly every step has a row of its own, so that one which stands there twice was recorded twice: rows that add up, as those of
 * single sales do, would leave more steps empty or meet in more of them.
 */
function isOneRowEach({repeated, times, frequency}: Series): boolean {
  const isDense = frequency.regular && times.length >= leastFilled * frequency.length;
  return isDense && repeated > 0 && repeated <= fewRepeated * times.length;
}

/** As recorded where that has steps; else by the shortest unit that leaves few gaps. */
async function regularSeries(
  read: (every: Unit | undefined) => Promise<Series>,
  every: Unit | undefined,
  time: Column,
  notes: string[],
): Promise<{series: Series; every: Unit | undefined}> {
  const series = await read(every);
  const isDense = (each: Series) => each.frequency.regular && each.times.length >= leastFilled * each.frequency.length;
  if (series.frequency.regular && (every !== undefined || isDense(series) || !series.isDate)) return {series, every};
  for (const unit of every === undefined ? UNITS.filter(each => each !== 'minute') : []) {
    if (unit === 'hour' && !time.type.startsWith('TIMESTAMP')) continue;
    const tried = await read(unit).catch(error => {
      if (error instanceof ToolError && error.code.startsWith('series.too_')) return null;
      throw error;
    });
    if (!tried || !isDense(tried) || tried.times.length < leastValues) continue;
    notes.push(`The times have no steps of their own, so they are put together by ${unit}.`);
    return {series: tried, every: unit};
  }
  if (series.frequency.regular) return {series, every};
  throw new ToolError(
    'forecast.irregular',
    `The ${formatCount(series.times.length)} times of "${time.name}" have no common step.`,
    {
      hint: `Put them together ${every === undefined ? 'by a unit' : `by a longer unit than "${every}"`}: /forecast … by month (every).`,
    },
  );
}

/** A first or last period that was recorded in part only would look like a fall. */
async function wholePeriods(
  reader: Reader,
  {dataset, where}: Selection,
  time: Column,
  series: Series,
  every: Unit,
  notes: string[],
): Promise<Series> {
  const name = quoteName(time.name);
  const from = `FROM ${quoteName(dataset)} WHERE isfinite(${name})${where === undefined ? '' : ` AND (\n${where}\n)`}`;
  const [row = []] = await reader.rows(
    `SELECT epoch(min(${name})), epoch(max(${name})), approx_count_distinct(${name}) ${from}`,
  );
  const [first, last, distinct] = row.map(Number);
  const {times, frequency, values} = series;
  const n = values.length;
  const end = timeAt(beyond(series, 1).times, beyond(series, 1).frequency, n);
  if (first === undefined || last === undefined || end === null || n < 4) return series;
  const gap = (last - first) / Math.max(1, (distinct ?? 2) - 1);
  // A tenth of a period, or three usual distances of times, may be missing at its end by chance.
  const slack = Math.max(3 * gap, 0.1 * (end - (times[times.length - 1] ?? end)));
  const late = first - (times[0] ?? first) > slack;
  const early = end - last > slack;
  if (!late && !early) return series;
  const which = [...(late ? ['first'] : []), ...(early ? ['last'] : [])].join(' and ');
  notes.push(`The ${which} ${every} ${late && early ? 'are' : 'is'} recorded in part only and left out.`);
  const [cutStart, cutEnd] = [late ? (frequency.places[1] ?? 1) : 0, early ? n - 1 : n];
  const kept = [...times.keys()].filter(
    i => (frequency.places[i] ?? 0) >= cutStart && (frequency.places[i] ?? 0) < cutEnd,
  );
  const lastKept = frequency.places[kept.at(-1) ?? 0] ?? 0;
  return {
    ...series,
    times: Float64Array.from(kept, i => times[i] ?? 0),
    values: values.slice(cutStart, lastKept + 1),
    frequency: {
      ...frequency,
      places: Float64Array.from(kept, i => (frequency.places[i] ?? 0) - cutStart),
      length: lastKept + 1 - cutStart,
    },
  };
}

function filled({values}: Series, withZero: boolean, notes: string[]): Float64Array {
  const gaps = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (gaps === 0) return values;
  if (!withZero && gaps > mostGaps * values.length)
    throw new ToolError('forecast.gaps', `${formatCount(gaps)} of ${formatCount(values.length)} steps have no value.`, {
      hint: 'Put steps together by a longer unit: /forecast … by month (every).',
    });
  notes.push(
    `${formatCount(gaps)} of ${formatCount(values.length)} steps have no rows and count as ${withZero ? '0' : 'the straight line between their neighbours'}.`,
  );
  if (withZero) return values.map(value => (Number.isNaN(value) ? 0 : value));
  const result = values.slice();
  let before = 0;
  result.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    for (let j = before + 1; j < i; j++) {
      const [a, b] = [result[before] ?? 0, value];
      result[j] = a + ((b - a) * (j - before)) / (i - before);
    }
    before = i;
  });
  return result;
}

/** The same series with its time axis drawn out, so that places up to `steps` behind its end have times. */
export function beyond(series: Series, steps: number): Series {
  const {times, frequency} = series;
  const last = times.length - 1;
  const {places} = frequency;
  const span = (places[last] ?? 0) - (places[0] ?? 0);
  const step = span > 0 ? ((times[last] ?? 0) - (times[0] ?? 0)) / span : 0;
  const place = frequency.length + steps;
  return {
    ...series,
    times: Float64Array.of(...times, (times[last] ?? 0) + step * (place - (places[last] ?? 0))),
    frequency: {...frequency, places: Float64Array.of(...places, place), length: place + 1},
  };
}
