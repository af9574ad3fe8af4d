import {describe, expect, it} from 'vitest';
import {clusterRows} from '../../../src/models/clustering/cluster-rows.ts';
import {cloudSilhouette, isOneCloud} from '../../../src/models/clustering/single-cloud.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';

function normals(rows: number, seed: number): Float64Array {
  const random = new Mt19937(seed);
  return Float64Array.from(
    {length: rows},
    () => Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble()),
  );
}
const chosen = (columns: Float64Array[]) =>
  clusterRows({columns, method: 'kmeans', k: null, linkage: 'ward', radius: null, leastRows: 5, seed: 42}, () => {});

describe('what one cloud reaches', () => {
  it.each([1, 2, 3])(
    'is more than half for a column without groups, so that its slices are no clusters (seed %i)',
    seed => {
      const {silhouette, cloud} = chosen([normals(200, seed)]);
      expect(silhouette).toBeGreaterThan(0.5);
      expect(isOneCloud(silhouette ?? 1, cloud)).toBe(true);
    },
  );

  it('is no less where columns repeat each other', () => {
    const x = normals(200, 4);
    const noise = normals(200, 5);
    const {silhouette, cloud} = chosen([
      x,
      x.map(value => 2 * value),
      x.map((value, i) => value + 0.2 * (noise[i] ?? 0)),
    ]);
    expect(isOneCloud(silhouette ?? 1, cloud)).toBe(true);
  });

  it.each([
    ['two groups of one column', [normals(120, 6).map((value, i) => value + (i % 2 ? 9 : 0))]],
    ['three groups of two columns', [0, 1].map(c => normals(150, 7 + c).map((value, i) => value + 7 * ((i + c) % 3)))],
  ])('is less than %s', (_, columns) => {
    const {silhouette, cloud} = chosen(columns);
    expect(isOneCloud(silhouette ?? 0, cloud)).toBe(false);
    expect(cloud).toBeLessThan((silhouette ?? 0) - 0.05);
  });

  it('is not asked of few rows, of one cluster, nor of other methods', () => {
    expect(cloudSilhouette([normals(9, 1)], 2, 42)).toBeNull();
    expect(cloudSilhouette([normals(50, 1)], 1, 42)).toBeNull();
    const hierarchy = clusterRows(
      {columns: [normals(50, 1)], method: 'hierarchical', k: 2, linkage: 'ward', radius: null, leastRows: 5, seed: 42},
      () => {},
    );
    expect(hierarchy.cloud).toBeNull();
  });
});
