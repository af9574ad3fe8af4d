// Training as a tool: candidates and a baseline on the same folds, the best measured on rows held out, and kept.

import {z} from 'zod';
import {columnNamed, createReader} from '../analysis/column-values.ts';
import {type Cell, type Column, currentVersion, type Dataset, refOf} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Trained} from '../models/train.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {saveModel} from '../workspace/models.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';
import {goalInput, goalOf, presentSql, type ReadGoal} from './training/goal.ts';
import type {ModelContent} from './training/model-file.ts';
import {type Input, inputsOf, type Left} from './training/read-columns.ts';
import {readInputs, wordCounts} from './training/read-inputs.ts';
import {trainApart} from './training/train-apart.ts';

const defaultSeconds = 60;

export function trainModel(catalog: Catalog): Tool {
  return defineTool({
    name: 'train_model',
    description: 'Train models that predict target, compare them with a baseline, keep the best.',
    parallel: false,
    args: z.object({
      dataset: z.string(),
      target: z.string(),
      features: z.array(z.string()).min(1).optional(),
      where: z.string().min(1).optional(),
      seconds: z.number().min(1).max(3600).optional(),
      seed: z.int().min(0).max(999_999).optional(),
    }),
    async run({dataset: name, target: targetName, features, where, seconds = defaultSeconds, seed = 42}, context) {
      const dataset = await catalog.dataset(name);
      const version = currentVersion(dataset);
      const target = columnNamed(version.columns, targetName);
      const left: Left[] = [];
      const named = features?.map(each => columnNamed(version.columns, each));
      const offered = (named ?? version.columns).filter(column => column !== target);
      const reader = createReader(await catalog.engine(), context.signal);
      const words = await wordCounts(reader, {dataset: dataset.name}, offered);
      const inputs = offered.flatMap(column => inputsOf(column, version.rows, words.get(column.name), left));
      const present = presentSql(target);
      const selection = {dataset: dataset.name, where: where === undefined ? present : `(\n${where}\n) AND ${present}`};
      const [wanted, ...columns] = await readInputs(reader, selection, [goalInput(target), ...inputs]);
      if (!wanted) throw new Error('the target was not read');
      const goal = goalOf(wanted);
      const data = {columns, target: goal.values, classCount: goal.classes.length, seed, budgetMs: seconds * 1000};
      const trained = await trainApart(
        {...data, keepLeaks: named !== undefined},
        {
          signal: context.signal,
          onProgress: message =>
            context.emit({type: 'notice', level: 'info', code: 'model.progress', message: `Training: ${message}`}),
        },
      );
      const content = contentOf(trained, {dataset, target, goal, inputs, seed, now: context.clock.now()});
      const text = JSON.stringify(content);
      const id = await saveModel(catalog.workspace.path('models'), {
        dataset: dataset.name,
        name: trained.estimator,
        text,
      });
      const table = leaderboardOf(trained);
      const dropped = version.rows - goal.values.length;
      const from = originOf(dataset, [target.name, ...inputs.map(input => input.column)]);
      const aboutModel = {kind: 'statistic' as const, from, n: trained.holdoutRows};
      return {
        ok: true,
        ...disclosed(
          [{text: summaryOf({trained, target, goal, left, dropped, dataset, id, table}), about: aboutModel}],
          `Kept as model ${id}.`,
        ),
        table,
        source: await catalog.sourceOf([dataset.name], reader.sql.join(';\n')),
      };
    },
  });
}

