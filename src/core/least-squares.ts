// Solves linear least squares by Householder QR. Pure numbers: used by models and by analysis, which don't know each other.

/** Columns of equal length; `columns[j][i]` is row i of column j. */
export type Columns = readonly Float64Array[];

/** A Householder QR with column pivoting: `order[k]` is the original column behind column k of R. */
export type QrFactors = {
  /** R above the diagonal, the Householder vectors below and on it. */
  reflectors: Float64Array[];
  diagonal: Float64Array;
  order: Int32Array;
  /** Columns whose part that is not explained by earlier ones is more than `tolerance` of themselves, whatever their units. */
  rank: number;
  rowCount: number;
};

const defaultTolerance = 1e-13;

/** Factors copies of the columns; `pivot: false` keeps their order. */
export function factorQr(columns: Columns, {pivot = true, tolerance = defaultTolerance} = {}): QrFactors {
  const work = columns.map(column => column.slice());
  const rowCount = work[0]?.length ?? 0;
  const steps = Math.min(rowCount, work.length);
  const order = Int32Array.from(work, (_, j) => j);
  const diagonal = new Float64Array(work.length);
  const sizes = Float64Array.from(work, column => tailNorm(column, 0));
  let rank = 0;
  for (let k = 0; k < steps; k++) {
    if (pivot) moveLargest(work, order, sizes, k);
    const column = work[k];
    if (!column) break;
    const norm = tailNorm(column, k);
    if (norm > tolerance * (sizes[k] ?? 0) * Math.sqrt(rowCount) || (!pivot && norm > 0)) rank = k + 1;
    else if (pivot) break;
    const head = column[k] ?? 0;
    const alpha = head > 0 ? -norm : norm;
    diagonal[k] = alpha;
    column[k] = head - alpha;
    for (let j = k + 1; j < work.length; j++) reflect(column, k, work[j]);
  }
  return {reflectors: work, diagonal, order, rank, rowCount};
}

/** The column of which the largest share is not explained yet comes next. */
function moveLargest(work: Float64Array[], order: Int32Array, sizes: Float64Array, k: number): void {
  let best = k;
  let bestNorm = -1;
  for (let j = k; j < work.length; j++) {
    const norm = tailNorm(work[j] ?? new Float64Array(), k) / (sizes[j] || 1);
    if (norm > bestNorm * (1 + 1e-12)) {
      best = j;
      bestNorm = norm;
    }
  }
  const [a, b] = [work[k], work[best]];
  if (!a || !b || best === k) return;
  work[k] = b;
  work[best] = a;
  const kept = order[k] ?? 0;
  order[k] = order[best] ?? 0;
  order[best] = kept;
  const size = sizes[k] ?? 0;
  sizes[k] = sizes[best] ?? 0;
  sizes[best] = size;
}

function tailNorm(column: Float64Array, from: number): number {
  let scale = 0;
  for (let i = from; i < column.length; i++) scale = Math.max(scale, Math.abs(column[i] ?? 0));
  if (scale === 0) return 0;
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += ((column[i] ?? 0) / scale) ** 2;
  return scale * Math.sqrt(sum);
}

/** Applies the reflection whose vector is the tail of `vector` to the tail of `target`. */
function reflect(vector: Float64Array, from: number, target: Float64Array | undefined): void {
  if (!target) return;
  let dot = 0;
  let square = 0;
  for (let i = from; i < vector.length; i++) {
    const v = vector[i] ?? 0;
    dot += v * (target[i] ?? 0);
    square += v * v;
  }
  if (square === 0) return;
  const factor = (2 * dot) / square;
  for (let i = from; i < vector.length; i++) target[i] = (target[i] ?? 0) - factor * (vector[i] ?? 0);
}

/** Qᵀ·y, of the length of y. */
export function applyQTransposed({reflectors, rank}: QrFactors, y: Float64Array): Float64Array {
  const result = y.slice();
  for (let k = 0; k < rank; k++) reflect(reflectors[k] ?? new Float64Array(), k, result);
  return result;
}

/** Element (row, column) of R, row ≤ column. */
export function rElement({reflectors, diagonal}: QrFactors, row: number, column: number): number {
  return row === column ? (diagonal[row] ?? 0) : (reflectors[column]?.[row] ?? 0);
}

/** x with R·x = b for the leading `rank` rows and columns, by back substitution. */
export function solveR(factors: QrFactors, b: Float64Array): Float64Array {
  const {rank} = factors;
  const x = new Float64Array(rank);
  for (let i = rank - 1; i >= 0; i--) {
    let sum = b[i] ?? 0;
    for (let j = i + 1; j < rank; j++) sum -= rElement(factors, i, j) * (x[j] ?? 0);
    x[i] = sum / rElement(factors, i, i);
  }
  return x;
}

export type LeastSquares = {coefficients: Float64Array; rank: number};

/**
 * The coefficients with the smallest sum of squared residuals |X·b − y|². Where columns depend on each other there are
 * many; then it is the shortest of them, as LAPACK's gelsd (numpy.linalg.lstsq) gives.
 */
export function leastSquares(columns: Columns, y: Float64Array): LeastSquares {
  const factors = factorQr(columns);
  const {rank, order} = factors;
  const right = applyQTransposed(factors, y);
  const sorted = rank === columns.length ? solveR(factors, right) : shortest(factors, right, columns.length);
  const coefficients = new Float64Array(columns.length);
  sorted.forEach((value, k) => {
    coefficients[order[k] ?? k] = value;
  });
  return {coefficients, rank};
}

/** The shortest z with [R11 R12]·z = c: z = Q₂·T⁻ᵀ·c, where the transposed R is Q₂·T. */
function shortest(factors: QrFactors, right: Float64Array, width: number): Float64Array {
  const {rank} = factors;
  const transposed = Array.from({length: rank}, (_, i) =>
    Float64Array.from({length: width}, (_, j) => (j < i ? 0 : rElement(factors, i, j))),
  );
  const second = factorQr(transposed, {pivot: false});
  const w = new Float64Array(width);
  for (let i = 0; i < rank; i++) {
    let sum = right[i] ?? 0;
    for (let j = 0; j < i; j++) sum -= rElement(second, j, i) * (w[j] ?? 0);
    w[i] = sum / rElement(second, i, i);
  }
  for (let k = rank - 1; k >= 0; k--) reflect(second.reflectors[k] ?? new Float64Array(), k, w);
  return w;
}
