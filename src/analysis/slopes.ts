// The slopes of a linear fit on centred columns as sums over the rows, by QR: what errors, inflation and joint tests are made of.

import {factorQr, type QrFactors, rElement} from '../core/least-squares.ts';
import {momentsOf} from './hypothesis/sample.ts';

export type Centred = {values: Float64Array; mean: number};

/** Around its mean; through the first value, so that an offset of 1e9 costs no digits. */
export function centre(values: Float64Array): Centred {
  const origin = values[0] ?? 0;
  const {mean} = momentsOf(values, origin);
  return {values: values.map(value => value - origin - mean), mean: origin + mean};
}

/** `q`: the orthonormal columns, one for each of R. `weights`: for each column w with slope = Σ w·target, in their order. */
export type Slopes = {factors: QrFactors; q: Float64Array[]; weights: Float64Array[]};

/** Null where a column follows from the others; `dependent` is its place then. */
export function slopesOf(columns: readonly Float64Array[]): Slopes | {dependent: number} {
  const factors = factorQr(columns, {pivot: true, tolerance: 1e-11});
  if (factors.rank < columns.length) return {dependent: factors.order[factors.rank] ?? 0};
  const q = thinQ(factors, columns);
  return {factors, q, weights: slopeWeights(factors, q)};
}

/** 1 / (1 − R²) of each column on the others: how much the variance of its slope grows by them. 1 for a single column. */
export function inflationOf(columns: readonly Float64Array[], {weights}: Slopes): number[] {
  return columns.map((column, j) => {
    const weight = weights[j] ?? column;
    return Math.max(1, dot(column, column) * dot(weight, weight));
  });
}

/**
 * By how much the sum of squares of the residuals grows without these columns: bᵀ·(W·Wᵀ)⁻¹·b of their slopes b and weights
 * W, which is the squared length of R⁻ᵀ·b for W = Q·R.
 */
export function lossWithout(
  places: readonly number[],
  slopes: ArrayLike<number>,
  weights: readonly Float64Array[],
): number {
  const factors = factorQr(
    places.map(place => weights[place] ?? new Float64Array()),
    {pivot: false},
  );
  const solved: number[] = [];
  places.forEach((place, k) => {
    const known = solved.reduce((sum, value, j) => sum + rElement(factors, j, k) * value, 0);
    solved.push(((slopes[place] ?? 0) - known) / rElement(factors, k, k));
  });
  return solved.reduce((sum, value) => sum + value * value, 0);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** X·R⁻¹, column by column. */
function thinQ(factors: QrFactors, columns: readonly Float64Array[]): Float64Array[] {
  const q: Float64Array[] = [];
  for (let k = 0; k < factors.rank; k++) {
    const column = (columns[factors.order[k] ?? k] ?? new Float64Array()).slice();
    for (let j = 0; j < k; j++) subtract(column, q[j], rElement(factors, j, k));
    // Once more against rounding, so that the columns are orthogonal to the last digits.
    for (const earlier of q) subtract(column, earlier, dot(earlier, column));
    const size = rElement(factors, k, k);
    q.push(column.map(value => value / size));
  }
  return q;
}

function subtract(column: Float64Array, other: Float64Array | undefined, factor: number): void {
  for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - factor * (other?.[i] ?? 0);
}

/** The rows of R⁻¹·Qᵀ. */
function slopeWeights(factors: QrFactors, q: readonly Float64Array[]): Float64Array[] {
  const n = q[0]?.length ?? 0;
  const weights = q.map(() => new Float64Array(n));
  for (let k = q.length - 1; k >= 0; k--) {
    const row = (q[k] ?? new Float64Array()).slice();
    for (let j = k + 1; j < q.length; j++) subtract(row, weights[factors.order[j] ?? j], rElement(factors, k, j));
    const size = rElement(factors, k, k);
    weights[factors.order[k] ?? k] = row.map(value => value / size);
  }
  return weights;
}
