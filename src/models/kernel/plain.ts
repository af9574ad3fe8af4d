// The inner loops of models, without WebAssembly: what they do is said here, and they are a test's yardstick.

/** Bins a feature may have, the one of the missing values (0) among them; a bin number fits a byte. */
export const binCount = 256;
/** Byte offsets in a split that `scan` found: gain, left gradient, left hessian (f64), left count, feature, bin, missing left (u32). */
export const splitBytes = 40;
/** So many leaves has a tree at most that is scored by masks: one a bit. */
export const maskLeaves = 32;

/**
 * All arguments that name data are byte offsets in one memory. `rows` are u32 row numbers; `codes` of four features lie in one
 * u32 a row, so that feature j of a group is byte j of it; `pairs` are gradient and hessian of a row as two f64; `sums` are
 * such pairs for each feature and bin, `counts` the rows there as u32.
 */
export interface Kernel {
  /** Copies the pairs of the rows at `start` to `end` next to each other. */
  gather(rows: number, start: number, end: number, pairs: number, near: number): void;
  /** Adds the rows at `start` to `end` to the bins of four features. */
  fill(codes: number, rows: number, start: number, end: number, near: number, sums: number, counts: number): void;
  /** Takes other bins away from these. */
  subtract(sums: number, counts: number, otherSums: number, otherCounts: number, bins: number): void;
  /**
   * Writes a split to `best` for each that gains more than what stands there. `total` is gradient and hessian (f64) and count
   * (u32) of all rows; `edgeCounts` (u32) says for each feature how many bins may go left.
   */
  scan(
    sums: number,
    counts: number,
    features: number,
    edgeCounts: number,
    total: number,
    minLeafRows: number,
    l2: number,
    best: number,
  ): void;
  /** Moves the rows whose code is at most `bin` to the front, in their order; gives where the others begin. */
  partition(
    codes: number,
    bin: number,
    missingLeft: number,
    rows: number,
    start: number,
    end: number,
    scratch: number,
  ): number;
  /** One byte for each f64: 0 for NaN, else 1 + how many of 255 ascending `edges` (filled up with ∞) are less; `stride` bytes apart. */
  encode(values: number, count: number, edges: number, codes: number, stride: number): void;
  /**
   * Adds to four scores (f64 a row) the leaves that four trees reach. `codes` are `width` bytes a row; for each of the
   * `used` features (u32 places in a row) `masks` holds 256 times four u32: the leaves that are left with this code. The
   * first leaf that is left in all of them is reached; 32 `values` a tree.
   */
  scoreByMasks(
    codes: number,
    count: number,
    width: number,
    used: number,
    usedCount: number,
    masks: number,
    values: number,
    score0: number,
    score1: number,
    score2: number,
    score3: number,
  ): void;
  /**
   * Writes to `reached` (u32) the leaf of each row in one tree, plus `root`; `codes` are `width` bytes a row, and room for
   * seven more rows follows in both. A node is two u32: feature · 65536 + shift · 256 + limit, and the child on the right.
   * A row goes to the next node when its code minus shift, as a whole number from 0, is below limit. A leaf is its own child.
   */
  walk(nodes: number, root: number, codes: number, count: number, width: number, reached: number): void;
  /**
   * Adds Σ left[a] · right[b] over an even number of rows to `sums[a · width + b]`, for an even `width` and b up to a (and a
   * little above). Columns of f64 begin `stride` bytes apart.
   */
  products(left: number, right: number, rows: number, stride: number, width: number, sums: number): void;
}

const smallestHessian = 1e-3;

