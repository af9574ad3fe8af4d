import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {hdbscan} from '../../../src/models/clustering/hdbscan.ts';
import {pointsOf, scaledRows, scaleOf} from '../../../src/models/clustering/standardise.ts';
import {canonical, columnsOf, referenceSet, scaled} from './reference.ts';

/** Computed with SciPy by test/fixtures/models/make_hdbscan.py. */
const expected: {sets: Record<string, {rows: number[][]; labels: Record<string, number[]>}>} = JSON.parse(
  readFileSync(new URL('../../fixtures/models/hdbscan-scipy.json', import.meta.url), 'utf8'),
);
const cases = Object.entries(expected.sets).flatMap(([name, {rows, labels}]) =>
  Object.entries(labels).map(([least, each]) => ({name, least: Number(least), rows, labels: each})),
);

const sizesOf = (labels: Int32Array) => {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return [...sizes.values()].sort((a, b) => b - a);
};

describe('hdbscan', () => {
  it.each(cases)('$name with clusters of $least rows: every label is that of the reference', each => {
    const columns = columnsOf(each.rows);
    const labels = hdbscan(scaledRows(columns, scaleOf(columns)), each.least);
    expect(canonical(labels)).toEqual(canonical(each.labels));
  });

  it('takes a large grid of equally far rows', () => {
    const labels = hdbscan(pointsOf(Array.from({length: 6_000}, (_, i) => [i % 100, Math.floor(i / 100)])), 5);
    expect(labels).toHaveLength(6_000);
  });

  it('finds the four blobs without being told how many, each row in its own', () => {
    const labels = hdbscan(scaled('blobs'), 10);
    expect(sizesOf(labels)).toHaveLength(4);
    const known = [...labels.keys()].filter(i => (labels[i] ?? -1) >= 0);
    expect(known.length).toBeGreaterThan(130);
    const expected = referenceSet('blobs').labels[4] ?? [];
    expect(canonical(known.map(i => labels[i] ?? 0))).toEqual(canonical(known.map(i => expected[i] ?? 0)));
  });

  it('finds the two moons', () => {
    expect(sizesOf(hdbscan(scaled('moons'), 8))).toHaveLength(2);
  });

  it('finds clusters of different densities, which one radius cannot, and leaves a far row out', () => {
    const grid = (x: number, step: number) =>
      Array.from({length: 36}, (_, i) => [x + step * (i % 6) + (i % 5) * 0.01 * step, step * Math.floor(i / 6)]);
    const labels = hdbscan(pointsOf([...grid(0, 0.1), ...grid(2, 0.12), ...grid(100, 4), [1000, 1000]]), 5);
    expect(sizesOf(labels)).toEqual([36, 36, 36]);
    expect(labels[108]).toBe(-1);
  });

  it('is the same in whatever order the rows come', () => {
    const rows = referenceSet('blobs').rows;
    const there = canonical(hdbscan(pointsOf(rows), 10));
    const back = hdbscan(pointsOf(rows.toReversed()), 10).toReversed();
    expect(canonical(back)).toEqual(there);
  });

  it('refuses fewer rows than a cluster needs', () => {
    expect(() => hdbscan(pointsOf([[1], [2]]), 5)).toThrow('2 rows have no 4 neighbours');
  });
});
