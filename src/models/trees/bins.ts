// Turns features into small whole numbers, so that a split is found by counting instead of sorting.

import type {Columns} from '../../core/least-squares.ts';
import {Mt19937} from '../mt19937.ts';

/** Bin 0 holds the missing values (NaN); the others are numbered from 1 in the order of the values. */
export const missingBin = 0;
/** So many fit a byte beside the bin of the missing values. */
const byteBins = 255;
/** More rows than this do not move a quantile by anything that matters. */
const rowsForEdges = 100_000;

/**
 * `codes[j][i]` is the bin of row i in feature j. `edges[j][b - 1]` divides bin b (at or below it) from bin b + 1, so a
 * feature with m edges has the bins 1 to m + 1.
 */
export type Binned = {codes: (Uint8Array | Uint16Array)[]; edges: Float64Array[]; rows: number};

/**
 * At most `mostBins` (255, up to 65,535) bins a feature: the midpoints of neighbouring distinct values while there are few,
 * else midpoint quantiles (scikit-learn's `_BinMapper`, on which its histogram boosting stands).
 */
export function binFeatures(features: Columns, rows: number, mostBins = byteBins): Binned {
  const edges = features.map(column => findEdges(column, mostBins));
  return {edges, rows, codes: features.map((column, j) => encode(column, edges[j] ?? new Float64Array()))};
}

export function findEdges(column: Float64Array, mostBins = byteBins): Float64Array {
  const sorted = presentIn(column.length > rowsForEdges ? sampleOf(column) : column).sort();
  const distinct = distinctIn(sorted);
  if (distinct.length <= mostBins)
    return Float64Array.from({length: Math.max(0, distinct.length - 1)}, (_, i) =>
      between(distinct[i] ?? 0, distinct[i + 1] ?? 0),
    );
  const quantiles = Float64Array.from({length: mostBins - 1}, (_, i) => {
    const position = ((i + 1) / mostBins) * (sorted.length - 1);
    return between(sorted[Math.floor(position)] ?? 0, sorted[Math.ceil(position)] ?? 0);
  });
  return quantiles.filter((value, i) => i === 0 || value !== quantiles[i - 1]);
}

function sampleOf(column: Float64Array): Float64Array {
  const random = new Mt19937(0);
  return Float64Array.from({length: rowsForEdges}, () => column[random.nextInterval(column.length - 1)] ?? Number.NaN);
}

// Plain loops, since a callback a value would take as long as the sorting.

function presentIn(column: Float64Array): Float64Array {
  const present = new Float64Array(column.length);
  let count = 0;
  for (const value of column) if (!Number.isNaN(value)) present[count++] = value;
  return present.subarray(0, count);
}

function distinctIn(sorted: Float64Array): Float64Array {
  const distinct = new Float64Array(sorted.length);
  let count = 0;
  for (const value of sorted) if (count === 0 || value !== distinct[count - 1]) distinct[count++] = value;
  return distinct.subarray(0, count);
}

/** Halfway, without overflow, and never the upper value itself: a value at the edge belongs below it. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

function encode(column: Float64Array, edges: Float64Array): Uint8Array | Uint16Array {
  const codes = edges.length < byteBins ? new Uint8Array(column.length) : new Uint16Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (edges[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    codes[i] = low + 1;
  }
  return codes;
}
