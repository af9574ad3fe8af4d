// Clusters rows of features by one of the methods, on scaled values.

import type {Columns} from '../../core/least-squares.ts';
import {formatCount} from '../../core/text.ts';
import {Mt19937} from '../mt19937.ts';
import {type Reduced, reduceRows} from '../reduction/reduce-rows.ts';
import {bestCut, type Candidate, chooseKMeans, rowsOf} from './choose-k.ts';
import {dbscan, kneeRadius} from './dbscan.ts';
import {hdbscan} from './hdbscan.ts';
import {type Linkage, linkage} from './hierarchy.ts';
import {silhouette} from './silhouette.ts';
import {cloudSilhouette} from './single-cloud.ts';
import {type Points, pointsAt, type Scale, scaledRows, scaleOf} from './standardise.ts';

export const CLUSTER_METHODS = ['kmeans', 'hierarchical', 'dbscan', 'hdbscan'] as const;
export type ClusterMethod = (typeof CLUSTER_METHODS)[number];

/**
 * All values are finite. `k` null: chosen by the method. `radius` (in sds) null: by the knee. `leastRows` is DBSCAN's min_samples and the smallest
 * cluster of HDBSCAN. Each
 * method reads what it needs.
 */
export type ClusterInput = {
  columns: Columns;
  method: ClusterMethod;
  k: number | null;
  linkage: Linkage;
  radius: number | null;
  leastRows: number;
  seed: number;
};

/**
 * `labels[i]` numbers the clusters from 1, the largest first; 0 is in none. `centres[c]` are those of cluster c + 1 in scaled units, for
 * k-means only. `candidates` are the numbers of clusters that were compared, on `choiceRows` rows. `picture` are the rows on the first two
 * principal components, null for one column.
 */
export type Clustered = {
  method: ClusterMethod;
  labels: Int32Array;
  clusters: number;
  scale: Scale;
  centres: number[][];
  candidates: Candidate[];
  choiceRows: number;
  inertia: number | null;
  radius: number | null;
  silhouette: number | null;
  silhouetteRows: number;
  /** What as many rows of one cloud reach; of k-means only. */
  cloud: number | null;
  picture: Reduced | null;
};

/** Methods that compare all rows with each other take no more: time for DBSCAN, memory (n²/2 distances) for a hierarchy. */
const mostRows: Record<ClusterMethod, number> = {
  kmeans: Number.POSITIVE_INFINITY,
  dbscan: 30_000,
  hdbscan: 20_000,
  hierarchical: 8_000,
};
const rowsForSilhouette = 4_000;

/** @throws {RangeError} if there are too few rows, or too many for the method. */
export function clusterRows(input: ClusterInput, report: (text: string) => void): Clustered {
  const {columns, k, method, seed} = input;
  const count = columns[0]?.length ?? 0;
  if (count < 3) throw new RangeError(`There are ${count} rows with a value in every column; 3 are needed`);
  if (k !== null && k > count) throw new RangeError(`${count} rows cannot make ${k} clusters`);
  if (count > mostRows[method])
    throw new RangeError(
      `${formatCount(count)} rows are more than the ${formatCount(mostRows[method])} that ${method} compares; kmeans takes them all, or give a condition in where`,
    );
  const scale = scaleOf(columns);
  const points = scaledRows(columns, scale);
  const found = grouped(points, input, report);
  const order = bySize(found.labels);
  const labels = renumbered(found.labels, order);
  return {
    method,
    labels,
    clusters: order.length,
    scale,
    centres: order.map(c => found.centres?.[c]).filter(each => each !== undefined),
    candidates: found.candidates ?? [],
    choiceRows: found.choiceRows ?? count,
    inertia: found.inertia ?? null,
    radius: found.radius ?? null,
    silhouette: silhouetteOf(points, labels, seed),
    cloud: method === 'kmeans' ? cloudSilhouette(columns, order.length, seed) : null,
    silhouetteRows: Math.min(count, rowsForSilhouette),
    picture: columns.length > 1 ? reduceRows({columns, seed}) : null,
  };
}

type Grouped = {
  labels: Int32Array;
  centres?: number[][];
  candidates?: Candidate[];
  choiceRows?: number;
  inertia?: number;
  radius?: number;
};

function grouped(points: Points, input: ClusterInput, report: (text: string) => void): Grouped {
  switch (input.method) {
    case 'kmeans': {
      const {model, candidates, choiceRows} = chooseKMeans(points, {...input, onProgress: report});
      const {values, width, count} = model.centres;
      const centres = Array.from({length: count}, (_, c) => [...values.subarray(c * width, (c + 1) * width)]);
      return {labels: model.labels, centres, candidates, choiceRows, inertia: model.inertia};
    }
    case 'hierarchical': {
      report(`${input.linkage} linkage of ${formatCount(points.count)} rows`);
      return bestCut(points, linkage(points, input.linkage), input.k, input.seed);
    }
    case 'hdbscan':
      report('finding the nearest rows of each');
      return {labels: hdbscan(points, input.leastRows)};
    case 'dbscan': {
      const radius = input.radius ?? kneeRadius(points, input.leastRows);
      report('finding the nearest rows of each');
      return {labels: dbscan(points, radius, input.leastRows), radius};
    }
  }
}

/** Of the rows in a cluster; of a sample where there are many. */
function silhouetteOf(points: Points, labels: Int32Array, seed: number): number | null {
  const rows = rowsOf(points.count, rowsForSilhouette, new Mt19937(seed));
  return silhouette(
    pointsAt(points, rows),
    Int32Array.from(rows, row => (labels[row] ?? 0) - 1),
  );
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
