// A chart as text: the engine computes the points, the terminal shows them at once.

import {z} from 'zod';
import {ToolError} from '../core/errors.ts';
import {formatCell, formatCount, nearest} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import {quoteName, statementBody} from '../engine/sql-text.ts';
import type {ChartSpec} from '../render/chart-spec.ts';
import type {Catalog} from './catalog.ts';
import {tableText} from './sql.ts';

const mostPoints = 2_000;

export function drawChart(catalog: Catalog, terminalWidth: () => number): Tool {
  return defineTool({
    name: 'draw_chart',
    description:
      'Show a chart in the terminal. sql gives the points (aggregate there); x and y name its result columns. A histogram takes raw values in x and bins them itself.',
    parallel: true,
    args: z.object({
      mark: z.enum(['bar', 'line', 'scatter', 'histogram']),
      sql: z.string().min(1).describe('one DuckDB SELECT statement'),
      x: z.string(),
      y: z.string().optional().describe('not for a histogram'),
      title: z.string().optional(),
    }),
    async run({mark, sql, x, y, title}, {signal}) {
      const engine = await catalog.engine();
      const [{chartFromTable}, {renderTerminalChart}] = await Promise.all([
        import('../render/chart-spec.ts'),
        import('../render/chart.ts'),
      ]);
      const size = {width: Math.min(100, terminalWidth()), height: mark === 'bar' ? 20 : 14};
      if (mark === 'histogram') {
        const {spec, datasets, text, statement} = await histogram(engine, {sql, x, title, signal});
        const artifacts = [{kind: 'chart' as const, title: spec.title, preview: renderTerminalChart(spec, size)}];
        return {ok: true, summary: text, artifacts, source: await catalog.sourceOf(datasets, statement)};
      }
      if (y === undefined)
        throw new ToolError('chart.y_missing', `A ${mark} chart needs y, a number column of the result.`);
      const {table, datasets} = await engine.query(sql, {maxRows: mostPoints, signal});
      const spec = chartFromTable({mark, table, x, y, title});
      const artifacts = [{kind: 'chart' as const, title: spec.title, preview: renderTerminalChart(spec, size)}];
      return {ok: true, summary: tableText(table), artifacts, source: await catalog.sourceOf(datasets, sql)};
    },
  });
}

type HistogramRequest = {sql: string; x: string; title: string | undefined; signal: AbortSignal};

/**
 * Equal bins between the smallest and the largest finite value; their number by Freedman and Diaconis (width
 * 2·IQR·n^(-1/3)), between 5 and 30.
 */
async function histogram(engine: SqlEngine, {sql, x, title, signal}: HistogramRequest) {
  const body = statementBody(sql);
  const {table: shape} = await engine.query(`SELECT * FROM (\n${body}\n) LIMIT 0`, {maxRows: 1, signal});
  const column = shape.columns.find(each => each.name === x);
  if (!column) {
    const names = shape.columns.map(each => each.name);
    const near = nearest(x, names);
    throw new ToolError('chart.unknown_column', `The query result has no column "${x}".`, {
      hint: `It has: ${(near.length > 0 ? near : names.slice(0, 20)).join(', ')}.`,
    });
  }
  if (column.kind !== 'number')
    throw new ToolError('chart.x_not_number', `"${x}" is ${column.type}; a histogram needs a number.`, {
      hint: 'Use a bar chart of counts for categories.',
    });
  const values = `SELECT ${quoteName(x)}::DOUBLE AS v FROM (\n${body}\n)`;
  const facts = `SELECT count(*) AS n_rows, count(v) FILTER (isfinite(v)) AS n, min(v) FILTER (isfinite(v)) AS low, max(v) FILTER (isfinite(v)) AS high, quantile_cont(v, 0.75) FILTER (isfinite(v)) - quantile_cont(v, 0.25) FILTER (isfinite(v)) AS iqr FROM (${values})`;
  const {table: first, datasets} = await engine.query(facts, {maxRows: 1, signal});
  const [rowCount, n, low, high, iqr] = (first.rows[0] ?? []).map(Number) as [number, number, number, number, number];
  const bins = binCount(n, low, high, iqr);
  const width = n > 0 && high > low ? (high - low) / bins : 1;
  const statement = `SELECT least(floor((v - ${low}) / ${width}), ${bins - 1})::INTEGER AS bin, count(*) AS n FROM (${values}) WHERE isfinite(v) GROUP BY bin ORDER BY bin`;
  const counts = new Map<number, number>();
  if (n > 0)
    for (const row of (await engine.query(statement, {maxRows: bins, signal})).table.rows)
      counts.set(Number(row[0]), Number(row[1]));
  const spec: ChartSpec = {
    mark: 'histogram',
    title: title ?? `Distribution of ${x}`,
    x: {name: x, kind: 'number'},
    y: {name: 'rows', kind: 'number'},
    points:
      n > 0
        ? Array.from({length: bins}, (_, bin) => ({
            x: low + bin * width,
            x1: low + (bin + 1) * width,
            y: counts.get(bin) ?? 0,
          }))
        : [],
    totalRows: rowCount,
    nullCount: rowCount - n,
    sampled: false,
  };
  const lines = spec.points.map(
    point => `${formatCell(point.x)} to ${formatCell(point.x1 ?? null)}: ${formatCount(point.y ?? 0)}`,
  );
  const left = rowCount > n ? ` ${formatCount(rowCount - n)} rows without a finite value are left out.` : '';
  return {
    spec,
    datasets,
    statement: n > 0 ? `${facts};\n${statement}` : facts,
    text: `${formatCount(n)} values in ${spec.points.length} bins.${left}\n${lines.join('\n')}`,
  };
}

function binCount(n: number, low: number, high: number, iqr: number): number {
  if (n === 0 || high === low) return 1;
  const width = 2 * iqr * n ** (-1 / 3);
  const wanted = width > 0 ? Math.ceil((high - low) / width) : 10;
  return Math.min(30, Math.max(5, wanted));
}
