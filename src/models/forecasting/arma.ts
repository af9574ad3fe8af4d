// The likelihood of an autoregressive moving-average process, exact and conditional, and what follows a series.

/** `ar[i]` and `ma[i]` are the coefficients of lag i + 1, seasonal ones multiplied out; `mean` is that of the process. */
export type Arma = {ar: Float64Array; ma: Float64Array; mean: number};

/** Coefficients of a stationary autoregression from partial autocorrelations in (−1, 1) (Monahan 1984). */
export function fromPartial(partial: readonly number[]): Float64Array {
  let row: number[] = [];
  partial.forEach((last, k) => {
    row = [...row.map((value, i) => value - last * (row[k - 1 - i] ?? 0)), last];
  });
  return Float64Array.from(row);
}

/** (1 − Σ a·Bⁱ)(1 − Σ s·B^(m·i)) as coefficients of the lags; with `sign` 1 the polynomials are 1 + Σ, as of moving averages. */
export function multiplied(plain: Float64Array, seasonal: Float64Array, period: number, sign: 1 | -1): Float64Array {
  const result = new Float64Array(plain.length + seasonal.length * period);
  result.set(plain);
  seasonal.forEach((s, k) => {
    const lag = (k + 1) * period;
    result[lag - 1] = (result[lag - 1] ?? 0) + s;
    plain.forEach((a, i) => {
      result[lag + i] = (result[lag + i] ?? 0) + sign * a * s;
    });
  });
  return result;
}

/** The sum of squares of the errors when everything before the series was at its mean. */
export function conditionalSum(series: Float64Array, {ar, ma, mean}: Arma): number {
  const errors = new Float64Array(series.length);
  const [arLags, maLags] = [lagsOf(ar), lagsOf(ma)];
  let sum = 0;
  for (let t = 0; t < series.length; t++) {
    let error = (series[t] ?? 0) - mean;
    for (const lag of arLags) if (lag <= t) error -= (ar[lag - 1] ?? 0) * ((series[t - lag] ?? 0) - mean);
    for (const lag of maLags) if (lag <= t) error -= (ma[lag - 1] ?? 0) * (errors[t - lag] ?? 0);
    errors[t] = error;
    sum += error * error;
  }
  return sum;
}

/** Those that are not 0: with a season most are. */
function lagsOf(coefficients: Float64Array): number[] {
  return Array.from(coefficients, (value, i) => (value === 0 ? 0 : i + 1)).filter(lag => lag > 0);
}

/** `variance` is the one of largest likelihood; `ahead(h)` are the expected next values. */
export type Filtered = {deviance: number; variance: number; ahead(steps: number): Float64Array};

/**
 * The exact likelihood by the Kalman filter from the stationary distribution, with the variance put in at its best value: −2·llf of
 * statsmodels' SARIMAX at the same parameters. Null where the process is too near to not being stationary.
 */
export function filtered(series: Float64Array, {ar, ma, mean}: Arma): Filtered | null {
  const r = Math.max(ar.length, ma.length + 1);
  const phi = new Float64Array(r);
  phi.set(ar);
  const noise = new Float64Array(r);
  noise[0] = 1;
  noise.set(ma, 1);
  const covariance = stationary(phi, noise);
  if (!covariance) return null;
  const gains = (covariance[0] ?? 1) <= mostOfFast ? new FastGains(covariance, phi) : new Gains(covariance, phi, noise);
  const {gain} = gains;
  const state = new Float64Array(r + 1);
  let [sum, logs, settled] = [0, 0, false];
  for (const value of series) {
    const expected = state[0] ?? 0;
    const error = value - mean - expected;
    const F = settled ? 1 : gains.variance;
    sum += (error * error) / F;
    if (!settled) logs += Math.log(F);
    for (let i = 0; i < r; i++) state[i] = (phi[i] ?? 0) * expected + (state[i + 1] ?? 0) + (gain[i] ?? 0) * error;
    if (settled) continue;
    gains.advance();
    // From here on the filter is the recursion of the errors; its gain no longer changes.
    settled = Math.abs(gains.variance - 1) < 1e-11 && Math.abs(F - 1) < 1e-11;
  }
  const n = series.length;
  const variance = sum / n;
  return {
    deviance: n * Math.log(2 * Math.PI * variance) + logs + n,
    variance,
    ahead(steps) {
      let at = state.slice(0, r);
      return Float64Array.from({length: steps}, () => {
        const value = mean + (at[0] ?? 0);
        const before = at;
        at = before.map((_, i) => (phi[i] ?? 0) * (before[0] ?? 0) + (before[i + 1] ?? 0));
        return value;
      });
    },
  };
}

/** Above so much of the variance of one error the differences of `FastGains` would lose digits. */
const mostOfFast = 1e4;

/**
 * The variance of the next value in units of that of one error, and what of an error goes into each part of the next state. The
 * covariance of the state changes by one product L·M·L′ a step, so that r numbers a step are enough (Morf, Sidhu and Kailath 1974).
 */
