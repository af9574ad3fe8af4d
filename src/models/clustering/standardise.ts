// Puts features on one scale, so that no unit of measurement decides which rows are near each other.

import type {Columns} from '../../core/least-squares.ts';

/** `means[j]` and `sds[j]` (population, n) of column j; a constant column has the sd 1 here, so that it becomes 0. */
export type Scale = {means: Float64Array; sds: Float64Array};

/** As scikit-learn's StandardScaler; all values are finite. */
export function scaleOf(columns: Columns): Scale {
  const means = Float64Array.from(columns, meanOf);
  const sds = Float64Array.from(columns, (column, j) => {
    const mean = means[j] ?? 0;
    const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
    return sd > 1e-12 * Math.abs(mean) && sd > 0 ? sd : 1;
  });
  return {means, sds};
}

/** Shifted by the first value, so that large numbers keep their digits. */
function meanOf(column: Float64Array): number {
  const first = column[0] ?? 0;
  return first + column.reduce((sum, value) => sum + (value - first), 0) / column.length;
}

/** The scaled rows one behind the other: row i is at `i * columns.length`. */
export function scaledRows(columns: Columns, {means, sds}: Scale): Points {
  const width = columns.length;
  const count = columns[0]?.length ?? 0;
  const values = new Float64Array(count * width);
  columns.forEach((column, j) => {
    const mean = means[j] ?? 0;
    const sd = sds[j] ?? 1;
    for (let i = 0; i < count; i++) values[i * width + j] = ((column[i] ?? 0) - mean) / sd;
  });
  return {values, count, width};
}

/** `count` points of `width` coordinates, all finite; point i begins at `i * width`. */
export type Points = {values: Float64Array; count: number; width: number};

export function pointsOf(rows: readonly (readonly number[])[]): Points {
  return {values: Float64Array.from(rows.flat()), count: rows.length, width: rows[0]?.length ?? 0};
}

export function squaredDistance(a: Points, i: number, b: Points, j: number): number {
  const {width} = a;
  let sum = 0;
  for (let c = 0, p = i * width, q = j * width; c < width; c++, p++, q++) {
    const difference = (a.values[p] ?? 0) - (b.values[q] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

/** The chosen points, in the order of `rows`. */
export function pointsAt({values, width}: Points, rows: ArrayLike<number>): Points {
  const result = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] ?? 0) * width;
    result.set(values.subarray(from, from + width), i * width);
  }
  return {values: result, count: rows.length, width};
}
