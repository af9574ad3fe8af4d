// A kept model in a thread of its own that scores piece after piece: reading a large forest alone takes a tenth of a second.

import {AbortedError, ToolError} from '../../core/errors.ts';
import type {RawColumn} from '../../models/raw-columns.ts';
import {inThread} from '../thread.ts';
import {refusalOf, type Told} from '../told.ts';
import type {KeptModel} from '../training/model-file.ts';
import type {Scores} from './scores.ts';

/** null ends the thread. */
export type ScoringRequest = {columns: readonly RawColumn[]; rows: number} | null;
export type ScoringMessage =
  | {kind: 'ready'; hasProbabilities: boolean}
  | {kind: 'scores'; scores: Scores}
  | Told
  | {kind: 'failed'; message: string};

export type ScoringThread = {
  hasProbabilities: boolean;
  /** One piece after the other. @throws AbortedError; ToolError `model.failed` */
  scores(columns: readonly RawColumn[], rows: number): Promise<Scores>;
  /** Must be called, else the thread stays. */
  close(): void;
};

/** @throws AbortedError; ToolError `model.broken`, `model.failed` */
export async function openScoringThread(kept: KeptModel, signal: AbortSignal): Promise<ScoringThread> {
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/scoring-worker.js' : './scoring-worker.js';
  const failed = (why: string) => new ToolError('model.failed', `The scoring failed: ${why}.`);
  let post: (request: ScoringRequest) => void = () => {};
  const ready = Promise.withResolvers<boolean>();
  let waiting = Promise.withResolvers<Scores>();
  const ended = inThread<ScoringMessage, never>({
    script: new URL(source, import.meta.url),
    data: kept,
    heapMegabytes: 2_000,
    signal,
    onStart: send => {
      post = send;
    },
    onMessage(message) {
      switch (message.kind) {
        case 'ready':
          ready.resolve(message.hasProbabilities);
          return null;
        case 'scores':
          waiting.resolve(message.scores);
          return null;
        case 'told':
          return {error: refusalOf(message)};
        case 'failed':
          return {error: failed(message.message)};
      }
    },
    onAbort: () => ({error: new AbortedError()}),
    onFailure: failed,
  });
  // It ends with an error only, or after it was closed, when nobody listens any more. No race with it: that would keep all scores.
  let failure: unknown = null;
  ended.catch(error => {
    failure = error;
    ready.reject(error);
    waiting.promise.catch(() => {});
    waiting.reject(error);
  });
  const hasProbabilities = await ready.promise;
  return {
    hasProbabilities,
    scores(columns, rows) {
      waiting = Promise.withResolvers<Scores>();
      if (failure === null) post({columns, rows});
      else waiting.reject(failure);
      return waiting.promise;
    },
    close: () => post(null),
  };
}
