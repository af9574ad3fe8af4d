import {describe, expect, it} from 'vitest';
import {findAnomalies} from '../../../src/models/anomaly/find-anomalies.ts';
import {expectedDepth, isolationForest} from '../../../src/models/anomaly/isolation-forest.ts';
import {localOutlierFactor} from '../../../src/models/anomaly/local-outlier-factor.ts';
import {columnsOf, referenceSet, scaled} from '../clustering/reference.ts';

const quiet = () => {};

describe('localOutlierFactor', () => {
  it.each(['wine', 'iris'])('%s: equals scikit-learn to 1e-9', name => {
    for (const k of [10, 20]) {
      const {factors} = localOutlierFactor(scaled(name), k);
      const expected = referenceSet(name).lof?.[k] ?? [];
      const off = expected.filter((value, i) => Math.abs((factors[i] ?? 0) - value) > 1e-9);
      expect(off).toEqual([]);
    }
  });

  it('refuses more neighbours than there are rows', () => {
    expect(() => localOutlierFactor(scaled('wine'), 178)).toThrow('178 rows have no 178 neighbours');
  });
});

describe('findAnomalies by lof', () => {
  it('names the column in which a row differs from its neighbours, not those in which all of them are far out', () => {
    const wave = (i: number) => Math.sin(i * 12.9898);
    const x = Float64Array.from({length: 61}, (_, i) => (i < 48 ? wave(i) : 100 + wave(i)));
    const y = Float64Array.from({length: 61}, (_, i) => (i < 60 ? wave(i + 7) : 6));
    const {rows} = findAnomalies({columns: [x, y], method: 'lof', neighbours: 8, most: 1, seed: 1}, quiet);
    expect(rows[0]?.row).toBe(60);
    expect(rows[0]?.reasons.map(reason => reason.column)).toEqual([1]);
  });
});

describe('isolationForest', () => {
  it.each(['wine', 'iris'])(
    "%s: the scores go with scikit-learn's mean over five forests, rank correlation above 0.98",
    name => {
      const columns = columnsOf(referenceSet(name).rows);
      const scores = isolationForest(columns, {trees: 500, sampleRows: 256, seed: 3}).score(columns);
      const expected = Float64Array.from(referenceSet(name).isolation ?? []);
      expect(correlation(ranks(scores), ranks(expected))).toBeGreaterThan(0.98);
      const off = scores.map((score, i) => Math.abs(score - (expected[i] ?? 0)));
      expect(Math.max(...off)).toBeLessThan(0.03);
    },
  );

  it('the expected depth is that of a search tree', () => {
    expect([0, 1, 2].map(expectedDepth)).toEqual([0, 0, 1]);
    expect(expectedDepth(256)).toBeCloseTo(10.2448, 4);
  });

  it('is the same for the same seed, and nothing stands out of rows that are all alike', () => {
    const same = [new Float64Array(50).fill(1), new Float64Array(50).fill(2)];
    const scores = isolationForest(same, {trees: 20, sampleRows: 256, seed: 1}).score(same);
    for (const score of scores) expect(score).toBeCloseTo(0.5, 12);
    const columns = columnsOf(referenceSet('wine').rows);
    const again = () => isolationForest(columns, {trees: 20, sampleRows: 64, seed: 9}).score(columns);
    expect(again()).toEqual(again());
  });
});

describe('findAnomalies', () => {
  const rows = Array.from({length: 300}, (_, i) => [((i * 37) % 100) / 10, ((i * 53) % 90) / 10, ((i * 71) % 80) / 10]);
  rows[77] = [5, 60, 4];
  rows[200] = [-40, 4, 50];

  it.each(['isolation_forest', 'lof'] as const)(
    '%s finds the rows that were made unusual, and the columns that make them so',
    method => {
      const found = findAnomalies({columns: columnsOf(rows), method, neighbours: 20, most: 5, seed: 42}, quiet);
      const byRow = new Map(found.rows.map(each => [each.row, each]));
      expect(byRow.get(77)?.reasons.map(({column}) => column)).toEqual([1]);
      expect(
        byRow
          .get(200)
          ?.reasons.map(({column}) => column)
          .sort(),
      ).toEqual([0, 2]);
      expect(byRow.get(77)?.reasons[0]).toMatchObject({value: 60, rank: 299 / 300});
      expect(found.above).toBeGreaterThanOrEqual(2);
      expect(found.above).toBeLessThan(10);
    },
  );

  it('refuses too few rows, and too many for lof', () => {
    const short = {columns: [new Float64Array(9)], method: 'lof' as const, neighbours: 5, most: 5, seed: 1};
    expect(() => findAnomalies(short, quiet)).toThrow('There are 9 rows');
    expect(() => findAnomalies({...short, columns: [new Float64Array(20_001)]}, quiet)).toThrow('isolation_forest');
  });
});

function ranks(values: Float64Array): Float64Array {
  const result = new Float64Array(values.length);
  for (const [rank, i] of [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0)).entries())
    result[i] = rank;
  return result;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [p, q] = [mean(a), mean(b)];
  let [top, left, right] = [0, 0, 0];
  a.forEach((value, i) => {
    top += (value - p) * ((b[i] ?? 0) - q);
    left += (value - p) ** 2;
    right += ((b[i] ?? 0) - q) ** 2;
  });
  return top / Math.sqrt(left * right);
}
