// What would make a model look better than it is: columns that tell the target, rows that repeat, neighbours in time.

import type {Estimator} from './estimator.ts';
import {Mt19937} from './mt19937.ts';
import {type RawColumn, rowsOf, takeNumbers} from './raw-columns.ts';
import {applyRecipe, fitRecipe} from './recipe.ts';
import {errorOf} from './score.ts';
import {crossFitted, fitEncoding} from './target-encoding.ts';
import type {Leak, TrainingData} from './training-data.ts';
import {treeClassifier, treeRegressor} from './trees/forest.ts';

/** From here on a column is the target itself, in a straight line; from the other one on it may be no more than a very good one. */
const copyCorrelation = 0.99999;
const strongCorrelation = 0.999;
/** Of the error that knowing nothing gives: below the first a column is left out, below the others it is told of, loudly or not. */
const copyError = 0.002;
const strongError = 0.02;
const littleError = 0.15;
/** From so many rows on, the same order in all of them is no luck of a very good column. */
const fewestOrdered = 100;
/** More rows show a leak no clearer. */
const mostRows = 10_000;
const fewLevels = 4;

type Learnt = Pick<TrainingData, 'columns' | 'target' | 'classCount' | 'seed' | 'moments'>;

/** `isStrong` where a column alone gives nearly all of the target. */
export type Suspect = Leak & {isStrong: boolean};

/**
 * `leaks` are the columns that give the whole target, up to rounding: in a straight line, in the same order, by being there or
 * not, or by a tree of four questions, asked of a category's mean targets too; `suspects` those that give much of it, which may
 * be no more than very good. `chosen` are the rows to look at. A target of one value has none.
 */
export function findLeaks(data: Learnt, chosen: Uint32Array): {leaks: Leak[]; suspects: Suspect[]} {
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
  const found: {leaks: Leak[]; suspects: Suspect[]} = {leaks: [], suspects: []};
  if (!(nothing > 1e-12)) return found;
  for (const column of columns) {
    const features = applyRecipe(fitRecipe([column], {rows, goal: data}), [column], rows, data).values;
    if (features.length === 0) continue;
    const values = classCount === 0 && column.kind === 'number' ? takeNumbers(column.values, rows) : null;
    const r = values ? Math.abs(correlation(values, target)) : 0;
    // What grows day by day is no copy of the day.
    const isMoment = data.moments?.includes(column.name) === true;
    const copy = isMoment
      ? null
      : r > copyCorrelation
        ? 'in a straight line'
        : values && isSameOrder(values, target)
          ? 'in its order'
          : null;
    if (copy) {
      found.leaks.push({column: column.name, why: `it moves with the target ${copy}`});
      continue;
    }
    const left = (each: Float64Array[]) => singleError(estimator, each, target, classCount) / nothing;
    // What is filled in only once the target is known, such as the day of leaving, is no moment like any other.
    const absent = absenceOf(column, rows);
    if (absent && left([absent]) < copyError) {
      found.leaks.push({column: column.name, why: 'whether it has a value tells it all'});
      continue;
    }
    const share = Math.min(left(features), ...meansOf(column, rows, data).map(each => left([...each])));
    const part = `${(100 * share).toFixed(share < 0.01 ? 2 : 0)} % of the baseline's error is left`;
    const isStrong = r > strongCorrelation || share < strongError;
    const why = r > strongCorrelation ? `correlation ${r.toFixed(4)}` : part;
    if (share < copyError && !isMoment) found.leaks.push({column: column.name, why: part});
    else if (isStrong || share < littleError) found.suspects.push({column: column.name, why, isStrong});
  }
  return found;
}

/** 1 where the value is missing, else 0; null where all are there, or none. */
function absenceOf(column: RawColumn, rows: Uint32Array): Float64Array | null {
  const flags = Float64Array.from(
    rows,
    row => +(column.kind === 'number' ? Number.isNaN(column.values[row]) : (column.codes[row] ?? -1) < 0),
  );
  return flags.includes(0) && flags.includes(1) ? flags : null;
}

/** A few questions do not tell apart many levels, each of its own 0/1 feature; their mean targets do. */
function meansOf(column: RawColumn, rows: Uint32Array, goal: Learnt): Float64Array[][] {
  if (column.kind !== 'category' || column.levels.length <= fewLevels) return [];
  return [crossFitted(fitEncoding(column, rows, goal), column, rows, goal)];
}

function singleError(estimator: Estimator, features: Float64Array[], target: Float64Array, classCount: number): number {
  const model = estimator.fit({features, target, classCount, seed: 0});
  return errorOf(
    target,
    classCount > 0 ? (model.probabilities?.(features) ?? []) : [model.predict(features)],
    classCount,
  );
}

/** Whether x rises, or falls, with every rise of y and at no other place; a value of few distinct ones never does. */
function isSameOrder(x: Float64Array, y: Float64Array): boolean {
  const order = Uint32Array.from(x, (_, i) => i)
    .filter(i => !Number.isNaN(x[i]) && !Number.isNaN(y[i]))
    .sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0));
  let [steps, rises, falls] = [0, 0, 0];
  for (let k = 1; k < order.length; k++) {
    const [before, after] = [order[k - 1] ?? 0, order[k] ?? 0];
    const step = (x[after] ?? 0) - (x[before] ?? 0);
    if (y[after] === y[before]) {
      if (step !== 0) return false;
      continue;
    }
    steps++;
    if (step > 0) rises++;
    else if (step < 0) falls++;
  }
  return steps >= fewestOrdered && (rises === steps || falls === steps);
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
  const groups = equalRows(columns, rows);
  const repeated = rows - (groups.reduce((most, group) => Math.max(most, group), -1) + 1);
  return repeated > 0 ? {groups, repeated} : null;
}

/** From this share of the rows on, and so many times as many equal pairs as independent columns would have. */
const mostCopies = 0.1;
const leastExcess = 10;
const mostCompared = 200_000;

/**
 * How many rows repeat an earlier one in all columns and in the target, a number; 0 when they are few, or about as many as
 * must by chance. For tables of few possible rows, where `repeatedRows` finds nothing strange in equal features.
 */
export function copiedRows(columns: readonly RawColumn[], target: Float64Array): number {
  const rows = target.length;
  if (rows > mostCompared || columns.length === 0) return 0;
  const all: RawColumn[] = [...columns, {name: '', kind: 'number', values: target}];
  const groups = equalRows(all, rows);
  const {values, pairs} = countsOf(groups);
  const copies = rows - values;
  const possible = (rows * (rows - 1)) / 2;
  const expected = all.reduce(
    (share, column) => (share * countsOf(column.kind === 'number' ? column.values : column.codes).pairs) / possible,
    possible,
  );
  return copies >= mostCopies * rows && pairs > leastExcess * expected ? copies : 0;
}

/** How many different values there are, and how many pairs of rows have the same. */
function countsOf(column: Float64Array | Int32Array): {values: number; pairs: number} {
  const counts = new Map<number, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  let pairs = 0;
  for (const count of counts.values()) pairs += (count * (count - 1)) / 2;
  return {values: counts.size, pairs};
}

/** Numbers rows from 0 on so that those which agree in all columns have the same. */
function equalRows(columns: readonly RawColumn[], rows: number): Int32Array {
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
  return groups;
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
