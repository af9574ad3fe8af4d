// Lays a PDF out in a thread of its own: a long report keeps neither the chat nor Ctrl-C waiting.

import {AbortedError, ToolError} from '../../core/errors.ts';
import type {Outline} from '../../render/report/outline.ts';
import {inThread} from '../../tools/thread.ts';

export type PdfMessage = {kind: 'done'; bytes: Uint8Array} | {kind: 'failed'; message: string};

/** A thread that has loaded what it needs, and waits for what to lay out. */
export type PdfThread = {
  /** Once. @throws AbortedError when the signal fires; ToolError `report.failed` */
  write(outline: Outline): Promise<Uint8Array>;
  /** Ends a thread that was given nothing. */
  discard(): void;
};

/** @throws whatever the signal was aborted with */
export function startPdf(signal: AbortSignal): PdfThread {
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/report-worker.js' : './report-worker.js';
  const failed = (why: string) =>
    new ToolError('report.failed', `The PDF could not be made: ${why}.`, {hint: 'Write it as .html instead.'});
  let give = (_: unknown) => {};
  let end = (_: {error: Error}) => {};
  let isGiven = false;
  const made = inThread<PdfMessage, Uint8Array>({
    script: new URL(source, import.meta.url),
    data: null,
    heapMegabytes: 3_000,
    signal,
    onStart: (post, endAll) => {
      give = post;
      end = endAll;
    },
    onMessage: message => (message.kind === 'done' ? {result: message.bytes} : {error: failed(message.message)}),
    onAbort: () => ({error: new AbortedError()}),
    onFailure: failed,
  });
  // Until something was given nobody waits for it.
  made.catch(() => {});
  return {
    write(outline) {
      isGiven = true;
      give(outline);
      return made;
    },
    discard: () => {
      if (!isGiven) end({error: new AbortedError()});
    },
  };
}
