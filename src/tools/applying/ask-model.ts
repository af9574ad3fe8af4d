// What is asked of a kept model, from its file to the answer: reading a forest, scoring and explaining take a thread of their own.

import {logLoss} from '../../models/class-metrics.ts';
import {type Dependence, partialDependence} from '../../models/explain/partial-dependence.ts';
import {type PermutationImportance, permutationImportance} from '../../models/explain/permutation-importance.ts';
import {type RawColumn, rawRowsBetween} from '../../models/raw-columns.ts';
import {rmse} from '../../models/regression-metrics.ts';
import {type KeptModel, withParameters} from '../training/model-file.ts';
import {answerOf, type Contributions, contributionsOf, inputGroups} from './contributions.ts';
import type {Judged} from './evaluation-charts.ts';
import {type JudgeInput, type Judgement, judge} from './judge.ts';
import {type Scores, scoresInParts, scoresOf} from './scores.ts';

/** The model on `rows` rows; all its inputs are among the columns. */
type Asked = {kept: KeptModel; columns: readonly RawColumn[]; rows: number};
const withoutPause = async () => {};

export type EvaluateInput = Asked & Omit<JudgeInput, 'judged'> & {about: Omit<Judged, keyof Scores>};
export type Evaluated = Judgement & {scores: Scores};

/** @throws ToolError `model.broken` */
export function evaluateKept({kept, columns, rows, about, ...asked}: EvaluateInput): Evaluated {
  const scores = scoresInParts(withParameters(kept), columns, rows);
  return {...judge({judged: {...about, ...scores}, ...asked}), scores};
}

export type ImportanceInput = Asked & {actual: Float64Array; seed: number};

/** Of log loss for classes, else of RMSE. @throws ToolError `model.broken` */
export function importanceOfKept({kept, columns, rows, actual, seed}: ImportanceInput) {
  const loaded = withParameters(kept);
  return permutationImportance(columns, rows, {
    groups: inputGroups(kept),
    async errorOf(dealt) {
      const {predicted, probabilities} = scoresInParts(loaded, dealt, rows);
      return probabilities ? logLoss(actual, probabilities) : rmse(actual, predicted);
    },
    seed,
    pause: withoutPause,
  });
}
export type Importances = PermutationImportance[];

/** `inputs` are names of columns. */
export type DependenceInput = Asked & {inputs: readonly string[]};
/** `curves` in the order of the inputs; for classes of the probability of class `k`. */
export type Dependences = {k: number; curves: Dependence[]};

/** @throws ToolError `model.broken` */
export async function dependenceOfKept({kept, columns, rows, inputs}: DependenceInput): Promise<Dependences> {
  const loaded = withParameters(kept);
  const {classes} = kept.content;
  const {predicted} = scoresInParts(loaded, columns, rows);
  const k = classes.length > 2 ? mostFrequent(predicted, classes.length) : classes.length - 1;
  const answers = async (changed: readonly RawColumn[]) => answerOf(scoresInParts(loaded, changed, rows), k);
  const curves: Dependence[] = [];
  for (const input of inputs)
    curves.push(await partialDependence(columns, input, {answerOf: answers, pause: withoutPause}));
  return {k, curves};
}

function mostFrequent(predicted: Float64Array, classCount: number): number {
  const counts = Array.from({length: classCount}, (_, k) => predicted.filter(value => value === k).length);
  return counts.indexOf(Math.max(...counts));
}

/** `row` counts from 0. */
export type RowInput = Asked & {row: number; seed: number};
/** `answer` is the number or the class, `likely` the probability of that class. */
export type RowExplained = {answer: number; likely: number | null; found: Contributions};

/** @throws ToolError `model.broken` */
export async function explainRowOfKept({kept, columns, rows, row, seed}: RowInput): Promise<RowExplained> {
  const loaded = withParameters(kept);
  const {predicted, probabilities} = scoresOf(loaded, rawRowsBetween(columns, row, row + 1), 1);
  const answer = predicted[0] ?? Number.NaN;
  const k = kept.content.classes.length > 0 ? answer : 0;
  const found = await contributionsOf({loaded, columns, rows}, row, k, seed);
  return {answer, likely: probabilities?.[k]?.[0] ?? null, found};
}
