// What becomes of the best candidate: its decision, its measures, and the last fit.

import {formatCount, formatNumber} from '../core/text.ts';
import {type Checked, drawn} from './check-data.ts';
import {
  calibrated,
  chooseCurves,
  chooseThreshold,
  type Decision,
  decided,
  type Threshold,
  valueOfAim,
} from './decision.ts';
import type {Estimator, FittedModel} from './estimator.ts';
import {type FoldData, featuresFor, fitPart, partOf} from './fold-data.ts';
import {harderTest} from './harder-test.ts';
import {importanceOf} from './importance.ts';
import {allRows, takeNumbers} from './raw-columns.ts';
import {applyRecipe, fitRecipe, keepingMissing, type Recipe} from './recipe.ts';
import {measure, type Predictions, predictionsOf} from './score.ts';
import {type Contest, type Entry, ordered} from './search.ts';
import type {HeldOut, SplitKind, Trained, TrainingData} from './training-data.ts';
import {treeRules} from './tree-rules.ts';

const mostImportanceRows = 5_000;
const mostShownCells = 400_000;
const rareShare = 0.35;
const fewestRare = 30;

export type Stage = {checked: Checked; contest: Contest; choice: FoldData; board: Entry[]; skipped: Trained['skipped']};
export type Best = {entry: Entry; measured: Measured};
type Measured = {
  model: FittedModel;
  decision: Decision;
  holdout: Trained['holdout'];
  heldOut: HeldOut;
  notes: string[];
};

/** The candidate fitted to all rows of the choice, its decision from out-of-fold predictions, measured on the rows held out. */
export function measureOn({checked: {data}, contest, choice, board}: Stage, entry: Entry): Measured {
  const {decision, notes, found} = decide(contest, entry);
  const model = fitPart(entry.of, entry.settings, choice.train, data);
  const {target} = choice.test;
  const predictions = (of: Estimator, fitted: FittedModel) => predictionsOf(fitted, featuresFor(of, choice.test));
  const said = predictions(entry.of, decided(model, decision));
  const winner = measure(said, target, data.classCount);
  const dummy = board.find(each => each.baseline) ?? entry;
  const baseline =
    dummy === entry
      ? winner
      : measure(predictions(dummy.of, fitPart(dummy.of, {}, choice.train, data)), target, data.classCount);
  const metric = data.classCount > 0 ? 'log_loss' : 'rmse';
  const heldOut = winner[metric] ?? Number.NaN;
  // Neither weighted errors nor those before the calibration can be held against the error held out.
  const isLike = !data.balanced && decision.curves.length === 0;
  return {
    model,
    decision,
    holdout: {winner, baseline},
    heldOut: shownOf(target, said, data.seed),
    notes: [
      ...notes,
      ...(found ? [thresholdNote(found, data, target, said.predicted)] : []),
      ...(isLike ? apartNotes(entry, heldOut) : []),
      ...(data.balanced ? [] : perfectNotes(heldOut, baseline[metric] ?? Number.NaN)),
    ],
  };
}

/** Of the baseline's error: so little is left where a column tells the target, seldom elsewhere. */
const hardlyAny = 0.02;

function perfectNotes(error: number, baseline: number): string[] {
  if (!(error < hardlyAny * baseline)) return [];
  const share = `${((100 * error) / baseline).toFixed(1)} %`;
  return [
    `Nearly perfect: on the rows held out ${share} of the baseline's error is left, and few targets can be known that well. Make sure that the columns that matter most are known before the target is.`,
  ];
}

/** The value on the folds was looked for there and flatters a little; that on the rows held out does not. */
function thresholdNote(
  {threshold, aim, best, usual}: Threshold,
  {classes}: TrainingData,
  actual: Float64Array,
  predicted: Float64Array,
): string {
  const value = valueOfAim(aim, actual, predicted);
  const held = Number.isNaN(value) ? '' : `; on the rows held out ${value.toFixed(3)}`;
  return `${classes?.[1] ?? 'Class 1'} is predicted from a probability of ${threshold.toFixed(3)}, chosen on out-of-fold predictions for the best ${aim === 'f1' ? 'F1 of the rarer class' : aim}: ${best.toFixed(3)} instead of ${usual.toFixed(3)} at 0.5${held}.`;
}

