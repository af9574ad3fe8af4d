// How rows are divided for choosing and for measuring: by class, by group or by time, as the data need it.

import {groupKFold, groupTimeFolds, latestRows, stratifiedGroupKFold, timeFolds} from './group-folds.ts';
import {kFold, type Split, stratifiedKFold, trainTestSplit} from './train-test-split.ts';

/**
 * Rows of one number in `groups` stay together; rows with a `time` are tested only after those learnt from. With both, they are
 * tested on later rows of other groups.
 */
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
/** Of the time and of the groups each, where both divide: a ninth of the rows is held out. */
const fewestParts = 3;

/**
 * A fifth of the rows, at most 50,000: the latest, or whole groups, or of each class its share. With groups and time it is
 * the last third of time of a third of the groups.
 */
export function holdOut({target, classCount, seed, groups, time}: Dividing): Split {
  const rows = target.length;
  const parts = Math.max(folds, Math.ceil(rows / mostHeldOut));
  const classes = classCount > 0 ? target : undefined;
  if (time && groups) {
    const both = Math.max(fewestParts, Math.ceil(Math.sqrt(rows / mostHeldOut)));
    return first(groupTimeFolds({groups, time, classes, folds: both, testShare: 1 / both}));
  }
  if (time) return latestRows({time, testShare: 1 / parts});
  if (!groups && classCount === 0) return trainTestSplit({rows, testShare: 1 / parts, seed});
  if (!groups) return first(stratifiedKFold({classes: target, folds: parts, seed}));
  return first(classes ? stratifiedGroupKFold({groups, classes, folds: parts}) : groupKFold({groups, folds: parts}));
}

function first([split]: readonly Split[]): Split {
  if (!split) throw new RangeError('no rows to hold out');
  return split;
}

/** Five folds of the rows given, which are those not held out; fewer where the groups of a panel are fewer. */
export function foldsOf({target, classCount, seed, groups, time}: Dividing): Split[] {
  if (time && groups) {
    const classes = classCount > 0 ? target : undefined;
    return groupTimeFolds({groups, time, classes, folds, testShare: 1 / fewestParts});
  }
  if (time) return timeFolds({time, folds});
  if (groups)
    return classCount > 0 ? stratifiedGroupKFold({groups, classes: target, folds}) : groupKFold({groups, folds});
  return classCount > 0 ? stratifiedKFold({classes: target, folds, seed}) : kFold({rows: target.length, folds, seed});
}