export function plainKernel(buffer: ArrayBuffer): Kernel {
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const doubles = new Float64Array(buffer);
  const word = (at: number) => words[at] ?? 0;
  const double = (at: number) => doubles[at] ?? 0;

  return {
    gather(rows, start, end, pairs, near) {
      for (let p = start; p < end; p++) {
        const from = pairs / 8 + 2 * word(rows / 4 + p);
        doubles[near / 8 + 2 * p] = double(from);
        doubles[near / 8 + 2 * p + 1] = double(from + 1);
      }
    },

    fill(codes, rows, start, end, near, sums, counts) {
      for (let p = start; p < end; p++) {
        const code = word(codes / 4 + word(rows / 4 + p));
        const gradient = double(near / 8 + 2 * p);
        const hessian = double(near / 8 + 2 * p + 1);
        for (let j = 0; j < 4; j++) {
          const bin = j * binCount + ((code >>> (8 * j)) & 255);
          const at = sums / 8 + 2 * bin;
          doubles[at] = double(at) + gradient;
          doubles[at + 1] = double(at + 1) + hessian;
          words[counts / 4 + bin] = word(counts / 4 + bin) + 1;
        }
      }
    },

    subtract(sums, counts, otherSums, otherCounts, bins) {
      for (let i = 0; i < 2 * bins; i++) doubles[sums / 8 + i] = double(sums / 8 + i) - double(otherSums / 8 + i);
      for (let i = 0; i < bins; i++) words[counts / 4 + i] = word(counts / 4 + i) - word(otherCounts / 4 + i);
    },

    scan(sums, counts, features, edgeCounts, total, minLeafRows, l2, best) {
      const [g, h, n] = [double(total / 8), double(total / 8 + 1), word(total / 4 + 4)];
      const before = (g * g) / (h + l2);
      let most = double(best / 8);
      for (let feature = 0; feature < features; feature++) {
        const s = sums / 8 + 2 * feature * binCount;
        const c = counts / 4 + feature * binCount;
        const hasMissing = word(c) > 0;
        for (const missingLeft of hasMissing ? [0, 1] : [0]) {
          let [leftG, leftH, left] = missingLeft ? [double(s), double(s + 1), word(c)] : [0, 0, 0];
          // The split after the last value parts what is there from what is missing.
          const last = word(edgeCounts / 4 + feature) + (hasMissing && !missingLeft ? 1 : 0);
          for (let bin = 1; bin <= last; bin++) {
            if (word(c + bin) === 0) continue;
            leftG += double(s + 2 * bin);
            leftH += double(s + 2 * bin + 1);
            left += word(c + bin);
            if (left < minLeafRows || leftH < smallestHessian) continue;
            const [rightG, rightH] = [g - leftG, h - leftH];
            if (n - left < minLeafRows || rightH < smallestHessian) break;
            const gain = (leftG * leftG) / (leftH + l2) + (rightG * rightG) / (rightH + l2) - before;
            if (gain > most) {
              most = gain;
              doubles.set([gain, leftG, leftH], best / 8);
              words.set([left, feature, bin, missingLeft], best / 4 + 6);
            }
          }
        }
      }
    },

    partition(codes, bin, missingLeft, rows, start, end, scratch) {
      let left = rows / 4 + start;
      let right = scratch / 4;
      for (let p = rows / 4 + start; p < rows / 4 + end; p++) {
        const row = word(p);
        const code = bytes[codes + 4 * row] ?? 0;
        const goesLeft = (code === 0 ? missingLeft === 1 : code <= bin) ? 1 : 0;
        // Written to both sides, since a branch that can't be foretold would take longer.
        words[left] = row;
        words[right] = row;
        left += goesLeft;
        right += 1 - goesLeft;
      }
      words.copyWithin(left, scratch / 4, right);
      return left - rows / 4;
    },

    encode(values, count, edges, codes, stride) {
      for (let i = 0; i < count; i++) {
        const value = double(values / 8 + i);
        let at = 0;
        for (let step = 128; step >= 1; step /= 2) if (double(edges / 8 + at + step - 1) < value) at += step;
        bytes[codes + i * stride] = Number.isNaN(value) ? 0 : at + 1;
      }
    },

    scoreByMasks(codes, count, width, used, usedCount, masks, values, ...scores) {
      for (let tree = 0; tree < 4; tree++) {
        const score = (scores[tree] ?? 0) / 8;
        for (let i = 0; i < count; i++) {
          let leaves = -1;
          for (let u = 0; u < usedCount; u++) {
            const code = bytes[codes + i * width + word(used / 4 + u)] ?? 0;
            leaves &= word(masks / 4 + 4 * (u * binCount + code) + tree);
          }
          const first = 31 - Math.clz32(leaves & -leaves);
          doubles[score + i] = double(score + i) + double(values / 8 + maskLeaves * tree + first);
        }
      }
    },

    walk(nodes, root, codes, count, width, reached) {
      for (let i = 0; i < count; i++) {
        let node = 0;
        for (let next = -1; next !== node; ) {
          if (next >= 0) node = next;
          const split = word(nodes / 4 + 2 * node);
          const code = bytes[codes + i * width + (split >>> 16)] ?? 0;
          const goesLeft = (code - ((split >>> 8) & 1)) >>> 0 < (split & 255);
          next = goesLeft ? node + 1 : word(nodes / 4 + 2 * node + 1);
        }
        words[reached / 4 + i] = root + node;
      }
    },

    products(left, right, rows, stride, width, sums) {
      for (let a = 0; a < width; a++)
        for (let b = 0; b <= (a | 1); b++) {
          const [x, y] = [(left + a * stride) / 8, (right + b * stride) / 8];
          let [even, odd] = [0, 0];
          for (let i = 0; i < rows; i += 2) {
            even += double(x + i) * double(y + i);
            odd += double(x + i + 1) * double(y + i + 1);
          }
          const at = sums / 8 + a * width + b;
          doubles[at] = double(at) + even + odd;
        }
    },
  };
}
