// Columns that alone tell the target: copies of it, or what was only known afterwards.

import {logLoss} from './class-metrics.ts';
import type {RawColumn} from './raw-columns.ts';
import {applyRecipe, fitRecipe} from './recipe.ts';
import {rmse} from './regression-metrics.ts';
import {treeClassifier, treeRegressor} from './trees/forest.ts';

const mostCorrelation = 0.999;
/** Of the error that knowing nothing gives. */
const leastError = 0.02;

type Learnt = {columns: readonly RawColumn[]; target: Float64Array; classCount: number; seed: number};

/**
 * The names of the columns from which alone a tree of four questions, or a straight line, gives nearly the whole target.
 * A target of one value has none.
 */
export function leakingColumns({columns, target, classCount, seed}: Learnt): string[] {
  const estimator = classCount > 0 ? treeClassifier : treeRegressor;
  const errorOf = (features: Float64Array[]) => {
    const model = estimator.fit({features, target, classCount, seed});
    return classCount > 0
      ? logLoss(target, model.probabilities?.(features) ?? [])
      : rmse(target, model.predict(features));
  };
  const nothing = errorOf([new Float64Array(target.length)]);
  if (!(nothing > 1e-12)) return [];
  return columns
    .filter(column => {
      const features = applyRecipe(fitRecipe([column]), [column], target.length).values;
      if (features.length === 0) return false;
      if (
        classCount === 0 &&
        column.kind === 'number' &&
        Math.abs(correlation(column.values, target)) > mostCorrelation
      )
        return true;
      return errorOf(features) < leastError * nothing;
    })
    .map(({name}) => name);
}

/** Pearson's r over the rows where both are there; NaN when either is constant. */
function correlation(x: Float64Array, y: Float64Array): number {
  const rows = Array.from(x.keys()).filter(i => !Number.isNaN(x[i]));
  const meanOf = (values: Float64Array) => rows.reduce((sum, i) => sum + (values[i] ?? 0), 0) / rows.length;
  const [mx, my] = [meanOf(x), meanOf(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const i of rows) {
    const [a, b] = [(x[i] ?? 0) - mx, (y[i] ?? 0) - my];
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / Math.sqrt(xx * yy);
}
