// Unusual rows, and for each the columns that make it so.

import type {Columns} from '../../core/least-squares.ts';
import {formatCount} from '../../core/text.ts';
import {scaledRows, scaleOf} from '../clustering/standardise.ts';
import {isolationForest} from './isolation-forest.ts';
import {localOutlierFactor} from './local-outlier-factor.ts';

export const ANOMALY_METHODS = ['isolation_forest', 'lof'] as const;
export type AnomalyMethod = (typeof ANOMALY_METHODS)[number];

/** All values are finite. `most` rows are explained. */
export type AnomalyInput = {columns: Columns; method: AnomalyMethod; neighbours: number; most: number; seed: number};

/**
 * Of the forest: `weight` is the share of the row's excess over the median score that goes away when the column alone is set to its median.
 * Of the factor: how many sds the value is off the mean of the row's neighbours. `rank` is the share of rows with a smaller value.
 */
export type Reason = {column: number; value: number; median: number; rank: number; weight: number};
export type Anomaly = {row: number; score: number; reasons: Reason[]};

/** `above` rows have a score over `threshold`. `rows` are the most unusual ones, whether above it or not. */
export type Anomalies = {
  scores: Float64Array;
  threshold: number;
  above: number;
  rows: Anomaly[];
  neighbours: number | null;
};

const trees = 200;
const sampleRows = 256;
const thresholds: Record<AnomalyMethod, number> = {isolation_forest: 0.6, lof: 1.5};
/** The neighbours of each are looked for among all. */
const mostForNeighbours = 20_000;
const mostReasons = 3;

/** @throws {RangeError} with too few rows, or too many for the local outlier factor. */
export function findAnomalies(input: AnomalyInput, report: (text: string) => void): Anomalies {
  const {columns, method, most} = input;
  const n = columns[0]?.length ?? 0;
  if (n < 10) throw new RangeError(`There are ${n} rows with a value in every column; 10 are needed`);
  report(method === 'lof' ? 'finding the nearest rows of each' : 'growing the forest');
  const {scores, weigh, neighbours} = method === 'lof' ? byDensity(input, n) : byForest(input);
  const threshold = thresholds[method];
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, most);
  const sorted = columns.map(column => column.slice().sort());
  const rows = order.map(row => {
    const weights = weigh(row);
    const reasons = columns.map((column, j): Reason => {
      const [value, all] = [column[row] ?? 0, sorted[j] ?? new Float64Array()];
      return {column: j, value, median: medianOf(all), rank: lowerBound(all, value) / n, weight: weights[j] ?? 0};
    });
    return {row, score: scores[row] ?? 0, reasons: strongest(reasons)};
  });
  const above = scores.reduce((count, score) => count + (score > threshold ? 1 : 0), 0);
  return {scores, threshold, above, rows, neighbours};
}

type Scored = {scores: Float64Array; weigh(row: number): number[]; neighbours: number | null};

function byForest({columns, seed}: AnomalyInput): Scored {
  const forest = isolationForest(columns, {trees, sampleRows, seed});
  const scores = forest.score(columns);
  const usual = medianOf(scores.slice().sort());
  const medians = columns.map(column => medianOf(column.slice().sort()));
  return {
    scores,
    neighbours: null,
    weigh(row) {
      // One row for each column, in which that column alone is as usual as can be.
      const tried = columns.map((column, j) =>
        Float64Array.from(columns, (_, k) => (k === j ? (medians[j] ?? 0) : (column[row] ?? 0))),
      );
      const score = scores[row] ?? 0;
      return [...forest.score(tried)].map(each => (score - each) / Math.max(1e-9, score - usual));
    },
  };
}

function byDensity({columns, neighbours: wanted}: AnomalyInput, n: number): Scored {
  if (n > mostForNeighbours)
    throw new RangeError(
      `${formatCount(n)} rows are more than the ${formatCount(mostForNeighbours)} that lof compares; isolation_forest takes them all`,
    );
  const k = Math.min(wanted, n - 1);
  const points = scaledRows(columns, scaleOf(columns));
  const {factors, neighbours} = localOutlierFactor(points, k);
  return {
    scores: factors,
    neighbours: k,
    weigh: row =>
      columns.map((_, j) => {
        let sum = 0;
        for (let i = row * k; i < (row + 1) * k; i++)
          sum += points.values[(neighbours.indices[i] ?? 0) * points.width + j] ?? 0;
        return Math.abs((points.values[row * points.width + j] ?? 0) - sum / k);
      }),
  };
}

function strongest(reasons: Reason[]): Reason[] {
  const sorted = reasons.toSorted((a, b) => b.weight - a.weight);
  const most = sorted[0]?.weight ?? 0;
  return sorted.slice(0, mostReasons).filter(({weight}, at) => at === 0 || (weight > 0 && weight >= 0.25 * most));
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
