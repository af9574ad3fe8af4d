// How well rows lie in their clusters: near their own, far from the next.

import {type Points, squaredDistance} from './standardise.ts';

/**
 * The mean silhouette over all points, −1 to 1, with Euclidean distances: scikit-learn's `silhouette_score`. A point alone in its
 * cluster counts 0. Points with a negative label (noise) are left out. O(n²); null with fewer than 2 clusters.
 */
export function silhouette(points: Points, labels: Int32Array): number | null {
  const rows = [...labels.keys()].filter(i => (labels[i] ?? -1) >= 0);
  const names = [...new Set(rows.map(i => labels[i] ?? 0))];
  if (names.length < 2 || rows.length <= names.length) return null;
  const numbers = new Map(names.map((name, c) => [name, c]));
  const own = Int32Array.from(labels, label => numbers.get(label) ?? -1);
  const sizes = new Float64Array(names.length);
  for (const i of rows) sizes[own[i] ?? 0] = (sizes[own[i] ?? 0] ?? 0) + 1;
  const sums = new Float64Array(rows.length * names.length);
  for (let a = 0; a < rows.length; a++) {
    const i = rows[a] ?? 0;
    for (let b = a + 1; b < rows.length; b++) {
      const j = rows[b] ?? 0;
      const distance = Math.sqrt(squaredDistance(points, i, points, j));
      const [p, q] = [a * names.length + (own[j] ?? 0), b * names.length + (own[i] ?? 0)];
      sums[p] = (sums[p] ?? 0) + distance;
      sums[q] = (sums[q] ?? 0) + distance;
    }
  }
  let total = 0;
  rows.forEach((i, a) => {
    const c = own[i] ?? 0;
    const size = sizes[c] ?? 0;
    if (size < 2) return;
    const inside = (sums[a * names.length + c] ?? 0) / (size - 1);
    let outside = Number.POSITIVE_INFINITY;
    for (let other = 0; other < names.length; other++)
      if (other !== c) outside = Math.min(outside, (sums[a * names.length + other] ?? 0) / (sizes[other] ?? 1));
    const most = Math.max(inside, outside);
    total += most > 0 ? (outside - inside) / most : 0;
  });
  return total / rows.length;
}
