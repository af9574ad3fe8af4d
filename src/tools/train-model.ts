// Training as a tool: candidates and a baseline on the same folds, the best measured on rows held out, and kept.

import {z} from 'zod';
import {columnNamed, createReader, type Selection} from '../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool, type ToolContext, type ToolOutcome} from '../core/tool.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {RawColumn} from '../models/raw-columns.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {disclosed, originOf} from './disclose.ts';
import {classDoubts} from './training/class-doubts.ts';
import {goalInput, goalOf, presentSql} from './training/goal.ts';
import {clearTarget, guessTargets} from './training/guess-target.ts';
import {groupsOf, togetherInput, togetherOf} from './training/keep-together.ts';
import {type Keeping, keepModel, keepTestChart, requireKeepable} from './training/keep-trained.ts';
import {contentOf} from './training/model-content.ts';
import type {ModelContent} from './training/model-file.ts';
import {momentInput, orderOf} from './training/order-in-time.ts';
import {inputsOf, type Left, withOwnNames} from './training/read-columns.ts';
import {readInputs, wordCounts} from './training/read-inputs.ts';
import {requireBounds, requireModels, requireTask} from './training/requirements.ts';
import {trainApart} from './training/train-apart.ts';
import {boardText, guessTable, guessText, leaderboardOf, summaryOf} from './training/training-text.ts';

const defaultSeconds = 60;
/** Cells that take longer than a moment to read. */
const tellsReadingFrom = 2_000_000;

const args = z.object({
  dataset: z.string(),
  target: z.string().optional(),
  features: z.array(z.string()).optional(),
  where: z.string().optional(),
  group: z.string().optional(),
  time: z.string().optional(),
  balanced: z.boolean().optional(),
  models: z.array(z.string()).optional(),
  seconds: z.number().optional(),
  seed: z.number().optional(),
  test_share: z.number().optional().describe('one model, raw columns, sklearn split'),
});
type Args = z.output<typeof args>;

export function trainModel(catalog: Catalog, charts: ChartSetting): Tool {
  return defineTool({
    name: 'train_model',
    description: 'Train and compare models of target; folds by group or time.',
    parallel: false,
    args,
    async run(asked, context) {
      const dataset = await catalog.dataset(asked.dataset);
      const guesses = !asked.target ? guessTargets(dataset) : [];
      const target = !asked.target
        ? clearTarget(guesses)?.column
        : columnNamed(currentVersion(dataset).columns, asked.target);
      if (target && asked.test_share) return onFixedSplit(target, dataset, asked, catalog, context);
      if (target) {
        const {refusal, outcome} = await trainOn(target, dataset, asked, {catalog, charts, context});
        if (refusal) context.emit({type: 'notice', level: 'warn', code: refusal.code, message: refusal.message});
        return outcome;
      }
      const table = guessTable(guesses);
      return {
        ok: true,
        summary: guessText(dataset, guesses, table),
        table,
        disclosure: {
          bare: 'No target was named.',
          columns: [
            {kind: 'name', from: []},
            {kind: 'name', from: []},
          ],
        },
        source: await catalog.sourceOf([dataset.name], ''),
      };
    },
  });
}

/** For a command, which names its target, and tells of a model that could not be kept. Throws what `train_model` reports. */
export async function trainTarget(asked: Args & {target: string}, bench: Bench): Promise<TrainedModel> {
  const dataset = await bench.catalog.dataset(asked.dataset);
  return trainOn(columnNamed(currentVersion(dataset).columns, asked.target), dataset, asked, bench);
}

/** Not a search: the one model that was asked for, on the rows that scikit-learn would test on. */
async function onFixedSplit(
  target: Column,
  dataset: Dataset,
  {features = [], where, group, time, balanced = false, models = [], seed = 42, test_share: testShare = 0}: Args,
  catalog: Catalog,
  {signal}: ToolContext,
): Promise<ToolOutcome> {
  requireBounds(defaultSeconds, seed);
  if (group || time || models.length > 1)
    throw new ToolError(
      'model.split',
      'A test share divides rows at random for one model: no group, no time, one name in models.',
    );
  const {trainOnSplit} = await import('./training/fixed-split.ts');
  const reader = createReader(await catalog.engine(), signal);
  const [model] = models;
  const asked = {dataset, target, features, model, testShare, seed, balanced};
  const {table, text, testRows, inputs} = await trainOnSplit(
    reader,
    {dataset: dataset.name, where: where || undefined},
    asked,
  );
  const from = originOf(dataset, [target.name, ...inputs]);
  const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
  return {ok: true, ...disclosed([{text, about: {kind: 'statistic', from, n: testRows}}]), table, source};
}

type Bench = {catalog: Catalog; charts: ChartSetting; context: ToolContext};
type TrainedModel = Keeping & {content: ModelContent; outcome: Extract<ToolOutcome, {ok: true}>};

