// Time that moves only when a test says so.

import type {Clock} from '../../src/core/clock.ts';

type Sleeper = {at: number; wake(): void};

/** `now` starts at 1,000,000,000,000; `monotonic` at 0. Sleepers wake in order of their time when `advance` passes it. */
export class FakeClock implements Clock {
  #wall = 1_000_000_000_000;
  #elapsed = 0;
  #sleepers: Sleeper[] = [];
  /** Every sleep asked for, in ms, in order. */
  readonly sleeps: number[] = [];

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(delayMs);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = {
        at: this.#elapsed + delayMs,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, {once: true});
      this.#sleepers.push(sleeper);
    });
  }

  /** How many sleeps are under way. */
  get waiting(): number {
    return this.#sleepers.length;
  }

  /** How long until the next sleeper wakes; null when nobody sleeps. */
  nextInMs(): number | null {
    const times = this.#sleepers.map(sleeper => sleeper.at);
    return times.length > 0 ? Math.max(0, Math.min(...times) - this.#elapsed) : null;
  }

  /** Moves both times on, waking sleepers on the way and letting what they start run. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#elapsed + durationMs;
    await settle();
    for (;;) {
      const next = this.#sleepers.filter(sleeper => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter(sleeper => sleeper !== next);
      this.#move(Math.max(0, next.at - this.#elapsed));
      next.wake();
      await settle();
    }
    this.#move(end - this.#elapsed);
    await settle();
  }

  /** Sets the wall clock alone, as a user or a time server does. */
  setWall(now: number): void {
    this.#wall = now;
  }

  #move(durationMs: number): void {
    this.#elapsed += durationMs;
    this.#wall += durationMs;
  }
}

/** Lets everything that is ready run: promises, and file operations of a few milliseconds. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
}
