// Writes the outline of a report in the format that the name of the file asks for. Each format is loaded when it is used.

import {readFile} from 'node:fs/promises';
import {extname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ToolError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Outline} from '../../render/report/outline.ts';
import type {FontFile, ReportFonts} from '../../render/report/pdf-fonts.ts';

type Writer = (outline: Outline) => Promise<Uint8Array | string>;

/** Every format a report can be written in: one line each. */
const writers = {
  pdf: async outline => (await import('../../render/report/pdf.ts')).pdfReport(outline, await readFonts()),
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

export async function reportBytes(outline: Outline, format: ReportFormat): Promise<Uint8Array> {
  const made = await writers[format](outline);
  return typeof made === 'string' ? new TextEncoder().encode(made) : made;
}

const fontNames = {
  regular: 'Roboto-Regular.ttf',
  bold: 'Roboto-Medium.ttf',
  italic: 'Roboto-Italic.ttf',
  wide: 'DejaVuSans.ttf',
  wideBold: 'DejaVuSans-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
} as const satisfies Record<keyof ReportFonts, string>;

/** The fonts lie beside the built program. @throws ToolError `report.fonts_missing` */
async function readFonts(): Promise<ReportFonts> {
  const read = async (name: string): Promise<FontFile> => {
    const path = fileURLToPath(new URL(`./fonts/${name}`, import.meta.url));
    const bytes = await readFile(path).catch(cause => {
      throw new ToolError('report.fonts_missing', `The font ${name} is not where ds-agent was installed.`, {
        hint: 'Install ds-agent again, or write the report as .html.',
        cause,
      });
    });
    return {path, bytes};
  };
  const [regular, bold, italic, wide, wideBold, mono] = await Promise.all([
    read(fontNames.regular),
    read(fontNames.bold),
    read(fontNames.italic),
    read(fontNames.wide),
    read(fontNames.wideBold),
    read(fontNames.mono),
  ]);
  return {regular, bold, italic, wide, wideBold, mono};
}
