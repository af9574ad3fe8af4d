// How good predictions are: the one error that models are compared by, and all metrics that are told of the winner.

import {accuracy, balancedAccuracy, brierScore, confusionMatrix, logLoss, macroF1, rocAuc} from './class-metrics.ts';
import type {FittedModel} from './estimator.ts';
import {mae, r2, rmse} from './regression-metrics.ts';
import type {Metrics} from './training-data.ts';

/** RMSE of the numbers, or log loss of the probabilities; with weights each row counts by its own. */
export function errorOf(
  actual: Float64Array,
  outputs: readonly Float64Array[],
  classCount: number,
  weights?: Float64Array,
): number {
  return classCount === 0 ? rmse(actual, outputs[0] ?? new Float64Array()) : logLoss(actual, outputs, weights);
}

/** `predicted[i]` is a number or a class, `probabilities[k][i]` that of class k, null for a number. */
export type Predictions = {predicted: Float64Array; probabilities: Float64Array[] | null};

export function predictionsOf(model: FittedModel, features: Float64Array[]): Predictions {
  return {predicted: model.predict(features), probabilities: model.probabilities?.(features) ?? null};
}

export function measure(
  {predicted, probabilities: given}: Predictions,
  actual: Float64Array,
  classCount: number,
): Metrics {
  if (classCount === 0) return {rmse: rmse(actual, predicted), mae: mae(actual, predicted), r2: r2(actual, predicted)};
  const probabilities = given ?? [];
  const matrix = confusionMatrix(actual, predicted, classCount);
  const [, positive] = probabilities;
  const ofTwo =
    classCount === 2 && positive ? {roc_auc: rocAuc(actual, positive), brier: brierScore(actual, positive)} : {};
  return {
    log_loss: logLoss(actual, probabilities),
    accuracy: accuracy(actual, predicted),
    balanced_accuracy: balancedAccuracy(matrix),
    macro_f1: macroF1(matrix),
    ...ofTwo,
  };
}
