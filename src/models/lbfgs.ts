// A minimum of a smooth function of many variables, where second derivatives would cost too much.

type Measured = (at: Float64Array, gradient: Float64Array) => number;

const memory = 10;

type Options = {
  tolerance: number;
  mostSteps: number;
  /** Zero if not given. */
  start?: Float64Array;
  /** The inverse of nearly the second derivatives times a gradient; a multiple of the gradient if not given. */
  metric?: (gradient: Float64Array) => Float64Array;
  /** A step of which no part is above this share of the largest variable (or of 1) is the last. */
  shortStep?: number;
};

/**
 * Limited-memory BFGS (Nocedal 1980) with halved steps. Ends when no part of the gradient is above `tolerance`, with a short
 * step (then `isShort`), when a step gains nothing, or after `mostSteps`. `measure` gives the value and writes the gradient.
 */
export function lbfgs(
  measure: Measured,
  size: number,
  {tolerance, mostSteps, start, metric, shortStep = 0}: Options,
): {at: Float64Array; iterations: number; isShort: boolean} {
  let at = start ? Float64Array.from(start) : new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = measure(at, gradient);
  const pairs: {s: Float64Array; y: Float64Array; rho: number}[] = [];
  let iterations = 0;
  while (iterations < mostSteps && gradient.some(part => Math.abs(part) > tolerance)) {
    iterations++;
    const direction = descent(gradient, pairs, metric);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction.set(gradient.map(part => -part));
      slope = dot(direction, gradient);
    }
    if (largest(direction) <= shortStep * Math.max(1, largest(at)))
      return {at: stepped(at, direction, 1), iterations, isShort: true};
    // Without any memory a first step of length 1 at most.
    let scale = pairs.length === 0 && !metric ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const ahead = new Float64Array(size);
    let next = stepped(at, direction, scale);
    let nextValue = measure(next, ahead);
    // Near the end the value changes by less than its own rounding.
    const most = value + (shortStep > 0 ? 1e-12 * Math.abs(value) : 0);
    while (!(nextValue <= most + 1e-4 * scale * slope) && scale > 1e-12) {
      scale /= 2;
      next = stepped(at, direction, scale);
      nextValue = measure(next, ahead);
    }
    if (!(nextValue < value || (shortStep > 0 && nextValue <= most))) break;
    const [from, before] = [at, gradient];
    const s = next.map((part, i) => part - (from[i] ?? 0));
    const y = ahead.map((part, i) => part - (before[i] ?? 0));
    const sy = dot(s, y);
    if (sy > 1e-12 * dot(y, y)) pairs.push({s, y, rho: 1 / sy});
    if (pairs.length > memory) pairs.shift();
    [at, gradient, value] = [next, ahead, nextValue];
  }
  return {at, iterations, isShort: false};
}

function descent(
  gradient: Float64Array,
  pairs: readonly {s: Float64Array; y: Float64Array; rho: number}[],
  metric: Options['metric'],
): Float64Array {
  let q = gradient.map(part => -part);
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const pair = pairs[k];
    if (!pair) continue;
    const alpha = pair.rho * dot(pair.s, q);
    alphas[k] = alpha;
    add(q, pair.y, -alpha);
  }
  const last = pairs.at(-1);
  if (metric) q = Float64Array.from(metric(q));
  else if (last) {
    const shrink = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * shrink;
  }
  pairs.forEach(({s, y, rho}, k) => {
    add(q, s, (alphas[k] ?? 0) - rho * dot(y, q));
  });
  return q;
}

function stepped(at: Float64Array, direction: Float64Array, scale: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(at, (part, i) => part + scale * (direction[i] ?? 0));
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + times * (what[i] ?? 0);
}

export function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
