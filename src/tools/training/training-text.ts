// What is told of a training: the data, the choice, the measures, and everything a reader should doubt.

import type {Cell, Column, Dataset, Table} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import type {SplitKind, Trained} from '../../models/training-data.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {datasetLine} from '../catalog.ts';
import {tableOf} from '../result-table.ts';
import type {ReadGoal} from './goal.ts';
import type {TargetGuess} from './guess-target.ts';
import type {Together} from './keep-together.ts';
import type {Keeping} from './keep-trained.ts';
import type {Ordered} from './order-in-time.ts';
import type {Left} from './read-columns.ts';

export function leaderboardOf({leaderboard, metric}: Trained): Table {
  const rows = leaderboard.map(({estimator, baseline, error, sd, ms, describes}): Cell[] => [
    baseline ? `${estimator} (baseline)` : estimator,
    error,
    sd,
    ms,
    describes,
  ]);
  return tableOf({model: 'text', [metric]: 'number', sd: 'number', ms: 'number', what: 'text'}, rows);
}

/** The leaderboard in a line: "rmse ridge 1.2, linear 1.3, dummy_mean 4 (baseline)". */
export function boardText({leaderboard, metric}: Trained): string {
  const told = leaderboard.map(
    ({estimator, error, baseline}) => `${estimator} ${formatNumber(error)}${baseline ? ' (baseline)' : ''}`,
  );
  return `${metric} ${told.join(', ')}`;
}

export type Told = {
  trained: Trained;
  stopped: boolean;
  target: Column;
  goal: ReadGoal;
  left: readonly Left[];
  dropped: number;
  dataset: Dataset;
  kept: Keeping;
  table: Table;
  together: Together | null;
  order: Ordered | null;
  /** Asked for: every class weighs the same. */
  balanced: boolean;
};

export function summaryOf(told: Told): string {
  const {trained, stopped, target, goal, dropped, dataset, table} = told;
  const {metric, folds, choiceRows, trainRows, holdoutRows, holdout} = trained;
  const task = goal.classes.length > 0 ? `one of ${goal.classes.length} classes` : 'a number';
  const lines = [
    `${datasetLine(dataset)}. Target ${target.name}, ${task}; ${rowsText(goal.values.length)}${dropped > 0 ? `, ${formatCount(dropped)} left out (no target, or not in the condition)` : ''}.`,
    ...(stopped ? ['Stopped before the end: this is the best until then, as it was measured.'] : []),
    outcomeText(trained, target),
    `On ${rowsText(holdoutRows)} held out from the choice: ${metricsText(holdout.winner)}; baseline: ${metricsText(holdout.baseline)}.`,
    `${folds} folds ${splitText(trained.split, told)} of ${choiceRows < trainRows ? `${formatCount(choiceRows)} of ` : ''}the other ${rowsText(trainRows)}, mean ${metric} (smaller is better):`,
    renderMarkdownTable(table),
    ...noBetterLines(told),
    ...importanceLines(trained),
    ...doubtLines(told),
    ...(told.balanced && goal.classes.length === 0
      ? [`${target.name} is a number, so there are no classes to balance.`]
      : []),
    ...trained.notes,
    ...ruleLines(trained),
    keptText(told),
  ];
  return printable(lines.join('\n'));
}

function rowsText(rows: number): string {
  return `${formatCount(rows)} row${rows === 1 ? '' : 's'}`;
}

function outcomeText({leaderboard, skipped, estimator}: Trained, {name}: Column): string {
  const [best] = leaderboard;
  if (leaderboard.length === 1)
    return skipped.length > 0
      ? 'Nothing but the baseline could be tried.'
      : 'No column to learn from is left, so there is only the baseline.';
  return best?.baseline
    ? 'No candidate was better than the baseline: the columns tell nothing of the target that holds on new rows.'
    : `Best: ${best?.estimator ?? ''}${estimator.startsWith('log_') ? `, learnt on log(${name})` : ''}.`;
}

/**
 * Of many candidates one beats the baseline on the folds by luck alone; rows that took no part in the choice tell. Where every
 * class weighs the same, probabilities are not those of the rows, so that the balanced accuracy is looked at.
 */
