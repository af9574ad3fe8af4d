// A picture as sixels, the protocol of DEC's terminals: bands six pixels high, in each band one row of signs for each colour.

import type {Pixels} from '../png.ts';
import {channels, colorAt, paletteOf} from './palette.ts';

/** The picture at the cursor, in at most `colors` colours. Where the cursor is afterwards depends on the terminal. */
export function sixelImage({rgba, width, height}: Pixels, {colors}: {colors: number}): string {
  const palette = paletteOf(rgba, colors);
  const percent = (value: number) => Math.round((value * 100) / 255);
  const registers = palette.colors.map((color, index) => `#${index};2;${channels(color).map(percent).join(';')}`);
  const bands: string[] = [];
  for (let top = 0; top < height; top += 6) {
    const rows = new Map<number, Uint8Array>();
    for (let y = top; y < Math.min(top + 6, height); y++)
      for (let x = 0; x < width; x++) {
        const index = palette.indexOf.get(colorAt(rgba, (y * width + x) * 4)) ?? 0;
        const row = rows.get(index) ?? new Uint8Array(width);
        rows.set(index, row);
        row[x] = (row[x] ?? 0) | (1 << (y - top));
      }
    bands.push([...rows].map(([index, row]) => `#${index}${runs(row)}`).join('$'));
  }
  // Pixels that no colour is drawn on stay as they are; the raster attributes say one by one, and the size.
  return `\x1bP0;1;0q"1;1;${width};${height}${registers.join('')}${bands.join('-')}\x1b\\`;
}

/** Signs for columns of six pixels; four and more of the same are counted, and the empty ones at the end left out. */
function runs(row: Uint8Array): string {
  let end = row.length;
  while (end > 0 && row[end - 1] === 0) end--;
  let text = '';
  for (let start = 0; start < end; ) {
    let next = start + 1;
    while (next < end && row[next] === row[start]) next++;
    const sign = String.fromCharCode(63 + (row[start] ?? 0));
    text += next - start > 3 ? `!${next - start}${sign}` : sign.repeat(next - start);
    start = next;
  }
  return text;
}
