// What sets each cluster apart from all rows: which numbers are higher or lower, which categories more frequent.

import type {Columns} from '../../core/least-squares.ts';

/** `sds` is how many standard deviations (population, of all clustered rows) the mean of the cluster lies off theirs. */
export type Difference = {column: string; mean: number; overall: number; sds: number};
/** The shares are of the rows that have a value; `count` are the rows of the cluster with this one. */
export type Share = {column: string; value: string; share: number; overall: number; count: number};
/** `means` in the order of the columns. `differences` and `shares` begin with the most striking. */
export type ClusterProfile = {
  cluster: number;
  rows: number;
  means: number[];
  differences: Difference[];
  shares: Share[];
};

/** `codes[i]` is the place in `levels`, NaN where there is none. */
export type Category = {name: string; levels: readonly string[]; codes: Float64Array};

const leastSds = 0.35;
const leastShareGain = 0.15;

/** Cluster 0 (rows in none) comes last, where it has rows. */
export function profileClusters(
  labels: Int32Array,
  clusters: number,
  columns: Columns,
  names: readonly string[],
  categories: readonly Category[],
): ClusterProfile[] {
  const numbers = [...Array.from({length: clusters}, (_, c) => c + 1), 0];
  const sizes = new Map(numbers.map(c => [c, 0]));
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const told = columns.map((column, j) => ({name: names[j] ?? '', ...momentsOf(column, labels, clusters)}));
  return numbers
    .filter(c => (sizes.get(c) ?? 0) > 0)
    .map(cluster => {
      const differences = told.map(({name, means, mean, sd}) => {
        const own = means[cluster] ?? mean;
        return {column: name, mean: own, overall: mean, sds: sd > 0 ? (own - mean) / sd : 0};
      });
      return {
        cluster,
        rows: sizes.get(cluster) ?? 0,
        means: differences.map(({mean}) => mean),
        differences: differences
          .filter(({sds}) => Math.abs(sds) >= leastSds)
          .sort((a, b) => Math.abs(b.sds) - Math.abs(a.sds)),
        shares: categories
          .flatMap(each => mostFrequent(each, labels, cluster))
          .filter(({share, overall}) => share - overall >= leastShareGain)
          .sort((a, b) => b.share - b.overall - (a.share - a.overall)),
      };
    });
}

function momentsOf(column: Float64Array, labels: Int32Array, clusters: number) {
  const sums = new Float64Array(clusters + 1);
  const counts = new Float64Array(clusters + 1);
  const first = column[0] ?? 0;
  column.forEach((value, i) => {
    const c = labels[i] ?? 0;
    sums[c] = (sums[c] ?? 0) + (value - first);
    counts[c] = (counts[c] ?? 0) + 1;
  });
  const mean = first + sums.reduce((sum, each) => sum + each, 0) / Math.max(1, column.length);
  const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, column.length));
  return {means: sums.map((sum, c) => first + sum / Math.max(1, counts[c] ?? 1)), mean, sd};
}

/** The value whose share in the cluster exceeds its share of all rows the most. */
function mostFrequent({name, levels, codes}: Category, labels: Int32Array, cluster: number): Share[] {
  const inside = new Float64Array(levels.length);
  const all = new Float64Array(levels.length);
  codes.forEach((code, i) => {
    if (Number.isNaN(code)) return;
    all[code] = (all[code] ?? 0) + 1;
    if (labels[i] === cluster) inside[code] = (inside[code] ?? 0) + 1;
  });
  const total = (counts: Float64Array) =>
    Math.max(
      1,
      counts.reduce((sum, each) => sum + each, 0),
    );
  const [size, everything] = [total(inside), total(all)];
  return levels
    .map((value, v) => ({
      column: name,
      value,
      share: (inside[v] ?? 0) / size,
      overall: (all[v] ?? 0) / everything,
      count: inside[v] ?? 0,
    }))
    .sort((a, b) => b.share - b.overall - (a.share - a.overall))
    .slice(0, 1);
}
