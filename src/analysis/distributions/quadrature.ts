// Gauss-Legendre integration over a finite interval.

const nodes = gaussLegendre(64);

/** ∫ f from `from` to `to`, with 64 points in each of `panels` equal parts. */
export function integrate(f: (x: number) => number, from: number, to: number, panels: number): number {
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + half * (2 * panel + 1);
    for (const {x, weight} of nodes) sum += weight * f(middle + half * x);
  }
  return sum * half;
}

/** Points and weights on [−1, 1]: the roots of the Legendre polynomial by Newton's method. */
function gaussLegendre(count: number): {x: number; weight: number}[] {
  return Array.from({length: count}, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let round = 0; round < 50; round++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (count * (x * value - before)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    return {x, weight: 2 / ((1 - x * x) * slope * slope)};
  });
}
