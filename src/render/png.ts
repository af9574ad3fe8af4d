// An SVG as pixels. The fonts are given as files: the machine's own would make another picture on every machine.

import {renderAsync} from '@resvg/resvg-js';

/** `fontFiles` are paths of TTF files, without which resvg would drop all text silently; `scale` is pixels per px. */
export type PngOptions = {fontFiles: readonly string[]; fontFamily: string; scale?: number};

export type Picture = {png: Uint8Array; width: number; height: number};

export async function pngOf(svg: string, {fontFiles, fontFamily, scale = 2}: PngOptions): Promise<Picture> {
  if (fontFiles.length === 0) throw new Error('a picture needs at least one font file');
  const image = await renderAsync(svg, {
    fitTo: {mode: 'zoom', value: scale},
    font: {fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily},
  });
  return {png: image.asPng(), width: image.width, height: image.height};
}
