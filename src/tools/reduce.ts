// Reduction as a tool: what the columns have in common, and the rows in two dimensions.

import {z} from 'zod';
import {createReader, fromSql} from '../analysis/column-values.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {Pca} from '../models/reduction/pca.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {countsOnly, disclosed, originOf} from './disclose.ts';
import {keepAs, requireKeepable, saveName} from './exploring/keep.ts';
import {sqlNumber} from './exploring/nearest-centre.ts';
import {isWorthComparing} from './exploring/offered.ts';
import {readFeatures} from './exploring/read-features.ts';
import {reduceChart, reduceLines, reduceTable} from './exploring/reduce-text.ts';
import {runApart} from './exploring/run-apart.ts';
import {umapPicture} from './exploring/umap.ts';

export function reduceTool(catalog: Catalog, charts: ChartSetting): Tool {
  return defineTool({
    name: 'reduce',
    description:
      'Principal components of number columns: variance, loadings, picture (by: category); umap: a picture that keeps neighbours together. save_as keeps columns.',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    offered: () => isWorthComparing(catalog),
    args: z.object({
      dataset: z.string(),
      method: z.enum(['pca', 'umap']).optional(),
      columns: z.array(z.string()).min(2).optional(),
      by: z.string().optional(),
      components: z.int().min(1).max(50).optional().describe('to keep; 2'),
      where: z.string().min(1).optional(),
      save_as: saveName.optional(),
    }),
    async run({dataset: name, method, columns: named, by, components = 2, where, save_as: saveAs}, context) {
      const dataset = await catalog.dataset(name);
      const reader = createReader(await catalog.engine(), context.signal);
      const {keepChart} = await import('./charts/keep-chart.ts');
      if (method === 'umap') {
        const asked = {columns: named, by, where, saveAs};
        const {lines, table, chart} = await umapPicture(catalog, reader, dataset, asked, context);
        const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
        return {ok: true, ...disclosed(lines), table, artifacts: await keepChart(chart, charts, {source}), source};
      }
      const features = await readFeatures(reader, dataset, where, {
        named,
        described: by === undefined ? [] : [by],
        least: 2,
      });
      const count = Math.min(components, features.names.length);
      const columns = Array.from({length: count}, (_, c) => `pc${c + 1}`);
      const kept = saveAs === undefined ? null : {name: saveAs, columns};
      if (kept) await requireKeepable(catalog, dataset, kept);
      const found = await runApart(
        'reduce',
        {columns: features.columns, seed: 42},
        {signal: context.signal, onProgress: () => {}},
      );
      const from = originOf(dataset, [...features.names, ...(by === undefined ? [] : [by])]);
      const lines = reduceLines({found, features, dataset, from});
      const chart = reduceChart(found, features);
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const artifacts = await keepChart(chart, charts, {source});
      if (kept) {
        const sql = `SELECT *, ${componentsSql(features.sql, found.pca, columns)} ${fromSql({dataset: dataset.name, where})}`;
        lines.push({text: await keepAs(catalog, dataset, {...kept, sql}, context), about: countsOnly});
      }
      return {
        ok: true,
        ...disclosed(lines),
        table: reduceTable(found, features),
        artifacts,
        source,
      };
    },
  });
}

/** The components as SQL; NULL where a column has no value. */
function componentsSql(features: readonly string[], {scale, components}: Pca, names: readonly string[]): string {
  return names
    .map((name, c) => {
      const terms = features.map((sql, j) => {
        const factor = (components[c]?.[j] ?? 0) / (scale.sds[j] ?? 1);
        return `((${sql}) - (${sqlNumber(scale.means[j])})) * (${sqlNumber(factor)})`;
      });
      return `${terms.join(' + ')} AS ${quoteName(name)}`;
    })
    .join(', ');
}
