// Clustering as a tool: similar rows together, each cluster described by computed numbers, kept as a column when asked.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Catalog} from './catalog.ts';
import {countsOnly, disclosed, originOf} from './disclose.ts';
import {clusterLines, clusterTable} from './exploring/cluster-text.ts';
import {keepAs, saveName} from './exploring/keep.ts';
import {nearestCentreSql} from './exploring/nearest-centre.ts';
import {isWorthComparing} from './exploring/offered.ts';
import {readFeatures, withValuesSql} from './exploring/read-features.ts';
import {runApart} from './exploring/run-apart.ts';

export function clusterTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'cluster',
    description:
      'Group similar rows by number columns (scaled) and describe each cluster. save_as keeps a column "cluster".',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    offered: () => isWorthComparing(catalog),
    args: z.object({
      dataset: z.string(),
      columns: z.array(z.string()).min(1).optional(),
      k: z.int().min(2).max(50).optional(),
      where: z.string().min(1).optional(),
      save_as: saveName.optional(),
    }),
    async run({dataset: name, columns: named, k, where, save_as: saveAs}, context) {
      const {signal} = context;
      const dataset = await catalog.dataset(name);
      const reader = createReader(await catalog.engine(), signal);
      const features = await readFeatures(reader, dataset, where, {named, described: 'categories'});
      const found = await runApart(
        'cluster',
        {columns: features.columns, method: 'kmeans', k: k ?? null, seed: 42},
        {
          signal,
          onProgress: message =>
            context.emit({type: 'notice', level: 'info', code: 'model.progress', message: `Clustering: ${message}`}),
        },
      );
      const table = clusterTable(found, features);
      const from = originOf(dataset, features.names);
      const lines = clusterLines({found, features, dataset, table, from});
      const selection = {dataset: dataset.name, where};
      const kept = (): string => {
        if (found.centres.length > 0) return nearestCentreSql(selection, features.sql, found);
        const labels = new Array<number | null>(features.total).fill(null);
        features.places.forEach((place, i) => {
          labels[place] = found.labels[i] ?? 0;
        });
        return withValuesSql(selection, 'cluster', 'INTEGER', labels);
      };
      if (saveAs !== undefined) {
        const text = await keepAs(catalog, dataset, {name: saveAs, columns: ['cluster'], sql: kept}, context);
        lines.push({text, about: countsOnly});
      }
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      return {ok: true, ...disclosed(lines), table, source};
    },
  });
}
