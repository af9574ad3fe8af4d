// Writes the outline of a report in the format that the name of the file asks for. Each format is loaded when it is used.

import {extname} from 'node:path';
import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Outline} from '../../render/report/outline.ts';

type Writer = (outline: Outline, signal: AbortSignal) => Promise<Uint8Array | string>;

/** Every format a report can be written in: one line each. */
const writers = {
  pdf: async (outline, signal) => (await import('./pdf-apart.ts')).startPdf(signal).write(outline),
  html: async outline => (await import('../../render/report/html.ts')).htmlReport(outline),
  md: async outline => (await import('../../render/report/markdown.ts')).markdownReport(outline),
  ipynb: async outline => (await import('../../render/report/notebook.ts')).notebookReport(outline),
} satisfies Record<string, Writer>;

export type ReportFormat = keyof typeof writers;

/** @throws UsageError `report.format` for another extension */
export function formatOf(output: string): ReportFormat {
  const format = extname(output).slice(1).toLowerCase();
  if (isFormat(format)) return format;
  throw new UsageError(
    'report.format',
    `${printable(output, {oneLine: true})} has no extension that says what to write.`,
    {
      hint: `Use one of ${Object.keys(writers)
        .map(name => `.${name}`)
        .join(', ')}.`,
    },
  );
}

function isFormat(format: string): format is ReportFormat {
  return Object.hasOwn(writers, format);
}

/** @throws AbortedError when the signal fires, ToolError `report.failed` */
export async function reportBytes(outline: Outline, format: ReportFormat, signal: AbortSignal): Promise<Uint8Array> {
  const writer: Writer = writers[format];
  const made = await writer(outline, signal);
  return typeof made === 'string' ? new TextEncoder().encode(made) : made;
}

/** A writer that gets ready while its report is computed; what is not written is discarded. */
export type StartedWriter = {write(outline: Outline): Promise<Uint8Array>; discard(): void};

/** The thread of a PDF takes a while to load. `write` throws as `reportBytes`. */
export function startWriter(format: ReportFormat, signal: AbortSignal): StartedWriter {
  if (format !== 'pdf') return {write: outline => reportBytes(outline, format, signal), discard() {}};
  const starting = import('./pdf-apart.ts').then(({startPdf}) => startPdf(signal));
  const isNobodys = () => {};
  return {
    write: async outline => (await starting).write(outline),
    discard: () => void starting.then(thread => thread.discard(), isNobodys),
  };
}
