// The small sums of a profile: which bin, which fences, quartiles of counted values, spread from sums. Pure.

import type {Cell, TableColumn} from '../core/dataset.ts';

const mostBins = 12;

export type Bins = {low: number; high: number; bins: number};

/** One bin per value for a few whole numbers, so that no bin is empty only because no number falls into it; null for one value. */
export function spanOf(column: TableColumn, low: number, high: number): Bins | null {
  if (!(low < high)) return null;
  const isFew = /INT/.test(column.type) && high - low < mostBins;
  return isFew ? {low: low - 0.5, high: high + 0.5, bins: high - low + 1} : {low, high, bins: mostBins};
}

/** From 0; a value on `high` falls into the last bin. */
export function binOf(value: number, {low, high, bins}: Bins): number {
  const share = (value / 2 - low / 2) / (high / 2 - low / 2);
  return Math.max(0, Math.min(Math.floor(share * bins), bins - 1));
}

/** Tukey's: 1.5 interquartile ranges beyond the quartiles. */
export function fencesOf(q1: number, q3: number): {low: number; high: number} {
  const reach = 1.5 * (q3 - q1);
  return {low: q1 - reach, high: q3 + reach};
}

/** Quartiles by linear interpolation (type 7, numpy) of values that each stand `n` times; there is at least one. */
export function weightedQuartiles(values: readonly {value: number; n: number}[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, {n}) => sum + n, 0);
  const at = (rank: number) => {
    let before = 0;
    for (const {value, n} of sorted) {
      before += n;
      if (before > rank) return value;
    }
    return Number.NaN;
  };
  const quartile = (q: number) => {
    const place = (total - 1) * q;
    const below = at(Math.floor(place));
    return below + (at(Math.ceil(place)) - below) * (place - Math.floor(place));
  };
  return [quartile(0.25), quartile(0.5), quartile(0.75)];
}

/** Sums of z, z² and z³ over all values, for z = (value − center) / (2 · size), where `size` is half the range. */
export type Sums = [z: number, squares: number, cubes: number];

/**
 * Sample standard deviation and adjusted skewness G1 (pandas) of `n` values from their sums. Null where there are too few values
 * or no spread.
 */
export function momentsOf(n: number, [z, squares, cubes]: Sums, size: number): {sd: Cell; skew: Cell} {
  const mean = z / n;
  const central = squares - z * mean;
  const third = cubes - 3 * mean * squares + 2 * z * mean * mean;
  const sd = n > 1 ? Math.sqrt(Math.max(0, central) / (n - 1)) : Number.NaN;
  const skew = (n / ((n - 1) * (n - 2))) * (third / sd ** 3);
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  return {sd: known(sd * size * 2), skew: n > 2 && sd > 0 ? known(skew) : null};
}
