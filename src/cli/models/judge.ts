// `ds-agent models evaluate` and `explain`: how good a kept model is on data whose outcome is known, and what it looks at.

import type {Table} from '../../core/dataset.ts';
import {DsAgentError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Tool, ToolContext, ToolOutcome} from '../../core/tool.ts';
import {type EvaluationChart, evaluationCharts} from '../../tools/applying/evaluation-chart-names.ts';
import {evaluateModelTool} from '../../tools/evaluate-model.ts';
import {explainModelTool} from '../../tools/explain-model.ts';
import {type LoadedModel, loadModel} from '../../tools/training/model-file.ts';
import type {DatasetContext} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import {chartLines} from '../slash/run-tool.ts';
import {chartFiles} from './facts.ts';
import type {ModelsJson} from './json.ts';
import {type ModelBench, withModelBench} from './open.ts';

export type EvaluateRequest = {
  action: 'evaluate';
  model: string;
  by: string | null;
  chart: string | null;
  where: string | null;
  seed: number | null;
};
export type ExplainRequest = {
  action: 'explain';
  model: string;
  column: string | null;
  row: number | null;
  where: string | null;
  seed: number | null;
};

type Done = Extract<ToolOutcome, {ok: true}>;
type Judged = {loaded: LoadedModel; outcome: Done; bench: ModelBench};

/** @throws UsageError `usage.no_dataset`, `usage.models`; whatever `evaluate_model` reports */
export async function runEvaluate(request: EvaluateRequest, context: DatasetContext): Promise<number> {
  const {by, where, seed} = request;
  const chart = chartOf(request.chart);
  const asked = {...(by !== null && {by}), ...(chart !== null && {chart}), ...common(where, seed)};
  return judge(request.model, {toolFor: evaluateModelTool, asked}, context, judged => ({
    schema_version: 1,
    status: 'evaluated',
    ...headOf(judged),
    ...metricsOf(judged.outcome.table),
  }));
}

/** @throws UsageError `usage.no_dataset`; whatever `explain_model` reports */
export function runExplain(request: ExplainRequest, context: DatasetContext): Promise<number> {
  const {column, row, where, seed} = request;
  const asked = {...(column !== null && {column}), ...(row !== null && {row}), ...common(where, seed)};
  return judge(request.model, {toolFor: explainModelTool, asked}, context, judged => ({
    schema_version: 1,
    status: 'explained',
    ...headOf(judged),
    about: row !== null ? 'row' : column !== null ? 'column' : 'importance',
    values: recordsOf(judged.outcome.table),
  }));
}

function chartOf(asked: string | null): EvaluationChart | null {
  const found = evaluationCharts.find(each => each === asked?.toLowerCase());
  if (asked === null || found) return found ?? null;
  throw new UsageError('usage.models', `There is no chart "${printable(asked, {oneLine: true})}" of an evaluation.`, {
    hint: `--chart is one of ${evaluationCharts.join(', ')}.`,
  });
}

function common(where: string | null, seed: number | null) {
  return {...(where !== null && {where}), ...(seed !== null && {seed})};
}

async function judge(
  wanted: string,
  {toolFor, asked}: {toolFor: typeof evaluateModelTool; asked: Record<string, unknown>},
  context: DatasetContext,
  jsonOf: (judged: Judged) => ModelsJson,
): Promise<number> {
  const {shared, output} = context;
  return withModelBench(context, async bench => {
    const {workspace, catalog, imported, context: toolContext} = bench;
    // Before the data, so that a wrong name costs nothing; what it names may be another model a moment later.
    const loaded = await loadModel(workspace.path('models'), wanted);
    const dataset = shared.dataset ?? imported ?? (await catalog.active());
    if (dataset === undefined)
      throw new UsageError('usage.no_dataset', 'There is no dataset to look at the model on.', {
        hint: 'Give one: ds-agent models evaluate --data FILE',
      });
    const charts = {workspace, terminalWidth: () => 80, pictures: false};
    const outcome = await done(toolFor(catalog, charts), {model: loaded.id, dataset, ...asked}, toolContext);
    await output.out(
      shared.format === 'text'
        ? `${[...chartLines(outcome.artifacts), printable(outcome.summary)].join('\n')}\n`
        : jsonText(jsonOf({loaded, outcome, bench})),
    );
    return 0;
  });
}

async function done(tool: Tool, asked: Record<string, unknown>, context: ToolContext): Promise<Done> {
  const outcome = await tool.run(tool.args.parse(asked), context);
  if (outcome.ok) return outcome;
  const {kind, code, message, hint} = outcome;
  throw new DsAgentError(kind ?? 'tool', code, message, hint ? {hint} : {});
}

function headOf({loaded: {id, content}, outcome}: Judged) {
  const [data] = outcome.source.datasets;
  if (!data) throw new Error('an evaluation reads a dataset');
  return {
    model: id,
    estimator: content.estimator,
    task: content.task,
    target: content.target,
    classes: content.classes,
    data,
    charts: chartFiles(outcome.artifacts),
    notes: printable(outcome.summary),
  };
}

type Metric = Extract<ModelsJson, {status: 'evaluated'}>['metrics'][number];

/** The table of an evaluation has a line for each metric: of all rows, then of each group. */
function metricsOf(table: Table | undefined) {
  const groups = new Map<string | null, {rows: number; metrics: Metric[]}>();
  for (const [group, rows, metric, value, low, high, baseline] of table?.rows ?? []) {
    const name = group === null || group === undefined ? null : String(group);
    const found = groups.get(name) ?? {rows: Number(rows), metrics: []};
    found.metrics.push({
      metric: String(metric),
      value: numberOrNull(value),
      low: numberOrNull(low),
      high: numberOrNull(high),
      baseline: numberOrNull(baseline),
    });
    groups.set(name, found);
  }
  const {rows = 0, metrics = []} = groups.get(null) ?? {};
  groups.delete(null);
  return {rows, metrics, groups: [...groups].map(([group, each]) => ({group: group ?? '', ...each}))};
}

function recordsOf(table: Table | undefined): Record<string, string | number | null>[] {
  return (table?.rows ?? []).map(cells =>
    Object.fromEntries(
      table?.columns.map(({name, kind}, j) => {
        const cell = cells[j] ?? null;
        return [name, kind === 'number' ? numberOrNull(cell) : cell === null ? null : String(cell)];
      }) ?? [],
    ),
  );
}

function numberOrNull(cell: unknown): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
}
