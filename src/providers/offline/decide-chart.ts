// "Plot price by region": which mark, which axes. A named mark is kept where the columns allow it.

import {defaultMeasure, mentioned, notNumeric, unclear} from './choices.ts';
import {isIdentifier, isMeasurable, isNumeric, measureColumns} from './choose.ts';
import type {About, Chart, Intent, Key, Measure} from './intent.ts';
import type {Parts} from './parts.ts';
import {isCalendar, isYearColumn, periodFor} from './periods.ts';

export function decideChart(parts: Parts, about: About): Intent | null {
  const {cues} = parts;
  if (cues.has('missing_map'))
    return {kind: 'chart', chart: {mark: 'missing', columns: parts.subject.columns}, ...about};
  if (cues.has('pairs')) return decidePairs(parts, about);
  const spread = (['box', 'violin', 'ecdf', 'qq'] as const).find(cue => cues.has(cue));
  if (spread) return decideSpread(parts, about, spread);
  if (cues.has('heatmap') && !cues.has('correlation')) return decideHeatmap(parts, about);
  const named =
    (['histogram', 'scatter', 'area', 'line', 'bar'] as const).find(cue => cues.has(cue)) ??
    (cues.has('stacked') ? 'bar' : undefined);
  if (!named && !cues.has('chart')) return null;
  const chart = chartOf(parts, about, named ?? null);
  const series = chart && 'series' in chart ? chart.series : undefined;
  if (series && series.column.distinctCount > mostSeries && series.part === null) {
    const reason = `${series.column.name} has ${series.column.distinctCount} values, and a chart tells ${mostSeries} apart; name some of them, or leave it out.`;
    return unclear(parts, reason);
  }
  if (parts.keys.length > 2) return unclear(parts, 'A chart has one axis of groups and one kind of series; name two.');
  if (chart) return {kind: 'chart', chart, ...about};
  const names = parts.subject.columns.slice(0, 6).map(({name}) => name);
  return unclear(parts, `Say which columns to draw, for example from: ${names.join(', ')}.`);
}

const spreadNames = {
  box: 'A box plot',
  violin: 'A violin plot',
  ecdf: 'A distribution function',
  qq: 'A Q-Q plot',
} as const;

/** How a number column is spread, of all but a Q-Q plot in each group of another. */
function decideSpread(parts: Parts, about: About, mark: keyof typeof spreadNames): Intent {
  const columns = mentioned(parts);
  const groups = [...parts.keys.map(({column}) => column), ...columns.filter(column => !isNumeric(column))];
  const column = columns.find(each => isNumeric(each) && each !== groups[0]);
  const [by = null] = groups;
  if (column && mark === 'qq' && by)
    return unclear(
      parts,
      'A Q-Q plot compares one column with the normal distribution; add a condition for one group.',
    );
  if (column) return {kind: 'chart', chart: mark === 'qq' ? {mark, column} : {mark, column, by}, ...about};
  return unclear(parts, notNumeric(groups, parts, `${spreadNames[mark]} needs a number column`));
}

/** Columns that a chart of pairs holds. */
const mostPaired = 5;

/** Each number column against each other: those named, or the first that measure something. */
function decidePairs(parts: Parts, about: About): Intent {
  const named = mentioned(parts).filter(isNumeric);
  const measured = measureColumns(parts.subject);
  const columns = (named.length > 0 ? named : measured).slice(0, mostPaired);
  if (columns.length < 2) return unclear(parts, 'A chart of pairs needs two number columns.');
  const all = named.length > 0 ? named : measured;
  if (columns.length < all.length)
    about.notes.push(`The first ${mostPaired} of ${all.length} columns were drawn; name others to see them.`);
  return {kind: 'chart', chart: {mark: 'pairs', columns}, ...about};
}

/** "heatmap of average price by region and month", or of the rows of two columns. */
function decideHeatmap(parts: Parts, about: About): Intent {
  const columns = mentioned(parts);
  const others = parts.columns.filter(
    column => !isMeasurable(column) && parts.keys.every(key => key.column !== column),
  );
  const keys: Key[] = [...parts.keys, ...others.map(column => ({column, part: null}))];
  const [key, series] = keys;
  if (!key || !series)
    return unclear(
      parts,
      'A heatmap has groups on both sides; name two, such as “average price by region and weekday”.',
    );
  const value = columns.find(column => isNumeric(column) && keys.every(each => each.column !== column));
  const [measure] = parts.measures;
  const [bare] = parts.bare;
  const chosen: Measure =
    measure ??
    (value ? (bare ? {fn: bare, column: value} : defaultMeasure(value, about)) : {fn: 'count', column: null});
  return {kind: 'chart', chart: {mark: 'heatmap', key, series, measure: chosen}, ...about};
}

