import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {nearestNeighbours} from '../../../src/models/clustering/neighbours.ts';
import {pointsOf, scaledRows, scaleOf} from '../../../src/models/clustering/standardise.ts';
import {neighbourGraph} from '../../../src/models/reduction/neighbour-graph.ts';
import {trustworthiness} from '../../../src/models/reduction/trustworthiness.ts';
import {rowsInPicture, umapRows} from '../../../src/models/reduction/umap.ts';
import {columnsOf} from '../clustering/reference.ts';

type Picture = {name: string; places: number[][]; trustworthiness: Record<string, number>};
type Reference = {
  sets: Record<string, {rows: number[][]; pictures: Picture[]; labels?: number[]}>;
  graph: {set: string; k: number; edges: [number, number, number][]};
};
/** Computed with scikit-learn and SciPy by test/fixtures/models/make_umap.py. */
const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/models/umap-reference.json', import.meta.url), 'utf8'),
);
const rowsOf = (name: string) => reference.sets[name]?.rows ?? [];
const scaled = (name: string) => {
  const columns = columnsOf(rowsOf(name));
  return scaledRows(columns, scaleOf(columns));
};
const quiet = () => {};

describe('trustworthiness', () => {
  const cases = Object.entries(reference.sets).flatMap(([set, {pictures}]) =>
    pictures.flatMap(({name, places, trustworthiness: byK}) =>
      Object.entries(byK).map(([k, expected]) => ({set, name, k: Number(k), places, expected})),
    ),
  );
  it.each(cases)('of $name of $set with $k neighbours equals scikit-learn to 1e-9', ({set, k, places, expected}) => {
    expect(Math.abs(trustworthiness(scaled(set), pointsOf(places), k) - expected)).toBeLessThan(1e-9);
  });

  it('of some rows is the mean over those, and too few rows for their neighbours are refused', () => {
    const [points, picture] = [scaled('blobs'), pointsOf(reference.sets.blobs?.pictures[0]?.places ?? [])];
    const [even, odd] = [0, 1].map(first => Array.from({length: 120}, (_, i) => 2 * i + first));
    const parts = [even, odd].map(rows => trustworthiness(points, picture, 12, rows));
    expect(((parts[0] ?? 0) + (parts[1] ?? 0)) / 2).toBeCloseTo(trustworthiness(points, picture, 12), 12);
    expect(() => trustworthiness(pointsOf([[1], [2], [3], [4]]), pointsOf([[1], [2], [3], [4]]), 2)).toThrow(
      '4 rows are too few for their 2 nearest',
    );
  });
});

describe('the graph of neighbours', () => {
  const {set, k, edges} = reference.graph;
  it('has the weights that follow from the definition of the paper, to 1e-8, both ways', () => {
    const {from, to, weights} = neighbourGraph(nearestNeighbours(scaled(set), k));
    const found = new Map(Array.from(from, (row, e) => [`${row} ${to[e]}`, weights[e] ?? 0]));
    for (const [i, j, weight] of edges) {
      expect(Math.abs((found.get(`${i} ${j}`) ?? 0) - weight)).toBeLessThan(1e-8);
      expect(found.get(`${j} ${i}`)).toBeCloseTo(weight, 8);
    }
    expect(Array.from(from).filter(row => row < 40)).toHaveLength(edges.length);
  });

  it('holds rows that are the same, and is whole where all are', () => {
    const same = neighbourGraph(nearestNeighbours(pointsOf(Array.from({length: 20}, () => [1, 2])), 5));
    expect([...same.weights].every(weight => weight === 1)).toBe(true);
    const half = neighbourGraph(
      nearestNeighbours(pointsOf(Array.from({length: 40}, (_, i) => [Math.max(0, i - 20)])), 5),
    );
    expect([...half.weights].every(weight => weight >= 0 && weight <= 1)).toBe(true);
  });
});

describe('umap', () => {
  const digits = columnsOf(rowsOf('digits'));
  const codes = Float64Array.from(reference.sets.digits?.labels ?? []);
  const found = umapRows({columns: digits, codes, seed: 42}, quiet);

  it('keeps the digits together: trustworthiness above 0.95 (components 0.85), nine in ten neighbours of the same digit', () => {
    expect(found.picture.trustworthiness).toBeGreaterThan(0.95);
    expect(found.components.trustworthiness).toBeCloseTo(0.8523717679944095, 9);
    expect(found.picture.alike).toBeGreaterThan(0.88);
    expect(found.components.alike).toBeLessThan(0.55);
    expect(found.original.alike).toBeLessThan(found.picture.alike ?? 0);
    expect(found.alikeByChance).toBeCloseTo(0.1, 2);
  });

  it('gives the same places for the same seed, and others for another', () => {
    const again = umapRows({columns: digits, codes, seed: 42}, quiet);
    expect(again.x).toEqual(found.x);
    expect(again.y).toEqual(found.y);
    expect(umapRows({columns: digits, codes, seed: 1}, quiet).x).not.toEqual(found.x);
  });

  it('parts blobs, so that every row lies nearest to rows of its own', () => {
    const columns = columnsOf(
      Array.from({length: 120}, (_, i) => [
        (i % 3) * 20 + ((i * 7919) % 13) / 13,
        (i % 3 === 1 ? 30 : 0) + ((i * 31) % 17) / 17,
      ]),
    );
    const {picture} = umapRows({columns, codes: Float64Array.from({length: 120}, (_, i) => i % 3), seed: 42}, quiet);
    expect(picture.alike).toBe(1);
  });

  it('lays few rows out in 500 rounds, as umap-learn does', () => {
    const said: string[] = [];
    const columns = columnsOf(Array.from({length: 40}, (_, i) => [(i * 31) % 17, (i * 7919) % 13]));
    umapRows({columns, codes: null, seed: 42}, text => said.push(text));
    expect(said).toContain('round 25 of 500');
  });

  it('takes a sample where all rows with each other would be too many, fewer the more columns', () => {
    expect([2, 30, 300, 3000].map(rowsInPicture)).toEqual([10_000, 10_000, 3_162, 1_000]);
  });

  it('refuses few rows and rows that are all alike, and takes rows that repeat', () => {
    const rows = (count: number) => Float64Array.from({length: count}, (_, i) => i);
    expect(() => umapRows({columns: [rows(9), rows(9)], codes: null, seed: 42}, quiet)).toThrow('10 are needed');
    const same = new Float64Array(30).fill(2);
    expect(() => umapRows({columns: [same, same], codes: null, seed: 42}, quiet)).toThrow('nothing to lay out');
    const twice = Float64Array.from({length: 60}, (_, i) => i % 30);
    const {x, y} = umapRows({columns: [twice, twice], codes: null, seed: 42}, quiet);
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  });
});
