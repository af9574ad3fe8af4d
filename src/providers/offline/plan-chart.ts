// The calls that draw a chart: one SELECT whose result columns are the axes.

import type {Chart, DataIntent, Key, Measure} from './intent.ts';
import {isOrdered, type PlannedCall, shownGroups} from './plan.ts';
import {correlationSql} from './plan-columns.ts';
import {Aliases, ident, keyDateSql, keyOrderSql, keySql, measureSql, numeric, tableSql, whereSql} from './sql.ts';
import {sayKey, sayMeasure} from './wording.ts';

type ChartIntent = DataIntent & {kind: 'chart'};

const draw = (args: Record<string, unknown>): PlannedCall => ({name: 'draw_chart', args});

/** Rows without a value are left out by the chart, which says how many. A scatter chart comes with its correlation, so that the answer has numbers too. */
export function drawCalls(intent: ChartIntent): PlannedCall[] {
  const {subject, where, chart} = intent;
  const from = tableSql(subject);
  const title = `${titleOf(chart)}${where ? ' (filtered)' : ''}`;
  if (chart.mark === 'pairs' || chart.mark === 'missing') {
    const list = chart.columns.map(({name}) => ident(name)).join(', ');
    return [draw({mark: chart.mark, sql: `SELECT ${list} FROM ${from}${whereSql(where)}`, title})];
  }
  if (chart.mark === 'histogram' || chart.mark === 'qq') {
    const name = ident(chart.column.name);
    const sql = `SELECT ${numeric(chart.column)} AS ${name} FROM ${from}${whereSql(where)}`;
    return [draw({mark: chart.mark, sql, x: chart.column.name, title})];
  }
  if (chart.mark === 'box' || chart.mark === 'violin' || chart.mark === 'ecdf') {
    const {mark, column, by} = chart;
    const name = ident(column.name);
    const sql = `SELECT ${name}${by ? `, ${ident(by.name)}` : ''} FROM ${from}${whereSql(where, ...(by ? [`${ident(by.name)} IS NOT NULL`] : []))}`;
    const axes =
      mark === 'ecdf'
        ? {x: column.name, ...(by && {group: by.name})}
        : by
          ? {x: by.name, y: column.name}
          : {x: column.name};
    return [draw({mark, sql, ...axes, title})];
  }
  if (chart.mark === 'scatter') {
    const [x, y] = [ident(chart.x.name), ident(chart.y.name)];
    const sql = `SELECT ${x}, ${y} FROM ${from}${whereSql(where)}`;
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
    const stacked = 'stacked' in chart && chart.stacked ? {stacked: true} : {};
    return [draw({mark: chart.mark, sql, x, y, group, ...stacked, title})];
  }
  const isLine = isOverTime(chart.mark) && !/^(weekday|month_of_year)$/.test(key.part ?? '');
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
  const isLine = isOverTime(mark) && !/^(weekday|month_of_year)$/.test(key.part ?? '');
  const present = [key, series].map(({column}) => `${ident(column.name)} IS NOT NULL`);
  return (
    `SELECT ${isLine ? keyDateSql(key) : keySql(key)} AS ${ident(names.x)}, ${keySql(series)} AS ${ident(names.group)}, ` +
    `${measureSql(measure)} AS ${ident(names.y)}${names.n} FROM ${tableSql(subject)}${whereSql(where, ...present)} ` +
    `GROUP BY 1, 2 ORDER BY ${keyOrderSql(key) ?? '1'}, 2`
  );
}

const isOverTime = (mark: Chart['mark']) => mark === 'line' || mark === 'area';

function titleOf(chart: Chart): string {
  if (chart.mark === 'histogram') return `Distribution of ${chart.column.name}`;
  if (chart.mark === 'qq') return `${chart.column.name} against the normal distribution`;
  if (chart.mark === 'pairs') return `Pairs of ${chart.columns.map(({name}) => name).join(', ')}`;
  if (chart.mark === 'missing') return 'Missing values in the order of the rows';
  if (chart.mark === 'ecdf')
    return `Share of rows at or below each value of ${chart.column.name}${chart.by ? `, for each ${chart.by.name}` : ''}`;
  if (chart.mark === 'box' || chart.mark === 'violin')
    return chart.by ? `${chart.column.name} by ${chart.by.name}` : chart.column.name;
  if (chart.mark === 'scatter') return `${chart.y.name} against ${chart.x.name}`;
  const each = chart.series ? `, for each ${sayKey(chart.series)}` : '';
  return `${sayMeasure(chart.measure)} by ${sayKey(chart.key)}${each}`;
}
