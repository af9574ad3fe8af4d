// Cleaning as a tool: first the plan with counts, then on apply a new version of the dataset that /undo takes back.

import {z} from 'zod';
import type {DataDiff} from '../analysis/clean/diff.ts';
import {type CleaningPlan, planCleaning} from '../analysis/clean/plan.ts';
import {cleaningActions} from '../analysis/clean/step.ts';
import {type Cell, currentVersion, type Dataset, refOf} from '../core/dataset.ts';
import {formatCell, formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool, type ToolContext} from '../core/tool.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed, type Line, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';
import {columnsOf} from './sql.ts';

const shownColumns = 30;

const args = z.object({
  dataset: z.string(),
  steps: z
    .array(
      z.object({
        do: z.enum(cleaningActions),
        columns: z.array(z.string()).optional(),
        by: z.string().optional().describe('fill: group column, or order for forward, backward'),
        value: z
          .string()
          .optional()
          .describe(
            'fill: mean, median, mode, forward, backward, knn, iterative or a constant; case: lower, upper; cast: type; scale: zscore, minmax, robust; outliers: iqr, z, mad; bin: "width 4", "quantile 4", "0, 10, 20"; lump_rare: share or count; date_parts: "year, month, weekday"; ordinal: order',
          ),
        map: z.array(z.object({from: z.string(), to: z.string().optional()})).optional(),
        to: z.string().optional().describe('new name or value; cast: date format such as %d/%m/%Y'),
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
        : [
            {
              text: 'Nothing is changed yet. Call again with apply: true to keep it as a new version.',
              about: countsOnly,
            },
          ];
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
      const lines = [...linesOf(plan, steps), ...last];
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
  plan: CleaningPlan,
  {signal, emit}: ToolContext,
): Promise<Line[]> {
  const {workspace} = catalog;
  const {sql} = plan;
  const engine = await catalog.engine();
  // Before the dataset moves on: the plan reads it by its name.
  const diff = await plan.diff();
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
  const text = `Applied. Now ${datasetLine(added)}; it was ${datasetLine(dataset)}. /undo goes back.`;
  return [{text, about: countsOnly}, ...diffLines(diff, dataset)];
}

/** What is different, as lines for people; at most thirty columns are listed. */
function diffLines(diff: DataDiff, dataset: Dataset): Line[] {
  const {rowsBefore, rowsAfter, added, removed, cells, columns} = diff;
  const names = (list: readonly string[]) =>
    `${list.slice(0, 12).join(', ')}${list.length > 12 ? ` and ${list.length - 12} more` : ''}`;
  const facts = [
    rowsBefore === rowsAfter
      ? `${formatCount(rowsAfter)} rows as before`
      : `rows ${formatCount(rowsBefore)} → ${formatCount(rowsAfter)}`,
    `${formatCount(cells)} cells changed`,
    ...(added.length > 0 ? [`columns added: ${names(added)}`] : []),
    ...(removed.length > 0 ? [`columns removed: ${names(removed)}`] : []),
  ];
  const lines = columns
    .slice(0, shownColumns)
    .map(({column, cells: changed, nullsBefore, nullsAfter, meanBefore, meanAfter}): Line => {
      const counts = [
        ...(changed > 0 ? [`${formatCount(changed)} cells`] : []),
        ...(nullsBefore === nullsAfter ? [] : [`missing ${formatCount(nullsBefore)} → ${formatCount(nullsAfter)}`]),
      ];
      const means = meanBefore === meanAfter ? [] : [`mean ${formatCell(meanBefore)} → ${formatCell(meanAfter)}`];
      const line = (said: readonly string[]) => printable(`  ${column}: ${said.join(', ')}`, {oneLine: true});
      const n = Math.min(rowsBefore - nullsBefore, rowsAfter - nullsAfter);
      const about = {kind: 'statistic' as const, from: originOf(dataset, [column]), n};
      return {text: line([...counts, ...means]), about: means.length > 0 ? about : countsOnly, otherwise: line(counts)};
    });
  if (columns.length > shownColumns)
    lines.push({text: `  … and ${columns.length - shownColumns} more columns`, about: countsOnly});
  return [{text: printable(`Difference: ${facts.join('; ')}.`, {oneLine: true}), about: countsOnly}, ...lines];
}