async function trainOn(
  target: Column,
  dataset: Dataset,
  {features: chosen = [], where, group, time, balanced, models: only = [], seconds = defaultSeconds, seed = 42}: Args,
  {catalog, charts, context}: Bench,
): Promise<TrainedModel> {
  // A model that has nothing to say about an argument may send an empty one.
  const features = chosen.length > 0 ? chosen : undefined;
  const models = only.length > 0 ? only : undefined;
  requireModels(models);
  requireBounds(seconds, seed);
  await requireKeepable(catalog.workspace, dataset.name);
  const version = currentVersion(dataset);
  const left: Left[] = [];
  const named = features?.map(each => columnNamed(version.columns, each));
  // A group that was asked for goes before an order that was not.
  const order = group && group !== 'none' && !time ? null : orderOf(dataset, time || undefined, target);
  const moment = order?.column ?? null;
  const together = togetherOf(dataset, group || undefined, [target.name, moment?.name, ...(features ?? [])]);
  // Who asked for an order alone gets that: an identifier that repeats then divides nothing.
  const bound = moment && together?.found ? null : together;
  const isKey = (column: Column) => !named && column === together?.column;
  if (together && isKey(together.column))
    left.push({column: together.column.name, why: bound ? 'keeps its rows together' : 'an identifier'});
  const offered = (named ?? version.columns).filter(column => {
    const isOwn = named !== undefined || !column.computed;
    if (!isOwn && column !== target) left.push({column: column.name, why: 'computed by a model from these rows'});
    if (named && column === target) left.push({column: column.name, why: 'the target'});
    return isOwn && column !== target && !isKey(column);
  });
  if (named && offered.length === 0)
    throw new ToolError('model.no_features', `"${printable(target.name)}" is the target, so it can't be learnt from.`, {
      hint: 'Name other columns as features, or none for all.',
    });
  const reader = createReader(await catalog.engine(), context.signal);
  // Alone first: in the brackets of a longer statement a mistake would be reported of what stands behind it.
  if (where)
    await createReader(await catalog.engine(), context.signal).rows(
      `SELECT 1 FROM ${quoteName(dataset.name)} WHERE\n${where}`,
      1,
    );
  const words = await wordCounts(reader, {dataset: dataset.name}, offered);
  const inputs = withOwnNames(offered.flatMap(column => inputsOf(column, version.rows, words.get(column.name), left)));
  const selection: Selection = {dataset: dataset.name, where: conditionOf(where || undefined, target, moment)};
  const divides = [...(moment ? [momentInput(moment)] : []), ...(bound ? [togetherInput(bound.column)] : [])];
  const tell = (message: string) => context.emit({type: 'work_progress', message: `Training: ${printable(message)}`});
  if (version.rows * inputs.length > tellsReadingFrom)
    tell(`reading ${formatCount(version.rows)} rows × ${inputs.length} inputs`);
  const read = await readInputs(reader, selection, [goalInput(target), ...inputs, ...divides]);
  const [wanted, ...columns] = read;
  if (!wanted) throw new Error('the target was not read');
  const goal = goalOf(wanted);
  requireTask(models, target.name, goal.classes.length);
  const {trained, stopped} = await trainApart(
    {
      columns: columns.slice(0, inputs.length),
      target: goal.values,
      classCount: goal.classes.length,
      classes: goal.classes,
      seed,
      budgetMs: seconds * 1000,
      keepLeaks: named !== undefined,
      ...divided(columns.slice(inputs.length)),
      moments: inputs.flatMap(({name, part}) => (part === 'days' ? [name] : [])),
      balanced: balanced === true && goal.classes.length > 0,
      only: models,
    },
    {
      signal: context.signal,
      onProgress: tell,
    },
  );
  const content = contentOf(trained, {dataset, target, goal, inputs, seed, now: context.clock.now()});
  const kept = await keepModel(catalog.workspace, {dataset: dataset.name, content});
  // The turn ends with the stop, so that nobody reads the result: this line is what the user sees.
  if (stopped)
    context.emit({
      type: 'notice',
      level: 'warn',
      code: 'model.kept_on_stop',
      message: `Training stopped with ${boardText(trained)}; the best so far, ${trained.estimator}, is ${kept.refusal ? 'not kept' : `kept as model ${kept.id}`}.`,
    });
  const table = leaderboardOf(trained);
  const from = originOf(dataset, [target.name, ...inputs.map(input => input.column)]);
  const text = summaryOf({
    ...{
      trained,
      stopped,
      target,
      goal,
      left,
      dataset,
      kept,
      table,
      together: bound,
      order,
      balanced: balanced === true,
    },
    dropped: version.rows - goal.values.length,
  });
  const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
  const outcome = {
    ok: true as const,
    ...disclosed(
      [
        {text, about: {kind: 'statistic', from, n: trained.holdoutRows}},
        ...classDoubts(goal, target.name, trained).map(each => ({
          text: printable(each.text),
          about: {kind: 'group' as const, from, n: each.n},
        })),
      ],
      kept.refusal ? 'The model is not kept.' : `Kept as model ${kept.id}.`,
    ),
    table,
    // Who stops waits for the end and sees no chart.
    artifacts: stopped
      ? []
      : await keepTestChart(trained, {target: target.name, goal, seed}, {charts, source, emit: context.emit}),
    source,
  };
  return {...kept, content, outcome};
}

function conditionOf(where: string | undefined, target: Column, moment: Column | null): string {
  const present = [presentSql(target), ...(moment ? [`${quoteName(moment.name)} IS NOT NULL`] : [])].join(' AND ');
  return where === undefined ? present : `(\n${where}\n) AND ${present}`;
}

/** A moment is read as a number, a group as text. */
function divided(columns: readonly RawColumn[]) {
  const time = columns.find(({kind}) => kind === 'number');
  const group = columns.find(({kind}) => kind !== 'number');
  return {...(time?.kind === 'number' && {time: time.values}), ...(group && {groups: groupsOf(group)})};
}
