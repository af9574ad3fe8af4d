// Cleaning as a tool: first the plan with counts, then on apply a new version of the dataset that /undo takes back.

import {z} from 'zod';
import {type CleaningPlan, planCleaning} from '../analysis/clean.ts';
import {cleaningActions} from '../analysis/clean-steps.ts';
import {type Cell, currentVersion, type Dataset, refOf} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool, type ToolContext} from '../core/tool.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed, type Line} from './disclose.ts';
import {tableOf} from './result-table.ts';
import {columnsOf} from './sql.ts';

const args = z.object({
  dataset: z.string(),
  steps: z
    .array(
      z.object({
        do: z.enum(cleaningActions),
        columns: z.array(z.string()).optional(),
        by: z.string().optional().describe('fill: group column, or order for forward'),
        value: z
          .string()
          .optional()
          .describe(
            'fill: mean, median, mode, forward or a constant; case: lower, upper; cast: type; scale: zscore, minmax',
          ),
        to: z.string().optional().describe('new name or value'),
        sql: z.string().optional().describe('filter, derive'),
      }),
    )
    .min(1)
    .max(30),
  apply: z.boolean().optional().describe('default: only count'),
});

export function cleanData(catalog: Catalog): Tool {
  return defineTool({
    name: 'clean_data',
    description: 'Plan cleaning steps and count what each changes; apply keeps the result as a new version (/undo).',
    parallel: ({apply}) => apply !== true,
    args,
    async run({dataset: name, steps, apply = false}, context) {
      const dataset = await catalog.dataset(name);
      const plan = await planCleaning(await catalog.engine(), dataset.name, steps, context.signal);
      const source = await catalog.sourceOf([dataset.name], plan.sql);
      const last = apply
        ? await applied(catalog, dataset, plan, context)
        : 'Nothing is changed yet. Call again with apply: true to keep it as a new version.';
      const rows = plan.steps.map((step, i): Cell[] => [
        i + 1,
        step.what,
        step.rowsBefore,
        step.rowsAfter,
        step.columnsAfter,
        step.changed,
        step.lost,
      ]);
      const kinds = {step: 'number', what: 'text', rows_before: 'number', rows_after: 'number'} as const;
      const table = tableOf(
        {...kinds, columns_after: 'number', cells_changed: 'number', became_missing: 'number'},
        rows,
      );
      const lines = [...linesOf(plan, steps), {text: last, about: countsOnly}];
      return {ok: true, ...disclosed(lines), table, source};
    },
  });
}

/** A step says in words what it does, which may name a value it found, such as the most frequent one. */
function linesOf(plan: CleaningPlan, asked: readonly {do: string}[]): Line[] {
  return plan.steps.map((step, index) => {
    const effect = effectOf(step);
    return {
      text: `${index + 1}. ${printable(step.what, {oneLine: true})}: ${effect}`,
      about: {kind: 'value', from: null, n: 0},
      otherwise: `${index + 1}. ${asked[index]?.do ?? 'step'}: ${effect}`,
    };
  });
}

function effectOf({rowsBefore, rowsAfter, changed, lost}: CleaningPlan['steps'][number]): string {
  const facts = [
    ...(rowsAfter === rowsBefore ? [] : [`${formatCount(rowsBefore)} → ${formatCount(rowsAfter)} rows`]),
    ...(changed > 0 ? [`${formatCount(changed)} cells changed`] : []),
    ...(lost > 0 ? [`${formatCount(lost)} of them became missing`] : []),
  ];
  return facts.length > 0 ? facts.join(', ') : `${formatCount(rowsAfter)} rows, no value changed`;
}

async function applied(
  catalog: Catalog,
  dataset: Dataset,
  {sql}: CleaningPlan,
  {signal, emit}: ToolContext,
): Promise<string> {
  const {workspace} = catalog;
  const engine = await catalog.engine();
  const parquetFile = workspace.temporaryPath('data', '.parquet');
  const {rows} = await engine.writeParquet(sql, parquetFile, {signal});
  const columns = await columnsOf(catalog, sql, signal);
  const source = {kind: 'query' as const, sql, parents: [refOf(dataset)]};
  const added = await workspace.addVersion(dataset.name, {parquetFile, rows, columns, source, warnings: []});
  const version = currentVersion(added);
  emit({
    type: 'dataset_added',
    name: added.name,
    version: version.version,
    rows,
    columns: columns.length,
    sizeBytes: 0,
    format: 'query',
    storedName: version.parquet,
    warnings: [],
  });
  return `Applied. Now ${datasetLine(added)}; it was ${datasetLine(dataset)}. /undo goes back.`;
}
