// The sums behind logistic regression: loss, gradient and curvature over blocks of rows, each row of its own weight.

import type {Columns} from '../core/least-squares.ts';
import {type Arena, createArena} from './kernel/arena.ts';

/**
 * n rows of `features` and a last column of ones that is only thought. `weights` are the model's: for each of its sums the
 * coefficients and then the intercept. Two classes have one sum, for class 1; more have one each.
 */
export type Problem = {
  features: Columns;
  target: Float64Array;
  classCount: number;
  /** Of ½ Σ coefficient²; the intercepts are free. */
  penalty: number;
  rowWeights: Float64Array | undefined;
};

const blockRows = 512;
/** 2 to this power is far from too large for a number. */
const rowsPerLog = 64;

export function sumCountOf({classCount}: Problem): number {
  return classCount > 2 ? classCount : 1;
}

/** The penalised loss and its gradient; with `hessian`, which is square and zero, its second derivatives are added there. */
export function derive(
  problem: Problem,
  weights: Float64Array,
  gradient: Float64Array,
  hessian?: Float64Array[],
): number {
  const {features, target, penalty} = problem;
  const width = features.length + 1;
  const sums = sumCountOf(problem);
  gradient.fill(0);
  let loss = 0;
  const scratch = new Scratch(width, sums, hessian !== undefined);
  for (let start = 0; start < target.length; start += blockRows) {
    const rows = Math.min(blockRows, target.length - start);
    scratch.load(features, start, rows);
    loss += scratch.score(problem, weights, start, rows);
    for (let k = 0; k < sums; k++) {
      for (let a = 0; a < width; a++)
        gradient[k * width + a] = (gradient[k * width + a] ?? 0) + dot(scratch.residuals[k], scratch.columns[a], rows);
      if (hessian) for (let l = k; l < sums; l++) scratch.curve(hessian, k, l, rows);
    }
  }
  for (let at = 0; at < weights.length; at++) {
    if (at % width === width - 1) continue;
    const weight = weights[at] ?? 0;
    loss += (penalty / 2) * weight * weight;
    gradient[at] = (gradient[at] ?? 0) + penalty * weight;
    const row = hessian?.[at];
    if (row) row[at] = (row[at] ?? 0) + penalty;
  }
  if (hessian) mirror(hessian);
  return loss;
}

