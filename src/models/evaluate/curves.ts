// Points of the curves that tell how well a score finds the rows of a class, thinned to what a drawing can show.

import {averagePrecision, rocAuc, tiedGroups} from '../class-metrics.ts';

/** Points in drawing order, `x` and `y` of equal length; `area` is the area under all of them, before any was left out. */
export type ScoreCurve = {x: number[]; y: number[]; area: number};

/**
 * False positive rate (x) and true positive rate (y) from the highest score down, from (0, 0) to (1, 1), without the points
 * that lie on a straight line between their neighbours; `area` is ROC AUC (scikit-learn: `roc_curve`, `roc_auc_score`).
 * `happened[i]` is 1 for the class, else 0. Null unless both occur.
 */
export function rocCurve(happened: Float64Array, score: Float64Array): ScoreCurve | null {
  const area = rocAuc(happened, score);
  if (area === null) return null;
  const [wrong, right]: [number[], number[]] = [[0], [0]];
  for (const {positive, negative} of tiedGroups(happened, score)) {
    wrong.push((wrong.at(-1) ?? 0) + negative);
    right.push((right.at(-1) ?? 0) + positive);
  }
  const turns = (counts: number[], i: number) =>
    (counts[i + 1] ?? 0) - (counts[i] ?? 0) !== (counts[i] ?? 0) - (counts[i - 1] ?? 0);
  // The origin goes in after the collinear points are left out, so that the first group always stays (as scikit-learn 1.2).
  const isKept = (_: number, i: number) => i <= 1 || i === wrong.length - 1 || turns(wrong, i) || turns(right, i);
  const share = (counts: number[]) => counts.map(count => count / (counts.at(-1) ?? 1)).filter(isKept);
  return {x: share(wrong), y: share(right), area};
}

/**
 * Recall (x) and precision (y) from all rows to none: from recall 1 to the point (0, 1) that stands for no row at all; `area`
 * is average precision (scikit-learn: `precision_recall_curve`, `average_precision_score`). The precision at a point holds for
 * the step down to the next recall. Null where the class does not occur.
 */
export function precisionRecallCurve(happened: Float64Array, score: Float64Array): ScoreCurve | null {
  const area = averagePrecision(happened, score);
  if (area === null) return null;
  const curve: ScoreCurve = {x: [0], y: [1], area};
  const all = happened.reduce((sum, each) => sum + (each === 1 ? 1 : 0), 0);
  let [found, seen] = [0, 0];
  for (const {positive, negative} of tiedGroups(happened, score)) {
    found += positive;
    seen += positive + negative;
    curve.x.push(found / all);
    curve.y.push(found / seen);
  }
  return {x: curve.x.reverse(), y: curve.y.reverse(), area};
}

/** A few px of a drawing. */
const leastMove = 1 / 150;

/**
 * The first and the last point, and each that has moved by 1/150 of an axis of length 1 since the last one kept: at most 302
 * points where neither x nor y ever turns, whatever the number of rows.
 */
export function thinned({x, y, area}: ScoreCurve): ScoreCurve {
  const kept: number[] = [];
  const [last, end] = [{x: Number.NaN, y: Number.NaN}, x.length - 1];
  x.forEach((px, i) => {
    const py = y[i] ?? 0;
    const isNear = Math.abs(px - last.x) < leastMove && Math.abs(py - last.y) < leastMove;
    if (isNear && i !== end) return;
    last.x = px;
    last.y = py;
    kept.push(i);
  });
  return {x: kept.map(i => x[i] ?? 0), y: kept.map(i => y[i] ?? 0), area};
}
