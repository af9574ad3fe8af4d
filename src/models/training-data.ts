// What training is given and what it gives back.

import type {Decision} from './decision.ts';
import type {Settings} from './estimator.ts';
import type {RawColumn} from './raw-columns.ts';
import type {Recipe} from './recipe.ts';
import type {Predictions} from './score.ts';

/**
 * n rows: `target[i]` is a number, or a class from 0 to `classCount` − 1 (`classCount` is 0 for a number); never missing.
 * The choice of a model ends after three quarters of `budgetMs`; the baseline and the first other one are always tried.
 */
export type TrainingData = {
  columns: RawColumn[];
  target: Float64Array;
  classCount: number;
  /** What the classes are called, for the notes. */
  classes?: readonly string[];
  seed: number;
  budgetMs: number;
  /** Columns that were asked for by name stay, even where one alone tells the target. */
  keepLeaks: boolean;
  /** Rows of the same number stay on one side of every split. */
  groups?: Int32Array | undefined;
  /** A moment a row, in days: then only earlier rows are learnt from, and the latest are held out. */
  time?: Float64Array | undefined;
  /** Names of number columns that are moments: looked at for neighbours in time that are alike. */
  moments?: readonly string[] | undefined;
  /** Every class counts the same, however rare. */
  balanced?: boolean | undefined;
  /** Names of the only estimators to try; the baseline is tried all the same. */
  only?: readonly string[] | undefined;
};

export type Metrics = Record<string, number | null>;
/** `error` is the mean over the folds of what is to be small (RMSE or log loss), `sd` its sample standard deviation. */
export type Candidate = {
  /** Its name, with what is set unlike the default. */
  estimator: string;
  describes: string;
  baseline: boolean;
  error: number;
  sd: number;
  ms: number;
};
/** How much the error grows when a column is shuffled in the held-out rows: mean and extremes of five shuffles. */
export type Importance = {column: string; mean: number; low: number; high: number};

/** What the model that was measured said of rows held out, beside their target: all of them, or many drawn by the seed. */
export type HeldOut = Predictions & {actual: Float64Array};

export const splitKinds = ['random', 'stratified', 'group', 'time', 'group_time'] as const;
export type SplitKind = (typeof splitKinds)[number];

/**
 * `leaderboard` is ordered by error, measured on folds of `choiceRows` rows. `holdout` measures the winner and the baseline
 * on `holdoutRows` rows that took no part in choosing; `parameters` and `recipe` are then fitted again on `fittedRows`.
 */
export type Trained = {
  estimator: string;
  settings: Settings;
  metric: 'rmse' | 'log_loss';
  split: SplitKind;
  folds: number;
  choiceRows: number;
  trainRows: number;
  holdoutRows: number;
  fittedRows: number;
  leaderboard: Candidate[];
  /** Names of what was not tried, with the reason. */
  skipped: {name: string; why: string}[];
  leaks: Leak[];
  /** Plain sentences about the data and what was done with them. */
  notes: string[];
  decision: Decision;
  holdout: {winner: Metrics; baseline: Metrics};
  heldOut: HeldOut;
  importance: Importance[];
  recipe: Recipe;
  parameters: unknown;
  /** The questions of a tree that is small enough to be read, else none. */
  rules: string[];
};

/** A column that tells more than could be known beforehand; it took part only when it was asked for. */
export type Leak = {column: string; why: string};

/** How training talks while it runs: what it does, and what would be kept if it ended now. */
export type Listener = {progress(text: string): void; best(trained: Trained): void};
