// Forecasting as a tool: the method that did best in the past, with limits whose coverage was measured.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {UNITS} from '../analysis/time-series/frequency.ts';
import {COMBINE} from '../analysis/time-series/read-series.ts';
import {currentVersion} from '../core/dataset.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {countsOnly, disclosed, originOf} from './disclose.ts';
import {
  defaultSteps,
  forecastChart,
  forecastLines,
  forecastSql,
  forecastTable,
  nonNegative,
} from './exploring/forecast-text.ts';
import {requireWritable, saveName} from './exploring/keep.ts';
import {prepareSeries, timesIn} from './exploring/read-series.ts';
import {runApart} from './exploring/run-apart.ts';
import {saveQuery} from './sql.ts';

export function forecastTool(catalog: Catalog, charts: ChartSetting): Tool {
  return defineTool({
    name: 'forecast',
    description:
      'Forecast value (else row counts) along a date column: best of several methods in a backtest, with 95 % limits. save_as keeps them.',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    offered: async () => (await catalog.datasets()).some(each => timesIn(currentVersion(each).columns).length > 0),
    args: z.object({
      dataset: z.string(),
      value: z.string().optional(),
      time: z.string().optional(),
      steps: z.int().min(1).max(1000).optional(),
      every: z.enum(UNITS).optional(),
      combine: z.enum(COMBINE).optional(),
      where: z.string().min(1).optional(),
      save_as: saveName.optional(),
    }),
    async run({dataset: name, steps: asked, save_as: saveAs, ...rest}, context) {
      const dataset = await catalog.dataset(name);
      if (saveAs !== undefined) await requireWritable(catalog, saveAs);
      const reader = createReader(await catalog.engine(), context.signal);
      const prepared = await prepareSeries(reader, dataset, rest);
      const {frequency} = prepared.series;
      const steps = asked ?? defaultSteps(frequency, prepared.values.length);
      const found = await runApart(
        'forecast',
        {series: prepared.values, period: frequency.period ?? 1, steps},
        {
          signal: context.signal,
          onProgress: message => context.emit({type: 'work_progress', message: `Forecasting: ${message}`}),
        },
      );
      const limited = nonNegative(found, prepared);
      const table = forecastTable(limited.found, prepared);
      const from = originOf(dataset, prepared.columns);
      const {keepChart} = await import('./charts/keep-chart.ts');
      const chart = forecastChart(limited.found, prepared);
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const lines = forecastLines({...limited, prepared, dataset, table, from});
      if (saveAs !== undefined) {
        const made = {computed: ['forecast', 'lower', 'upper'], of: {dataset, from}};
        const sql = forecastSql(limited.found, prepared);
        const text = await saveQuery(catalog, sql, saveAs, context.signal, context.emit, made);
        lines.push({text, about: countsOnly});
      }
      return {
        ok: true,
        ...disclosed(lines),
        table,
        artifacts: await keepChart(chart, charts, {source}),
        source,
      };
    },
  });
}
