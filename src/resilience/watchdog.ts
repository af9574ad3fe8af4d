// Watches one stream for content: a model that says nothing for too long, or beyond the deadline, is given up.

import type {ChatChunk} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';

/** Why we stopped listening; never the service's own words. */
export class StoppedListening extends Error {
  readonly reason: 'timeout' | 'deadline' | 'aborted';

  constructor(reason: 'timeout' | 'deadline' | 'aborted') {
    super(reason);
    this.reason = reason;
  }
}

export type WatchLimits = {
  clock: Clock;
  /** Longest time to the first content, and then between two contents. */
  idleMs: number;
  /** Monotonic time at which the turn's time is over. */
  deadlineAt: number;
  /** The turn's own signal. */
  signal: AbortSignal;
};

/**
 * Passes the chunks of `open(signal)` on. The signal given to `open` is aborted whenever listening ends. A stream that
 * ignores it is left behind, not waited for. Text without characters is no content.
 * @throws {StoppedListening} on our own reasons; whatever the stream throws otherwise.
 */
export async function* watched(
  open: (signal: AbortSignal) => AsyncIterable<ChatChunk>,
  limits: WatchLimits,
): AsyncGenerator<ChatChunk> {
  const attempt = new AbortController();
  const watch = new Watch(limits);
  const iterator = open(attempt.signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = iterator.next();
      next.catch(() => {});
      const {done, value} = await Promise.race([next, watch.fired]);
      // A chunk that was ready at the moment of an abort must not be acted upon.
      watch.check();
      if (done) return;
      if (value.type !== 'text' || value.delta !== '') watch.contentArrived();
      yield value;
    }
  } catch (error) {
    // The abort of the attempt can surface as an error of the stream before our own reason does.
    watch.check();
    throw error;
  } finally {
    watch.stop();
    attempt.abort();
    Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

class Watch {
  readonly fired: Promise<never>;
  readonly #limits: WatchLimits;
  readonly #stopped = new AbortController();
  #lastContentAt: number;
  #reason: StoppedListening | null = null;
  #reject: (reason: StoppedListening) => void = () => {};
  readonly #onAbort = () => this.#fire('aborted');

  constructor(limits: WatchLimits) {
    this.#limits = limits;
    this.#lastContentAt = limits.clock.monotonic();
    this.fired = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.fired.catch(() => {});
    if (limits.signal.aborted) this.#fire('aborted');
    else limits.signal.addEventListener('abort', this.#onAbort, {once: true});
    void this.#keepTime();
  }

  contentArrived(): void {
    this.#lastContentAt = this.#limits.clock.monotonic();
  }

  check(): void {
    if (this.#reason) throw this.#reason;
  }

  stop(): void {
    this.#stopped.abort();
    this.#limits.signal.removeEventListener('abort', this.#onAbort);
  }

  /** One sleeping timer, however many chunks arrive. */
  async #keepTime(): Promise<void> {
    const {clock, idleMs, deadlineAt} = this.#limits;
    while (!this.#reason && !this.#stopped.signal.aborted) {
      const now = clock.monotonic();
      if (now >= deadlineAt) return this.#fire('deadline');
      if (now >= this.#lastContentAt + idleMs) return this.#fire('timeout');
      const wakeAt = Math.min(deadlineAt, this.#lastContentAt + idleMs);
      await clock.sleep(Math.max(1, wakeAt - now), this.#stopped.signal).catch(() => {});
    }
  }

  #fire(reason: StoppedListening['reason']): void {
    this.#reason ??= new StoppedListening(reason);
    this.#reject(this.#reason);
  }
}
