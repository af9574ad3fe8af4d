// A chart as the terminal's own picture: laid out for the room there is, and drawn pixel for pixel where its cells are known.

import type {ChartSpec} from '../chart-spec.ts';
import {el, svgSize} from '../svg/element.ts';
import {svgOf} from '../svg/svg.ts';
import {type ThemeName, themes} from '../svg/theme.ts';

export type ImageProtocol = 'kitty' | 'iterm2' | 'sixel';

/** `cell` is the size of a character in pixels; `mostPixels` and `colors` are the limits of a terminal with sixels. */
export type PictureRoom = {
  protocol: ImageProtocol;
  columns: number;
  rows: number;
  cell: {width: number; height: number};
  theme: ThemeName;
  colors: number;
  mostPixels: {width: number; height: number};
};

/**
 * `data` draws the picture at the cursor, over exactly `columns` × `rows` cells. `erase` removes the pictures on the screen, for
 * terminals that leave them where they are when a new width wraps the lines anew, and would hide what is written there then.
 */
export type TerminalPicture = {data: string; columns: number; rows: number; erase: string};

/** px that a column of the terminal is wide in the drawing, so that its letters are about as large as the terminal's. */
const columnPx = 8;
const mostColumns = 90;
const plotHeight = 250;
/** Smaller letters than this part of their size can not be read. */
const leastScale = 0.6;

/** Null where the room is too small for a picture that can be read: characters show more there. */
export async function terminalPicture(
  spec: ChartSpec,
  room: PictureRoom,
  font: {fontFiles: readonly string[]; fontFamily: string},
): Promise<TerminalPicture | null> {
  const {cell, theme, protocol} = room;
  const wide = Math.min(
    mostColumns,
    room.columns,
    protocol === 'sixel' ? fits(room.mostPixels.width, cell.width) : 999,
  );
  const high = Math.min(room.rows, protocol === 'sixel' ? fits(room.mostPixels.height, cell.height) : 999);
  const svg = svgOf(spec, {width: wide * columnPx, theme, font: font.fontFamily, plotHeight});
  const drawn = svgSize(svg);
  const rowPx = (columnPx * cell.height) / cell.width;
  const scale = Math.min(1, (wide * columnPx) / drawn.width, (high * rowPx) / drawn.height);
  if (scale < leastScale) return null;
  const columns = Math.ceil((drawn.width * scale) / columnPx);
  const rows = Math.ceil((drawn.height * scale) / rowPx);
  // The sheet is whole cells, so that no terminal has to stretch it.
  const sheet = {width: (columns * columnPx) / scale, height: (rows * rowPx) / scale};
  const background = el('rect', {...sheet, fill: themes[theme].background});
  const whole = el('svg', {xmlns: 'http://www.w3.org/2000/svg', ...sheet}, background, svg);
  const {pixelsOf, pngOf} = await import('../png.ts');
  const options = {...font, scale: (columns * cell.width) / sheet.width};
  const cells = {columns, rows};
  switch (protocol) {
    case 'kitty': {
      const {kittyErase, kittyImage} = await import('./kitty.ts');
      return {...cells, data: kittyImage((await pngOf(whole, options)).png, cells), erase: kittyErase};
    }
    case 'iterm2': {
      const {iterm2Image} = await import('./iterm2.ts');
      return {...cells, data: iterm2Image((await pngOf(whole, options)).png, cells), erase: ''};
    }
    case 'sixel': {
      const {sixelImage} = await import('./sixel.ts');
      return {...cells, data: sixelImage(await pixelsOf(whole, options), room), erase: ''};
    }
  }
}

function fits(pixels: number, each: number): number {
  return Math.max(1, Math.floor(pixels / each));
}
