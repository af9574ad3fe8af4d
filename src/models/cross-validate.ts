// Compares models on rows they have not seen: the same folds for all, and always the baseline beside them.

import type {Columns} from '../core/least-squares.ts';
import {accuracy, balancedAccuracy, confusionMatrix, logLoss, macroF1} from './class-metrics.ts';
import type {Estimator, FitInput, FittedModel} from './estimator.ts';
import {mae, r2, rmse} from './regression-metrics.ts';
import {kFold, type Split, stratifiedKFold} from './train-test-split.ts';

/** One value a fold, in the order of the folds, and their mean and sample standard deviation. */
export type FoldMetric = {name: string; folds: number[]; mean: number; sampleStdDev: number};

export type Score = {estimator: string; baseline: boolean; metrics: FoldMetric[]};

/**
 * Fits every estimator on each training part and measures it on the part left out: stratified folds for classes, shuffled
 * ones for numbers, both by `seed`. The best comes first: smallest mean RMSE, or smallest mean log loss.
 * @throws {RangeError} when there are fewer rows (or rows of the largest class) than folds; the signal's reason between fits.
 */
export function compareEstimators(
  estimators: readonly Estimator[],
  input: FitInput,
  {folds = 5, signal}: {folds?: number; signal?: AbortSignal} = {},
): Score[] {
  const rows = input.target.length;
  const splits =
    input.classCount > 0
      ? stratifiedKFold({classes: input.target, folds, seed: input.seed})
      : kFold({rows, folds, seed: input.seed});
  const scores = estimators.map(estimator => {
    const perFold = splits.map(split => {
      signal?.throwIfAborted();
      return measureFold(estimator, input, split);
    });
    const names = Object.keys(perFold[0] ?? {});
    const metrics = names.map(name =>
      summarise(
        name,
        perFold.map(fold => fold[name] ?? Number.NaN),
      ),
    );
    return {estimator: estimator.name, baseline: estimator.baseline, metrics};
  });
  return scores.sort((a, b) => (a.metrics[0]?.mean ?? 0) - (b.metrics[0]?.mean ?? 0));
}

function measureFold(estimator: Estimator, input: FitInput, {train, test}: Split): Record<string, number> {
  const model = estimator.fit({...input, features: takeRows(input.features, train), target: take(input.target, train)});
  const features = takeRows(input.features, test);
  const actual = take(input.target, test);
  return input.classCount > 0
    ? classMetrics(model, features, actual, input.classCount)
    : numberMetrics(model, features, actual);
}

function numberMetrics(model: FittedModel, features: Columns, actual: Float64Array): Record<string, number> {
  const predicted = model.predict(features);
  return {rmse: rmse(actual, predicted), mae: mae(actual, predicted), r2: r2(actual, predicted)};
}

function classMetrics(
  model: FittedModel,
  features: Columns,
  actual: Float64Array,
  classCount: number,
): Record<string, number> {
  const predicted = model.predict(features);
  const matrix = confusionMatrix(actual, predicted, classCount);
  return {
    logLoss: logLoss(actual, model.probabilities?.(features) ?? []),
    accuracy: accuracy(actual, predicted),
    balancedAccuracy: balancedAccuracy(matrix),
    macroF1: macroF1(matrix),
  };
}

function summarise(name: string, folds: number[]): FoldMetric {
  const mean = folds.reduce((sum, value) => sum + value, 0) / folds.length;
  const squares = folds.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {name, folds, mean, sampleStdDev: Math.sqrt(squares / (folds.length - 1))};
}

function take(column: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, row => column[row] ?? Number.NaN);
}

function takeRows(features: Columns, rows: Uint32Array): Float64Array[] {
  return features.map(column => take(column, rows));
}
