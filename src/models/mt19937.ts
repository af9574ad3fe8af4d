// The random numbers of numpy's RandomState, so that a seed chooses the same rows here as in scikit-learn.

const size = 624;
const middle = 397;

/** Mersenne Twister 19937 (Matsumoto and Nishimura, 1998), seeded as `numpy.random.RandomState(seed)` with one integer. */
export class Mt19937 {
  readonly #state = new Uint32Array(size);
  #next = size;

  /** `seed` is a whole number from 0 to 2³² − 1. @throws {RangeError} otherwise. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      throw new RangeError(`a seed is a whole number from 0 to 4294967295, not ${seed}`);
    this.#state[0] = seed;
    for (let i = 1; i < size; i++) {
      const before = this.#state[i - 1] ?? 0;
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** 32 random bits as a whole number from 0. */
  nextUint32(): number {
    if (this.#next >= size) this.#refill();
    let y = this.#state[this.#next++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < size; i++) {
      const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % size] ?? 0) & 0x7fffffff);
      state[i] = (state[(i + middle) % size] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }

  /** Uniform on [0, 1) with 53 bits, as numpy's `random_sample`. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform on 0 … `max` (included), by masking and rejection as numpy's legacy interval does. */
  nextInterval(max: number): number {
    if (max === 0) return 0;
    const mask = max >= 0x80000000 ? 0xffffffff : 2 ** (32 - Math.clz32(max)) - 1;
    for (;;) {
      const value = (this.nextUint32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /** The numbers 0 … n − 1 in the order of `RandomState.permutation(n)`. */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({length: n}, (_, i) => i);
    this.shuffle(order);
    return order;
  }

  /** Shuffles in place, as `RandomState.shuffle`. */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextInterval(i);
      const kept = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = kept;
    }
  }
}
