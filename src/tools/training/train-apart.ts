// Trains in a thread of its own: the signal ends it at once, and its memory is bounded.

import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Trained, TrainingData} from '../../models/train.ts';

export type TrainingMessage =
  | {kind: 'progress'; text: string}
  | {kind: 'trained'; trained: Trained}
  | {kind: 'refused' | 'failed'; message: string};

const heapMegabytes = 2_000;

/** @throws AbortedError; ToolError `model.refused` (the data can't be learnt from), `model.failed` */
export function trainApart(
  data: TrainingData,
  {signal, onProgress}: {signal: AbortSignal; onProgress(text: string): void},
): Promise<Trained> {
  signal.throwIfAborted();
  const source = import.meta.url.endsWith('.ts') ? './worker.ts' : './model-worker.js';
  const worker = new Worker(fileURLToPath(new URL(source, import.meta.url)), {
    workerData: data,
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes},
    execArgv: ['--no-warnings'],
  });
  return new Promise<Trained>((resolve, reject) => {
    const onAbort = () => reject(new AbortedError());
    signal.addEventListener('abort', onAbort, {once: true});
    worker.on('message', (message: TrainingMessage) => {
      if (message.kind === 'progress') onProgress(message.text);
      else if (message.kind === 'trained') resolve(message.trained);
      else if (message.kind === 'refused') reject(new ToolError('model.refused', `${message.message}.`));
      else reject(new ToolError('model.failed', `The training failed: ${message.message}.`));
    });
    worker.on('error', error => reject(new ToolError('model.failed', `The training failed: ${error.message}.`)));
    worker.on('exit', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new ToolError('model.failed', 'The training ended without a result.'));
    });
  }).finally(() => worker.terminate());
}
