// A chart as text: the engine computes the points, the terminal shows them at once.

import {z} from 'zod';
import {binColumn} from '../analysis/histogram.ts';
import {ToolError} from '../core/errors.ts';
import {formatCell, formatCount} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
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

async function histogram(engine: SqlEngine, {sql, x, title, signal}: HistogramRequest) {
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
  return {spec, datasets, statement: statements.join(';\n'), text: [head, ...lines].join('\n')};
}
