// Clusters rows of features by one of the methods, on scaled values.

import type {Columns} from '../../core/least-squares.ts';
import {type Candidate, chooseKMeans} from './choose-k.ts';
import {type Scale, scaledRows, scaleOf} from './standardise.ts';

export type ClusterMethod = 'kmeans';

/** All values are finite. `k` null: chosen by the method. */
export type ClusterInput = {columns: Columns; method: ClusterMethod; k: number | null; seed: number};

/**
 * `labels[i]` numbers the clusters from 1, the largest first; 0 is in none. `centres[c]` are those of cluster c + 1 in scaled units, for
 * k-means only. `candidates` are the numbers of clusters that were compared, on `choiceRows` rows.
 */
export type Clustered = {
  labels: Int32Array;
  clusters: number;
  scale: Scale;
  centres: number[][];
  candidates: Candidate[];
  choiceRows: number;
  inertia: number | null;
  silhouette: number | null;
  silhouetteRows: number;
};

/** @throws {RangeError} if there are too few rows. */
export function clusterRows(input: ClusterInput, report: (text: string) => void): Clustered {
  const {columns, k, seed} = input;
  const count = columns[0]?.length ?? 0;
  if (count < 3) throw new RangeError(`There are ${count} rows with a value in every column; 3 are needed`);
  if (k !== null && k > count) throw new RangeError(`${count} rows cannot make ${k} clusters`);
  const scale = scaleOf(columns);
  const points = scaledRows(columns, scale);
  const {model, ...told} = chooseKMeans(points, {k, seed, onProgress: report});
  const order = bySize(model.labels);
  const {width, values} = model.centres;
  return {
    ...told,
    labels: renumbered(model.labels, order),
    clusters: order.length,
    scale,
    centres: order.map(c => [...values.subarray(c * width, (c + 1) * width)]),
    inertia: model.inertia,
  };
}

/** The labels from 0 on, the most frequent first. */
function bySize(labels: Int32Array): number[] {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return [...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([label]) => label);
}

function renumbered(labels: Int32Array, order: readonly number[]): Int32Array {
  const numbers = new Map(order.map((label, c) => [label, c + 1]));
  return labels.map(label => numbers.get(label) ?? 0);
}
