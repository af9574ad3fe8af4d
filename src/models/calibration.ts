// Probabilities that mean what they say: a curve from a model's score to how often it was right.

import {z} from 'zod';

export const curveSchema = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('platt'), a: z.number(), b: z.number()}),
  z.object({kind: z.literal('isotonic'), x: z.array(z.number()).min(1), y: z.array(z.number()).min(1)}),
]);
/** From a probability to a better one. `platt` works on its log-odds f: 1 / (1 + exp(a·f + b)). `isotonic` is linear between its points. */
export type Curve = z.output<typeof curveSchema>;

const leastProbability = 1e-12;

export function logOdds(probability: number): number {
  const p = Math.min(1 - leastProbability, Math.max(leastProbability, probability));
  return Math.log(p / (1 - p));
}

export function onCurve(curve: Curve, probability: number): number {
  if (curve.kind === 'platt') return 1 / (1 + Math.exp(curve.a * logOdds(probability) + curve.b));
  const {x, y} = curve;
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) >= probability) high = middle;
    else low = middle + 1;
  }
  if (high === 0 || (x[high] ?? 0) <= probability) return y[high] ?? 0;
  const [x0, x1, y0, y1] = [x[high - 1] ?? 0, x[high] ?? 0, y[high - 1] ?? 0, y[high] ?? 0];
  return y0 + ((y1 - y0) * (probability - x0)) / (x1 - x0);
}

/**
 * Platt's sigmoid of scores, with his targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2) instead of 1 and 0 (scikit-learn:
 * `CalibratedClassifierCV(method='sigmoid')`). `hits[i]` is 1 where the event happened, else 0.
 */
export function fitPlatt(scores: Float64Array, hits: Float64Array): {a: number; b: number} {
  const positives = hits.reduce((sum, hit) => sum + hit, 0);
  const negatives = hits.length - positives;
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
  let [a, b] = [0, Math.log((negatives + 1) / (positives + 1))];
  let loss = plattLoss(scores, hits, {a, b, high, low});
  for (let step = 0; step < 100; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12];
    scores.forEach((score, i) => {
      const p = 1 / (1 + Math.exp(a * score + b));
      const off = (hits[i] === 1 ? high : low) - p;
      const weight = p * (1 - p);
      ga += off * score;
      gb += off;
      haa += weight * score * score;
      hab += weight * score;
      hbb += weight;
    });
    const det = haa * hbb - hab * hab || 1e-12;
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det];
    let size = 1;
    let next = plattLoss(scores, hits, {a: a - da, b: b - db, high, low});
    while (!(next <= loss) && size > 1e-9) {
      size /= 2;
      next = plattLoss(scores, hits, {a: a - size * da, b: b - size * db, high, low});
    }
    if (!(next <= loss)) break;
    [a, b] = [a - size * da, b - size * db];
    if (loss - next < 1e-14 * Math.max(1, loss)) break;
    loss = next;
  }
  return {a, b};
}

function plattLoss(
  scores: Float64Array,
  hits: Float64Array,
  {a, b, high, low}: {a: number; b: number; high: number; low: number},
): number {
  return scores.reduce((sum, score, i) => {
    const odds = a * score + b;
    const target = hits[i] === 1 ? high : low;
    // target·log(1 + e^odds) + (1 − target)·log(1 + e^−odds), without overflow.
    const soft = Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
    return sum + soft - (1 - target) * odds;
  }, 0);
}

/**
 * The rising step function nearest to the hits, by pooling neighbours that fall (scikit-learn:
 * `IsotonicRegression(out_of_bounds='clip')`); equal scores count as one point.
 */
export function fitIsotonic(scores: Float64Array, hits: Float64Array): {x: number[]; y: number[]} {
  const order = Uint32Array.from(scores, (_, i) => i).sort((p, q) => (scores[p] ?? 0) - (scores[q] ?? 0));
  type Pool = {low: number; high: number; sum: number; count: number};
  const points: Pool[] = [];
  for (const i of order) {
    const [score, hit] = [scores[i] ?? 0, hits[i] ?? 0];
    const last = points.at(-1);
    if (last && last.high === score) {
      last.sum += hit;
      last.count++;
    } else points.push({low: score, high: score, sum: hit, count: 1});
  }
  const pools: Pool[] = [];
  for (const point of points) {
    let pool = point;
    for (let last = pools.at(-1); last && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop();
      pool = {low: last.low, high: pool.high, sum: last.sum + pool.sum, count: last.count + pool.count};
    }
    pools.push(pool);
  }
  const [x, y]: [number[], number[]] = [[], []];
  for (const {low, high, sum, count} of pools) {
    x.push(low);
    y.push(sum / count);
    if (high > low) {
      x.push(high);
      y.push(sum / count);
    }
  }
  return {x, y};
}
