// Lays a PDF out in a thread of its own: a long report keeps neither the chat nor Ctrl-C waiting.

import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Outline} from '../../render/report/outline.ts';

export type PdfMessage = {kind: 'done'; bytes: Uint8Array} | {kind: 'failed'; message: string};

const heapMegabytes = 3_000;

/** @throws AbortedError when the signal fires; ToolError `report.failed` */
export function pdfApart(outline: Outline, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const source = import.meta.url.endsWith('.ts') ? './pdf-worker.ts' : './report-worker.js';
  const worker = new Worker(fileURLToPath(new URL(source, import.meta.url)), {
    workerData: outline,
    env: {},
    resourceLimits: {maxOldGenerationSizeMb: heapMegabytes},
    execArgv: ['--no-warnings'],
  });
  let onAbort = () => {};
  return new Promise<Uint8Array>((resolve, reject) => {
    const failed = (why: string) =>
      reject(
        new ToolError('report.failed', `The PDF could not be made: ${why}.`, {hint: 'Write it as .html instead.'}),
      );
    onAbort = () => reject(new AbortedError());
    signal.addEventListener('abort', onAbort, {once: true});
    worker.on('message', (message: PdfMessage) =>
      message.kind === 'done' ? resolve(message.bytes) : failed(message.message),
    );
    worker.on('error', error => failed(error.message));
    worker.on('exit', () => failed('its thread ended'));
  }).finally(() => {
    signal.removeEventListener('abort', onAbort);
    void worker.terminate();
  });
}
