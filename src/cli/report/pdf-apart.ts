// Lays a PDF out in a thread of its own: a long report keeps neither the chat nor Ctrl-C waiting.

import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Outline} from '../../render/report/outline.ts';
import {inThread} from '../../tools/thread.ts';

export type PdfMessage = {kind: 'done'; bytes: Uint8Array} | {kind: 'failed'; message: string};

/** @throws AbortedError when the signal fires; ToolError `report.failed` */
export function pdfApart(outline: Outline, signal: AbortSignal): Promise<Uint8Array> {
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/report-worker.js' : './report-worker.js';
  const failed = (why: string) =>
    new ToolError('report.failed', `The PDF could not be made: ${why}.`, {hint: 'Write it as .html instead.'});
  return inThread<PdfMessage, Uint8Array>({
    script: new URL(source, import.meta.url),
    data: outline,
    heapMegabytes: 3_000,
    signal,
    onMessage: message => (message.kind === 'done' ? {result: message.bytes} : {error: failed(message.message)}),
    onAbort: () => ({error: new AbortedError()}),
    onFailure: failed,
  });
}
