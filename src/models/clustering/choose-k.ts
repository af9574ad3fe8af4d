// The number of clusters by the silhouette, and k-means with it.

import {Mt19937} from '../mt19937.ts';
import {cutInto, type Merges} from './hierarchy.ts';
import {type KMeans, kMeans} from './k-means.ts';
import {silhouette} from './silhouette.ts';
import {type Points, pointsAt} from './standardise.ts';

/** k is chosen on at most so many rows, and the silhouette, which compares each row with each, is of at most so many. */
const rowsForChoice = 20_000;
const rowsForSilhouette = 4_000;
const mostK = 10;

export type Candidate = {k: number; inertia: number | null; silhouette: number | null};
/** `inertia` is of k-means only. */
/** `candidates` were compared on `choiceRows` rows. */
export type Chosen = {model: KMeans; candidates: Candidate[]; choiceRows: number};

/** With `k` null the k of 2 … 10 with the largest mean silhouette is taken, the smaller of equal ones. */
export function chooseKMeans(
  points: Points,
  {k, seed, onProgress = () => {}}: {k: number | null; seed: number; onProgress?(text: string): void},
): Chosen {
  const sample = sampled(points, rowsForChoice, new Mt19937(seed));
  const candidates = kToTry(k, sample).map(each => {
    onProgress(`k = ${each}`);
    const model = kMeans(sample, {k: each, seed});
    return {k: each, inertia: model.inertia, silhouette: judged(sample, model.labels, seed)};
  });
  const wanted = k ?? best(candidates)?.k ?? 1;
  onProgress(`${wanted} clusters of all rows`);
  const model = kMeans(points, {k: Math.min(wanted, points.count), seed});
  return {model, candidates, choiceRows: sample.count};
}

/** A hierarchy cut into k clusters; with `k` null into as many as have the largest mean silhouette, as above. */
export function bestCut(
  points: Points,
  merges: Merges,
  k: number | null,
  seed: number,
): {labels: Int32Array; candidates: Candidate[]} {
  const candidates = kToTry(k, points).map(each => ({
    k: each,
    inertia: null,
    silhouette: judged(points, cutInto(merges, each), seed),
  }));
  return {labels: cutInto(merges, k ?? best(candidates)?.k ?? 1), candidates};
}

function kToTry(k: number | null, points: Points): number[] {
  const distinct = k === null ? distinctRows(points, mostK + 1) : 0;
  return k === null ? Array.from({length: Math.min(mostK, distinct) - 1}, (_, i) => i + 2) : [];
}

function best(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>(
    (most, each) => ((each.silhouette ?? -1) > (most?.silhouette ?? -1) ? each : most),
    null,
  );
}

function judged(points: Points, labels: Int32Array, seed: number): number | null {
  const rows = rowsOf(points.count, rowsForSilhouette, new Mt19937(seed));
  return silhouette(
    pointsAt(points, rows),
    Int32Array.from(rows, row => labels[row] ?? 0),
  );
}

function sampled(points: Points, most: number, random: Mt19937): Points {
  return points.count <= most ? points : pointsAt(points, rowsOf(points.count, most, random));
}

/** All rows, or so many of them by chance in their order. */
export function rowsOf(count: number, most: number, random: Mt19937): Uint32Array {
  return count <= most
    ? Uint32Array.from({length: count}, (_, i) => i)
    : random.permutation(count).slice(0, most).sort();
}

function distinctRows({values, count, width}: Points, enough: number): number {
  const seen = new Set<string>();
  for (let i = 0; i < count && seen.size < enough; i++) seen.add(values.subarray(i * width, (i + 1) * width).join());
  return seen.size;
}
