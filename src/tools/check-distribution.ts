// The shape of a column as a tool: is it normal, which family fits it best, and where does it leave that family.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {currentVersion} from '../core/dataset.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {analyse} from './analysing/analyse.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';

export function checkDistributionTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'check_distribution',
    description: 'Shape of a number column: normality tests, best-fitting families by AIC with parameters, QQ points.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      column: z.string(),
      families: z.array(z.string()).optional().describe('such as normal, gamma, poisson'),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, column, families, where}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const request = {columns, column, families};
      const {summary, table, n} = await analyse('distribution', {selection, request}, {reader, dataset, signal});
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const about = {kind: 'statistic' as const, from: originOf(dataset, [column]), n};
      const lines = summary.map(line => ({text: line, about}));
      return {ok: true, ...disclosed(lines), table, source};
    },
  });
}
