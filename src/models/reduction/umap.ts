// UMAP: a picture of rows in two dimensions that keeps neighbours together, and how far it is to be trusted.

import type {Columns} from '../../core/least-squares.ts';
import {rowsOf} from '../clustering/choose-k.ts';
import {nearestNeighbours} from '../clustering/neighbours.ts';
import {type Points, scaledRows, scaleOf} from '../clustering/standardise.ts';
import {Mt19937} from '../mt19937.ts';
import {layOut, type Places} from './lay-out.ts';
import {neighbourGraph} from './neighbour-graph.ts';
import {pca, scoresOn} from './pca.ts';
import {mostDrawn} from './reduce-rows.ts';
import {trustworthiness} from './trustworthiness.ts';

/** All values are finite. `codes` number a category of the rows that took no part, NaN for none. */
export type UmapInput = {columns: Columns; codes: Float64Array | null; seed: number};

/** How far a picture is to be trusted; `alike` is the share of the nearest rows in it that are of the same category. */
export type Judged = {trustworthiness: number; alike: number | null};

/**
 * `rows` are those in the picture, in order; `x` and `y` are their places, of no unit; at `drawn` are
 * those to draw. `neighbours` counts the row itself. `judgedRows` of
 * them were judged by their `judgedNeighbours` nearest, in the picture, on the first two components, and in all columns. `alikeByChance` is what rows at random would share.
 */
export type Umapped = {
  rows: Uint32Array;
  x: Float64Array;
  y: Float64Array;
  drawn: Uint32Array;
  neighbours: number;
  picture: Judged;
  components: Judged;
  original: {alike: number | null};
  alikeByChance: number | null;
  judgedRows: number;
  judgedNeighbours: number;
};

const usualNeighbours = 15;
const leastRows = 10;
/** All rows are compared with each other: seconds at most, however many columns. */
const mostRows = 10_000;
const mostComparisons = 3e9;
const mostJudged = 2_000;
/** As umap-learn, which has its limit at 10,000 rows. */
const [epochsOfFew, epochsOfMany, fewRows] = [500, 200, 5_000];

/** How many rows of so many columns a picture takes: 10,000, and fewer of more than 30 columns. */
export function rowsInPicture(width: number): number {
  return Math.min(mostRows, Math.floor(Math.sqrt(mostComparisons / width)));
}

/**
 * McInnes, Healy and Melville (2018) with umap-learn's defaults (15 neighbours, min_dist 0.1) on columns scaled to mean 0 and sd 1, but
 * exact neighbours, and from the first two principal components instead of the spectral start. Of a sample where there are many rows.
 * @throws {RangeError} if there are too few rows, or they are all alike.
 */
export function umapRows({columns: all, codes, seed}: UmapInput, report: (text: string) => void): Umapped {
  const random = new Mt19937(seed);
  const rows = rowsOf(all[0]?.length ?? 0, rowsInPicture(all.length), random);
  if (rows.length < leastRows)
    throw new RangeError(`There are ${rows.length} rows with a value in every column; ${leastRows} are needed`);
  const columns = all.map(column => Float64Array.from(rows, row => column[row] ?? 0));
  const points = scaledRows(columns, scaleOf(columns));
  const neighbours = Math.min(usualNeighbours, rows.length);
  report('finding the nearest rows of each');
  const near = nearestNeighbours(points, neighbours - 1);
  if (near.distances.every(distance => distance === 0))
    throw new RangeError('Every row has others that are the same in these columns; there is nothing to lay out');
  const components = pca(columns);
  const start = {x: scoresOn(components, columns, 0), y: scoresOn(components, columns, 1)};
  const epochs = rows.length <= fewRows ? epochsOfFew : epochsOfMany;
  const places = layOut(neighbourGraph(near), start, {
    epochs,
    seed,
    onEpoch: epoch => epoch % 25 === 0 && report(`round ${epoch} of ${epochs}`),
  });
  report('measuring how far the picture is to be trusted');
  const judged = rowsOf(rows.length, mostJudged, random);
  const k = Math.min(usualNeighbours, Math.ceil(rows.length / 2) - 1);
  const own = codes && Float64Array.from(rows, row => codes[row] ?? Number.NaN);
  const judge = (picture: Points): Judged => ({
    trustworthiness: trustworthiness(points, picture, k, judged),
    alike: alike(picture, own, k, judged),
  });
  return {
    rows,
    ...places,
    drawn: rowsOf(rows.length, mostDrawn, random),
    neighbours,
    picture: judge(pointsOf(places)),
    components: judge(pointsOf(start)),
    original: {alike: alike(points, own, k, judged)},
    alikeByChance: own && byChance(own),
    judgedRows: judged.length,
    judgedNeighbours: k,
  };
}

function pointsOf({x, y}: Places): Points {
  return {
    values: Float64Array.from({length: 2 * x.length}, (_, at) => (at % 2 ? y : x)[at >> 1] ?? 0),
    count: x.length,
    width: 2,
  };
}

/** Of the rows that have a category. */
function alike(points: Points, codes: Float64Array | null, k: number, rows: Uint32Array): number | null {
  if (!codes) return null;
  const {indices} = nearestNeighbours(points, k, rows);
  let [same, count] = [0, 0];
  indices.forEach((j, at) => {
    const own = codes[rows[Math.floor(at / k)] ?? 0] ?? Number.NaN;
    if (Number.isNaN(own)) return;
    count++;
    if (codes[j] === own) same++;
  });
  return count > 0 ? same / count : null;
}

/** How likely two rows drawn at random are of one category. */
function byChance(codes: Float64Array): number {
  const counts = new Map<number, number>();
  const known = codes.filter(code => !Number.isNaN(code));
  for (const code of known) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count / known.length) ** 2, 0);
}
