// The calls that draw a chart: one SELECT whose result columns are the axes.

import type {Chart, DataIntent, Key, Measure} from './intent.ts';
import {isOrdered, type PlannedCall, shownGroups} from './plan.ts';
import {correlationSql} from './plan-columns.ts';
import {Aliases, ident, keyDateSql, keyOrderSql, keySql, measureSql, numeric, tableSql, whereSql} from './sql.ts';
import {sayKey, sayMeasure} from './wording.ts';

/** Points of a scatter chart; of more rows the same pseudo-random ones are drawn every time. */
export const scatterPoints = 2_000;

type ChartIntent = DataIntent & {kind: 'chart'};

const draw = (args: Record<string, unknown>): PlannedCall => ({name: 'draw_chart', args});

/** A scatter chart comes with its correlation, so that the answer has numbers too. */
export function drawCalls(intent: ChartIntent): PlannedCall[] {
  const {subject, where, chart} = intent;
  const from = tableSql(subject);
  const title = `${titleOf(chart)}${where ? ' (filtered)' : ''}`;
  if (chart.mark === 'histogram') {
    const name = ident(chart.column.name);
    const sql = `SELECT ${numeric(chart.column)} AS ${name} FROM ${from}${whereSql(where, `${name} IS NOT NULL`)}`;
    return [draw({mark: 'histogram', sql, x: chart.column.name, title})];
  }
  if (chart.mark === 'box') {
    const {column, by} = chart;
    const name = ident(column.name);
    const sql = `SELECT ${name}${by ? `, ${ident(by.name)}` : ''} FROM ${from}${whereSql(where, `${name} IS NOT NULL`, ...(by ? [`${ident(by.name)} IS NOT NULL`] : []))}`;
    return [draw({mark: 'box', sql, ...(by ? {x: by.name, y: column.name} : {x: column.name}), title})];
  }
  if (chart.mark === 'scatter') {
    const [x, y] = [ident(chart.x.name), ident(chart.y.name)];
    const sampled =
      subject.rows > scatterPoints ? ` ORDER BY hash(row_number() OVER () + 7) LIMIT ${scatterPoints}` : '';
    const sql = `SELECT ${x}, ${y} FROM ${from}${whereSql(where, `${x} IS NOT NULL`, `${y} IS NOT NULL`)}${sampled}`;
    const pair = correlationSql({
      ...intent,
      kind: 'correlation',
      columns: [chart.x, chart.y],
      target: null,
      method: 'pearson',
    });
    return [
      draw({mark: 'scatter', sql, x: chart.x.name, y: chart.y.name, title}),
      {name: 'run_sql', args: {sql: pair, max_rows: 1}},
    ];
  }
  const aliases = new Aliases(subject);
  const {key, measure, series} = chart;
  const x = aliases.key(key);
  const y = aliases.measure(measure);
  if (series) {
    const group = aliases.key(series);
    const sql = seriesSql(intent, {...chart, series}, {x, y, group, n: countedSql(measure, aliases)});
    return [draw({mark: chart.mark, sql, x, y, group, title})];
  }
  const isLine = chart.mark === 'line' && !/^(weekday|month_of_year)$/.test(key.part ?? '');
  const order = isLine || isOrdered(key) ? (keyOrderSql(key) ?? '1') : `2 DESC NULLS LAST, 1 LIMIT ${shownGroups}`;
  const sql =
    `SELECT ${isLine ? keyDateSql(key) : keySql(key)} AS ${ident(x)}, ${measureSql(measure)} AS ${ident(y)}${countedSql(measure, aliases)} FROM ${from}` +
    `${whereSql(where, `${ident(key.column.name)} IS NOT NULL`)} GROUP BY 1 ORDER BY ${order}`;
  return [draw({mark: chart.mark, sql, x, y, title})];
}

type Series = Extract<Chart, {key: unknown}> & {series: Key};

/** The values behind each point, by the name under which a chart looks for them; nothing where a column has that name. */
function countedSql({column}: Measure, aliases: Aliases): string {
  return aliases.make('n') === 'n' ? `, count(${column ? ident(column.name) : '*'}) AS n` : '';
}

/** The points of all series in the order of the axis. */
function seriesSql(
  {subject, where}: ChartIntent,
  {mark, key, measure, series}: Series,
  names: {x: string; y: string; group: string; n: string},
): string {
  const isLine = mark === 'line' && !/^(weekday|month_of_year)$/.test(key.part ?? '');
  const present = [key, series].map(({column}) => `${ident(column.name)} IS NOT NULL`);
  return (
    `SELECT ${isLine ? keyDateSql(key) : keySql(key)} AS ${ident(names.x)}, ${keySql(series)} AS ${ident(names.group)}, ` +
    `${measureSql(measure)} AS ${ident(names.y)}${names.n} FROM ${tableSql(subject)}${whereSql(where, ...present)} ` +
    `GROUP BY 1, 2 ORDER BY ${keyOrderSql(key) ?? '1'}, 2`
  );
}

function titleOf(chart: Chart): string {
  if (chart.mark === 'histogram') return `Distribution of ${chart.column.name}`;
  if (chart.mark === 'box') return chart.by ? `${chart.column.name} by ${chart.by.name}` : chart.column.name;
  if (chart.mark === 'scatter') return `${chart.y.name} against ${chart.x.name}`;
  const each = chart.series ? `, for each ${sayKey(chart.series)}` : '';
  return `${sayMeasure(chart.measure)} by ${sayKey(chart.key)}${each}`;
}
