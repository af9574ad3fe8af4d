// Chooses a model: every candidate on the same folds, the baseline among them, the best one measured on rows held out.

import {accuracy, balancedAccuracy, brierScore, confusionMatrix, logLoss, macroF1, rocAuc} from './class-metrics.ts';
import type {Estimator, FittedModel} from './estimator.ts';
import {ESTIMATORS} from './estimators.ts';
import {leakingColumns} from './leaks.ts';
import {Mt19937} from './mt19937.ts';
import {type RawColumn, takeRawRows} from './raw-columns.ts';
import {applyRecipe, fitRecipe, keepingMissing, type Recipe} from './recipe.ts';
import {mae, r2, rmse} from './regression-metrics.ts';
import {kFold, type Split, stratifiedKFold, trainTestSplit} from './train-test-split.ts';

/**
 * n rows: `target[i]` is a number, or a class from 0 to `classCount` − 1 (`classCount` is 0 for a number); never missing.
 * No candidate is begun after `budgetMs`; the baseline and the first other one always are.
 */
export type TrainingData = {
  columns: RawColumn[];
  target: Float64Array;
  classCount: number;
  seed: number;
  budgetMs: number;
  /** Columns that were asked for by name stay, even where one alone tells the target. */
  keepLeaks: boolean;
};

export type Metrics = Record<string, number | null>;
/** `error` is the mean over the folds of what is to be small (RMSE or log loss), `sd` its sample standard deviation. */
export type Candidate = {
  estimator: string;
  describes: string;
  baseline: boolean;
  error: number;
  sd: number;
  ms: number;
};
/** How much the error grows when a column is shuffled in the held-out rows: mean and extremes of five shuffles. */
export type Importance = {column: string; mean: number; low: number; high: number};

/**
 * `leaderboard` is ordered by error. `holdout` measures the winner and the baseline on the fifth of the rows that took no
 * part in choosing; `parameters` and `recipe` are then fitted again on all rows.
 */
export type Trained = {
  estimator: string;
  metric: 'rmse' | 'log_loss';
  folds: number;
  trainRows: number;
  holdoutRows: number;
  leaderboard: Candidate[];
  skipped: string[];
  /** Columns that alone tell nearly the whole target; they took part only when they were asked for. */
  leaks: string[];
  holdout: {winner: Metrics; baseline: Metrics};
  importance: Importance[];
  recipe: Recipe;
  parameters: unknown;
};

export const fewestRows = 20;
const mostFolds = 5;
const shuffles = 5;

/** @throws {RangeError} below 20 rows, or when a class has fewer than 2 */
export function train(asked: TrainingData, now: () => number, onProgress: (text: string) => void = () => {}): Trained {
  const {target, classCount, seed} = asked;
  if (target.length < fewestRows) throw new RangeError(`${target.length} rows are too few to train on`);
  const started = now();
  const task = classCount > 0 ? 'classification' : 'regression';
  const outer = holdOut(asked);
  const leaks = leakingColumns(part(asked, outer.train));
  const data = {
    ...asked,
    columns: asked.columns.filter(({name}) => asked.keepLeaks || !leaks.includes(name)),
  };
  const inner = part(data, outer.train);
  const folds = foldsOf(inner);
  const leaderboard: Candidate[] = [];
  const skipped: string[] = [];
  const learns = fitRecipe(inner.columns).steps.length > 0;
  const candidates = ESTIMATORS.filter(each => each.task === task)
    // Without features the others could only be better by luck.
    .filter(each => each.baseline || learns)
    .toSorted((a, b) => +b.baseline - +a.baseline);
  for (const estimator of candidates) {
    if (leaderboard.length >= 2 && now() - started > data.budgetMs) {
      skipped.push(estimator.name);
      continue;
    }
    onProgress(`trying ${estimator.name}, ${folds.length} folds`);
    const begun = now();
    const errors = folds.map(fold => errorOn(estimator, inner, fold));
    leaderboard.push({...summary(estimator, errors), ms: Math.round(now() - begun)});
  }
  leaderboard.sort((a, b) => a.error - b.error);
  const winner = named(leaderboard.find(each => Number.isFinite(each.error))?.estimator, candidates);
  const baseline = candidates.find(each => each.baseline) ?? winner;
  onProgress(`measuring ${winner.name} on the rows held out`);
  const rest = part(data, outer.test);
  const fitted = fitOn(winner, inner);
  const importance = winner.baseline ? [] : importanceOf(fitted, rest, seed);
  const holdout = {winner: measure(fitted, rest), baseline: measure(fitOn(baseline, inner), rest)};
  onProgress(`fitting ${winner.name} on all rows`);
  const last = fitOn(winner, data);
  return {
    estimator: winner.name,
    metric: classCount > 0 ? 'log_loss' : 'rmse',
    folds: folds.length,
    trainRows: inner.target.length,
    holdoutRows: rest.target.length,
    leaderboard,
    skipped,
    leaks,
    holdout,
    importance,
    recipe: last.recipe,
    parameters: last.model.parameters,
  };
}

