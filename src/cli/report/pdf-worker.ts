// The thread that lays a PDF out. Its fonts lie beside the built program.

import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {parentPort, workerData} from 'node:worker_threads';
import type {Outline} from '../../render/report/outline.ts';
import {pdfReport} from '../../render/report/pdf.ts';
import type {FontFile} from '../../render/report/pdf-fonts.ts';
import type {PdfMessage} from './pdf-apart.ts';

const folder = import.meta.url.endsWith('.ts') ? '../../../dist/fonts/' : './fonts/';

async function font(name: string): Promise<FontFile> {
  const path = fileURLToPath(new URL(folder + name, import.meta.url));
  return {path, bytes: await readFile(path)};
}

const send = (message: PdfMessage): void => parentPort?.postMessage(message);

try {
  const outline: Outline = workerData;
  const fonts = {
    regular: await font('Roboto-Regular.ttf'),
    bold: await font('Roboto-Medium.ttf'),
    italic: await font('Roboto-Italic.ttf'),
    wide: await font('DejaVuSans.ttf'),
    wideBold: await font('DejaVuSans-Bold.ttf'),
    mono: await font('DejaVuSansMono.ttf'),
  };
  send({kind: 'done', bytes: await pdfReport(outline, fonts)});
} catch (error) {
  send({kind: 'failed', message: error instanceof Error ? error.message : String(error)});
}
