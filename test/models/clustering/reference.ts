// Values computed with scikit-learn and SciPy by test/fixtures/models/make_exploring.py.

import {readFileSync} from 'node:fs';
import {type Points, scaledRows, scaleOf} from '../../../src/models/clustering/standardise.ts';

type Linkage = {heights: number[]; sizes: number[]; three: number[]};
export type ReferenceSet = {
  rows: number[][];
  inertia: Record<string, number>;
  silhouette: Record<string, number>;
  labels: Record<string, number[]>;
  dbscan?: {eps: number; min_samples: number; labels: number[]};
  linkage?: Record<string, Linkage>;
  pca?: {ratio: number[]; variance: number[]; components: number[][]; scores: number[][]};
  lof?: Record<string, number[]>;
  isolation?: number[];
};

const file = new URL('../../fixtures/models/exploring-sklearn.json', import.meta.url);
export const reference: {sets: Record<string, ReferenceSet>} = JSON.parse(readFileSync(file, 'utf8'));

export function referenceSet(name: string): ReferenceSet {
  const found = reference.sets[name];
  if (!found) throw new Error(`no reference set ${name}`);
  return found;
}

export function columnsOf(rows: readonly (readonly number[])[]): Float64Array[] {
  return (rows[0] ?? []).map((_, j) => Float64Array.from(rows, row => row[j] ?? Number.NaN));
}

export function scaled(name: string): Points {
  const columns = columnsOf(referenceSet(name).rows);
  return scaledRows(columns, scaleOf(columns));
}

/** The same grouping with the groups numbered by their first rows; below 0 stays −1. */
export function canonical(labels: ArrayLike<number>): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, label => {
    if (label < 0) return -1;
    const known = numbers.get(label) ?? numbers.size;
    numbers.set(label, known);
    return known;
  });
}
