import {describe, expect, it} from 'vitest';
import {dbscan, kneeRadius} from '../../../src/models/clustering/dbscan.ts';
import {cutInto, LINKAGES, linkage} from '../../../src/models/clustering/hierarchy.ts';
import {pointsOf} from '../../../src/models/clustering/standardise.ts';
import {canonical, referenceSet, scaled} from './reference.ts';

describe('dbscan', () => {
  it.each(['moons', 'blobs', 'iris'])("%s: the labels are scikit-learn's, noise and edges included", name => {
    const expected = referenceSet(name).dbscan;
    expect([...dbscan(scaled(name), expected?.eps ?? 0, expected?.min_samples ?? 0)]).toEqual(expected?.labels);
  });

  it('finds the two moons by the knee of the distances, which k-means cannot', () => {
    const points = scaled('moons');
    const labels = dbscan(points, kneeRadius(points, 5), 5);
    expect(new Set([...labels].filter(label => label >= 0)).size).toBe(2);
    expect([...labels].filter(label => label < 0).length).toBeLessThan(12);
  });

  it('the knee is one of the distances to the neighbour asked for', () => {
    // On a line at steps of 1, the third neighbour is 2 away, but for the ends.
    expect(kneeRadius(pointsOf(Array.from({length: 20}, (_, i) => [i])), 4)).toBe(2);
  });

  it('points that are all alike are one cluster, whatever the knee', () => {
    const points = pointsOf(Array.from({length: 8}, () => [3, 3]));
    expect(new Set(dbscan(points, kneeRadius(points, 5), 5))).toEqual(new Set([0]));
  });
});

describe('linkage', () => {
  for (const method of LINKAGES)
    it.each(['moons', 'blobs', 'iris'])(`${method} of %s: heights to 1e-9, sizes and three clusters as SciPy`, name => {
      const expected = referenceSet(name).linkage?.[method];
      const merges = linkage(scaled(name), method);
      for (const [m, height] of (expected?.heights ?? []).entries())
        expect(Math.abs((merges.height[m] ?? 0) - height)).toBeLessThan(1e-9);
      expect(canonical(cutInto(merges, 3))).toEqual(canonical(expected?.three ?? []));
      if (name !== 'iris') expect([...merges.size]).toEqual(expected?.sizes);
    });

  it('cuts into as many clusters as asked for, from all to one', () => {
    const merges = linkage(pointsOf([[0], [1], [10], [12], [50]]), 'average');
    expect(canonical(cutInto(merges, 1))).toEqual([0, 0, 0, 0, 0]);
    expect(canonical(cutInto(merges, 3))).toEqual([0, 0, 1, 1, 2]);
    expect(canonical(cutInto(merges, 5))).toEqual([0, 1, 2, 3, 4]);
  });
});