/** Two arrays of which only the first `rows` count. */
function dot(a: Float64Array | undefined, b: Float64Array | undefined, rows: number): number {
  if (!a || !b) return 0;
  // Four sums side by side don't wait for each other.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < rows; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}

/** Adds the first `rows` of the columns, four at a time, each times its weight; a last column of ones is left out. */
function addWeighted(sum: Float64Array, columns: readonly Float64Array[], weights: Float64Array, rows: number): void {
  const count = columns.length - 1;
  let j = 0;
  for (; j + 3 < count; j += 4) {
    const [a, b, c, d] = [columns[j], columns[j + 1], columns[j + 2], columns[j + 3]];
    const [u, v, w, x] = [weights[j] ?? 0, weights[j + 1] ?? 0, weights[j + 2] ?? 0, weights[j + 3] ?? 0];
    if (!a || !b || !c || !d) continue;
    for (let i = 0; i < rows; i++)
      sum[i] = (sum[i] ?? 0) + u * (a[i] ?? 0) + v * (b[i] ?? 0) + (w * (c[i] ?? 0) + x * (d[i] ?? 0));
  }
  for (; j < count; j++) {
    const [column, weight] = [columns[j], weights[j] ?? 0];
    if (column) for (let i = 0; i < rows; i++) sum[i] = (sum[i] ?? 0) + weight * (column[i] ?? 0);
  }
}

/** What one block of rows needs, kept from block to block. */
class Scratch {
  readonly columns: Float64Array[];
  readonly residuals: Float64Array[];
  readonly #chances: Float64Array[];
  readonly #products: Products | null;
  readonly #shares = new Float64Array(blockRows).fill(1);

  constructor(width: number, sums: number, curves: boolean) {
    this.#products = curves ? createProducts(width) : null;
    const columnOf = (j: number) => this.#products?.columns[j] ?? new Float64Array(blockRows);
    this.columns = Array.from({length: width}, (_, j) => columnOf(j).fill(1));
    this.residuals = Array.from({length: sums}, () => new Float64Array(blockRows));
    this.#chances = Array.from({length: sums}, () => new Float64Array(blockRows));
  }

  load(features: Columns, start: number, rows: number): void {
    features.forEach((column, j) => {
      const block = column.subarray(start, start + rows);
      // The kernel needs them in its own memory; what is only read once stays where it is.
      if (this.#products) this.columns[j]?.set(block);
      else this.columns[j] = block;
    });
  }

  /** Probabilities and weighted residuals of the block; gives its loss. */
  score({target, classCount, rowWeights}: Problem, weights: Float64Array, start: number, rows: number): number {
    const width = this.columns.length;
    this.#chances.forEach((sum, k) => {
      const own = weights.subarray(k * width, k * width + width);
      sum.fill(own[width - 1] ?? 0);
      addWeighted(sum, this.columns, own, rows);
    });
    if (classCount <= 2 && !rowWeights) return this.#plain(target, start, rows);
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const share = rowWeights?.[start + i] ?? 1;
      this.#shares[i] = share;
      loss += share * this.#row(i, target[start + i] ?? 0, share, classCount > 2);
    }
    return loss;
  }

  /** Two classes and no weights of rows: one logarithm does for many rows, that of a product of numbers from 1 to 2. */
  #plain(target: Float64Array, start: number, rows: number): number {
    const [[chances], [residuals]] = [this.#chances, this.residuals];
    if (!chances || !residuals) return 0;
    let loss = 0;
    let product = 1;
    for (let i = 0; i < rows; i++) {
      const score = chances[i] ?? 0;
      const actual = target[start + i] ?? 0;
      const small = Math.exp(-Math.abs(score));
      const p = (score >= 0 ? 1 : small) / (1 + small);
      chances[i] = p;
      residuals[i] = p - actual;
      loss += Math.max(score, 0) - actual * score;
      product *= 1 + small;
      if (i % rowsPerLog === rowsPerLog - 1) {
        loss += Math.log(product);
        product = 1;
      }
    }
    return loss + Math.log(product);
  }

  #row(i: number, actual: number, share: number, isMany: boolean): number {
    const [first] = this.#chances;
    if (!isMany && first) {
      const score = first[i] ?? 0;
      const small = Math.exp(-Math.abs(score));
      const p = score >= 0 ? 1 / (1 + small) : small / (1 + small);
      first[i] = p;
      const [residual] = this.residuals;
      if (residual) residual[i] = share * (p - actual);
      return Math.max(score, 0) + Math.log1p(small) - actual * score;
    }
    let most = Number.NEGATIVE_INFINITY;
    for (const sum of this.#chances) most = Math.max(most, sum[i] ?? 0);
    let total = 0;
    for (const sum of this.#chances) total += Math.exp((sum[i] ?? 0) - most);
    const loss = most + Math.log(total) - (this.#chances[actual]?.[i] ?? 0);
    this.#chances.forEach((sum, k) => {
      const p = Math.exp((sum[i] ?? 0) - most) / total;
      sum[i] = p;
      const residual = this.residuals[k];
      if (residual) residual[i] = share * (p - (actual === k ? 1 : 0));
    });
    return loss;
  }

  /** Adds the second derivatives by the weights of sum k and of sum l. */
  curve(hessian: Float64Array[], k: number, l: number, rows: number): void {
    const width = this.columns.length;
    const [p, q, products] = [this.#chances[k], this.#chances[l], this.#products];
    if (!p || !q || !products) return;
    for (let i = 0; i < rows; i++)
      products.weights[i] = (this.#shares[i] ?? 1) * (p[i] ?? 0) * ((k === l ? 1 : 0) - (q[i] ?? 0));
    const found = products.sum(rows);
    for (let a = 0; a < width; a++) {
      const row = hessian[k * width + a];
      for (let b = 0; row && b < width; b++)
        row[l * width + b] = (row[l * width + b] ?? 0) + (found[Math.max(a, b) * products.width + Math.min(a, b)] ?? 0);
    }
  }
}

type Products = {
  columns: Float64Array[];
  weights: Float64Array;
  /** Even, with a column of zeros where there is one too few. */
  width: number;
  /** Σ weight · column a · column b of the first `rows` rows at a · width + b, for b up to a. */
  sum(rows: number): Float64Array;
};

function createProducts(count: number): Products {
  const width = count + (count % 2);
  const columnBytes = 8 * blockRows;
  const {kernel, buffer, take}: Arena = createArena(2 * width * columnBytes + 8 * width * width + 64);
  const [left, right, sums] = [take(width * columnBytes), take(width * columnBytes), take(8 * width * width)];
  const columnsAt = (at: number) =>
    Array.from({length: count}, (_, j) => new Float64Array(buffer, at + j * columnBytes, blockRows));
  const [scaled, columns] = [columnsAt(left), columnsAt(right)];
  const found = new Float64Array(buffer, sums, width * width);
  const weights = new Float64Array(blockRows);
  return {
    ...{columns, weights, width},
    sum(rows) {
      const even = rows + (rows % 2);
      scaled.forEach((into, j) => {
        const column = columns[j] ?? into;
        for (let i = 0; i < rows; i++) into[i] = (weights[i] ?? 0) * (column[i] ?? 0);
        into.fill(0, rows, even);
      });
      found.fill(0);
      kernel.products(left, right, even, columnBytes, width, sums);
      return found;
    },
  };
}

function mirror(hessian: Float64Array[]): void {
  hessian.forEach((row, a) => {
    for (let b = 0; b < a; b++) row[b] = hessian[b]?.[a] ?? 0;
  });
}
