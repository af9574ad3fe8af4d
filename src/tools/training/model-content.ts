// From a training to the file of its model.

import {type Column, type Dataset, refOf} from '../../core/dataset.ts';
import {usesLog} from '../../models/on-log.ts';
import type {Trained} from '../../models/training-data.ts';
import type {ReadGoal} from './goal.ts';
import type {ModelContent} from './model-file.ts';
import type {Input} from './read-columns.ts';

export function contentOf(
  trained: Trained,
  about: {dataset: Dataset; target: Column; goal: ReadGoal; inputs: readonly Input[]; seed: number; now: number},
): ModelContent {
  const {estimator, settings, metric, split, decision, holdout, holdoutRows, importance, recipe, parameters} = trained;
  const {dataset, target, goal, inputs, seed, now} = about;
  const used = new Set(recipe.steps.map(step => step.name));
  return {
    format: 'ds-agent-model',
    version: usesLog(parameters) ? 2 : 1,
    // Near the beginning, where a list looks for it: the names of many classes may be long.
    createdAt: new Date(now).toISOString(),
    estimator,
    settings: {...settings},
    task: goal.classes.length > 0 ? 'classification' : 'regression',
    target: target.name,
    classes: goal.classes,
    seed,
    data: {...refOf(dataset), rows: goal.values.length},
    inputs: inputs.filter(({name}) => used.has(name)).map(({name, column, kind, part}) => ({name, column, kind, part})),
    recipe,
    decision,
    metric,
    split,
    leaderboard: trained.leaderboard.map(({estimator: name, error, sd, baseline}) => ({
      estimator: name,
      error,
      sd,
      baseline,
    })),
    holdout: {rows: holdoutRows, ...holdout},
    importance,
    notes: trained.notes,
    rules: trained.rules,
    parameters,
  };
}
