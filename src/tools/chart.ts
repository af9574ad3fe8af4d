// A chart as text: the engine computes the points, the terminal shows them at once.

import {z} from 'zod';
import {boxRows, heatmapCells, scatterDots} from '../analysis/chart-points.ts';
import {binColumn} from '../analysis/histogram.ts';
import type {Table} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCell, formatCount} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import type {ChartAxis, ChartSpec} from '../render/chart-spec.ts';
import type {Catalog} from './catalog.ts';
import {aboutWhole, disclosed} from './disclose.ts';
import {tableOf} from './result-table.ts';
import {tableText} from './sql.ts';

const mostPoints = 2_000;
const mostRows = {bar: 20, box: 20, heatmap: 30} as const;

const args = z.object({
  mark: z.enum(['bar', 'line', 'scatter', 'histogram', 'box', 'heatmap']),
  sql: z.string().min(1).describe('one SELECT'),
  x: z.string(),
  y: z.string().optional(),
  group: z.string().optional().describe('bar: series; heatmap: rows'),
  title: z.string().optional(),
});
type Args = z.output<typeof args>;

export function drawChart(catalog: Catalog, terminalWidth: () => number): Tool {
  return defineTool({
    name: 'draw_chart',
    description:
      'Show a chart. sql gives the points of bar, line and scatter; histogram (x), box (y by x) and heatmap (x by group: mean of y, or counts) take raw rows and aggregate them.',
    parallel: true,
    args,
    async run(asked, {signal}) {
      const engine = await catalog.engine();
      const {spec, datasets, text, statement, table, n = 0} = await drawn(engine, asked, signal);
      const {renderTerminalChart} = await import('../render/chart.ts');
      const height = spec.mark in mostRows ? mostRows[spec.mark as keyof typeof mostRows] : 14;
      const size = {width: Math.max(20, Math.min(200, terminalWidth())), height};
      const artifacts = [{kind: 'chart' as const, title: spec.title, preview: renderTerminalChart(spec, size)}];
      const source = await catalog.sourceOf(datasets, statement);
      const whole = await aboutWhole(catalog, asked.sql, table ?? null, signal);
      // What we aggregated ourselves from the rows of the statement is known by its smallest group.
      const about = table ? whole : {kind: 'group' as const, from: whole.from, n};
      return {ok: true, ...disclosed([{text, about}]), artifacts, source};
    },
  });
}

/** `table` holds the points where they are the result of the statement itself; else each of them is of at least `n` rows. */
type Drawn = {spec: ChartSpec; datasets: string[]; text: string; statement: string; table?: Table; n?: number};

function drawn(engine: SqlEngine, asked: Args, signal: AbortSignal): Promise<Drawn> {
  switch (asked.mark) {
    case 'histogram':
      return histogram(engine, asked, signal);
    case 'box':
      return boxes(engine, asked, signal);
    case 'heatmap':
      return heatmap(engine, asked, signal);
    case 'bar':
    case 'line':
    case 'scatter':
      return points(engine, {...asked, mark: asked.mark}, signal);
  }
}

/** The rows as they are; more of a scatter than a terminal has dots are put on those dots, all of them. */
async function points(
  engine: SqlEngine,
  {mark, sql, x, y, group, title}: Args & {mark: 'bar' | 'line' | 'scatter'},
  signal: AbortSignal,
): Promise<Drawn> {
  if (y === undefined)
    throw new ToolError('chart.y_missing', `A ${mark} chart needs y, a number column of the result.`);
  const {table, datasets} = await engine.query(sql, {maxRows: mostPoints, signal});
  const {chartFromTable} = await import('../render/chart-spec.ts');
  const spec = chartFromTable({mark, table, x, y, group: mark === 'bar' ? group : undefined, title});
  if (mark !== 'scatter' || table.totalRows !== null || spec.x.kind !== 'number')
    return {spec, datasets, text: tableText(table), statement: sql, table};
  const found = await scatterDots(engine, {sql, x, y, wide: 400, high: 56, signal});
  const all = {...spec, points: found.rows, totalRows: found.rows.length, nullCount: found.leftOut};
  const text = `${formatCount(found.total)} rows, all drawn; they cover ${formatCount(found.rows.length)} dots.`;
  return {
    spec: {...all, title: `${spec.title} (${formatCount(found.total)} rows)`},
    datasets,
    text,
    statement: found.sql,
  };
}

