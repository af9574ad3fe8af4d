// Who is near whom, as weights from 0 to 1 that take each row's own surroundings for the measure of near: the graph of UMAP.

import type {Neighbours} from '../clustering/neighbours.ts';

/** Edge e goes from row `from[e]` to row `to[e]`, and there is one back of the same weight; the edges of a row stand together. */
export type Graph = {count: number; from: Int32Array; to: Int32Array; weights: Float64Array};

/** Neighbours farther than a thousandth of the mean distance never all weigh nothing. */
const leastWidth = 1e-3;

/**
 * The fuzzy union of McInnes, Healy and Melville (2018): a row's nearest neighbour has the weight 1, and the weights of its neighbours add
 * up to log2(k + 1), the row itself counted among them as in umap-learn.
 */
export function neighbourGraph({k, indices, distances}: Neighbours): Graph {
  const count = indices.length / k;
  const directed = new Float64Array(indices.length);
  const overall = meanOf(distances);
  for (let i = 0; i < count; i++) {
    const own = distances.subarray(i * k, (i + 1) * k);
    const nearest = own.find(distance => distance > 0) ?? 0;
    const least = leastWidth * (nearest > 0 ? meanOf(own) : overall);
    const width = Math.max(widthOf(own, nearest, Math.log2(k + 1)), least);
    own.forEach((distance, j) => {
      directed[i * k + j] = weightOf(distance - nearest, width);
    });
  }
  return united(count, k, indices, directed);
}

function weightOf(beyond: number, width: number): number {
  return beyond <= 0 || width === 0 ? 1 : Math.exp(-beyond / width);
}

/** The width at which the weights add up to `wanted`, halving between two that lie around it. */
function widthOf(distances: Float64Array, nearest: number, wanted: number): number {
  let [low, high, width] = [0, Number.POSITIVE_INFINITY, 1];
  for (let round = 0; round < 100; round++) {
    let sum = 0;
    for (const distance of distances) sum += weightOf(distance - nearest, width);
    if (Math.abs(sum - wanted) < 1e-10) break;
    if (sum > wanted) high = width;
    else low = width;
    width = high === Number.POSITIVE_INFINITY ? width * 2 : (low + high) / 2;
  }
  return width;
}

/** Each weight with that of the way back: a + b − a·b. */
function united(count: number, k: number, indices: Int32Array, directed: Float64Array): Graph {
  const [from, to, weights]: [number[], number[], number[]] = [[], [], []];
  const back: {to: number; weight: number}[][] = Array.from({length: count}, () => []);
  const weightFrom = (row: number, other: number) => {
    const place = indices.subarray(row * k, (row + 1) * k).indexOf(other);
    return place < 0 ? null : (directed[row * k + place] ?? 0);
  };
  for (let i = 0; i < count; i++)
    for (let j = 0; j < k; j++) {
      const other = indices[i * k + j] ?? 0;
      if (weightFrom(other, i) === null) back[other]?.push({to: i, weight: directed[i * k + j] ?? 0});
    }
  for (let i = 0; i < count; i++) {
    const add = (other: number, weight: number) => {
      from.push(i);
      to.push(other);
      weights.push(weight);
    };
    for (let j = 0; j < k; j++) {
      const other = indices[i * k + j] ?? 0;
      const [there, here] = [directed[i * k + j] ?? 0, weightFrom(other, i) ?? 0];
      add(other, there + here - there * here);
    }
    for (const {to: other, weight} of back[i] ?? []) add(other, weight);
  }
  return {count, from: Int32Array.from(from), to: Int32Array.from(to), weights: Float64Array.from(weights)};
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
