// What every model of this folder is: numbers in, numbers out, and parameters that survive JSON.

import type {Columns} from '../core/least-squares.ts';

/**
 * n ≥ 1 rows: `features[j][i]` and `target[i]`, all finite (the recipe before this has filled or dropped what was missing);
 * the estimators of `trees/` also take NaN in a feature as a value that is missing.
 * For classification `target` holds whole numbers from 0 to `classCount` − 1; `classCount` is 0 for regression.
 */
export type FitInput = {
  features: Columns;
  target: Float64Array;
  classCount: number;
  seed: number;
  /** How much each row counts (1 when absent); only estimators with `takesWeights` heed it. */
  weights?: Float64Array | undefined;
};

/** Hyperparameters by their names in scikit-learn; what is not named has its default. */
export type Settings = Readonly<Record<string, number>>;

export interface FittedModel {
  /** Values of the target (regression) or class numbers (classification), one a row. */
  predict(features: Columns): Float64Array;
  /** `probabilities[k][i]`: the probability of class k for row i; they sum to 1. Absent for regression. */
  probabilities?(features: Columns): Float64Array[];
  /** How many features it learnt from; absent where it looks at none. */
  readonly width?: number;
  /** Plain JSON from which `Estimator.load` makes the same model again. */
  readonly parameters: unknown;
}

export type Task = 'regression' | 'classification';

export type Estimator = {
  name: string;
  task: Task;
  /** One plain sentence for a leaderboard. */
  describes: string;
  /** True for the models that only show what knowing nothing of the features gives. */
  baseline: boolean;
  /** A feature may be NaN, as a value that is missing. */
  takesMissing?: boolean;
  /** Draws random numbers from the seed, so that the order of the rows matters a little. */
  random?: boolean;
  takesWeights?: boolean;
  /** Made of others, after they were compared. */
  composed?: boolean;
  /** Takes many times as long as others, so that it is given up once it lies far behind them. */
  slow?: boolean;
  /** A few settings worth trying besides the defaults. */
  tunes?: readonly Settings[];
  /** Why it should not be tried on so many rows and features; null when it may. */
  unfit?(rows: number, features: number): string | null;
  /** Why features of this kind are not for it; null when they are. Then it is not tried unless it is asked for. */
  suits?(features: Columns): string | null;
  /** Why it can't learn such a target; null when it can. */
  unfitTarget?(target: Float64Array): string | null;
  /** Why such a target is not for it; null when it is. Then it is not tried unless it is asked for. */
  suitsTarget?(target: Float64Array): string | null;
  /** @throws {RangeError} when the input has no rows or columns of different length. */
  fit(input: FitInput, settings?: Settings): FittedModel;
  /** @throws {ZodError} when the parameters are not those of this estimator. */
  load(parameters: unknown): FittedModel;
};

export function requireRows({features, target}: FitInput): void {
  if (target.length === 0) throw new RangeError('a model needs at least one row');
  for (const column of features)
    if (column.length !== target.length)
      throw new RangeError(`a feature has ${column.length} rows but the target ${target.length}`);
}

export function rowCountOf(features: Columns): number {
  return features[0]?.length ?? 0;
}

/** The class with the highest probability of each row, the first one on ties. */
export function likeliestClass(probabilities: readonly Float64Array[]): Float64Array {
  return Float64Array.from({length: rowCountOf(probabilities)}, (_, i) => {
    let best = 0;
    for (let k = 1; k < probabilities.length; k++)
      if ((probabilities[k]?.[i] ?? 0) > (probabilities[best]?.[i] ?? 0)) best = k;
    return best;
  });
}
