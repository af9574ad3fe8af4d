// Eigenvalues and vectors of a symmetric matrix of hundreds of columns: Householder's reflections to three diagonals, then QL steps.

/** `vectors[k]` belongs to `values[k]` and has length 1; in no order. The matrix is square and is not changed. */
export function tridiagonalEigen(matrix: readonly Float64Array[]): {values: Float64Array; vectors: Float64Array[]} {
  const n = matrix.length;
  const {diagonal, beside, reflections} = tridiagonal(matrix.map(row => row.slice()));
  const vectors = Array.from({length: n}, (_, i) => Float64Array.from({length: n}, (__, j) => (i === j ? 1 : 0)));
  implicitQl(diagonal, beside, vectors);
  for (const vector of vectors) for (let k = n - 3; k >= 0; k--) reflect(vector, reflections[k], k + 1);
  return {values: diagonal, vectors};
}

/** Overwrites `a`. Reflection k acts on the places from k + 1 on; null where there is nothing to do. */
function tridiagonal(a: readonly Float64Array[]) {
  const n = a.length;
  const at = (i: number, j: number) => a[i]?.[j] ?? 0;
  const reflections: (Float64Array | null)[] = [];
  const beside = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    const below = Float64Array.from({length: n - k - 1}, (_, i) => at(k + 1 + i, k));
    const unit = k + 2 < n ? reflectionOf(below) : null;
    if (k + 2 < n) reflections.push(unit);
    beside[k] = unit
      ? below.reduce((sum, value, i) => sum + value * ((i === 0 ? 1 : 0) - 2 * (unit[0] ?? 0) * (unit[i] ?? 0)), 0)
      : (below[0] ?? 0);
    if (!unit) continue;
    const product = unit.map((_, i) => {
      const row = a[k + 1 + i];
      let sum = 0;
      for (let j = 0; j < unit.length; j++) sum += (row?.[k + 1 + j] ?? 0) * (unit[j] ?? 0);
      return sum;
    });
    const along = product.reduce((sum, value, i) => sum + value * (unit[i] ?? 0), 0);
    const rest = product.map((value, i) => value - along * (unit[i] ?? 0));
    for (let i = 0; i < unit.length; i++) {
      const row = a[k + 1 + i];
      const [u, w] = [2 * (unit[i] ?? 0), 2 * (rest[i] ?? 0)];
      if (row)
        for (let j = 0; j < unit.length; j++)
          row[k + 1 + j] = (row[k + 1 + j] ?? 0) - u * (rest[j] ?? 0) - w * (unit[j] ?? 0);
    }
  }
  return {diagonal: Float64Array.from({length: n}, (_, i) => at(i, i)), beside, reflections};
}

/** The unit vector whose reflection leaves only the first place of `x`; null where only that is filled. */
function reflectionOf(x: Float64Array): Float64Array | null {
  const rest = x.subarray(1).reduce((sum, value) => sum + value * value, 0);
  if (rest === 0) return null;
  const first = x[0] ?? 0;
  const size = Math.sqrt(first * first + rest);
  const pivot = first + (first < 0 ? -size : size);
  const length = Math.sqrt(pivot * pivot + rest);
  return x.map((value, i) => (i === 0 ? pivot : value) / length);
}

function reflect(vector: Float64Array, unit: Float64Array | null | undefined, from: number): void {
  if (!unit) return;
  let sum = 0;
  for (let i = 0; i < unit.length; i++) sum += (vector[from + i] ?? 0) * (unit[i] ?? 0);
  for (let i = 0; i < unit.length; i++) vector[from + i] = (vector[from + i] ?? 0) - 2 * sum * (unit[i] ?? 0);
}

const mostSteps = 60;

/** QL with implicit shifts by Wilkinson (Bowdler and others 1968); `d` becomes the values, the rows of `vectors` turn along. */
function implicitQl(d: Float64Array, e: Float64Array, vectors: readonly Float64Array[]): void {
  const n = d.length;
  const [D, E] = [(i: number) => d[i] ?? 0, (i: number) => e[i] ?? 0];
  const isSplit = (i: number) => Math.abs(E(i)) <= Number.EPSILON * (Math.abs(D(i)) + Math.abs(D(i + 1)));
  for (let l = 0; l < n; l++)
    for (let step = 0; step < mostSteps; step++) {
      let m = l;
      while (m + 1 < n && !isSplit(m)) m++;
      if (m === l) break;
      const half = (D(l + 1) - D(l)) / (2 * E(l));
      let g = D(m) - D(l) + E(l) / (half + (half < 0 ? -1 : 1) * Math.hypot(half, 1));
      let [s, c, shift, i] = [1, 1, 0, m - 1];
      for (; i >= l; i--) {
        const [f, b] = [s * E(i), c * E(i)];
        const size = Math.hypot(f, g);
        e[i + 1] = size;
        if (size === 0) {
          d[i + 1] = D(i + 1) - shift;
          e[m] = 0;
          break;
        }
        s = f / size;
        c = g / size;
        g = D(i + 1) - shift;
        const turn = (D(i) - g) * s + 2 * c * b;
        shift = s * turn;
        d[i + 1] = g + shift;
        g = c * turn - b;
        rotate(vectors[i], vectors[i + 1], c, s);
      }
      if (i >= l) continue;
      d[l] = D(l) - shift;
      e[l] = g;
      e[m] = 0;
    }
}

function rotate(x: Float64Array | undefined, y: Float64Array | undefined, c: number, s: number): void {
  if (!x || !y) return;
  for (let k = 0; k < x.length; k++) {
    const [p, q] = [x[k] ?? 0, y[k] ?? 0];
    x[k] = c * p - s * q;
    y[k] = s * p + c * q;
  }
}
