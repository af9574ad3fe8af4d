// A series over time as a tool: its steps and gaps, trend, season, memory, changes of level and growth.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {UNITS} from '../analysis/time-series/frequency.ts';
import {COMBINE} from '../analysis/time-series/read-series.ts';
import {currentVersion} from '../core/dataset.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {analyse} from './analysing/analyse.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {growthLine, timeSeriesSummary, timeSeriesTable} from './time-series-text.ts';

export function analyzeTimeSeriesTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'analyze_time_series',
    description: 'Value over time: frequency, gaps, growth, season, autocorrelation, ADF, KPSS, changes of level.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      time: z.string(),
      value: z.string().optional().describe('else rows are counted'),
      every: z.enum(UNITS).optional(),
      combine: z.enum(COMBINE).optional(),
      period: z.int().min(2).optional().describe('steps of a season'),
      model: z.enum(['stl', 'additive', 'multiplicative']).optional(),
      fill: z.enum(['linear', 'zero']).optional(),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, where, ...asked}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const request = {...asked, columns};
      const answer = await analyse('series', {selection, request}, {reader, dataset, signal});
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const from = originOf(dataset, [asked.time, ...(asked.value === undefined ? [] : [asked.value])]);
      // Steps that were not combined are rows, and their times and values are those of single rows.
      const kind = asked.every === undefined ? ('value' as const) : ('statistic' as const);
      const about = {kind, from, n: answer.series.times.length};
      const single = growthLine(answer);
      const lines = timeSeriesSummary(answer).map(line => ({
        text: line,
        about: line === single ? {...about, kind: 'value' as const} : about,
      }));
      return {ok: true, ...disclosed(lines), table: timeSeriesTable(answer), source};
    },
  });
}
