// Runs a script in a thread of its own: the chat stays responsive, the signal ends it at once, and its memory is bounded.

import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';

/*
 * Scripts of threads are built ones, also where a test runs the sources: a thread that loads TypeScript strips its types with
 * WebAssembly of Node's own, and Node 24 breaks now and then where several threads do so (V8: "jit_page.has_value()").
 */

/** What ends the run; null lets it go on. */
export type Ending<Result> = {result: Result} | {error: Error} | null;

export type Thread<Message, Result> = {
  script: URL;
  /** Copied into the thread, but for shared memory. */
  data: unknown;
  heapMegabytes: number;
  signal: AbortSignal;
  onMessage(message: Message): Ending<Result>;
  /** Gets what sends messages to the script, and what ends the run from outside of it. */
  onStart?(post: (message: unknown) => void, end: (ending: NonNullable<Ending<Result>>) => void): void;
  /** When the signal fires. */
  onAbort(): NonNullable<Ending<Result>>;
  /** When the thread breaks or ends without having said anything that ends the run. */
  onFailure(why: string): Error;
};

/** Ends with the first ending; the signal is looked at before anything is started. */
export function inThread<Message, Result>(thread: Thread<Message, Result>): Promise<Result> {
  const {script, data, heapMegabytes, signal, onStart, onMessage, onAbort, onFailure} = thread;
  signal.throwIfAborted();
  const worker = new Worker(fileURLToPath(script), {
    workerData: data,
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes},
    execArgv: ['--no-warnings'],
  });
  let stop = () => {};
  return new Promise<Result>((resolve, reject) => {
    const end = (ending: Ending<Result>) => {
      if (ending === null) return;
      if ('error' in ending) reject(ending.error);
      else resolve(ending.result);
    };
    stop = () => {
      end(onAbort());
      // Waiting for the end of the thread would keep the user waiting.
      void worker.terminate();
    };
    onStart?.(
      message => worker.postMessage(message),
      ending => {
        end(ending);
        void worker.terminate();
      },
    );
    signal.addEventListener('abort', stop, {once: true});
    worker.on('message', (message: Message) => end(onMessage(message)));
    worker.on('error', error => end({error: onFailure(error.message)}));
    worker.on('exit', () => end({error: onFailure('its thread ended without a result')}));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    // A thread that has said its last is not torn down in the middle of its own end: it has nothing left to do.
    worker.unref();
  });
}