function contentOf(
  trained: Trained,
  about: {dataset: Dataset; target: Column; goal: ReadGoal; inputs: readonly Input[]; seed: number; now: number},
): ModelContent {
  const {estimator, metric, holdout, holdoutRows, importance, recipe, parameters} = trained;
  const {dataset, target, goal, inputs, seed, now} = about;
  const used = new Set(recipe.steps.map(step => step.name));
  return {
    format: 'ds-agent-model',
    version: 1,
    estimator,
    task: goal.classes.length > 0 ? 'classification' : 'regression',
    target: target.name,
    classes: goal.classes,
    seed,
    createdAt: new Date(now).toISOString(),
    data: {...refOf(dataset), rows: goal.values.length},
    inputs: inputs.filter(({name}) => used.has(name)).map(({name, column, kind, part}) => ({name, column, kind, part})),
    recipe,
    metric,
    leaderboard: trained.leaderboard.map(({estimator: name, error, sd, baseline}) => ({
      estimator: name,
      error,
      sd,
      baseline,
    })),
    holdout: {rows: holdoutRows, ...holdout},
    importance,
    parameters,
  };
}

function leaderboardOf({leaderboard, metric}: Trained) {
  const rows = leaderboard.map(({estimator, baseline, error, sd, ms, describes}): Cell[] => [
    baseline ? `${estimator} (baseline)` : estimator,
    error,
    sd,
    ms,
    describes,
  ]);
  return tableOf({model: 'text', [metric]: 'number', sd: 'number', ms: 'number', what: 'text'}, rows);
}

type Told = {
  trained: Trained;
  target: Column;
  goal: ReadGoal;
  left: readonly Left[];
  dropped: number;
  dataset: Dataset;
  id: string;
  table: ReturnType<typeof leaderboardOf>;
};

function summaryOf({trained, target, goal, left, dropped, dataset, id, table}: Told): string {
  const {estimator, metric, folds, trainRows, holdoutRows, holdout, importance, leaks, skipped} = trained;
  const task = goal.classes.length > 0 ? `one of ${goal.classes.length} classes` : 'a number';
  const isBaseline = trained.leaderboard[0]?.baseline === true;
  const top = importance
    .slice(0, 8)
    .map(
      ({column, mean, low, high}) =>
        `${column} ${mean < 0 ? '' : '+'}${formatNumber(mean)} [${formatNumber(low)}, ${formatNumber(high)}]`,
    );
  const lines = [
    `${datasetLine(dataset)}. Target ${target.name}, ${task}; ${formatCount(trainRows + holdoutRows)} rows${dropped > 0 ? `, ${formatCount(dropped)} left out (no target, or not in the condition)` : ''}.`,
    trained.leaderboard.length === 1
      ? 'No column to learn from is left, so there is only the baseline.'
      : isBaseline
        ? 'No candidate was better than the baseline: the columns tell nothing of the target that holds on new rows.'
        : `Best: ${estimator}.`,
    `On ${formatCount(holdoutRows)} rows held out from the choice: ${metricsText(holdout.winner)}; baseline: ${metricsText(holdout.baseline)}.`,
    `${folds}-fold cross-validation on the other ${formatCount(trainRows)} rows, mean ${metric} (smaller is better):`,
    renderMarkdownTable(table),
  ];
  if (top.length > 0)
    lines.push(`Permutation importance (rise of ${metric} when shuffled, lowest and highest of 5): ${top.join(', ')}.`);
  if (leaks.length > 0)
    lines.push(
      `Possible leak: ${leaks.join(', ')} alone tell${leaks.length === 1 ? 's' : ''} nearly the whole target, so ${leaks.length === 1 ? 'it is' : 'they are'} ${importance.some(({column}) => leaks.includes(column)) ? 'used only because asked for by name' : 'left out; name the features to keep it'}.`,
    );
  if (left.length > 0) lines.push(`Columns not used: ${left.map(({column, why}) => `${column} (${why})`).join(', ')}.`);
  if (skipped.length > 0) lines.push(`Not tried for lack of time: ${skipped.join(', ')}.`);
  lines.push(`Kept as model ${id}, fitted again on all rows.`);
  return printable(lines.join('\n'));
}

function metricsText(metrics: Record<string, number | null>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value === null ? 'not defined' : formatNumber(value)}`)
    .join(', ');
}
