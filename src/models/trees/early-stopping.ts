// Ends boosting when further trees no longer help on rows that none of them has seen.

import {kFold, type Split, stratifiedKFold} from '../train-test-split.ts';

/** With fewer rows, a tenth of them says too little, and boosting runs to its end. */
export const fewestRowsToHold = 200;
const folds = 10;
/** As scikit-learn's `tol`. */
const leastProgress = 1e-7;

/** A tenth of the rows is held out, of each class its tenth. */
export function holdTenth(target: Float64Array, classCount: number, seed: number): Split {
  const splits =
    classCount > 0 ? stratifiedKFold({classes: target, folds, seed}) : kFold({rows: target.length, folds, seed});
  const [first] = splits;
  if (!first) throw new RangeError('no rows to hold out');
  return first;
}

/** Notes the loss after each round and says when `patience` rounds in a row brought nothing. */
export function createWatch(patience: number): {note(loss: number): void; isOver(): boolean; bestRounds(): number} {
  let [best, rounds, bestRounds] = [Number.POSITIVE_INFINITY, 0, 0];
  return {
    note(loss) {
      rounds++;
      if (!(loss < best - leastProgress)) return;
      best = loss;
      bestRounds = rounds;
    },
    isOver: () => rounds - bestRounds >= patience,
    bestRounds: () => bestRounds,
  };
}

/** Half the mean squared error, or the log loss, of `rows` by their raw scores. */
export function heldLoss(
  scores: readonly Float64Array[],
  target: Float64Array,
  classCount: number,
  rows: Uint32Array,
): number {
  let loss = 0;
  for (const row of rows) {
    const actual = target[row] ?? 0;
    const score = scores[0]?.[row] ?? 0;
    if (classCount === 0) loss += (score - actual) ** 2 / 2;
    else if (classCount <= 2) loss += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - actual * score;
    else {
      const all = scores.map(each => each[row] ?? 0);
      const most = Math.max(...all);
      loss += most + Math.log(all.reduce((sum, each) => sum + Math.exp(each - most), 0)) - (all[actual] ?? 0);
    }
  }
  return loss / rows.length;
}