type Fitted = {recipe: Recipe; model: FittedModel};

function fitOn(estimator: Estimator, {columns, target, classCount, seed}: TrainingData): Fitted {
  const goal = {target, classCount, seed};
  const filled = fitRecipe(columns, {goal});
  const recipe = estimator.takesMissing ? keepingMissing(filled) : filled;
  const {values} = applyRecipe(recipe, columns, target.length, goal);
  const features = values.length > 0 ? values : [new Float64Array(target.length)];
  return {recipe, model: estimator.fit({features, target, classCount, seed})};
}

/** A model needs a column to know how many rows there are, so without any feature there is one of zeros. */
export function featuresOf(recipe: Recipe, columns: readonly RawColumn[], rows: number): Float64Array[] {
  const {values} = applyRecipe(recipe, columns, rows);
  return values.length > 0 ? values : [new Float64Array(rows)];
}

function part(data: TrainingData, rows: Uint32Array): TrainingData {
  const target = Float64Array.from(rows, row => data.target[row] ?? Number.NaN);
  return {...data, columns: takeRawRows(data.columns, rows), target};
}

/** A fifth of the rows: of each class its fifth. */
function holdOut({target, classCount, seed}: TrainingData): Split {
  if (classCount === 0) return trainTestSplit({rows: target.length, testShare: 0.2, seed});
  const [first] = stratifiedKFold({classes: target, folds: mostFolds, seed});
  if (!first) throw new RangeError('no rows to hold out');
  return first;
}

function foldsOf({target, classCount, seed}: TrainingData): Split[] {
  return classCount > 0
    ? stratifiedKFold({classes: target, folds: mostFolds, seed})
    : kFold({rows: target.length, folds: mostFolds, seed});
}

function errorOn(estimator: Estimator, data: TrainingData, {train: seen, test}: Split): number {
  const {model, recipe} = fitOn(estimator, part(data, seen));
  return errorOf({model, recipe}, part(data, test));
}

function errorOf({model, recipe}: Fitted, {columns, target, classCount}: TrainingData): number {
  const features = featuresOf(recipe, columns, target.length);
  if (classCount === 0) return rmse(target, model.predict(features));
  return logLoss(target, model.probabilities?.(features) ?? []);
}

function summary({name, describes, baseline}: Estimator, errors: readonly number[]): Omit<Candidate, 'ms'> {
  const error = errors.reduce((sum, value) => sum + value, 0) / errors.length;
  const squares = errors.reduce((sum, value) => sum + (value - error) ** 2, 0);
  return {estimator: name, describes, baseline, error, sd: Math.sqrt(squares / (errors.length - 1))};
}

function named(name: string | undefined, candidates: readonly Estimator[]): Estimator {
  const found = candidates.find(each => each.name === name);
  if (!found) throw new RangeError('no candidate gave a finite error');
  return found;
}

function measure({model, recipe}: Fitted, {columns, target, classCount}: TrainingData): Metrics {
  const features = featuresOf(recipe, columns, target.length);
  const predicted = model.predict(features);
  if (classCount === 0) return {rmse: rmse(target, predicted), mae: mae(target, predicted), r2: r2(target, predicted)};
  const probabilities = model.probabilities?.(features) ?? [];
  const matrix = confusionMatrix(target, predicted, classCount);
  const [, positive] = probabilities;
  const ofTwo =
    classCount === 2 && positive ? {roc_auc: rocAuc(target, positive), brier: brierScore(target, positive)} : {};
  return {
    log_loss: logLoss(target, probabilities),
    accuracy: accuracy(target, predicted),
    balanced_accuracy: balancedAccuracy(matrix),
    macro_f1: macroF1(matrix),
    ...ofTwo,
  };
}

/** Permutation importance (Breiman 2001) of the raw columns, on rows the model has not seen. Largest first. */
function importanceOf(fitted: Fitted, data: TrainingData, seed: number): Importance[] {
  const base = errorOf(fitted, data);
  const random = new Mt19937(seed);
  const used = new Set(fitted.recipe.steps.map(step => step.name));
  const rows = data.target.length;
  const found = data.columns
    .filter(({name}) => used.has(name))
    .map(column => {
      const rises = Array.from({length: shuffles}, () => {
        const order = random.permutation(rows);
        const columns = data.columns.map(each => (each === column ? (takeRawRows([each], order)[0] ?? each) : each));
        return errorOf(fitted, {...data, columns}) - base;
      });
      const mean = rises.reduce((sum, value) => sum + value, 0) / shuffles;
      return {column: column.name, mean, low: Math.min(...rises), high: Math.max(...rises)};
    });
  return found.sort((a, b) => b.mean - a.mean);
}