/** What is sent from thread to thread with every better model stays small, with many rows and classes too. */
function shownOf(actual: Float64Array, {predicted, probabilities}: Predictions, seed: number): HeldOut {
  const rows = drawn(allRows(actual.length), Math.floor(mostShownCells / (2 + (probabilities?.length ?? 0))), seed);
  const take = (column: Float64Array) => takeNumbers(column, rows);
  return {actual: take(actual), predicted: take(predicted), probabilities: probabilities?.map(take) ?? null};
}

/**
 * Where the error of the rows held out lies more than three sample standard deviations of the folds from their mean, and a
 * tenth of it: of five folds drawn alike, a sixth one would do so about once in twenty times (Student's t with 4 degrees of
 * freedom, times √(1 + 1/5)). From three folds on.
 */
export function apartNotes({error, sd, errors}: Pick<Entry, 'error' | 'sd' | 'errors'>, heldOut: number): string[] {
  const apart = Math.abs(heldOut - error);
  if (errors.length < 3 || !(apart > 3 * sd && apart > 0.1 * error)) return [];
  return [
    `The rows held out and the folds disagree: ${formatNumber(heldOut)} lies more than 3 sd from the mean ${formatNumber(error)} of the folds (sd ${formatNumber(sd)}). They may be unlike each other; expect the larger error on new rows.`,
  ];
}

const noDecision: Decision = {curves: [], threshold: null};

type Decided = {decision: Decision; notes: string[]; found?: Threshold | null};

function decide({data, rows, folds}: Contest, entry: Entry): Decided {
  const {classCount, balanced} = data;
  if (classCount === 0 || entry.baseline) return {decision: noDecision, notes: []};
  const foldOf = new Int32Array(rows.length).fill(-1);
  folds.forEach(({test}, fold) => {
    for (const place of test) foldOf[place] = fold;
  });
  const tested = allRows(rows.length).filter(place => (foldOf[place] ?? -1) >= 0);
  const actual = Float64Array.from(tested, place => data.target[rows[place] ?? 0] ?? 0);
  const probabilities = entry.out.map(column => takeNumbers(column, tested));
  const notes: string[] = [];
  // Probabilities under balanced weights are meant to differ from the shares of the classes.
  const {kind, curves, before, after} = balanced
    ? {kind: null, curves: [], before: 0, after: 0}
    : chooseCurves({
        actual,
        probabilities,
        foldOf: Int32Array.from(tested, place => foldOf[place] ?? 0),
        folds: folds.length,
      });
  if (kind)
    notes.push(
      `Probabilities are calibrated (${kind === 'platt' ? "Platt's sigmoid" : 'isotonic'}) on out-of-fold predictions: log loss ${before.toFixed(4)} → ${after.toFixed(4)}.`,
    );
  const [, positive] = calibrated(probabilities, curves);
  const ones = actual.reduce((sum, each) => sum + each, 0);
  const rare = Math.min(ones, actual.length - ones);
  const isRare = rare >= fewestRare && rare < rareShare * actual.length;
  if (classCount !== 2 || !positive || !(balanced || isRare)) return {decision: {curves, threshold: null}, notes};
  const found = chooseThreshold(actual, positive, balanced ? 'balanced accuracy' : 'f1');
  return {decision: {curves, threshold: found?.threshold ?? null}, notes, found};
}

function recipeFor({takesMissing}: Estimator, recipe: Recipe): Recipe {
  return takesMissing ? keepingMissing(recipe) : recipe;
}

