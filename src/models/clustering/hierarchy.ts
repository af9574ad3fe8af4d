// Hierarchical clustering: the two nearest clusters are merged until one is left.

import {type Points, squaredDistance} from './standardise.ts';

export const LINKAGES = ['ward', 'average', 'complete', 'single'] as const;
export type Linkage = (typeof LINKAGES)[number];

/** Merge m joins the clusters `left[m]` and `right[m]` at `height[m]` to the cluster n + m of `size[m]` points; below n are points. */
export type Merges = {left: Int32Array; right: Int32Array; height: Float64Array; size: Int32Array};

/**
 * SciPy's `linkage(points, method)`: by chains of nearest neighbours (Müllner 2011) with the updates of Lance and Williams. Holds n²/2
 * distances. @throws {RangeError} with fewer than 2 points.
 */
export function linkage(points: Points, method: Linkage): Merges {
  const n = points.count;
  if (n < 2) throw new RangeError(`${n} rows make no hierarchy`);
  const distances = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, at++) distances[at] = Math.sqrt(squaredDistance(points, i, points, j));
  const place = (i: number, j: number) =>
    i < j ? n * i - (i * (i + 1)) / 2 + j - i - 1 : n * j - (j * (j + 1)) / 2 + i - j - 1;
  const sizes = new Int32Array(n).fill(1);
  const found: {a: number; b: number; height: number}[] = [];
  const chain: number[] = [];
  for (let merge = 0; merge < n - 1; merge++) {
    if (chain.length === 0) chain.push(sizes.findIndex(size => size > 0));
    let [a, b, height] = [0, 0, 0];
    for (;;) {
      a = chain[chain.length - 1] ?? 0;
      // The one before is preferred where it is as near, or the chain might turn in circles.
      b = chain[chain.length - 2] ?? -1;
      height = b >= 0 ? (distances[place(a, b)] ?? 0) : Number.POSITIVE_INFINITY;
      for (let i = 0; i < n; i++) {
        if (sizes[i] === 0 || i === a) continue;
        const distance = distances[place(a, i)] ?? 0;
        if (distance < height) [height, b] = [distance, i];
      }
      if (chain.length > 1 && b === chain[chain.length - 2]) break;
      chain.push(b);
    }
    chain.length -= 2;
    const [keep, drop] = a > b ? [a, b] : [b, a];
    const [nx, ny] = [sizes[drop] ?? 0, sizes[keep] ?? 0];
    found.push({a: drop, b: keep, height});
    sizes[drop] = 0;
    sizes[keep] = nx + ny;
    for (let i = 0; i < n; i++) {
      const ni = sizes[i] ?? 0;
      if (ni === 0 || i === keep) continue;
      const at = place(i, keep);
      distances[at] = updated(method, {
        x: distances[place(i, drop)] ?? 0,
        y: distances[at] ?? 0,
        between: height,
        nx,
        ny,
        ni,
      });
    }
  }
  return labelled(found, n);
}

type Sides = {x: number; y: number; between: number; nx: number; ny: number; ni: number};

function updated(method: Linkage, {x, y, between, nx, ny, ni}: Sides): number {
  switch (method) {
    case 'single':
      return Math.min(x, y);
    case 'complete':
      return Math.max(x, y);
    case 'average':
      return (nx * x + ny * y) / (nx + ny);
    case 'ward': {
      const t = 1 / (nx + ny + ni);
      return Math.sqrt((ni + nx) * t * x * x + (ni + ny) * t * y * y - ni * t * between * between);
    }
  }
}

/** Sorted by height, with the numbers that SciPy gives to merged clusters. */
function labelled(found: {a: number; b: number; height: number}[], n: number): Merges {
  const sorted = found.toSorted((p, q) => p.height - q.height);
  const parents = Int32Array.from({length: 2 * n - 1}, (_, i) => i);
  const sizes = new Int32Array(2 * n - 1).fill(1, 0, n);
  const root = (i: number) => {
    let at = i;
    while (parents[at] !== at) at = parents[at] ?? at;
    for (let next = i; next !== at; ) {
      const up = parents[next] ?? at;
      parents[next] = at;
      next = up;
    }
    return at;
  };
  const merges = {
    left: new Int32Array(n - 1),
    right: new Int32Array(n - 1),
    height: new Float64Array(n - 1),
    size: new Int32Array(n - 1),
  };
  sorted.forEach(({a, b, height}, m) => {
    const [p, q] = [root(a), root(b)];
    merges.left[m] = Math.min(p, q);
    merges.right[m] = Math.max(p, q);
    merges.height[m] = height;
    sizes[n + m] = (sizes[p] ?? 0) + (sizes[q] ?? 0);
    merges.size[m] = sizes[n + m] ?? 0;
    parents[p] = n + m;
    parents[q] = n + m;
  });
  return merges;
}

/** The labels from 0 when the last k − 1 merges are undone. */
export function cutInto({left, right}: Merges, k: number): Int32Array {
  const n = left.length + 1;
  const labels = new Int32Array(2 * n - 1).fill(-1);
  let next = 0;
  for (let m = n - 2; m >= 0; m--) {
    const isCut = m >= n - k;
    if (!isCut && labels[n + m] === -1) labels[n + m] = next++;
    for (const child of [left[m] ?? 0, right[m] ?? 0]) if (!isCut) labels[child] = labels[n + m] ?? 0;
  }
  for (let i = 0; i < n; i++) if (labels[i] === -1) labels[i] = next++;
  return labels.slice(0, n);
}
