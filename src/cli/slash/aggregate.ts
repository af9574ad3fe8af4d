// /aggregate and /chart: figures by groups from plain arguments, as one SELECT whose text /why shows.

import {type Column, currentVersion} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {freeName, quoteName} from '../../engine/sql-text.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {drawn, needed, viaTool} from './run-tool.ts';
import {type Named, namedData, readClauses, type Word} from './words.ts';

const functions: Record<string, (column: string) => string> = {
  mean: column => `avg(${column})`,
  avg: column => `avg(${column})`,
  average: column => `avg(${column})`,
  sum: column => `sum(${column})`,
  total: column => `sum(${column})`,
  median: column => `median(${column})`,
  min: column => `min(${column})`,
  max: column => `max(${column})`,
  sd: column => `stddev_samp(${column})`,
  count: column => `count(${column})`,
  distinct: column => `count(DISTINCT ${column})`,
};
const ofNumbers = ['mean', 'avg', 'average', 'sum', 'total', 'median', 'sd'];

const aggregateUsage =
  '/aggregate FUNCTION COLUMN [FUNCTION COLUMN …] [by COLUMN …] [where CONDITION], or /aggregate count by COLUMN';

/** Groups in their own order, the measures and the number of rows of each. */
export async function aggregate(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(needed(args, aggregateUsage), ['by', 'in', 'where']);
  const data = await namedData(clauses, app);
  const measures = measuresOf(clauses.head, data, aggregateUsage);
  const groups = (clauses.after.get('by') ?? []).map(word => quoteName(data.column(word).name));
  const n = freeName('n', currentVersion(data.dataset).columns);
  const list = [...groups, ...measures.map(({sql, name}) => `${sql} AS ${quoteName(name)}`), `count(*) AS ${n}`];
  const by = groups.length > 0 ? ` GROUP BY ${groups.join(', ')} ORDER BY ${groups.join(', ')}` : '';
  const sql = `SELECT ${list.join(', ')} ${fromOf(data, clauses.where)}${by}`;
  return viaTool('run_sql', {sql}, app, signal);
}

type Measure = {sql: string; name: string};

/** "mean price sum quantity"; a function without a column is "count". @throws UsageError */
function measuresOf(words: readonly Word[], data: Named, usage: string): Measure[] {
  const measures: Measure[] = [];
  let apply: string | null = null;
  for (const word of words) {
    const text = word.text.toLowerCase();
    if (apply === null && !word.quoted && text in functions) {
      apply = text;
      continue;
    }
    if (apply === null)
      throw new UsageError('chat.arguments', `Usage: ${usage}`, {
        hint: `Functions: ${Object.keys(functions).join(', ')}.`,
      });
    measures.push(measureOf(apply, data.column(word)));
    apply = null;
  }
  if (apply !== null && apply !== 'count') throw new UsageError('chat.arguments', `Which column is "${apply}" of?`);
  if (apply === null && measures.length === 0) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  return measures;
}

function measureOf(apply: string, column: Column): Measure {
  if (ofNumbers.includes(apply) && column.kind !== 'number')
    throw new UsageError('chat.not_a_number', `"${column.name}" is ${column.type}, so it has no ${apply}.`);
  return {sql: functions[apply]?.(quoteName(column.name)) ?? '', name: `${apply} of ${column.name}`};
}

const marks = [
  'histogram',
  'bar',
  'line',
  'area',
  'scatter',
  'box',
  'violin',
  'heatmap',
  'ecdf',
  'qq',
  'correlation',
  'missing',
  'pairs',
] as const;
const chartUsage = `/chart ${marks.join('|')} [FUNCTION] COLUMN [by COLUMN [COLUMN]] [where CONDITION] [to FILE.svg|html|png], or /chart tweak CHANGE; …`;

