import {describe, expect, it} from 'vitest';
import {pca, scoresOn} from '../../../src/models/reduction/pca.ts';
import {columnsOf, referenceSet} from '../clustering/reference.ts';

describe('pca', () => {
  it.each(['iris', 'wine'])('%s: equals scikit-learn behind a StandardScaler to 1e-9, up to the signs', name => {
    const {rows, pca: expected} = referenceSet(name);
    const columns = columnsOf(rows);
    const found = pca(columns);
    expected?.ratio.forEach((ratio, c) => {
      expect(Math.abs((found.ratio[c] ?? 0) - ratio)).toBeLessThan(1e-9);
      expect(Math.abs((found.variance[c] ?? 0) - (expected.variance[c] ?? 0))).toBeLessThan(1e-9);
      const theirs = expected.components[c] ?? [];
      const sign = Math.sign(theirs.reduce((sum, value, j) => sum + value * (found.components[c]?.[j] ?? 0), 0));
      theirs.forEach((value, j) => {
        expect(Math.abs((found.components[c]?.[j] ?? 0) - sign * value)).toBeLessThan(1e-9);
      });
      const scores = scoresOn(found, columns, c);
      expected.scores.forEach((row, i) => {
        expect(Math.abs((scores[i] ?? 0) - sign * (row[c] ?? 0))).toBeLessThan(1e-9);
      });
    });
  });

  it('the largest loading of each component is above 0, and the shares sum to 1', () => {
    const {components, ratio} = pca(columnsOf(referenceSet('wine').rows));
    for (const loadings of components) {
      const largest = loadings.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      expect(largest).toBeGreaterThan(0);
    }
    expect(ratio.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
  });

  it('a constant column has no part, a copied one shares the component, two rows are refused', () => {
    const x = Float64Array.from({length: 10}, (_, i) => i ** 2);
    const {components, variance} = pca([x, x, new Float64Array(10).fill(3)]);
    expect(variance[0]).toBeCloseTo(20 / 9, 12);
    for (const [j, loading] of [Math.SQRT1_2, Math.SQRT1_2, 0].entries())
      expect(components[0]?.[j]).toBeCloseTo(loading, 12);
    expect(() => pca([Float64Array.of(1, 2), Float64Array.of(1, 3)])).toThrow('There are 2 rows');
  });
});
