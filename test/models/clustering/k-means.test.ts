import {describe, expect, it} from 'vitest';
import {chooseKMeans} from '../../../src/models/clustering/choose-k.ts';
import {clusterRows} from '../../../src/models/clustering/cluster-rows.ts';
import {kMeans} from '../../../src/models/clustering/k-means.ts';
import {profileClusters} from '../../../src/models/clustering/profile.ts';
import {silhouette} from '../../../src/models/clustering/silhouette.ts';
import {pointsOf, scaleOf} from '../../../src/models/clustering/standardise.ts';
import {canonical, columnsOf, referenceSet, scaled} from './reference.ts';

const sets = ['iris', 'wine', 'blobs', 'moons'];
const quiet = () => {};
const asked = {method: 'kmeans', linkage: 'ward', radius: null, leastRows: 5, seed: 1} as const;

describe('kMeans', () => {
  it.each(sets)('%s: the inertia is within 1e-6 of the best that scikit-learn finds, or below, in 100 starts', name => {
    for (const k of [2, 3, 4]) {
      const best = referenceSet(name).inertia[k] ?? 0;
      const {inertia} = kMeans(scaled(name), {k, seed: 42, starts: 100});
      expect(inertia / best - 1, `k = ${k}`).toBeLessThan(1e-6);
    }
  });

  it("groups well separated rows as scikit-learn's KMeans", () => {
    const {labels} = kMeans(scaled('blobs'), {k: 4, seed: 1});
    expect(canonical(labels)).toEqual(canonical(referenceSet('blobs').labels[4] ?? []));
  });

  it('every row has its nearest centre, and the inertia is the sum of the squared distances', () => {
    const points = scaled('wine');
    const {labels, centres, inertia} = kMeans(points, {k: 3, seed: 7});
    let sum = 0;
    labels.forEach((label, i) => {
      const distances = Array.from({length: 3}, (_, c) =>
        distanceOf(points.values, i, centres.values, c, points.width),
      );
      expect(distances[label]).toBe(Math.min(...distances));
      sum += distances[label] ?? 0;
    });
    expect(inertia).toBeCloseTo(sum, 9);
  });

  it('gives the same clusters for the same seed, and survives rows that are all alike', () => {
    const points = scaled('iris');
    expect(kMeans(points, {k: 3, seed: 5}).labels).toEqual(kMeans(points, {k: 3, seed: 5}).labels);
    const same = pointsOf(Array.from({length: 6}, () => [1, 2]));
    expect(kMeans(same, {k: 3, seed: 1}).inertia).toBe(0);
    expect(() => kMeans(same, {k: 7, seed: 1})).toThrow('6 rows cannot make 7 clusters');
  });
});

describe('silhouette', () => {
  it.each(sets)('%s: equals silhouette_score to 1e-12', name => {
    const {labels, silhouette: expected} = referenceSet(name);
    for (const k of [2, 3, 4])
      expect(
        Math.abs((silhouette(scaled(name), Int32Array.from(labels[k] ?? [])) ?? 9) - (expected[k] ?? 0)),
      ).toBeLessThan(1e-12);
  });

  it('is not defined for one cluster, and leaves noise out', () => {
    const points = pointsOf([[0], [1], [10], [11], [500]]);
    expect(silhouette(points, Int32Array.from([0, 0, 0, 0, 0]))).toBeNull();
    expect(silhouette(points, Int32Array.from([0, 0, 1, 1, -1]))).toBeGreaterThan(0.85);
  });
});

describe('chooseKMeans', () => {
  it('finds the four blobs, and says what each k gave', () => {
    const {model, candidates} = chooseKMeans(scaled('blobs'), {k: null, seed: 42});
    expect(model.centres.count).toBe(4);
    expect(candidates.map(({k}) => k)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(candidates.find(({k}) => k === 4)?.silhouette).toBeCloseTo(referenceSet('blobs').silhouette[4] ?? 0, 9);
  });

  it('tries no more clusters than there are different rows', () => {
    const points = pointsOf([[0], [0], [1], [1], [5]]);
    expect(chooseKMeans(points, {k: null, seed: 1}).candidates.map(({k}) => k)).toEqual([2, 3]);
  });
});

describe('clusterRows', () => {
  it('numbers the clusters by their size and refuses fewer than 3 rows', () => {
    const columns = columnsOf(referenceSet('blobs').rows);
    const {labels, clusters} = clusterRows({...asked, columns, k: 4}, quiet);
    const sizes = Array.from({length: clusters}, (_, c) => labels.filter(label => label === c + 1).length);
    expect(sizes).toEqual([60, 40, 30, 20]);
    expect(() => clusterRows({...asked, columns: [Float64Array.of(1, 2)], k: 2}, quiet)).toThrow('There are 2 rows');
  });
});

describe('scaleOf', () => {
  it('gives a constant column the sd 1, also where rounding leaves a trace', () => {
    const {sds} = scaleOf([new Float64Array(7).fill(0.1), Float64Array.of(1, 2, 3, 4, 5, 6, 7)]);
    expect([...sds]).toEqual([1, 2]);
  });
});

describe('profileClusters', () => {
  it('tells the means, how far they are off in sds, and the value a cluster has more often', () => {
    const labels = Int32Array.of(1, 1, 2, 2, 0);
    const amount = Float64Array.of(10, 12, 1, 3, 4);
    const codes = Float64Array.of(0, 0, 1, Number.NaN, 1);
    const profiles = profileClusters(labels, 2, [amount], ['amount'], [{name: 'city', levels: ['a', 'b'], codes}]);
    expect(profiles.map(({cluster, rows}) => [cluster, rows])).toEqual([
      [1, 2],
      [2, 2],
      [0, 1],
    ]);
    const [first] = profiles;
    const sd = Math.sqrt((16 + 36 + 25 + 9 + 4) / 5);
    expect(first?.differences).toEqual([{column: 'amount', mean: 11, overall: 6, sds: 5 / sd}]);
    expect(first?.shares).toEqual([{column: 'city', value: 'a', share: 1, overall: 0.5, count: 2}]);
  });
});

function distanceOf(a: Float64Array, i: number, b: Float64Array, c: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += ((a[i * width + j] ?? 0) - (b[c * width + j] ?? 0)) ** 2;
  return sum;
}
