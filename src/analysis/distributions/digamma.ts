// The derivatives of the logarithm of the gamma function.

/** Where the asymptotic series has all its digits. */
const far = 12;

/** ln x − ψ(x) for x > 0, which keeps its digits where both are large and nearly equal. */
export function logMinusDigamma(x: number): number {
  if (x < far) return logMinusDigamma(x + 1) + 1 / x + Math.log(x / (x + 1));
  const square = 1 / (x * x);
  const series =
    1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32760)))));
  return 1 / (2 * x) + square * series;
}

/** ψ(x), the derivative of ln Γ(x), for x > 0 (scipy.special.digamma). */
export function digamma(x: number): number {
  return Math.log(x) - logMinusDigamma(x);
}

/** ψ′(x) for x > 0 (scipy.special.polygamma(1, x)). */
export function trigamma(x: number): number {
  if (x < far) return trigamma(x + 1) + 1 / (x * x);
  const square = 1 / (x * x);
  const series = 1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * (5 / 66))));
  return 1 / x + square / 2 + (square / x) * series;
}
