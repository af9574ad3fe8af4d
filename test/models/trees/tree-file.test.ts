import {deflateRawSync, inflateRawSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import type {FitInput} from '../../../src/models/estimator.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {fitBoosted} from '../../../src/models/trees/boosting.ts';
import {
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
  treeRegressor,
} from '../../../src/models/trees/forest.ts';
import type {Trees} from '../../../src/models/trees/tree.ts';
import {packTrees, unpackTrees} from '../../../src/models/trees/tree-file.ts';

function sample(rows: number, classCount: number): FitInput {
  const random = new Mt19937(6);
  const features = Array.from({length: 8}, () =>
    Float64Array.from({length: rows}, () => (random.nextDouble() < 0.05 ? Number.NaN : random.nextDouble())),
  );
  const target = Float64Array.from({length: rows}, (_, i) => {
    const value = 3 * (features[0]?.[i] || 0) + (features[1]?.[i] || 0) + random.nextDouble();
    return classCount === 0 ? value : Math.min(classCount - 1, Math.floor(value / 2));
  });
  return {features, target, classCount, seed: 3};
}

/** Two trees: a split with its two leaves, and one leaf alone. */
const small: Trees = {
  outputs: 1,
  roots: Uint32Array.from([0, 3]),
  feature: Int32Array.from([4, -1, -1, -1]),
  threshold: Float64Array.from([0.5, 0, 0, 0]),
  right: Uint32Array.from([2, 0, 0, 0]),
  missingLeft: Uint8Array.from([1, 0, 0, 0]),
  cover: Float64Array.from([4, 1, 3, 4]),
  values: Float64Array.from([4, 1, 5, 7]),
};

describe('trees that went through a file', () => {
  it('are the same to the last bit', () => {
    expect(unpackTrees(JSON.parse(JSON.stringify(packTrees(small, 5))))).toEqual({trees: small, featureCount: 5});
    for (const classCount of [0, 2, 3]) {
      const {trees} = fitBoosted(sample(500, classCount));
      expect(unpackTrees(packTrees(trees, 8)).trees).toEqual(trees);
    }
  });

  it('of one leaf each, which have no thresholds, are read again', () => {
    const leaves: Trees = {
      outputs: 1,
      roots: Uint32Array.from([0, 1]),
      feature: Int32Array.from([-1, -1]),
      threshold: Float64Array.from([0, 0]),
      right: Uint32Array.from([0, 0]),
      missingLeft: Uint8Array.from([0, 0]),
      cover: Float64Array.from([4, 4]),
      values: Float64Array.from([2, 7]),
    };
    expect(unpackTrees(JSON.parse(JSON.stringify(packTrees(leaves, 3))))).toEqual({trees: leaves, featureCount: 3});
  });

  it.each([
    ['a forest for two classes', randomForestClassifier, 2, 1.2e6],
    ['a forest for numbers, of which every leaf has its own', randomForestRegressor, 0, 4.5e6],
    ['extra trees for numbers', extraTreesRegressor, 0, 6.5e6],
  ])('of 4,000 rows are small: %s', (_, estimator, classCount, bytes) => {
    expect(JSON.stringify(estimator.fit(sample(4000, classCount)).parameters).length).toBeLessThan(bytes);
  });
});

describe('a model file that was tampered with is refused', () => {
  const parameters = JSON.parse(JSON.stringify(treeRegressor.fit(sample(200, 0)).parameters));
  const load = (change: object) => () => treeRegressor.load({...parameters, trees: {...parameters.trees, ...change}});
  const text = (bytes: Uint8Array) => deflateRawSync(bytes).toString('base64');
  const bytes = (packed: string) => inflateRawSync(Buffer.from(packed, 'base64'));
  const doubles = (...values: number[]) => text(new Uint8Array(Float64Array.from(values).buffer));

  it('as it was, it is not', () => {
    expect(load({})).not.toThrow();
  });

  it('when a tree has no end, or a walk would leave the nodes', () => {
    expect(load({splits: text(bytes(parameters.trees.splits).subarray(0, -1))})).toThrow(/before all its leaves/);
    expect(load({splits: text(Buffer.from([1]))})).toThrow(/before all its leaves/);
    expect(load({splits: text(Buffer.from([]))})).toThrow(/differ in length/);
  });

  it('when arrays do not fit together', () => {
    expect(load({thresholds: ['', '']})).toThrow(/differ in length/);
    expect(load({thresholds: [text(Buffer.from('abc')), '']})).toThrow(/no whole number/);
    expect(load({values: [doubles(1), text(Buffer.from([0, 1, 0]))]})).toThrow(/no value 1 of 1/);
    expect(load({featureCount: 0})).toThrow(/beyond the 0/);
    expect(load({outputs: 2})).toThrow(/differ in length/);
  });

  it('when a number is none, or a weight is less than none', () => {
    const leaves = bytes(parameters.trees.splits).filter(split => split === 0).length;
    const inner = leaves - 1;
    const filled = (count: number, value: number) => [doubles(...new Array<number>(count).fill(value)), ''];
    expect(load({thresholds: filled(inner, Number.NaN)})).toThrow(/threshold is not a number/);
    expect(load({values: filled(leaves, Number.POSITIVE_INFINITY)})).toThrow(/not finite/);
    expect(load({covers: filled(leaves, -1)})).toThrow(/weight/);
    expect(load({splits: text(Buffer.from([255, 255, 255, 255, 255, 255, 1]))})).toThrow(/more than 32 bits/);
    expect(load({splits: text(Buffer.from([200]))})).toThrow(/before its last byte/);
  });

  it('when a short text says it is a great many nodes, or is no text of this kind', () => {
    expect(load({splits: text(Buffer.alloc(20_000_001))})).toThrow(/20000001 nodes are more/);
    expect(load({splits: text(Buffer.alloc(170_000_000))})).toThrow();
    for (const splits of ['****', 'AAAA', 7, null, ['x']]) expect(load({splits})).toThrow();
  });
});