function noBetterLines({trained: {leaderboard, holdout, metric}, balanced, goal}: Told): string[] {
  const isBalanced = balanced && goal.classes.length > 0;
  const name = isBalanced ? 'balanced_accuracy' : metric;
  const [ours, theirs] = [holdout.winner[name] ?? Number.NaN, holdout.baseline[name] ?? Number.NaN];
  return leaderboard[0]?.baseline || (isBalanced ? ours > theirs : ours < theirs)
    ? []
    : [
        `On the rows held out it was not better than the baseline (${name} ${formatNumber(ours)}, baseline ${formatNumber(theirs)}): don't rely on it.`,
      ];
}

function splitText(split: SplitKind, {together, order}: Told): string {
  switch (split) {
    case 'random':
      return 'at random';
    case 'stratified':
      return 'with the same shares of the classes';
    case 'group':
      return together
        ? `that keep rows of one ${together.column.name} together${together.found ? ' (found: it repeats; group "none" divides freely)' : ''}`
        : 'that keep equal rows together';
    case 'time':
      return `in order of ${order?.column.name ?? 'time'}, each learnt from earlier rows only${order?.found ? ' (found: one row at each of its regular times; time "none" divides at random)' : ''},`;
    case 'group_time':
      return `on later rows of other ${together?.column.name ?? 'group'} than learnt from (in order of ${order?.column.name ?? 'time'})`;
    default:
      return split satisfies never;
  }
}

function importanceLines({importance, metric}: Trained): string[] {
  const top = importance
    .slice(0, 8)
    .map(
      ({column, mean, low, high}) =>
        `${column} ${mean < 0 ? '' : '+'}${formatNumber(mean)} [${formatNumber(low)}, ${formatNumber(high)}]`,
    );
  return top.length > 0
    ? [`Permutation importance (rise of ${metric} when shuffled, lowest and highest of 5): ${top.join(', ')}.`]
    : [];
}

function doubtLines({trained: {leaks, importance, recipe, skipped}, left}: Told): string[] {
  const lines: string[] = [];
  if (leaks.length > 0) {
    const [one, names] = [leaks.length === 1, leaks.map(({column, why}) => `${column} (${why})`).join(', ')];
    const used = new Set([...importance.map(({column}) => column), ...recipe.steps.map(({name}) => name)]);
    const fate = leaks.some(({column}) => used.has(column))
      ? `${one ? 'it is' : 'they are'} used only because asked for by name`
      : `${one ? 'it is' : 'they are'} left out; name the features to keep ${one ? 'it' : 'them'}`;
    lines.push(`Possible leak: ${names} alone tell${one ? 's' : ''} nearly the whole target, so ${fate}.`);
  }
  if (left.length > 0) lines.push(`Columns not used: ${left.map(({column, why}) => `${column} (${why})`).join(', ')}.`);
  if (skipped.length > 0)
    lines.push(`Not in the table: ${skipped.map(({name, why}) => `${name} (${why})`).join(', ')}.`);
  return lines;
}

function ruleLines({rules}: Trained): string[] {
  return rules.length > 0 ? [['Rules of the tree:', ...rules].join('\n')] : [];
}

function keptText({trained: {fittedRows}, stopped, goal, kept: {id, refusal}}: Told): string {
  if (refusal) return refusal.message;
  const all = goal.values.length;
  if (stopped) return `Kept as model ${id}, fitted to ${rowsText(fittedRows)}.`;
  return fittedRows < all
    ? `Kept as model ${id}, fitted again on ${formatCount(fittedRows)} of ${rowsText(all)}, as many as the time allowed.`
    : `Kept as model ${id}, fitted again on all rows.`;
}

export function metricsText(metrics: Record<string, number | null>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value === null ? 'not defined' : formatNumber(value)}`)
    .join(', ');
}

export function guessTable(guesses: readonly TargetGuess[]): Table {
  return tableOf(
    {target: 'text', because: 'text'},
    guesses.map(({column, reasons}) => [column.name, reasons.join(', ')]),
  );
}

export function guessText(dataset: Dataset, guesses: readonly TargetGuess[], table: Table): string {
  if (guesses.length === 0)
    return printable(
      `${datasetLine(dataset)}. No column is a likely target, which is a number or has 2 to 20 classes; name one that has up to 50.`,
    );
  const first = guesses[0]?.column.name ?? 'TARGET';
  return printable(
    [
      `${datasetLine(dataset)}. Which column is to be predicted? Nothing was trained by this. The likeliest first:`,
      renderMarkdownTable(table),
      `Name it as the target: /train ${first}, or ask “predict ${first}”.`,
    ].join('\n'),
  );
}
