// Where the level of a series changes: segments with a mean of their own, as few as their penalty allows.

import {momentsOf} from '../hypothesis/sample.ts';

/** Series up to this length are solved exactly; PELT takes up to n² steps where nothing changes. */
const mostForExact = 10_000;
/** Shorter stretches are outliers, not levels. */
const shortest = 5;

/** `at` are the places where a new segment starts. `method` says how they were found. */
export type ChangePoints = {at: number[]; method: 'PELT' | 'binary segmentation'; penalty: number};

/**
 * Minimises Σ over segments of Σ (x − mean of the segment)², plus `penalty` a change; segments have 5 values or more. Exact by
 * PELT (Killick, Fearnhead and Eckley 2012) up to 10,000 values, by binary segmentation above.
 */
export function changePoints(values: Float64Array, penalty: number): ChangePoints {
  const cost = costOf(values);
  const n = values.length;
  if (n < 2 * shortest) return {at: [], method: 'PELT', penalty};
  if (n > mostForExact) return {at: split(cost, n, penalty), method: 'binary segmentation', penalty};
  return {at: pelt(cost, n, penalty), method: 'PELT', penalty};
}

/** The sum of squares around the mean of values from ≤ i < to, from running sums of centred values. */
function costOf(values: Float64Array): (from: number, to: number) => number {
  const origin = values[0] ?? 0;
  const {mean} = momentsOf(values, origin);
  const [sums, squares] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  values.forEach((value, i) => {
    const x = value - origin - mean;
    sums[i + 1] = (sums[i] ?? 0) + x;
    squares[i + 1] = (squares[i] ?? 0) + x * x;
  });
  return (from, to) => {
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    return (squares[to] ?? 0) - (squares[from] ?? 0) - (sum * sum) / (to - from);
  };
}

type Cost = ReturnType<typeof costOf>;

function pelt(cost: Cost, n: number, penalty: number): number[] {
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(n + 1);
  best[0] = -penalty;
  let open: {from: number; until: number}[] = [{from: 0, until: Number.POSITIVE_INFINITY}];
  for (let to = shortest; to <= n; to++) {
    if (to >= 2 * shortest) open.push({from: to - shortest, until: Number.POSITIVE_INFINITY});
    for (const {from} of open) {
      const total = (best[from] ?? 0) + cost(from, to) + penalty;
      if (total < (best[to] ?? 0)) {
        best[to] = total;
        before[to] = from;
      }
    }
    // A start that is already dearer than the best without its penalty can't win once a segment may start here instead.
    for (const start of open)
      if ((best[start.from] ?? 0) + cost(start.from, to) > (best[to] ?? 0))
        start.until = Math.min(start.until, to + shortest);
    open = open.filter(({until}) => until > to + 1);
  }
  const at: number[] = [];
  for (let to = before[n] ?? 0; to > 0; to = before[to] ?? 0) at.unshift(to);
  return at;
}

function split(cost: Cost, n: number, penalty: number): number[] {
  const at: number[] = [];
  const open: [number, number][] = [[0, n]];
  for (let stretch = open.pop(); stretch; stretch = open.pop()) {
    const [from, to] = stretch;
    const whole = cost(from, to);
    let [gain, place] = [penalty, -1];
    for (let middle = from + shortest; middle <= to - shortest; middle++) {
      const saved = whole - cost(from, middle) - cost(middle, to);
      if (saved > gain) [gain, place] = [saved, middle];
    }
    if (place < 0) continue;
    at.push(place);
    open.push([from, place], [place, to]);
  }
  return at.sort((a, b) => a - b);
}
