// What a silhouette is worth: how large it gets where there are no clusters at all.

import type {Columns} from '../../core/least-squares.ts';
import {Mt19937} from '../mt19937.ts';
import {pca} from '../reduction/pca.ts';
import {kMeans} from './k-means.ts';
import {silhouette} from './silhouette.ts';
import {pointsOf} from './standardise.ts';

/** With so many the chance that a cloud beats all of them is 1 in 20. */
const clouds = 19;
const mostRows = 400;
/** Fewer rows fall into any pattern by chance. */
const fewestRows = 10;
const starts = 3;
/** The k is the one of nine that suits these very rows; measured, one cloud is then taken for groups in 0 to 8 % of draws. */
const slack = 0.02;

/** The rows are hardly more apart than those of one cloud. */
export function isOneCloud(found: number, cloud: number | null): boolean {
  return cloud !== null && found <= cloud + slack;
}

/**
 * The largest mean silhouette of 19 normal clouds, each with as many rows as there are (400 at most) and as long in each direction,
 * cut into k by k-means: rows whose silhouette is no larger may be slices of one cloud (the idea of the gap statistic, Tibshirani,
 * Walther & Hastie 2001). One column alone gives about 0.55 whatever the k. Null below 10 rows or 2 clusters.
 */
export function cloudSilhouette(columns: Columns, k: number, seed: number): number | null {
  const rows = Math.min(columns[0]?.length ?? 0, mostRows);
  if (rows < fewestRows || k < 2 || k >= rows) return null;
  const sds = pca(columns).variance.map(Math.sqrt);
  const random = new Mt19937(seed);
  let most = -1;
  for (let cloud = 0; cloud < clouds; cloud++) {
    const points = pointsOf(Array.from({length: rows}, () => Array.from(sds, sd => sd * normal(random))));
    const {labels} = kMeans(points, {k, seed, starts});
    most = Math.max(most, silhouette(points, labels) ?? -1);
  }
  return most;
}

/** Box and Muller 1958, one of the two. */
function normal(random: Mt19937): number {
  return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
}
