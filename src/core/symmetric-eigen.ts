// Eigenvalues and vectors of a symmetric matrix by Jacobi's rotations, the most exact for some dozens of columns.

import {tridiagonalEigen} from './tridiagonal-eigen.ts';

const mostSweeps = 60;
/** More take minutes. */
const mostByRotations = 64;

/** `vectors[k]` belongs to `values[k]` and has length 1; in no order. The matrix is square and is not changed. */
export function symmetricEigen(matrix: readonly Float64Array[]): {values: Float64Array; vectors: Float64Array[]} {
  const n = matrix.length;
  if (n > mostByRotations) return tridiagonalEigen(matrix);
  const a = matrix.map(row => row.slice());
  const vectors = Array.from({length: n}, (_, i) => Float64Array.from({length: n}, (__, j) => (i === j ? 1 : 0)));
  const at = (i: number, j: number) => a[i]?.[j] ?? 0;
  const scale = Math.sqrt(a.reduce((sum, row) => sum + row.reduce((part, value) => part + value * value, 0), 0));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += at(p, q) ** 2;
    if (Math.sqrt(off) <= 1e-16 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (at(p, q) !== 0) rotate(p, q);
  }
  return {values: Float64Array.from({length: n}, (_, i) => at(i, i)), vectors};

  function rotate(p: number, q: number): void {
    const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
    const t =
      Math.abs(theta) > 1e150 ? 0.5 / theta : Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    const c = 1 / Math.sqrt(t * t + 1);
    const s = t * c;
    for (let k = 0; k < n; k++) turn(a[k], p, q);
    turnRows(a, p, q);
    turnRows(vectors, p, q);

    function turn(row: Float64Array | undefined, i: number, j: number): void {
      if (!row) return;
      const [x, y] = [row[i] ?? 0, row[j] ?? 0];
      row[i] = c * x - s * y;
      row[j] = s * x + c * y;
    }
    function turnRows(rows: readonly Float64Array[], i: number, j: number): void {
      const [first, second] = [rows[i], rows[j]];
      if (!first || !second) return;
      for (let k = 0; k < n; k++) {
        const [x, y] = [first[k] ?? 0, second[k] ?? 0];
        first[k] = c * x - s * y;
        second[k] = s * x + c * y;
      }
    }
  }
}
