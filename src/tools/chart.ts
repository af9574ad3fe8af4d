// A chart: the engine computes the points, the terminal shows them at once, files keep them.

import {z} from 'zod';
import {ToolError} from '../core/errors.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {ChartMark} from '../render/chart-spec.ts';
import type {Catalog} from './catalog.ts';
import type {ChartArgs, Draw} from './charts/drawn.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {aboutWhole, disclosed} from './disclose.ts';

/** The marks that rows of data give, with the code that prepares each; those of models come from their own tools. */
const draws = {
  bar: async () => (await import('./charts/draw-table.ts')).drawTable,
  line: async () => (await import('./charts/draw-table.ts')).drawTable,
  area: async () => (await import('./charts/draw-table.ts')).drawTable,
  scatter: async () => (await import('./charts/draw-table.ts')).drawTable,
  histogram: async () => (await import('./charts/draw-rows.ts')).drawHistogram,
  box: async () => (await import('./charts/draw-rows.ts')).drawBoxes,
  violin: async () => (await import('./charts/draw-rows.ts')).drawBoxes,
  heatmap: async () => (await import('./charts/draw-rows.ts')).drawHeatmap,
  ecdf: async () => (await import('./charts/draw-rows.ts')).drawEcdf,
  qq: async () => (await import('./charts/draw-rows.ts')).drawQq,
  correlation: async () => (await import('./charts/draw-columns.ts')).drawCorrelation,
  missing: async () => (await import('./charts/draw-columns.ts')).drawMissing,
  pairs: async () => (await import('./charts/draw-columns.ts')).drawPairs,
} satisfies Partial<Record<ChartMark, () => Promise<Draw>>>;

export type DrawableMark = keyof typeof draws;
export const drawableMarks = Object.keys(draws) as [DrawableMark, ...DrawableMark[]];
const facetMarks: readonly ChartMark[] = ['bar', 'line', 'area', 'scatter', 'histogram'];

const args = z.object({
  mark: z.enum(drawableMarks),
  sql: z.string().min(1).describe('one SELECT'),
  x: z.string().optional(),
  y: z.string().optional(),
  group: z.string().optional().describe('series; heatmap: rows'),
  facet: z.string().optional().describe('one panel a value'),
  stacked: z.boolean().optional(),
  title: z.string().optional(),
  png: z.boolean().optional(),
});

export function drawChart(catalog: Catalog, setting: ChartSetting): Tool {
  return defineTool({
    name: 'draw_chart',
    description:
      'Show a chart, keep files. sql: points of bar, line, area, scatter (n: rows behind each); raw rows: histogram, ecdf, qq (x), box, violin (y by x), heatmap (x by group: mean of y or counts), correlation, pairs, missing.',
    parallel: true,
    args,
    async run({png, ...asked}, {signal}) {
      checkFacet(asked);
      const engine = await catalog.engine();
      const draw = await draws[asked.mark]();
      const {spec, datasets, text, statement, table, n = 0} = await draw(engine, asked, signal);
      const source = await catalog.sourceOf(datasets, statement);
      const {keepChart} = await import('./charts/keep-chart.ts');
      const [artifacts, whole, {summarizeChart}] = await Promise.all([
        keepChart(spec, setting, {source, png}),
        aboutWhole(catalog, asked.sql, table ?? null, signal),
        import('../render/chart-summary.ts'),
      ]);
      // What we aggregated ourselves from the rows of the statement is known by its smallest group.
      const about = table ? whole : {kind: 'group' as const, from: whole.from, n};
      const facts = summarizeChart(spec);
      return {
        ok: true,
        ...disclosed([
          {text, about},
          {text: facts, about},
        ]),
        artifacts,
        source,
      };
    },
  });
}

/** @throws ToolError `chart.no_facets` */
function checkFacet({mark, facet}: ChartArgs): void {
  if (facet === undefined || facetMarks.includes(mark)) return;
  throw new ToolError('chart.no_facets', `A ${mark} chart has no facets.`, {
    hint: `These have: ${facetMarks.join(', ')}.`,
  });
}
