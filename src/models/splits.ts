// How rows are divided for choosing and for measuring: by class, by group or by time, as the data need it.

import {groupKFold, latestRows, stratifiedGroupKFold, timeFolds} from './group-folds.ts';
import {kFold, type Split, stratifiedKFold, trainTestSplit} from './train-test-split.ts';

/** Rows of one number in `groups` stay together; rows with a `time` are tested only after those learnt from. */
export type Dividing = {
  target: Float64Array;
  classCount: number;
  seed: number;
  groups?: Int32Array | undefined;
  time?: Float64Array | undefined;
};

const folds = 5;
/** More rows held out don't make a measure better that matters. */
const mostHeldOut = 50_000;

/** A fifth of the rows, at most 50,000: the latest, or whole groups, or of each class its share. */
export function holdOut({target, classCount, seed, groups, time}: Dividing): Split {
  const rows = target.length;
  const parts = Math.max(folds, Math.ceil(rows / mostHeldOut));
  if (time) return latestRows({time, testShare: 1 / parts});
  if (!groups && classCount === 0) return trainTestSplit({rows, testShare: 1 / parts, seed});
  const [first] = groups
    ? classCount > 0
      ? stratifiedGroupKFold({groups, classes: target, folds: parts})
      : groupKFold({groups, folds: parts})
    : stratifiedKFold({classes: target, folds: parts, seed});
  if (!first) throw new RangeError('no rows to hold out');
  return first;
}

/** Five folds of the rows given, which are those not held out. */
export function foldsOf({target, classCount, seed, groups, time}: Dividing): Split[] {
  if (time) return timeFolds({time, folds});
  if (groups)
    return classCount > 0 ? stratifiedGroupKFold({groups, classes: target, folds}) : groupKFold({groups, folds});
  return classCount > 0 ? stratifiedKFold({classes: target, folds, seed}) : kFold({rows: target.length, folds, seed});
}
