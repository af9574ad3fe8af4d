// Permutation importance: how much worse the predictions get when a column says something else than it should.

import {type Estimator, type FittedModel, rowCountOf} from './estimator.ts';
import {outputsOf, type Part} from './fold-data.ts';
import {Mt19937} from './mt19937.ts';
import {takeNumbers} from './raw-columns.ts';
import {errorOf} from './score.ts';
import type {Importance} from './training-data.ts';

const shuffles = 5;

/**
 * Permutation importance (Breiman 2001) of raw columns on rows the model has not seen, largest first. `columns[j]` is the
 * raw column behind feature j; all features of a column are shuffled alike.
 */
export function importanceOf(
  {
    model,
    estimator,
    columns,
    classCount,
    seed,
  }: {
    model: FittedModel;
    estimator: Estimator;
    columns: readonly string[];
    classCount: number;
    seed: number;
  },
  part: Part,
): Importance[] {
  const features = estimator.takesMissing ? part.kept : part.filled;
  const errorWith = (values: Float64Array[]) =>
    errorOf(part.target, outputsOf(model, values, classCount), classCount, part.weights);
  const base = errorWith(features);
  const random = new Mt19937(seed);
  const rows = rowCountOf(features);
  const found = [...new Set(columns)].map(column => {
    const rises = Array.from({length: shuffles}, () => {
      const order = random.permutation(rows);
      return (
        errorWith(features.map((values, j) => (columns[j] === column ? takeNumbers(values, order) : values))) - base
      );
    });
    const mean = rises.reduce((sum, value) => sum + value, 0) / shuffles;
    return {column, mean, low: Math.min(...rises), high: Math.max(...rises)};
  });
  return found.sort((a, b) => b.mean - a.mean);
}