function chartOf(
  parts: Parts,
  about: About,
  named: 'histogram' | 'scatter' | 'area' | 'line' | 'bar' | null,
): Chart | null {
  const columns = mentioned(parts);
  const measured = parts.measures.length > 0;
  const numbers = columns.filter(column => isNumeric(column));
  const [first, second] = numbers;
  const wide = (key: Key) => isNumeric(key.column) && key.column.distinctCount > 20 && !isYearColumn(key.column);
  if (named === 'histogram' && first) return {mark: 'histogram', column: first};
  if (named === 'scatter' && first && second) return scatter(parts, first, second);
  const axis = axisOf(parts);
  if (!measured && !named && first && second && (!axis || wide(axis)) && numbers.length === columns.length) {
    return scatter(parts, first, second);
  }
  if (axis) return grouped(parts, about, axis, named);
  const group = columns.find(column => !isNumeric(column)) ?? columns.find(column => isYearColumn(column));
  if (group) return grouped(parts, about, {column: group, part: isCalendar(group) ? periodFor(group) : null}, named);
  if (first && !named) return {mark: 'histogram', column: first};
  if (first && named === 'bar') return grouped(parts, about, {column: first, part: null}, named, true);
  if (first && (named === 'line' || named === 'area')) return lineOverTime(parts, about, named);
  const [only] = columns;
  return only && named === 'histogram' ? grouped(parts, about, {column: only, part: null}, 'bar', true) : null;
}

/** In "price by quantity" the first named stands on the y axis; so does it in "price against quantity". */
function scatter(parts: Parts, first: Parts['columns'][number], second: Parts['columns'][number]): Chart {
  const key = parts.keys.find(({column}) => column === first || column === second)?.column;
  const x = key ?? second;
  return {mark: 'scatter', x, y: x === first ? second : first};
}

/** Time lies on the axis, whatever else the rows are grouped by. */
function axisOf(parts: Parts): Key | null {
  const isTime = ({column, part}: Key) => part !== null || isCalendar(column);
  return parts.keys.find(isTime) ?? timeKey(parts) ?? parts.keys[0] ?? null;
}

/** Series that can still be told apart. */
const mostSeries = 12;

/** The other thing that rows are grouped by. */
function seriesOf({keys}: Parts, axis: Key): Key | null {
  return keys.find(key => key.column !== axis.column || key.part !== axis.part) ?? null;
}

function timeKey(parts: Parts): Key | null {
  if (!parts.cues.has('trend')) return null;
  const time = parts.subject.columns.find(isCalendar) ?? parts.subject.columns.find(isYearColumn);
  return time ? {column: time, part: isCalendar(time) ? (parts.period ?? periodFor(time)) : null} : null;
}

function lineOverTime(parts: Parts, about: About, named: 'line' | 'area'): Chart | null {
  const time = parts.subject.columns.find(isCalendar);
  return time ? grouped(parts, about, {column: time, part: periodFor(time)}, named) : null;
}

function grouped(parts: Parts, about: About, axis: Key, named: string | null, counted = false): Chart {
  const values = [...parts.columns, ...parts.measures.map(({column}) => column).filter(column => column !== null)];
  const value = values.find(
    column => column !== axis.column && isMeasurable(column) && !isIdentifier(column, parts.subject.rows),
  );
  const [given] = parts.measures;
  const [bare] = parts.bare;
  const measure: Measure =
    given ??
    (value && !counted
      ? bare
        ? {fn: bare, column: value}
        : defaultMeasure(value, about)
      : {fn: 'count', column: null});
  if (/\bpie\b/.test(parts.text)) about.notes.push('Bars were drawn for the pie: their lengths compare better.');
  const isTime = isCalendar(axis.column) || isYearColumn(axis.column);
  const cyclic = axis.part === 'weekday' || axis.part === 'month_of_year' || axis.part === 'hour';
  const key =
    isCalendar(axis.column) && axis.part === null && axis.column.distinctCount > 60
      ? {...axis, part: periodFor(axis.column)}
      : axis;
  const mark = named === 'bar' || named === 'line' || named === 'area' ? named : isTime && !cyclic ? 'line' : 'bar';
  if (!named)
    about.notes.push(
      `A ${mark} chart was chosen, as ${isTime ? 'the axis is time' : `${axis.column.name} has groups`}.`,
    );
  const series = seriesOf(parts, axis);
  const stacked = series !== null && mark !== 'line' && (mark === 'area' || parts.cues.has('stacked'));
  return {mark, key, measure, ...(series && {series}), ...(stacked && {stacked})};
}
