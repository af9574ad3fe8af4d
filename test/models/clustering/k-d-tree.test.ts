import {describe, expect, it} from 'vitest';
import {buildTree, placesWithin, searchDepth} from '../../../src/models/clustering/k-d-tree.ts';
import {nearestNeighbours} from '../../../src/models/clustering/neighbours.ts';
import {spanningTree} from '../../../src/models/clustering/spanning-tree.ts';
import {type Points, squaredDistance} from '../../../src/models/clustering/standardise.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';

/** With `step` on a grid: many equal rows and equal distances. */
function cloud(count: number, width: number, step: number | null): Points {
  const random = new Mt19937(count + width);
  const value = () => (random.nextDouble() + random.nextDouble()) * 3;
  const values = Float64Array.from({length: count * width}, () => (step ? Math.round(value() / step) * step : value()));
  return {values, count, width};
}

const clouds = [
  {name: '1 row', points: cloud(1, 3, null)},
  {name: '24 rows, one leaf', points: cloud(24, 2, null)},
  {name: '25 rows', points: cloud(25, 2, 0.5)},
  {name: '400 rows of one column on a grid', points: cloud(400, 1, 0.5)},
  {name: '600 rows on a grid', points: cloud(600, 3, 0.5)},
  {name: '500 rows of 10 columns', points: cloud(500, 10, null)},
  {name: '300 rows of 13 columns on a grid', points: cloud(300, 13, 1)},
  {name: '100 equal rows', points: {values: new Float64Array(200).fill(0.1), count: 100, width: 2}},
];
const all = ({count}: Points) => Array.from({length: count}, (_, i) => i);

describe('placesWithin', () => {
  it.each(clouds)(
    '$name: finds just the rows that comparing with all finds, those at the radius itself among them',
    each => {
      const {points} = each;
      const tree = buildTree(points);
      const [found, stack] = [new Int32Array(points.count), new Int32Array(searchDepth)];
      for (const limit of [0, 0.25, 1, 2.25, 9])
        for (let p = 0; p < points.count; p += 7) {
          const row = tree.rows[p] ?? 0;
          const size = placesWithin(tree, p, limit, found, stack);
          const rows = Array.from(found.subarray(0, size), place => tree.rows[place] ?? 0).sort((a, b) => a - b);
          expect(rows).toEqual(all(points).filter(other => squaredDistance(points, row, points, other) <= limit));
        }
    },
  );
});

describe('nearestNeighbours', () => {
  it.each(clouds.slice(1))(
    '$name: the neighbours of comparing with all, of equally near ones the lower number',
    each => {
      const {points} = each;
      const k = 7;
      const rows = all(points)
        .filter(i => i % 5 === 0)
        .reverse();
      const whole = nearestNeighbours(points, k);
      const some = nearestNeighbours(points, k, rows);
      rows.forEach((row, at) => {
        const expected = all(points)
          .filter(other => other !== row)
          .map(other => ({other, far: squaredDistance(points, row, points, other)}))
          .sort((a, b) => a.far - b.far || a.other - b.other)
          .slice(0, k);
        expect([...whole.indices.subarray(row * k, (row + 1) * k)]).toEqual(expected.map(({other}) => other));
        expect([...some.indices.subarray(at * k, (at + 1) * k)]).toEqual(expected.map(({other}) => other));
        expect([...some.distances.subarray(at * k, (at + 1) * k)]).toEqual(expected.map(({far}) => Math.sqrt(far)));
      });
    },
  );
});

describe('spanningTree', () => {
  it.each(clouds.slice(1))('$name: the lengths are those of Prim over all pairs, and every row is reached', each => {
    const {points} = each;
    const near = nearestNeighbours(points, 4);
    const edges = spanningTree(points, near, buildTree(points));
    const core = (i: number) => near.distances[i * 4 + 3] ?? 0;
    const reach = (a: number, b: number) =>
      Math.max(core(a), core(b), Math.sqrt(squaredDistance(points, a, points, b)));
    expect(edges.map(({length}) => length)).toEqual(primLengths(points.count, reach));
    for (const {a, b, length} of edges) expect(length).toBe(reach(a, b));
    const reached = new Set([0]);
    for (let before = 0; before < reached.size; ) {
      before = reached.size;
      for (const {a, b} of edges) if (reached.has(a) || reached.has(b)) reached.add(a).add(b);
    }
    expect(reached.size).toBe(points.count);
  });
});

function primLengths(count: number, reach: (a: number, b: number) => number): number[] {
  const nearest = Array.from({length: count}, (_, i) => reach(0, i));
  const open = new Set(nearest.keys());
  open.delete(0);
  const lengths: number[] = [];
  while (open.size > 0) {
    let next = -1;
    for (const i of open) if (next < 0 || (nearest[i] ?? 0) < (nearest[next] ?? 0)) next = i;
    open.delete(next);
    lengths.push(nearest[next] ?? 0);
    for (const i of open) nearest[i] = Math.min(nearest[i] ?? 0, reach(next, i));
  }
  return lengths.sort((a, b) => a - b);
}
