// Lays a graph of neighbours out in the plane: neighbours pull each other near, others push each other away (the layout of UMAP).

import {Mt19937} from '../mt19937.ts';
import type {Graph} from './neighbour-graph.ts';

/** Row i is at (`x[i]`, `y[i]`). */
export type Places = {x: Float64Array; y: Float64Array};

/** 1 / (1 + a·d^2b) comes nearest to the curve of umap-learn's min_dist 0.1 and spread 1. */
const [a, b] = [1.5769434603113077, 0.8950608781603665];
const pushesPerPull = 5;
const farthestMove = 4;
const startWidth = 10;
const startNoise = 1e-4;

/**
 * Stochastic gradient descent as umap-learn's (5 negative samples, repulsion strength 1, learning rate from 1 down to 0), from `start`
 * stretched to a width of 10 each way. The same seed gives the same places. `onEpoch` hears of every one.
 */
export function layOut(
  {count, from, to, weights}: Graph,
  start: Places,
  {epochs, seed, onEpoch = () => {}}: {epochs: number; seed: number; onEpoch?(epoch: number): void},
): Places {
  const random = new Mt19937(seed);
  const at = started(start, random);
  const most = weights.reduce((largest, weight) => Math.max(largest, weight), 0);
  // Every edge comes as often as its weight says, the strongest in every epoch.
  const every = weights.map(weight => (weight * epochs < most ? Number.POSITIVE_INFINITY : most / weight));
  const next = every.slice();
  const nextPush = every.map(step => step / pushesPerPull);
  for (let epoch = 0; epoch < epochs; epoch++) {
    onEpoch(epoch);
    const rate = 1 - epoch / epochs;
    for (let e = 0; e < from.length; e++) {
      const due = next[e] ?? 0;
      if (due > epoch) continue;
      const i = from[e] ?? 0;
      const step = every[e] ?? 1;
      pull(at, i, to[e] ?? 0, rate);
      next[e] = due + step;
      const pushed = nextPush[e] ?? 0;
      const pushes = Math.floor(((epoch - pushed) * pushesPerPull) / step);
      for (let p = 0; p < pushes; p++) push(at, i, random.nextUint32() % count, rate);
      nextPush[e] = pushed + (pushes * step) / pushesPerPull;
    }
  }
  return centred(at, count);
}

/** Both ends of an edge move towards each other. */
function pull(at: Float64Array, i: number, j: number, rate: number): void {
  const [p, q] = [2 * i, 2 * j];
  const dx = (at[p] ?? 0) - (at[q] ?? 0);
  const dy = (at[p + 1] ?? 0) - (at[q + 1] ?? 0);
  const squared = dx * dx + dy * dy;
  if (squared === 0) return;
  const power = squared ** b;
  const strength = (-2 * a * b * power) / (squared * (a * power + 1));
  const [x, y] = [rate * bounded(strength * dx), rate * bounded(strength * dy)];
  at[p] = (at[p] ?? 0) + x;
  at[p + 1] = (at[p + 1] ?? 0) + y;
  at[q] = (at[q] ?? 0) - x;
  at[q + 1] = (at[q + 1] ?? 0) - y;
}

/** Row i moves away from row j. */
function push(at: Float64Array, i: number, j: number, rate: number): void {
  const [p, q] = [2 * i, 2 * j];
  const dx = (at[p] ?? 0) - (at[q] ?? 0);
  const dy = (at[p + 1] ?? 0) - (at[q + 1] ?? 0);
  const squared = dx * dx + dy * dy;
  if (squared === 0) return;
  const strength = (2 * b) / ((0.001 + squared) * (a * squared ** b + 1));
  at[p] = (at[p] ?? 0) + rate * bounded(strength * dx);
  at[p + 1] = (at[p + 1] ?? 0) + rate * bounded(strength * dy);
}

function bounded(move: number): number {
  return Math.max(-farthestMove, Math.min(farthestMove, move));
}

/** x and y of each row one after the other; a little noise parts rows that are alike. */
function started({x, y}: Places, random: Mt19937): Float64Array {
  const at = new Float64Array(2 * x.length);
  for (const [offset, values] of [x, y].entries()) {
    const [low, high] = values.reduce(([l, h], v) => [Math.min(l, v), Math.max(h, v)], [Infinity, -Infinity]);
    values.forEach((value, i) => {
      const place = high > low ? ((value - low) / (high - low)) * startWidth : 0;
      at[2 * i + offset] = place + startNoise * (random.nextDouble() - 0.5);
    });
  }
  return at;
}

function centred(at: Float64Array, count: number): Places {
  const axis = (offset: number) => {
    const values = Float64Array.from({length: count}, (_, i) => at[2 * i + offset] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
    return values.map(value => value - mean);
  };
  return {x: axis(0), y: axis(1)};
}
