// Local outlier factor: how much sparser it is around a row than around its neighbours (Breunig and others 2000).

import {type Neighbours, nearestNeighbours} from '../clustering/neighbours.ts';
import type {Points} from '../clustering/standardise.ts';

/**
 * The negated `negative_outlier_factor_` of scikit-learn's `LocalOutlierFactor(n_neighbors=k)`: about 1 inside, well above 1 for rows that lie
 * apart. @throws {RangeError} unless there are more than k points.
 */
export function localOutlierFactor(points: Points, k: number): {factors: Float64Array; neighbours: Neighbours} {
  const neighbours = nearestNeighbours(points, k);
  const {indices, distances} = neighbours;
  const farthest = (i: number) => distances[i * k + k - 1] ?? 0;
  const densities = Float64Array.from({length: points.count}, (_, i) => {
    let sum = 0;
    for (let j = i * k; j < (i + 1) * k; j++) sum += Math.max(distances[j] ?? 0, farthest(indices[j] ?? 0));
    return 1 / (sum / k + 1e-10);
  });
  const factors = densities.map((density, i) => {
    let sum = 0;
    for (let j = i * k; j < (i + 1) * k; j++) sum += densities[indices[j] ?? 0] ?? 0;
    return sum / k / density;
  });
  return {factors, neighbours};
}
