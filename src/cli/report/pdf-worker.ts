// The thread that lays a PDF out. Its fonts lie beside the built program.

import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {parentPort} from 'node:worker_threads';
import type {Outline} from '../../render/report/outline.ts';
import {pdfReport} from '../../render/report/pdf.ts';
import type {FontFile} from '../../render/report/pdf-fonts.ts';
import {standBack} from '../../tools/stand-back.ts';
import type {PdfMessage} from './pdf-apart.ts';

const folder = import.meta.url.endsWith('.ts') ? '../../../dist/fonts/' : './fonts/';

async function font(name: string): Promise<FontFile> {
  const path = fileURLToPath(new URL(folder + name, import.meta.url));
  return {path, bytes: await readFile(path)};
}

/** A drawing that was damaged on the disk must not cost the report. */
function inLetters({about, sections, ...rest}: Outline): Outline {
  const note = [{text: 'A drawing could not be read, so charts are shown as text here.'}];
  const plain = sections.map(section => ({
    ...section,
    blocks: section.blocks.map(block => (block.type === 'chart' ? {...block, svg: null} : block)),
  }));
  return {...rest, about: [...about, note], sections: plain};
}

const send = (message: PdfMessage): void => parentPort?.postMessage(message);

standBack();

try {
  const fonts = {
    regular: await font('Roboto-Regular.ttf'),
    bold: await font('Roboto-Medium.ttf'),
    italic: await font('Roboto-Italic.ttf'),
    wide: await font('DejaVuSans.ttf'),
    wideBold: await font('DejaVuSans-Bold.ttf'),
    mono: await font('DejaVuSansMono.ttf'),
  };
  const [outline]: Outline[] = parentPort ? await once(parentPort, 'message') : [];
  if (outline)
    send({kind: 'done', bytes: await pdfReport(outline, fonts).catch(() => pdfReport(inLetters(outline), fonts))});
} catch (error) {
  send({kind: 'failed', message: error instanceof Error ? error.message : String(error)});
}
