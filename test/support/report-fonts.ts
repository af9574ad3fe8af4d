// The fonts of a PDF report, from the packages that the build copies them from.

import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {FontFile, ReportFonts} from '../../src/render/report/pdf-fonts.ts';

function font(path: string): FontFile {
  const file = fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
  return {path: file, bytes: readFileSync(file)};
}

export function reportFonts(): ReportFonts {
  return {
    regular: font('pdfmake/fonts/Roboto/Roboto-Regular.ttf'),
    bold: font('pdfmake/fonts/Roboto/Roboto-Medium.ttf'),
    italic: font('pdfmake/fonts/Roboto/Roboto-Italic.ttf'),
    wide: font('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    wideBold: font('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
    mono: font('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
  };
}
