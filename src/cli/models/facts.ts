// A kept model as the commands show it: as JSON, as a line, and beside others.

import {toDsAgentError} from '../../core/errors.ts';
import {counted, formatBytes, formatNumber, printable} from '../../core/text.ts';
import type {Artifact} from '../../core/tool.ts';
import {type ModelContent, readContent} from '../../tools/training/model-file.ts';
import type {ModelFile} from '../../workspace/models.ts';
import {errorJson} from '../outcome.ts';
import type {ListedModelJson} from './json.ts';

export type ModelFacts = Extract<ListedModelJson, {estimator: string}>;

export function factsOf({id, sizeBytes}: ModelFile, content: ModelContent): ModelFacts {
  return {id, bytes: sizeBytes, ...unkeptFactsOf(content)};
}

/** Of a model that has no file. */
export function unkeptFactsOf(content: ModelContent): Omit<ModelFacts, 'id' | 'bytes'> {
  const {
    estimator,
    task,
    target,
    classes,
    seed,
    createdAt,
    data,
    inputs,
    split,
    metric,
    leaderboard,
    holdout,
    importance,
  } = content;
  return {
    estimator,
    task,
    target,
    classes,
    features: [...new Set(inputs.map(({column}) => column))],
    created_at: createdAt,
    data: {name: data.name, version: data.version, sha256: data.sha256, rows: data.rows},
    seed,
    split: split ?? null,
    metric,
    leaderboard: leaderboard.map(({estimator: name, error, sd, baseline}) => ({estimator: name, error, sd, baseline})),
    holdout: {rows: holdout.rows, winner: holdout.winner, baseline: holdout.baseline},
    importance: importance.map(({column, mean, low, high}) => ({column, mean, low, high})),
  };
}

/** The pictures and pages that were kept, relative to the workspace. */
export function chartFiles(artifacts: readonly Artifact[] = []): string[] {
  return artifacts.flatMap(({path}) => path ?? []);
}

/** A file that can't be read is listed with what is wrong with it. */
export async function listedModel(folder: string, file: ModelFile): Promise<ListedModelJson> {
  try {
    return factsOf(file, await readContent(folder, file.id));
  } catch (thrown) {
    return {id: file.id, bytes: file.sizeBytes, error: errorJson(toDsAgentError(thrown))};
  }
}

/** "homes/linear-v1  price  rmse 1.2 (baseline 4.1) on 22 rows held out  homes v1  3.1 KiB". */
export function modelLine(model: ListedModelJson): string {
  if ('error' in model) return printable(`${model.id}  can't be read: ${model.error.message}`, {oneLine: true});
  const {id, target, metric, holdout, data, bytes} = model;
  const told = (value: number | null | undefined) => (typeof value === 'number' ? formatNumber(value) : '–');
  const score = `${metric} ${told(holdout.winner[metric])} (baseline ${told(holdout.baseline[metric])}) on ${counted(holdout.rows, 'row')} held out`;
  const facts = [id, target, score, `${data.name} v${data.version}`, formatBytes(bytes)];
  return printable(facts.join('  '), {oneLine: true});
}

const dividedBy = {
  random: 'at random',
  stratified: 'at random, with the same shares of the classes',
  group: 'so that rows that hang together stay together',
  time: 'in order of time; tested on later rows than those learnt from',
  group_time: 'by group and time; tested on later rows of other groups than those learnt from',
};

/** All there is to know of a model in some lines. */
export function modelText(model: ModelFacts): string {
  const {
    id,
    estimator,
    task,
    target,
    classes,
    features,
    created_at,
    data,
    seed,
    holdout,
    importance,
    leaderboard,
    split,
    metric,
  } = model;
  const told = (values: Record<string, number | null>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value === null ? '–' : formatNumber(value)}`)
      .join(', ');
  const lines = [
    `Model ${id}: ${estimator}, ${task} of ${target}${classes.length > 0 ? ` (${classes.join(', ')})` : ''}`,
    `Learnt from ${data.name} v${data.version}, ${counted(data.rows, 'row')}, sha256 ${data.sha256.slice(0, 16)}; seed ${seed}; ${created_at}`,
    `Features: ${features.join(', ') || 'none'}`,
    ...(split ? [`Divided: ${dividedBy[split]}`] : []),
    `On ${counted(holdout.rows, 'row')} held out: ${told(holdout.winner)}`,
    `Baseline on the same rows: ${told(holdout.baseline)}`,
    `Cross-validation, ${metric} (smaller is better): ${leaderboard.map(each => `${each.estimator} ${formatNumber(each.error)}`).join(', ')}`,
    ...(importance.length > 0
      ? [
          `Importance: ${importance
            .slice(0, 8)
            .map(({column, mean}) => `${column} ${formatNumber(mean)}`)
            .join(', ')}`,
        ]
      : []),
  ];
  return lines.map(line => printable(line, {oneLine: true})).join('\n');
}

/** What keeps the figures of models from being compared; empty when nothing does. */
export function comparisonNotes(models: readonly ListedModelJson[]): string[] {
  const whole = models.filter(model => 'target' in model);
  const differ = (of: (model: ModelFacts) => string) => new Set(whole.map(of)).size > 1;
  return [
    ...(differ(each => each.target)
      ? ['They predict different targets, so their figures say nothing of each other.']
      : []),
    ...(differ(each => `${each.data.sha256} ${each.data.rows}`)
      ? [
          'They learnt from different data, so their held-out rows differ: evaluate them on the same rows (/models evaluate).',
        ]
      : []),
    ...(differ(each => String(each.seed)) ? ['Their seeds differ, so their held-out rows do too.'] : []),
  ];
}
