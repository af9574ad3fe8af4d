import {describe, expect, it} from 'vitest';
import {symmetricEigen} from '../../src/core/symmetric-eigen.ts';
import {tridiagonalEigen} from '../../src/core/tridiagonal-eigen.ts';
import {Mt19937} from '../../src/models/mt19937.ts';

function covariance(n: number, rank: number): Float64Array[] {
  const random = new Mt19937(n + rank);
  const rows = Array.from({length: rank}, () => Float64Array.from({length: n}, () => random.nextDouble() - 0.5));
  return Array.from({length: n}, (_, i) =>
    Float64Array.from({length: n}, (__, j) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
  );
}
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('eigenvalues and vectors of a symmetric matrix', () => {
  it.each([
    ['of full rank', covariance(30, 40)],
    ['of low rank, most values 0', covariance(40, 5)],
    ['diagonal', [Float64Array.of(3, 0, 0), Float64Array.of(0, -1, 0), Float64Array.of(0, 0, 3)]],
    ['of one column', [Float64Array.of(4)]],
    ['of two', [Float64Array.of(2, 1), Float64Array.of(1, 2)]],
    ['all zero', covariance(6, 0)],
  ])('%s: reflections give what rotations give, and vectors at right angles', (_, matrix) => {
    const [slow, fast] = [symmetricEigen(matrix), tridiagonalEigen(matrix)];
    const sorted = [slow.values, fast.values].map(values => [...values].sort((a, b) => a - b));
    sorted[0]?.forEach((value, i) => {
      expect(Math.abs(value - (sorted[1]?.[i] ?? Number.NaN))).toBeLessThan(1e-12);
    });
    fast.vectors.forEach((vector, k) => {
      matrix.forEach((row, i) => {
        expect(Math.abs(dot(row, vector) - (fast.values[k] ?? 0) * (vector[i] ?? 0))).toBeLessThan(1e-12);
      });
      fast.vectors.forEach((other, j) => {
        expect(Math.abs(dot(vector, other) - (j === k ? 1 : 0))).toBeLessThan(1e-12);
      });
    });
  });

  it('hundreds of columns take seconds at most', () => {
    const matrix = covariance(300, 20);
    const started = performance.now();
    const {values} = symmetricEigen(matrix);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      matrix.reduce((sum, row, i) => sum + (row[i] ?? 0), 0),
      9,
    );
  });
});
