// Runs a job in a thread of its own: the chat stays responsive, the signal ends it at once, and its memory is bounded.

import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {AbortedError, ToolError} from '../../core/errors.ts';
import type {JobInput, JobName, JobResult} from './jobs.ts';

export type JobMessage<Name extends JobName> =
  | {kind: 'progress'; text: string}
  | {kind: 'done'; result: JobResult<Name>}
  | {kind: 'refused' | 'failed'; message: string};

const heapMegabytes = 2_000;

/** @throws AbortedError; ToolError `explore.refused` (nothing honest can be computed from this data), `explore.failed` */
export function runApart<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
  {signal, onProgress}: {signal: AbortSignal; onProgress(text: string): void},
): Promise<JobResult<Name>> {
  signal.throwIfAborted();
  const source = import.meta.url.endsWith('.ts') ? './worker.ts' : './explore-worker.js';
  const worker = new Worker(fileURLToPath(new URL(source, import.meta.url)), {
    workerData: {name, input},
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes},
    execArgv: ['--no-warnings'],
  });
  return new Promise<JobResult<Name>>((resolve, reject) => {
    const failed = (why: string) => reject(new ToolError('explore.failed', `The computation ${why}.`));
    const onAbort = () => reject(new AbortedError());
    signal.addEventListener('abort', onAbort, {once: true});
    worker.on('message', (message: JobMessage<Name>) => {
      if (message.kind === 'progress') onProgress(message.text);
      else if (message.kind === 'done') resolve(message.result);
      else if (message.kind === 'refused') reject(new ToolError('explore.refused', `${message.message}.`));
      else failed(`failed: ${message.message}`);
    });
    worker.on('error', error => failed(`failed: ${error.message}`));
    worker.on('exit', () => {
      signal.removeEventListener('abort', onAbort);
      failed('ended without a result');
    });
  }).finally(() => worker.terminate());
}
