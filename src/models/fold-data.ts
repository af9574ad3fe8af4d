// The features of a fold, made once and shared by all candidates: with missing values as they are, and filled.

import {type Estimator, type FittedModel, rowCountOf, type Settings} from './estimator.ts';
import {Mt19937} from './mt19937.ts';
import {takeNumbers} from './raw-columns.ts';
import {applyRecipe, fillsOf, fitRecipe, keepingMissing, type Recipe} from './recipe.ts';
import {fill} from './stack.ts';
import type {TrainingData} from './training-data.ts';

/** Rows with their features. A model needs a column to know how many rows there are, so without any there is one of zeros. */
export type Part = {
  kept: Float64Array[];
  filled: Float64Array[];
  target: Float64Array;
  weights: Float64Array | undefined;
};
/** `recipe` fills what is missing. */
export type FoldData = {recipe: Recipe; train: Part; test: Part};

/** Learns the recipe from the rows `train` alone. Row numbers are those of the raw columns. */
export function prepareFold(data: TrainingData, train: Uint32Array, test: Uint32Array): FoldData {
  const recipe = fitRecipe(data.columns, {rows: train, goal: data});
  return {recipe, train: partOf(data, recipe, train, true), test: partOf(data, recipe, test, false)};
}

export function partOf(data: TrainingData, recipe: Recipe, rows: Uint32Array, isFitted: boolean): Part {
  const {values} = applyRecipe(keepingMissing(recipe), data.columns, rows, isFitted ? data : undefined);
  const kept = values.length > 0 ? values : [new Float64Array(rows.length)];
  const target = takeNumbers(data.target, rows);
  return {
    kept,
    filled: fill(kept, fillsOf(recipe)),
    target,
    weights: data.balanced ? balance(target, data.classCount) : undefined,
  };
}

/** Each row's weight is n / (classes · rows of its class), so that all classes weigh the same (scikit-learn: `balanced`). */
export function balance(target: Float64Array, classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (const k of target) counts[k] = (counts[k] ?? 0) + 1;
  const present = counts.filter(count => count > 0).length;
  return target.map(k => target.length / (present * (counts[k] ?? 1)));
}

export function featuresFor({takesMissing}: Estimator, {kept, filled}: Part): Float64Array[] {
  return takesMissing ? kept : filled;
}

export function fitPart(
  estimator: Estimator,
  settings: Settings,
  part: Part,
  {classCount, seed}: Pick<TrainingData, 'classCount' | 'seed'>,
): FittedModel {
  const {target, weights} = part;
  return estimator.fit({features: featuresFor(estimator, part), target, classCount, seed, weights}, settings);
}

/** The predicted numbers, or the probabilities of each class. */
export function outputsOf(model: FittedModel, features: Float64Array[], classCount: number): Float64Array[] {
  return classCount === 0 ? [model.predict(features)] : (model.probabilities?.(features) ?? []);
}

/** So many rows of a part, drawn by the seed. */
export function drawRows(part: Part, rows: number, seed: number): Part {
  if (rowCountOf(part.kept) <= rows) return part;
  const drawn = new Mt19937(seed).permutation(rowCountOf(part.kept)).slice(0, rows);
  const take = (column: Float64Array) => takeNumbers(column, drawn);
  return {
    kept: part.kept.map(take),
    filled: part.filled.map(take),
    target: take(part.target),
    weights: part.weights && take(part.weights),
  };
}
