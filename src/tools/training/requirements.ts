// What is refused of a training before any work: bounds, names of estimators, and those that can't predict such a target.

import {ToolError} from '../../core/errors.ts';
import {formatCount, printable} from '../../core/text.ts';
import {ESTIMATORS} from '../../models/estimators.ts';

const mostSeconds = 3_600;
const mostSeed = 999_999;

/** Bounds that would cost words in the schema, which a model reads with every request. @throws ToolError `model.bounds` */
export function requireBounds(seconds: number, seed: number): void {
  if (!(seconds >= 1 && seconds <= mostSeconds))
    throw new ToolError('model.bounds', `${seconds} seconds are not between 1 and ${mostSeconds}.`);
  if (!Number.isInteger(seed) || seed < 0 || seed > mostSeed)
    throw new ToolError('model.bounds', `The seed ${seed} is no whole number from 0 to ${mostSeed}.`);
}

/** @throws ToolError `model.unknown_estimator` with the names there are */
export function requireModels(models: readonly string[] | undefined): void {
  const known = [...new Set(ESTIMATORS.filter(({composed}) => !composed).map(({name}) => name))];
  const wrong = models?.filter(name => !known.includes(name)) ?? [];
  if (wrong.length > 0)
    throw new ToolError(
      'model.unknown_estimator',
      `There ${wrong.length === 1 ? 'is no estimator' : `are no ${formatCount(wrong.length)} estimators`} ${printable(wrong.join(', '), {oneLine: true})}.`,
      {hint: `Models: ${known.join(', ')}.`},
    );
}

/** Estimators of the other task only leave nothing to try. @throws ToolError `model.unknown_estimator` */
export function requireTask(models: readonly string[] | undefined, target: string, classCount: number): void {
  const task = classCount > 0 ? 'classification' : 'regression';
  const fitting = ESTIMATORS.filter(each => each.task === task && !each.composed && !each.baseline);
  if (!models || ESTIMATORS.some(({name, task: of}) => of === task && models.includes(name))) return;
  const what = classCount > 0 ? `one of ${formatCount(classCount)} classes` : 'a number';
  throw new ToolError(
    'model.unknown_estimator',
    `${printable(models.join(', '), {oneLine: true})} can't predict ${printable(target, {oneLine: true})}, which is ${what}.`,
    {hint: `These can: ${fitting.map(({name}) => name).join(', ')}.`},
  );
}
