// Chooses a model: every candidate on the same folds, the baseline among them, the best one measured on rows held out.

import {checkData, dividingOf} from './check-data.ts';
import type {Estimator} from './estimator.ts';
import {ESTIMATORS} from './estimators.ts';
import {type FoldData, prepareFold} from './fold-data.ts';
import {blend, type Contest, crossValidate, type Entry, ordered, tune} from './search.ts';
import {foldsOf} from './splits.ts';
import type {Listener, Trained, TrainingData} from './training-data.ts';
import {type Best, finish, measureOn, trainedOf} from './winner.ts';

export const fewestRows = 20;
/** The rest of the time is for the last fit. */
const choiceShare = 0.75;

/** @throws {RangeError} below 20 rows, or when a class, the groups or the times are too few to be divided */
export function train(asked: TrainingData, now: () => number, listener: Listener = silent): Trained {
  const started = now();
  if (asked.target.length < fewestRows)
    throw new RangeError(`${asked.target.length} rows are too few to train on; ${fewestRows} with a target are needed`);
  const checked = checkData(asked);
  const {data, outer, rows} = checked;
  const skipped: Trained['skipped'] = [];
  const contest: Contest = {
    data,
    rows,
    folds: foldsOf(dividingOf(data, rows)),
    prepared: new Map(),
    now,
    endsAt: started + choiceShare * data.budgetMs,
    skip: (name, why) => skipped.push({name, why}),
    progress: listener.progress,
  };
  const choice = prepareFold(data, rows, outer.test);
  const board: Entry[] = [];
  const stage = {checked, contest, choice, board, skipped};
  let best: Best | null = null;
  const candidates = candidatesOf(data, choice);
  const enter = (entry: Entry | null) => {
    if (!entry) return;
    board.push(entry);
    const [leader] = ordered(board);
    if (leader !== entry || !Number.isFinite(entry.error)) return;
    best = {entry, measured: measureOn(stage, entry)};
    listener.best(trainedOf(stage, best));
  };
  for (const [place, estimator] of candidates.entries()) {
    const leader = ordered(board)[0];
    const soFar = leader ? `; best so far ${leader.estimator}` : '';
    listener.progress(`trying ${estimator.name} (${place + 1} of ${candidates.length})${soFar}`);
    const baseline = board.find(each => each.baseline);
    // Who was asked for by name is measured whole.
    const rivals = leader && baseline && !data.only ? {leader, baseline} : undefined;
    enter(crossValidate(contest, estimator, {isSure: board.length < 2, rivals}));
  }
  for (const entry of tune(contest, board)) enter(entry);
  if (!data.only) enter(blend(contest, board));
  if (!best) throw new RangeError('no candidate gave a finite error: the values are too large to be squared');
  contest.prepared.clear();
  return finish(stage, best, started + data.budgetMs);
}

const silent: Listener = {progress: () => {}, best: () => {}};

function candidatesOf({classCount, only, target}: TrainingData, choice: FoldData): Estimator[] {
  const task = classCount > 0 ? 'classification' : 'regression';
  const learns = choice.recipe.steps.length > 0;
  return (
    ESTIMATORS.filter(each => each.task === task && !each.composed)
      // Without features the others could only be better by luck.
      .filter(each => each.baseline || (learns && (!only || only.includes(each.name))))
      .filter(each => only?.includes(each.name) || !(each.suits?.(choice.train.kept) ?? each.suitsTarget?.(target)))
      .toSorted((a, b) => +b.baseline - +a.baseline)
  );
}
