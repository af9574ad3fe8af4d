// Trains in a thread of its own: the signal ends it at once with the best so far.

import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Trained, TrainingData} from '../../models/training-data.ts';
import {inThread} from '../thread.ts';

export type TrainingMessage =
  | {kind: 'progress'; text: string}
  | {kind: 'best'; trained: Trained}
  | {kind: 'trained'; trained: Trained}
  | {kind: 'refused' | 'failed'; message: string};

/**
 * `stopped` when the signal fired before the end: then it is the best model until there, as it was measured.
 * @throws AbortedError when the signal fires before any model was there; ToolError `model.refused` (the data can't be learnt
 *   from), `model.failed`
 */
export function trainApart(
  data: TrainingData,
  {signal, onProgress}: {signal: AbortSignal; onProgress(text: string): void},
): Promise<{trained: Trained; stopped: boolean}> {
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/model-worker.js' : './model-worker.js';
  const failed = (why: string) => new ToolError('model.failed', `The training failed: ${why}.`);
  let best: Trained | null = null;
  return inThread<TrainingMessage, {trained: Trained; stopped: boolean}>({
    script: new URL(source, import.meta.url),
    data,
    heapMegabytes: 2_000,
    signal,
    onMessage(message) {
      switch (message.kind) {
        case 'progress':
          onProgress(message.text);
          return null;
        case 'best':
          best = message.trained;
          return null;
        case 'trained':
          return {result: {trained: message.trained, stopped: false}};
        case 'refused':
          return {
            error: new ToolError(
              'model.refused',
              `${message.message.charAt(0).toUpperCase()}${message.message.slice(1)}.`,
            ),
          };
        case 'failed':
          return {error: failed(message.message)};
      }
    },
    onAbort: () => (best ? {result: {trained: best, stopped: true}} : {error: new AbortedError()}),
    onFailure: failed,
  });
}