class FastGains {
  variance: number;
  readonly gain: Float64Array;
  readonly #phi: Float64Array;
  readonly #reach: Float64Array;
  readonly #change: Float64Array;
  #size: number;

  constructor(covariance: Float64Array, phi: Float64Array) {
    const r = phi.length;
    this.variance = covariance[0] ?? 1;
    this.#phi = phi;
    this.#reach = phi.map((each, i) => each * this.variance + (i + 1 < r ? (covariance[(i + 1) * r] ?? 0) : 0));
    this.#change = new Float64Array(r + 1);
    this.#change.set(this.#reach);
    this.#size = -1 / this.variance;
    this.gain = this.#reach.map(each => each / this.variance);
  }

  advance(): void {
    const [phi, reach, change, gain] = [this.#phi, this.#reach, this.#change, this.gain];
    const first = change[0] ?? 0;
    const share = this.#size * first;
    const next = this.variance + share * first;
    for (let i = 0; i < phi.length; i++) {
      const moved = (phi[i] ?? 0) * first + (change[i + 1] ?? 0);
      change[i] = moved - first * (gain[i] ?? 0);
      const reached = (reach[i] ?? 0) + share * moved;
      reach[i] = reached;
      gain[i] = reached / next;
    }
    this.#size *= this.variance / next;
    this.variance = next;
  }
}

/** The same from the whole covariance, r² numbers a step. */
class Gains {
  variance: number;
  readonly gain: Float64Array;
  readonly #phi: Float64Array;
  readonly #noise: Float64Array;
  #covariance: Float64Array;
  #next: Float64Array;

  constructor(covariance: Float64Array, phi: Float64Array, noise: Float64Array) {
    this.#covariance = covariance;
    this.#next = new Float64Array(covariance.length);
    this.#phi = phi;
    this.#noise = noise;
    this.variance = 1;
    this.gain = new Float64Array(phi.length);
    this.#read();
  }

  advance(): void {
    const [P, r, F] = [this.#covariance, this.#phi.length, this.variance];
    const known = Float64Array.from(this.gain, (_, i) => P[i * r] ?? 0);
    for (let i = 0; i < r; i++)
      for (let j = 0; j < r; j++) P[i * r + j] = (P[i * r + j] ?? 0) - ((known[i] ?? 0) * (known[j] ?? 0)) / F;
    moveOn(P, this.#next, this.#phi, this.#noise);
    [this.#covariance, this.#next] = [this.#next, P];
    this.#read();
  }

  #read(): void {
    const [P, phi, r] = [this.#covariance, this.#phi, this.#phi.length];
    this.variance = P[0] ?? 1;
    for (let i = 0; i < r; i++) this.gain[i] = (phi[i] ?? 0) + (i + 1 < r ? (P[(i + 1) * r] ?? 0) : 0) / this.variance;
  }
}

/** T·P·T′ + noise·noise′ for the companion matrix of phi, into `to`. */
function moveOn(P: Float64Array, to: Float64Array, phi: Float64Array, noise: Float64Array): void {
  const r = phi.length;
  const p = (i: number, j: number) => (i < r && j < r ? (P[i * r + j] ?? 0) : 0);
  for (let i = 0; i < r; i++) {
    const a = phi[i] ?? 0;
    for (let j = 0; j < r; j++) {
      const b = phi[j] ?? 0;
      to[i * r + j] =
        a * b * p(0, 0) + a * p(0, j + 1) + b * p(i + 1, 0) + p(i + 1, j + 1) + (noise[i] ?? 0) * (noise[j] ?? 0);
    }
  }
}

/** Σ Tᵏ·noise·noise′·T′ᵏ, doubling the number of terms each round. */
function stationary(phi: Float64Array, noise: Float64Array): Float64Array<ArrayBuffer> | null {
  const r = phi.length;
  let P = Float64Array.from({length: r * r}, (_, at) => (noise[Math.floor(at / r)] ?? 0) * (noise[at % r] ?? 0));
  let A = Float64Array.from({length: r * r}, (_, at) => {
    const [i, j] = [Math.floor(at / r), at % r];
    return (j === 0 ? (phi[i] ?? 0) : 0) + (j === i + 1 ? 1 : 0);
  });
  for (let round = 0; round < 40; round++) {
    const more = product(product(A, P, r), transposed(A, r), r);
    P = P.map((value, at) => value + (more[at] ?? 0));
    const size = more.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (size <= 1e-15 * (P[0] ?? 1) || r === 0) return P;
    if (!Number.isFinite(size) || size > 1e12) return null;
    A = product(A, A, r);
  }
  return null;
}

function product(a: Float64Array, b: Float64Array, r: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(r * r);
  for (let i = 0; i < r; i++)
    for (let k = 0; k < r; k++) {
      const value = a[i * r + k] ?? 0;
      if (value !== 0)
        for (let j = 0; j < r; j++) result[i * r + j] = (result[i * r + j] ?? 0) + value * (b[k * r + j] ?? 0);
    }
  return result;
}

function transposed(a: Float64Array, r: number): Float64Array {
  return a.map((_, at) => a[(at % r) * r + Math.floor(at / r)] ?? 0);
}
