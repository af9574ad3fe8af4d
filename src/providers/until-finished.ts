// Reads a stream to its end, but does not wait long for the rest once the reply itself is complete.

/** After the finish reason only the token counts are still to come; a server that keeps the line open must not fail us. */
const graceMs = 500;

/** Once `isFinished` holds, an error or half a second of silence ends the stream quietly. */
export async function* untilFinished<T>(stream: AsyncIterable<T>, isFinished: () => boolean): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = isFinished() ? await nextWithin(iterator.next(), graceMs) : await iterator.next();
      if (next === null) return;
      ended = next.done ?? false;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function nextWithin<T>(next: Promise<T>, limitMs: number): Promise<T | null> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(null), limitMs);
    const end = (value: T | null) => {
      clearTimeout(timer);
      resolve(value);
    };
    next.then(end, () => end(null));
  });
}