async function histogram(engine: SqlEngine, {sql, x, title}: Args, signal: AbortSignal): Promise<Drawn> {
  const {bins, n, nullCount, binRule, sql: statements, datasets} = await binColumn(engine, {sql, column: x}, signal);
  const spec: ChartSpec = {
    mark: 'histogram',
    title: title ?? `Distribution of ${x}`,
    x: {name: x, kind: 'number'},
    y: {name: 'rows', kind: 'number'},
    points: bins,
    totalRows: n + nullCount,
    nullCount,
    sampled: false,
  };
  const lines = bins.map(bin => `${formatCell(bin.x)} to ${formatCell(bin.x1)}: ${formatCount(bin.y)}`);
  const left = nullCount > 0 ? ` Rows without a finite value, left out: ${formatCount(nullCount)}.` : '';
  const head = `${formatCount(n)} values; bin rule: ${binRule}.${left}`;
  return {spec, datasets, statement: statements.join(';\n'), text: [head, ...lines].join('\n'), n};
}

/** Without y, x is the number itself and there is one box. */
async function boxes(engine: SqlEngine, {sql, x, y, title}: Args, signal: AbortSignal): Promise<Drawn> {
  const [value, by] = y === undefined ? [x, undefined] : [y, x];
  const {rows, datasets, sql: statement, leftOut} = await boxRows(engine, {sql, value, by, signal});
  const spec: ChartSpec = {
    mark: 'box',
    title: title ?? (by === undefined ? value : `${value} by ${by}`),
    x: category(by ?? ''),
    y: {name: value, kind: 'number'},
    points: rows.map(({group, median, ...box}) => ({
      x: by === undefined ? 'all' : group === null ? null : String(group),
      y: median,
      box,
    })),
    totalRows: rows.length,
    nullCount: leftOut,
    sampled: false,
  };
  const kinds = {n: 'number', min: 'number', low: 'number', q1: 'number', median: 'number'} as const;
  const table = tableOf(
    {[by ?? 'all']: 'text', ...kinds, q3: 'number', high: 'number', max: 'number', outliers: 'number'},
    rows.map(({group, n, min, low, q1, median, q3, high, max, outliers}) => [
      group,
      n,
      min,
      low,
      q1,
      median,
      q3,
      high,
      max,
      outliers,
    ]),
  );
  const fewest = Math.min(...rows.map(each => Number(each.n)));
  return {spec, datasets, statement, text: `Whiskers (low, high) end within 1.5 IQR.\n${tableText(table)}`, n: fewest};
}

async function heatmap(engine: SqlEngine, {sql, x, y, group, title}: Args, signal: AbortSignal): Promise<Drawn> {
  if (group === undefined)
    throw new ToolError('chart.group_missing', 'A heatmap needs group, the column whose values are its rows.');
  const {rows, datasets, sql: statement} = await heatmapCells(engine, {sql, x, by: group, value: y, signal});
  const name = y === undefined ? 'rows' : `mean of ${y}`;
  const spec: ChartSpec = {
    mark: 'heatmap',
    title: title ?? `${name} by ${x} and ${group}`,
    x: category(x),
    y: {name, kind: 'number'},
    group: category(group),
    points: rows.map(({x: top, group: left, value}) => ({x: top, group: left, y: value})),
    totalRows: rows.length,
    nullCount: 0,
    sampled: false,
  };
  const table: Table = tableOf(
    {[x]: 'text', [`${group}${group === x ? ' ' : ''}`]: 'text', [name]: 'number'},
    rows.map(({x: top, group: left, value}) => [top, left, value]),
  );
  return {spec, datasets, statement, text: tableText(table)};
}

function category(name: string): ChartAxis {
  return {name, kind: 'category'};
}