/** What would be kept if nothing more was done: the model as it was measured. */
export function trainedOf({checked, contest, choice, board, skipped}: Stage, best: Best): Trained {
  const {data, outer, leaks, ties, notes} = checked;
  const {entry, measured} = best;
  const {groups, time, classCount} = data;
  const all = ordered(board);
  const compared = all.filter(({error, sd}) => Number.isFinite(error + sd));
  return {
    estimator: entry.of.name,
    settings: entry.settings,
    metric: classCount > 0 ? 'log_loss' : 'rmse',
    split: splitOf({groups, time, classCount}),
    folds: contest.folds.length,
    choiceRows: contest.rows.length,
    trainRows: outer.train.length,
    holdoutRows: outer.test.length,
    fittedRows: contest.rows.length,
    leaderboard: compared.map(({estimator, describes, baseline, error, sd, ms}) => ({
      estimator,
      describes,
      baseline,
      error,
      sd,
      ms,
    })),
    skipped: [...skipped, ...all.filter(each => !compared.includes(each)).map(lostIn)],
    leaks,
    notes: [...notes, ...ties.map(({text}) => text), ...measured.notes],
    decision: measured.decision,
    holdout: measured.holdout,
    heldOut: measured.heldOut,
    importance: [],
    recipe: recipeFor(entry.of, choice.recipe),
    parameters: measured.model.parameters,
    rules: [],
  };
}

function lostIn({estimator}: Entry): Trained['skipped'][number] {
  return {name: estimator, why: 'its errors are too large to be squared'};
}

function splitOf({groups, time, classCount}: Pick<TrainingData, 'groups' | 'time' | 'classCount'>): SplitKind {
  if (time) return groups ? 'group_time' : 'time';
  return groups ? 'group' : classCount > 0 ? 'stratified' : 'random';
}

/** Tells what mattered, and fits the winner again to all rows, or to as many as the time allows. */
export function finish(stage: Stage, best: Best, endsAt: number): Trained {
  const {checked, contest, choice} = stage;
  const {data} = checked;
  const {entry, measured} = best;
  const kept = trainedOf(stage, best);
  const few = drawn(checked.outer.test, mostImportanceRows, data.seed);
  const {columns} = applyRecipe(choice.recipe, data.columns, 1);
  const about = {model: measured.model, estimator: entry.of, columns, classCount: data.classCount, seed: data.seed};
  // Half of what is left is for the last fit, and a quarter of all is not too much for an honest figure.
  const harderUntil = contest.now() + Math.max((endsAt - contest.now()) / 2, data.budgetMs / 4);
  const baseline = stage.board.find(each => each.baseline);
  const ties = checked.ties.map(tie => {
    if (!baseline || baseline === entry) return tie.text;
    contest.progress('testing on rows that share nothing with those learnt from');
    return tie.text + harderTest(contest, {entry, baseline}, tie, harderUntil);
  });
  contest.progress('measuring which columns matter');
  const measurable = entry.baseline ? [] : importanceOf(about, partOf(data, choice.recipe, few, false));
  const importance = measurable.filter(({mean, low, high}) => Number.isFinite(mean + low + high));
  const all = data.target.length;
  const msOfAll = (entry.fitMs * all) / Math.max(1, 0.8 * contest.rows.length);
  const left = Math.max(endsAt - contest.now(), data.budgetMs / 2);
  const share = msOfAll > left ? Math.max(left / msOfAll, contest.rows.length / all) : 1;
  const rows = share < 1 ? drawn(allRows(all), Math.ceil(share * all), data.seed) : allRows(all);
  contest.progress(`fitting ${entry.estimator} on ${formatCount(rows.length)} rows`);
  const recipe = fitRecipe(data.columns, {rows, goal: data});
  const model = fitPart(entry.of, entry.settings, partOf(data, recipe, rows, true), data);
  return {
    ...kept,
    notes: [...checked.notes, ...ties, ...measured.notes],
    rules: entry.of.name === 'tree' ? treeRules(model.parameters, recipe, data.classes ?? []) : [],
    importance,
    fittedRows: rows.length,
    recipe: recipeFor(entry.of, recipe),
    parameters: model.parameters,
  };
}
