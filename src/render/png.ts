// An SVG as pixels. The fonts are given as files: the machine's own would make another picture on every machine.

import {renderAsync} from '@resvg/resvg-js';

/** `fontFiles` are paths of TTF files, without which resvg would drop all text silently; `scale` is pixels per px. */
export type PngOptions = {fontFiles: readonly string[]; fontFamily: string; scale?: number};

export type Picture = {png: Uint8Array; width: number; height: number};

/** Rows from the top, each pixel red, green, blue and alpha. */
export type Pixels = {rgba: Uint8Array; width: number; height: number};

export async function pngOf(svg: string, options: PngOptions): Promise<Picture> {
  const image = await render(svg, options);
  return {png: image.asPng(), width: image.width, height: image.height};
}

export async function pixelsOf(svg: string, options: PngOptions): Promise<Pixels> {
  const image = await render(svg, options);
  return {rgba: image.pixels, width: image.width, height: image.height};
}

function render(svg: string, {fontFiles, fontFamily, scale = 2}: PngOptions): ReturnType<typeof renderAsync> {
  if (fontFiles.length === 0) throw new Error('a picture needs at least one font file');
  return renderAsync(svg, {
    fitTo: {mode: 'zoom', value: scale},
    font: {fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily},
  });
}
