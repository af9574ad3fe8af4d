// Isolation forest: rows that few random cuts separate from the rest are unusual (Liu, Ting and Zhou 2008).

import type {Columns} from '../../core/least-squares.ts';
import {Mt19937} from '../mt19937.ts';

export type IsolationOptions = {trees: number; sampleRows: number; seed: number};

/** Node i: `feature[i]` −1 for a leaf, whose `value[i]` is its expected depth; else rows at most `value[i]` go to i + 1, others to `right[i]`. */
type Tree = {feature: Int32Array; value: Float64Array; right: Int32Array};

export type IsolationForest = {score(columns: Columns): Float64Array};

/**
 * The score of scikit-learn's `IsolationForest` (its negated `score_samples`): 2^(−mean depth / expected depth), near 1 for the most unusual
 * rows, below 0.5 for usual ones. Each tree cuts random columns at random places between the ends of its sample, at most log2 of it deep.
 */
export function isolationForest(columns: Columns, {trees, sampleRows, seed}: IsolationOptions): IsolationForest {
  const n = columns[0]?.length ?? 0;
  if (n < 2) throw new RangeError(`${n} rows cannot be compared`);
  const random = new Mt19937(seed);
  const size = Math.min(sampleRows, n);
  const depth = Math.ceil(Math.log2(Math.max(2, size)));
  const forest = Array.from({length: trees}, () => growTree(columns, chosen(n, size, random), depth, random));
  const usual = expectedDepth(size);
  return {
    score(rows) {
      const count = rows[0]?.length ?? 0;
      const depths = new Float64Array(count);
      for (const {feature, value, right} of forest)
        for (let i = 0; i < count; i++) {
          let node = 0;
          for (let j = feature[0] ?? -1; j >= 0; j = feature[node] ?? -1)
            node = (rows[j]?.[i] ?? 0) <= (value[node] ?? 0) ? node + 1 : (right[node] ?? 0);
          depths[i] = (depths[i] ?? 0) + (value[node] ?? 0);
        }
      return depths.map(sum => 2 ** (-sum / trees / usual));
    },
  };
}

function chosen(n: number, size: number, random: Mt19937): Int32Array {
  if (size === n) return Int32Array.from({length: n}, (_, i) => i);
  const taken = new Set<number>();
  while (taken.size < size) taken.add(random.nextInterval(n - 1));
  return Int32Array.from(taken);
}

function growTree(columns: Columns, rows: Int32Array, mostDepth: number, random: Mt19937): Tree {
  const feature: number[] = [];
  const value: number[] = [];
  const right: number[] = [];
  const grow = (from: Int32Array, depth: number) => {
    const node = feature.length;
    const cut = depth < mostDepth && from.length > 1 ? randomCut(columns, from, random) : null;
    feature.push(cut?.feature ?? -1);
    value.push(cut?.at ?? depth + expectedDepth(from.length));
    right.push(0);
    if (!cut) return;
    const column = columns[cut.feature];
    grow(
      from.filter(row => (column?.[row] ?? 0) <= cut.at),
      depth + 1,
    );
    right[node] = feature.length;
    grow(
      from.filter(row => (column?.[row] ?? 0) > cut.at),
      depth + 1,
    );
  };
  grow(rows, 0);
  return {feature: Int32Array.from(feature), value: Float64Array.from(value), right: Int32Array.from(right)};
}

/** A random column among those that differ, cut evenly between its ends. */
function randomCut(columns: Columns, rows: Int32Array, random: Mt19937): {feature: number; at: number} | null {
  const open = columns.map((_, j) => j);
  while (open.length > 0) {
    const [feature = 0] = open.splice(random.nextInterval(open.length - 1), 1);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const each = columns[feature]?.[row] ?? 0;
      low = Math.min(low, each);
      high = Math.max(high, each);
    }
    if (!(high > low)) continue;
    const at = low + random.nextDouble() * (high - low);
    return {feature, at: at < high ? at : low};
  }
  return null;
}

/** The mean depth of an unsuccessful search in a binary tree of n rows. */
export function expectedDepth(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}
