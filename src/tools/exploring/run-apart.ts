// Runs a job of exploring in a thread of its own.

import {AbortedError, ToolError} from '../../core/errors.ts';
import {inThread} from '../thread.ts';
import {refusalOf, type Told} from '../told.ts';
import type {JobInput, JobName, JobResult} from './jobs.ts';

export type JobMessage<Name extends JobName> =
  | {kind: 'progress'; text: string}
  | {kind: 'done'; result: JobResult<Name>}
  | Told
  | {kind: 'refused' | 'failed'; message: string};

/** @throws AbortedError; ToolError `explore.refused` (nothing honest can be computed from this data), `explore.failed`, or the one that the job threw */
export function runApart<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
  {signal, onProgress}: {signal: AbortSignal; onProgress(text: string): void},
): Promise<JobResult<Name>> {
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/explore-worker.js' : './explore-worker.js';
  const failed = (why: string) => new ToolError('explore.failed', `The computation failed: ${why}.`);
  return inThread<JobMessage<Name>, JobResult<Name>>({
    script: new URL(source, import.meta.url),
    data: {name, input},
    heapMegabytes: 2_000,
    signal,
    onMessage(message) {
      switch (message.kind) {
        case 'progress':
          onProgress(message.text);
          return null;
        case 'done':
          return {result: message.result};
        case 'told':
          return {error: refusalOf(message)};
        case 'refused':
          return {error: new ToolError('explore.refused', `${message.message}.`)};
        case 'failed':
          return {error: failed(message.message)};
      }
    },
    onAbort: () => ({error: new AbortedError()}),
    onFailure: failed,
  });
}
