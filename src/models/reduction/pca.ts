// Principal components: the directions along which scaled rows differ the most.

import type {Columns} from '../../core/least-squares.ts';
import {symmetricEigen} from '../../core/symmetric-eigen.ts';
import {type Scale, scaleOf} from '../clustering/standardise.ts';

/**
 * `components[c][j]` is the loading of column j on component c; each has length 1 and its largest loading above 0. `variance[c]` is that
 * of the scores (n − 1), `ratio[c]` its share of all.
 */
export type Pca = {scale: Scale; components: Float64Array[]; variance: Float64Array; ratio: Float64Array};

/**
 * Of columns scaled to mean 0 and sd 1 (population), all finite: scikit-learn's `PCA` behind a `StandardScaler`, but for the signs, which
 * the largest loading decides. As many components as columns, the largest variance first. @throws {RangeError} with fewer than 3 rows.
 */
export function pca(columns: Columns): Pca {
  const n = columns[0]?.length ?? 0;
  if (n < 3) throw new RangeError(`There are ${n} rows with a value in every column; 3 are needed`);
  const scale = scaleOf(columns);
  const scaled = columns.map((column, j) => column.map(value => (value - (scale.means[j] ?? 0)) / (scale.sds[j] ?? 1)));
  const matrix = scaled.map(() => new Float64Array(columns.length));
  for (const [i, a] of scaled.entries())
    for (let j = i; j < scaled.length; j++) {
      const covariance = dot(a, scaled[j]) / (n - 1);
      const [row, mirrored] = [matrix[i], matrix[j]];
      if (row) row[j] = covariance;
      if (mirrored) mirrored[i] = covariance;
    }
  const {values, vectors} = symmetricEigen(matrix);
  const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const variance = Float64Array.from(order, c => Math.max(0, values[c] ?? 0));
  const total = variance.reduce((sum, value) => sum + value, 0);
  return {
    scale,
    components: order.map(c => turned(vectors[c] ?? new Float64Array())),
    variance,
    ratio: variance.map(value => (total > 0 ? value / total : 0)),
  };
}

function turned(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) * (1 + 1e-9) ? value : most), 0);
  return largest < 0 ? vector.map(value => -value) : vector;
}

/** The place of each row along one component. */
export function scoresOn({scale, components}: Pca, columns: Columns, component: number): Float64Array {
  const loadings = components[component] ?? new Float64Array();
  const scores = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, j) => {
    const [mean, factor] = [scale.means[j] ?? 0, (loadings[j] ?? 0) / (scale.sds[j] ?? 1)];
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) + ((column[i] ?? 0) - mean) * factor;
  });
  return scores;
}

function dot(a: Float64Array, b: Float64Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b?.[i] ?? 0);
  return sum;
}
