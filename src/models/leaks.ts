// What would make a model look better than it is: columns that tell the target, rows that repeat, neighbours in time.

import type {Estimator} from './estimator.ts';
import {Mt19937} from './mt19937.ts';
import {type RawColumn, rowsOf, takeNumbers} from './raw-columns.ts';
import {applyRecipe, fitRecipe} from './recipe.ts';
import {errorOf} from './score.ts';
import type {Leak} from './training-data.ts';
import {treeClassifier, treeRegressor} from './trees/forest.ts';

const mostCorrelation = 0.999;
/** Of the error that knowing nothing gives: below this a column is left out, and below the other one it is told of. */
const leastError = 0.02;
const littleError = 0.15;
/** More rows show a leak no clearer. */
const mostRows = 10_000;

type Learnt = {columns: readonly RawColumn[]; target: Float64Array; classCount: number; seed: number};

/**
 * `leaks` are the columns from which alone a tree of four questions, or a straight line, gives nearly the whole target;
 * `suspects` those that give most of it. `chosen` are the rows to look at. A target of one value has none.
 */
export function findLeaks(data: Learnt, chosen: Uint32Array): {leaks: Leak[]; suspects: Leak[]} {
  const {columns, classCount, seed} = data;
  const rows =
    chosen.length <= mostRows
      ? chosen
      : new Mt19937(seed)
          .permutation(chosen.length)
          .slice(0, mostRows)
          .map(place => chosen[place] ?? 0);
  const target = takeNumbers(data.target, rows);
  const estimator = classCount > 0 ? treeClassifier : treeRegressor;
  const nothing = singleError(estimator, [new Float64Array(rows.length)], target, classCount);
  const found: {leaks: Leak[]; suspects: Leak[]} = {leaks: [], suspects: []};
  if (!(nothing > 1e-12)) return found;
  for (const column of columns) {
    const features = applyRecipe(fitRecipe([column], {rows, goal: data}), [column], rows, data).values;
    if (features.length === 0) continue;
    const isLine =
      classCount === 0 &&
      column.kind === 'number' &&
      Math.abs(correlation(takeNumbers(column.values, rows), target)) > mostCorrelation;
    const share = isLine ? 0 : singleError(estimator, features, target, classCount) / nothing;
    const part = `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} % of the baseline's error is left`;
    if (isLine) found.leaks.push({column: column.name, why: 'it moves with the target in a straight line'});
    else if (share < leastError) found.leaks.push({column: column.name, why: part});
    else if (share < littleError) found.suspects.push({column: column.name, why: part});
  }
  return found;
}

function singleError(estimator: Estimator, features: Float64Array[], target: Float64Array, classCount: number): number {
  const model = estimator.fit({features, target, classCount, seed: 0});
  return errorOf(
    target,
    classCount > 0 ? (model.probabilities?.(features) ?? []) : [model.predict(features)],
    classCount,
  );
}

/** Pearson's r over the places where both are there; NaN when either is constant. */
export function correlation(x: Float64Array, y: Float64Array): number {
  const isThere = (i: number) => !Number.isNaN(x[i]) && !Number.isNaN(y[i]);
  let [count, mx, my] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!isThere(i)) continue;
    count++;
    mx += ((x[i] ?? 0) - mx) / count;
    my += ((y[i] ?? 0) - my) / count;
  }
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!isThere(i)) continue;
    const [a, b] = [(x[i] ?? 0) - mx, (y[i] ?? 0) - my];
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / Math.sqrt(xx * yy);
}

/** So many times as many different rows must be possible as there are, before a repeated one is no accident. */
const leastRoom = 100;

/**
 * Numbers rows so that those which agree in all columns have the same; null when none repeats, or when there are so few
 * possible rows that they must. `repeated` counts the rows that repeat an earlier one.
 */
export function repeatedRows(
  columns: readonly RawColumn[],
  rows: number,
): {groups: Int32Array; repeated: number} | null {
  if (columns.length === 0) return null;
  const room = columns.reduce((sum, column) => sum + Math.log(distinctOf(column)), 0);
  if (room < Math.log(rows * leastRoom)) return null;
  const first = new Uint32Array(rows).fill(2166136261);
  const second = new Uint32Array(rows).fill(40503);
  for (const column of columns) mix(column, first, second);
  const numbers = new Map<number, number>();
  const groups = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const key = (first[row] ?? 0) * 2 ** 21 + ((second[row] ?? 0) >>> 11);
    const known = numbers.get(key) ?? numbers.size;
    if (known === numbers.size) numbers.set(key, known);
    groups[row] = known;
  }
  const repeated = rows - numbers.size;
  return repeated > 0 ? {groups, repeated} : null;
}

function distinctOf(column: RawColumn): number {
  if (column.kind !== 'number') return Math.max(1, column.levels.length);
  return Math.max(1, new Set(column.values.subarray(0, mostRows)).size);
}

/** Two independent hashes of 32 bits each (FNV-1a over the words of every value). */
function mix(column: RawColumn, first: Uint32Array, second: Uint32Array): void {
  const words = new Uint32Array(2);
  const number = new Float64Array(words.buffer);
  for (let row = 0; row < rowsOf(column); row++) {
    number[0] = column.kind === 'number' ? (column.values[row] ?? 0) : (column.codes[row] ?? 0);
    for (const word of words) {
      first[row] = Math.imul((first[row] ?? 0) ^ word, 16777619);
      second[row] =
        Math.imul((second[row] ?? 0) ^ (word >>> 16) ^ (word << 16), 2246822519) ^ ((second[row] ?? 0) >>> 13);
    }
  }
}

/** Pearson's r between the targets of rows that are next to each other in time. */
export function neighbourCorrelation(time: Float64Array, target: Float64Array): number {
  const order = Uint32Array.from(time, (_, row) => row)
    .filter(row => !Number.isNaN(time[row]))
    .sort((a, b) => (time[a] ?? 0) - (time[b] ?? 0) || a - b);
  const sorted = takeNumbers(target, order);
  return correlation(sorted.subarray(1), sorted.subarray(0, -1));
}
