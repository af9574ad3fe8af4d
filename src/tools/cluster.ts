// Clustering as a tool: similar rows together, or the rows that are like no others; kept as a column when asked.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {ANOMALY_METHODS, type AnomalyMethod} from '../models/anomaly/find-anomalies.ts';
import {CLUSTER_METHODS, type Clustered} from '../models/clustering/cluster-rows.ts';
import {LINKAGES} from '../models/clustering/hierarchy.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {countsOnly, disclosed, originOf} from './disclose.ts';
import {anomalies} from './exploring/anomalies.ts';
import {clusterChart, clusterLines, clusterTable} from './exploring/cluster-text.ts';
import {keepAs, requireKeepable, saveName} from './exploring/keep.ts';
import {nearestCentreSql} from './exploring/nearest-centre.ts';
import {isWorthComparing} from './exploring/offered.ts';
import {type Features, readFeatures, withValuesSql} from './exploring/read-features.ts';
import {runApart} from './exploring/run-apart.ts';

export function clusterTool(catalog: Catalog, charts: ChartSetting): Tool {
  return defineTool({
    name: 'cluster',
    description:
      'Group similar rows by number columns and describe each group; isolation_forest, lof: find anomalies, with reasons. save_as keeps a column.',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    offered: () => isWorthComparing(catalog),
    args: z.object({
      dataset: z.string(),
      method: z.enum([...CLUSTER_METHODS, ...ANOMALY_METHODS]).optional(),
      columns: z.array(z.string()).min(1).optional(),
      k: z.int().min(2).max(50).optional(),
      linkage: z.enum(LINKAGES).optional(),
      radius: z.number().min(0.001).optional().describe('in sd'),
      min_rows: z.int().min(2).max(1000).optional(),
      where: z.string().min(1).optional(),
      save_as: saveName.optional(),
    }),
    async run({dataset: name, method = 'kmeans', columns: named, where, save_as: saveAs, ...options}, context) {
      const {signal} = context;
      const dataset = await catalog.dataset(name);
      const reader = createReader(await catalog.engine(), signal);
      const sourceOf = () => catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      if (isAnomalyMethod(method)) {
        const asked = {method, columns: named, least: options.min_rows, where, saveAs};
        const {lines, table} = await anomalies(catalog, reader, dataset, asked, context);
        return {ok: true, ...disclosed(lines), table, source: await sourceOf()};
      }
      const kept = saveAs === undefined ? null : {name: saveAs, columns: ['cluster']};
      if (kept) await requireKeepable(catalog, dataset, kept);
      const features = await readFeatures(reader, dataset, where, {named, described: 'categories'});
      const {k = null, linkage = 'ward', radius = null, min_rows: leastRows = method === 'hdbscan' ? 15 : 5} = options;
      const {columns, names, categories} = features;
      const found = await runApart(
        'cluster',
        {columns, names, categories, method, k, linkage, radius, leastRows, seed: 42},
        {
          signal,
          onProgress: message => context.emit({type: 'work_progress', message: `Clustering: ${message}`}),
        },
      );
      const table = clusterTable(found, features);
      const lines = clusterLines({found, features, dataset, table, from: originOf(dataset, features.names)});
      if (kept) {
        const sql = clustersSql({dataset: dataset.name, where}, features, found);
        lines.push({text: await keepAs(catalog, dataset, {...kept, sql}, context), about: countsOnly});
      }
      const {keepCharts} = await import('./charts/keep-chart.ts');
      const chart = clusterChart(found);
      const source = await sourceOf();
      const artifacts = await keepCharts(chart ? [chart] : [], charts, source);
      return {ok: true, ...disclosed(lines), table, artifacts, source};
    },
  });
}

function isAnomalyMethod(method: string): method is AnomalyMethod {
  return ANOMALY_METHODS.some(each => each === method);
}

/** For k-means the nearest centre as SQL; else the numbers themselves. 0 is in no cluster, NULL has a value missing. */
function clustersSql(
  selection: {dataset: string; where: string | undefined},
  features: Features,
  found: Clustered,
): string {
  if (found.centres.length > 0) return nearestCentreSql(selection, features.sql, found);
  const labels = new Array<number | null>(features.total).fill(null);
  features.places.forEach((place, i) => {
    labels[place] = found.labels[i] ?? 0;
  });
  return withValuesSql(selection, [{name: 'cluster', type: 'INTEGER', values: labels}]);
}