export async function chart(line: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {splitTarget, tweak, writeChart} = await import('./chart.ts');
  const change = /^tweak\b\s*([\s\S]*)$/i.exec(line);
  if (change) return tweak(change[1] ?? '', app);
  const {rest: args, target} = splitTarget(line);
  const clauses = readClauses(needed(args, chartUsage), ['by', 'in', 'where']);
  const [first, ...rest] = clauses.head;
  const mark = marks.find(each => each === first?.text.toLowerCase());
  if (mark === undefined) throw new UsageError('chat.arguments', `Usage: ${chartUsage}`);
  const data = await namedData({...clauses, head: rest}, app);
  const by = (clauses.after.get('by') ?? []).map(word => axisOf(word, data));
  const from = fromOf(data, clauses.where);
  const asked = chartOf(mark, {words: rest, by, data, from});
  const answer = await drawn({mark, ...asked}, app, signal);
  if (target === undefined || typeof answer === 'string') return answer;
  return {...answer, text: await writeChart(target, app)};
}

/** A column of the result: its name, what it is in the SELECT, and whether it has an order of its own. */
type Item = {name: string; sql: string; isTime: boolean};
/** Columns that a chart of pairs holds. */
const mostPaired = 5;

type Parts = {words: readonly Word[]; by: readonly Item[]; data: Named; from: string};
type Asked = {sql: string; x?: string; y?: string; group?: string; stacked?: boolean; title?: string};

const periods = ['day', 'week', 'month', 'quarter', 'year'];

/** A column, or "month" of the only column that is a date. @throws UsageError `chat.unknown_column` */
function axisOf(word: Word, data: Named): Item {
  const period = word.text.toLowerCase();
  const dates = currentVersion(data.dataset).columns.filter(
    ({kind, type}) => kind === 'time' && /^(?:DATE|TIMESTAMP)/.test(type),
  );
  const [date] = dates;
  if (date && dates.length === 1 && !word.quoted && periods.includes(period) && !data.isColumn(word))
    return {
      name: period,
      sql: `date_trunc('${period}', ${quoteName(date.name)})::DATE AS ${quoteName(period)}`,
      isTime: true,
    };
  return itemOf(data.column(word));
}

function itemOf({name, kind}: Column): Item {
  return {name, sql: quoteName(name), isTime: kind === 'time'};
}

