// The fonts that come with the program, for charts as pictures.

import {fileURLToPath} from 'node:url';

export const pictureFont = 'DejaVu Sans';

/** Beside the built program; in the source tree where the package that has them is. */
export function pictureFontFiles(): string[] {
  const folder = import.meta.url.endsWith('.ts') ? '../../../node_modules/dejavu-fonts-ttf/ttf/' : './fonts/';
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(name =>
    fileURLToPath(new URL(`${folder}${name}`, import.meta.url)),
  );
}
