// The tools that show what data there is.

import {z} from 'zod';
import {profileDataset, profileLines, profileTable} from '../analysis/profile.ts';
import type {ColumnProfile} from '../analysis/profile-types.ts';
import type {Cell, Dataset, Table} from '../core/dataset.ts';
import {currentVersion, refOf} from '../core/dataset.ts';
import type {CountedExposure} from '../core/privacy.ts';
import {printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed, originOf as originOfColumns} from './disclose.ts';

/** Every dataset with its size and where it came from. */
export function listDatasets(catalog: Catalog): Tool {
  return defineTool({
    name: 'list_datasets',
    description: 'List the imported datasets with rows, columns, version and origin.',
    parallel: true,
    args: z.object({}),
    async run() {
      const found = await catalog.datasets();
      if (found.length === 0) {
        return {
          ok: false,
          code: 'dataset.none',
          message: 'No dataset is imported yet.',
          hint: 'Import one: ds-agent upload FILE, or /upload FILE in the chat.',
        };
      }
      const rows: Cell[][] = found.map(dataset => {
        const {version, rows: rowCount, columns, source} = currentVersion(dataset);
        return [dataset.name, version, rowCount, columns.length, originOf(source)];
      });
      const table: Table = {
        columns: [
          {name: 'dataset', type: 'VARCHAR', kind: 'text'},
          {name: 'version', type: 'INTEGER', kind: 'number'},
          {name: 'rows', type: 'BIGINT', kind: 'number'},
          {name: 'columns', type: 'INTEGER', kind: 'number'},
          {name: 'from', type: 'VARCHAR', kind: 'text'},
        ],
        rows,
        totalRows: rows.length,
      };
      const summary = found
        .map(dataset => `${datasetLine(dataset)}, from ${originOf(currentVersion(dataset).source)}`)
        .join('\n');
      const source = {datasets: found.map(refOf), rowsRead: 0, sampled: false};
      return {ok: true, summary, table, source, disclosure: {bare: summary}};
    },
  });
}

function originOf(source: ReturnType<typeof currentVersion>['source']): string {
  if (source.kind === 'file') return printable(source.originalName, {oneLine: true});
  return `a query on ${source.parents.map(parent => `${parent.name} v${parent.version}`).join(', ')}`;
}

/** One line a column, computed over all rows. */
export function describeDataset(catalog: Catalog): Tool {
  return defineTool({
    name: 'describe_dataset',
    description:
      'Profile a dataset: per column the type, nulls, distinct values, quartiles or top values, and warnings. Exact, over all rows.',
    parallel: true,
    args: z.object({
      dataset: z.string().describe('dataset name'),
      columns: z.array(z.string()).optional().describe('only these columns'),
    }),
    async run({dataset: name, columns}, {signal}) {
      const dataset = await catalog.dataset(name);
      const engine = await catalog.engine();
      const profile = await profileDataset(engine, dataset, {signal, ...(columns ? {columns} : {})});
      const source = await catalog.sourceOf([dataset.name], profile.sql.join(';\n'));
      const lines = profileLines(profile).map(line => ({...line, about: aboutColumn(dataset, line.column)}));
      return {ok: true, ...disclosed(lines), table: profileTable(profile), source};
    },
  });
}

/** A line of a profile tells of one column: ranges and quartiles of a measure, or its most frequent values. */
function aboutColumn(dataset: Dataset, column: ColumnProfile | null): CountedExposure {
  if (!column) return countsOnly;
  const isRange = column.facts.kind === 'time' || (column.facts.kind === 'number' && column.semantic === 'measure');
  const n = currentVersion(dataset).rows - column.nullCount;
  return {kind: isRange ? 'statistic' : 'value', from: originOfColumns(dataset, [column.name]), n};
}