function chartOf(mark: (typeof marks)[number], {words, by, data, from}: Parts): Asked {
  const bad = () => new UsageError('chat.arguments', `Usage: ${chartUsage}`);
  const isMeasured =
    words.length === 2 && words[0] !== undefined && !words[0].quoted && words[0].text.toLowerCase() in functions;
  const [only] = words;
  // "bar count by region" and "bar count region" are the rows of each region.
  const isCount = only !== undefined && !only.quoted && /^count$/i.test(only.text) && !data.isColumn(only);
  if (isCount && (words.length === 1 ? by.length > 0 : words.length === 2 && by.length === 0))
    return chartOf(mark, {words: words.slice(1), by, data, from});
  const names = isMeasured ? [] : words.map(word => itemOf(data.column(word)));
  const raw = (...items: Item[]) => `SELECT ${[...new Set(items.map(({sql}) => sql))].join(', ')} ${from}`;
  const [a, b] = names;
  const [x, series] = by;
  switch (mark) {
    case 'histogram':
    case 'qq':
      if (a === undefined || names.length > 1 || by.length > 0) throw bad();
      return {sql: raw(a), x: a.name};
    case 'ecdf':
      if (a === undefined || names.length > 1 || by.length > 1) throw bad();
      return x === undefined ? {sql: raw(a), x: a.name} : {sql: raw(a, x), x: a.name, group: x.name};
    case 'pairs': {
      if (by.length > 0) throw bad();
      const numbers = currentVersion(data.dataset).columns.filter(({kind}) => kind === 'number');
      if (names.length > 0 || numbers.length <= mostPaired)
        return {sql: names.length > 0 ? raw(...names) : `SELECT * ${from}`};
      const title = `Pairs of the first ${mostPaired} of ${numbers.length} number columns`;
      return {sql: raw(...numbers.slice(0, mostPaired).map(itemOf)), title};
    }
    case 'correlation':
    case 'missing':
      if (by.length > 0) throw bad();
      return {sql: names.length > 0 ? raw(...names) : `SELECT * ${from}`};
    case 'box':
    case 'violin':
      if (a === undefined || names.length > 1 || by.length > 1) throw bad();
      return x === undefined ? {sql: raw(a), x: a.name} : {sql: raw(x, a), x: x.name, y: a.name};
    case 'scatter': {
      // "scatter weight price", or "scatter price by weight".
      const [across, up] = x === undefined ? [a, b] : [x, a];
      if (across === undefined || up === undefined || names.length + by.length !== 2) throw bad();
      return {sql: raw(across, up), x: across.name, y: up.name};
    }
    case 'heatmap': {
      const [across, down] = isMeasured ? by : [...names, ...by];
      if (across === undefined || down === undefined) throw bad();
      const axes = {x: across.name, group: down.name};
      if (!isMeasured) return {sql: raw(across, down), ...axes};
      const measure = measuredOf(words, data);
      // The mean of a cell is taken from its rows, so that the chart knows how many they are.
      const value =
        words[1] && /^(?:mean|avg|average)$/i.test(words[0]?.text ?? '') ? itemOf(data.column(words[1])) : null;
      if (value !== null) return {sql: raw(across, down, value), y: value.name, ...axes};
      const sql = `SELECT ${across.sql}, ${down.sql}, ${measure.sql} AS ${quoteName(measure.name)} ${from} GROUP BY 1, 2`;
      return {sql, y: measure.name, ...axes};
    }
    case 'bar':
    case 'line':
    case 'area': {
      if (names.length > 1 || (isMeasured && x === undefined)) throw bad();
      const counted = isMeasured || (a !== undefined && x !== undefined) ? undefined : (a ?? x);
      if (counted !== undefined) {
        const second = a === undefined ? series : undefined;
        const keys = [counted, ...(second === undefined ? [] : [second])];
        const names = keys.map(each => each.name);
        const order = second !== undefined ? '1, 2' : mark === 'bar' && !counted.isTime ? '2 DESC, 1' : '1';
        const name = names.some(each => each.toLowerCase() === 'rows') ? 'n' : 'rows';
        return {
          sql: `SELECT ${keys.map(each => each.sql).join(', ')}, count(*) AS ${quoteName(name)}${countOf('*', ...names, name)} ${from} GROUP BY ${keys.map((_, i) => i + 1).join(', ')} ORDER BY ${order}`,
          x: counted.name,
          y: name,
          ...(second !== undefined && {group: second.name}),
          ...(second !== undefined && mark === 'area' && {stacked: true}),
          title: `Number of rows by ${names.join(' and ')}`,
        };
      }
      if (x === undefined) throw bad();
      const column = data.column((isMeasured ? words[1] : words[0]) ?? {text: '', quoted: true});
      const measure = isMeasured ? measuredOf(words, data) : measureOf('sum', column);
      const groups = [x, ...(series === undefined ? [] : [series])];
      const order =
        mark === 'bar' && series === undefined && !x.isTime
          ? `${quoteName(measure.name)} DESC NULLS LAST, 1`
          : groups.map((_, i) => i + 1).join(', ');
      const n = countOf(quoteName(column.name), measure.name, ...groups.map(({name}) => name));
      const sql = `SELECT ${groups.map(each => each.sql).join(', ')}, ${measure.sql} AS ${quoteName(measure.name)}${n} ${from} GROUP BY ${groups.map((_, i) => i + 1).join(', ')} ORDER BY ${order}`;
      return {
        sql,
        x: x.name,
        y: measure.name,
        ...(series === undefined ? {} : {group: series.name}),
        ...(mark === 'area' && series !== undefined && {stacked: true}),
      };
    }
  }
}

/** How many values stand behind each point, where the name is free. */
function countOf(values: string, ...taken: readonly string[]): string {
  return taken.some(each => each.toLowerCase() === 'n') ? '' : `, count(${values}) AS n`;
}

function measuredOf(words: readonly Word[], data: Named): Measure {
  const [apply, column] = words;
  return measureOf(apply?.text.toLowerCase() ?? '', data.column(column ?? {text: '', quoted: true}));
}

function fromOf({dataset}: Named, where: string | undefined): string {
  return `FROM ${quoteName(dataset.name)}${where === undefined ? '' : ` WHERE (\n${where}\n)`}`;
}
