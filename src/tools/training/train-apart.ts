// Trains in a thread of its own: the signal ends it at once with the best so far, and its memory is bounded.

import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Trained, TrainingData} from '../../models/training-data.ts';

export type TrainingMessage =
  | {kind: 'progress'; text: string}
  | {kind: 'best'; trained: Trained}
  | {kind: 'trained'; trained: Trained}
  | {kind: 'refused' | 'failed'; message: string};

const heapMegabytes = 2_000;

/**
 * `stopped` when the signal fired before the end: then it is the best model until there, as it was measured.
 * @throws AbortedError when the signal fires before any model was there; ToolError `model.refused` (the data can't be learnt
 *   from), `model.failed`
 */
export function trainApart(
  data: TrainingData,
  {signal, onProgress}: {signal: AbortSignal; onProgress(text: string): void},
): Promise<{trained: Trained; stopped: boolean}> {
  signal.throwIfAborted();
  const source = import.meta.url.endsWith('.ts') ? './worker.ts' : './model-worker.js';
  const worker = new Worker(fileURLToPath(new URL(source, import.meta.url)), {
    workerData: data,
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes},
    execArgv: ['--no-warnings'],
  });
  let best: Trained | null = null;
  let stop = () => {};
  return new Promise<{trained: Trained; stopped: boolean}>((resolve, reject) => {
    stop = () => (best ? resolve({trained: best, stopped: true}) : reject(new AbortedError()));
    signal.addEventListener('abort', stop, {once: true});
    worker.on('message', (message: TrainingMessage) => {
      if (message.kind === 'progress') onProgress(message.text);
      else if (message.kind === 'best') best = message.trained;
      else if (message.kind === 'trained') resolve({trained: message.trained, stopped: false});
      else if (message.kind === 'refused') reject(new ToolError('model.refused', `${message.message}.`));
      else reject(new ToolError('model.failed', `The training failed: ${message.message}.`));
    });
    worker.on('error', error => reject(new ToolError('model.failed', `The training failed: ${error.message}.`)));
    worker.on('exit', () => reject(new ToolError('model.failed', 'The training ended without a result.')));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    // Waiting for the end of the thread would keep the user waiting: it ends by itself.
    void worker.terminate();
  });
}
