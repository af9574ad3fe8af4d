// Filling gaps in numbers from the other columns: nearest rows, or regressions in turns. NaN is a gap.

import {bayesianRidge} from './bayesian-ridge.ts';

/** Lets others work every few milliseconds, and stops when the signal has fired. */
export type Pause = () => Promise<void>;

const neighbours = 5;
const rounds = 10;
const tolerance = 1e-3;

/**
 * As scikit-learn's KNNImputer with its defaults: the plain mean of the five rows with the column that are nearest by the
 * Euclidean distance over the columns both rows have, scaled up for those they lack. Without a comparable row it is the column's
 * mean. Columns are not scaled. Equally near rows: the first ones.
 */
export async function knnImpute(columns: readonly Float64Array[], pause: Pause): Promise<Float64Array[]> {
  const n = columns[0]?.length ?? 0;
  const filled = columns.map(column => column.slice());
  const means = columns.map(meanOf);
  for (let row = 0; row < n; row++) {
    if (!columns.some(column => Number.isNaN(column[row]))) continue;
    await pause();
    const distances = distancesFrom(columns, row, n);
    columns.forEach((column, j) => {
      const target = filled[j];
      if (target && Number.isNaN(column[row])) target[row] = meanOfNearest(column, distances) ?? means[j] ?? Number.NaN;
    });
  }
  return filled;
}

/** Squared distances; NaN for rows that share no column. */
function distancesFrom(columns: readonly Float64Array[], row: number, n: number): Float64Array {
  const sums = new Float64Array(n);
  const shared = new Uint16Array(n);
  for (const column of columns) {
    const here = column[row] ?? Number.NaN;
    if (Number.isNaN(here)) continue;
    for (let i = 0; i < n; i++) {
      const gap = (column[i] ?? Number.NaN) - here;
      if (Number.isNaN(gap)) continue;
      sums[i] = (sums[i] ?? 0) + gap * gap;
      shared[i] = (shared[i] ?? 0) + 1;
    }
  }
  return sums.map((sum, i) => (shared[i] ? (sum * columns.length) / (shared[i] ?? 1) : Number.NaN));
}

function meanOfNearest(column: Float64Array, distances: Float64Array): number | null {
  const nearest: {value: number; distance: number}[] = [];
  for (let i = 0; i < column.length; i++) {
    const distance = distances[i] ?? Number.NaN;
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(distance) || Number.isNaN(value)) continue;
    if (nearest.length === neighbours && distance >= (nearest.at(-1)?.distance ?? 0)) continue;
    let at = nearest.length;
    while (at > 0 && (nearest[at - 1]?.distance ?? 0) > distance) at--;
    nearest.splice(at, 0, {value, distance});
    if (nearest.length > neighbours) nearest.pop();
  }
  if (nearest.length === 0) return null;
  return nearest.reduce((sum, {value}) => sum + value, 0) / nearest.length;
}

/**
 * As scikit-learn's IterativeImputer with its defaults: from the means on, each column with gaps in turn (fewest first) is
 * predicted from all others by Bayesian ridge regression, ten rounds or until no row moves by more than a thousandth of the
 * largest value. `converged` says which of both it was.
 */
export async function iterativeImpute(
  columns: readonly Float64Array[],
  pause: Pause,
): Promise<{columns: Float64Array[]; rounds: number; converged: boolean}> {
  const gaps = columns.map(column => [...column.keys()].filter(i => Number.isNaN(column[i])));
  const filled = columns.map(column => {
    const mean = meanOf(column);
    return column.map(value => (Number.isNaN(value) ? mean : value));
  });
  const order = [...columns.keys()]
    .filter(j => (gaps[j]?.length ?? 0) > 0)
    .sort((a, b) => (gaps[a]?.length ?? 0) - (gaps[b]?.length ?? 0));
  const largest = columns.reduce(
    (most, column) => column.reduce((a, value) => (Number.isNaN(value) ? a : Math.max(a, Math.abs(value))), most),
    0,
  );
  for (let round = 1; round <= rounds; round++) {
    const before = filled.map(column => column.slice());
    for (const j of order) {
      await pause();
      const column = columns[j];
      const target = filled[j];
      if (!column || !target) continue;
      const others = filled.filter((_, k) => k !== j);
      const known = [...column.keys()].filter(i => !Number.isNaN(column[i]));
      const pick = (from: Float64Array) => Float64Array.from(known, i => from[i] ?? Number.NaN);
      const {intercept, coefficients} = bayesianRidge(others.map(pick), pick(column));
      for (const i of gaps[j] ?? [])
        target[i] = others.reduce((sum, other, k) => sum + (coefficients[k] ?? 0) * (other[i] ?? 0), intercept);
    }
    if (largestMove(before, filled) < tolerance * largest) return {columns: filled, rounds: round, converged: true};
  }
  return {columns: filled, rounds, converged: false};
}

/** The largest sum of changes in one row, which is the norm that scikit-learn compares. */
function largestMove(before: readonly Float64Array[], after: readonly Float64Array[]): number {
  const n = before[0]?.length ?? 0;
  let most = 0;
  for (let i = 0; i < n; i++)
    most = Math.max(
      most,
      before.reduce((sum, column, j) => sum + Math.abs((column[i] ?? 0) - (after[j]?.[i] ?? 0)), 0),
    );
  return most;
}

function meanOf(column: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}
