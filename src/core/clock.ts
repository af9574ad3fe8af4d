// Time as an argument, so that waiting can be tested without waiting.

/** `now` is wall time in epoch ms; `monotonic` never goes back, in ms. `sleep` rejects with the signal's reason when aborted. */
export interface Clock {
  now(): number;
  monotonic(): number;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', onAbort, {once: true});
    }),
};
