import {describe, expect, it} from 'vitest';
import {type PictureRoom, terminalPicture} from '../../../src/render/picture/terminal-picture.ts';
import {pictureFont, pictureFontFiles} from '../../../src/tools/charts/chart-fonts.ts';
import {drawSixels} from '../../support/sixels.ts';
import {goldenSpecs, specOf} from '../chart-specs.ts';

const room: PictureRoom = {
  protocol: 'kitty',
  columns: 79,
  rows: 26,
  cell: {width: 9, height: 19},
  theme: 'light',
  colors: 256,
  mostPixels: {width: 1000, height: 1000},
};
const picture = (name: string, more: Partial<PictureRoom> = {}) =>
  terminalPicture(
    goldenSpecs[name] ?? specOf({mark: 'bar', points: []}),
    {...room, ...more},
    {
      fontFiles: pictureFontFiles(),
      fontFamily: pictureFont,
    },
  );
/** The size a PNG says it has. */
function pngSize(data: string): {width: number; height: number} {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: each part starts and ends with a control character
  const base64 = [...data.matchAll(/\x1b_G[^;]*;([\w+/=]*)\x1b\\/g)].map(([, part]) => part).join('');
  const png = Buffer.from(base64, 'base64');
  return {width: png.readUInt32BE(16), height: png.readUInt32BE(20)};
}

describe('a chart as a picture of the terminal', () => {
  it.each(Object.keys(goldenSpecs))('%s covers whole cells, pixel for pixel, within the room', async name => {
    for (const cell of [
      {width: 9, height: 19},
      {width: 20, height: 40},
    ]) {
      const found = await picture(name, {cell, rows: 60});
      if (!found) throw new Error(`${name} is no picture`);
      expect(pngSize(found.data)).toEqual({width: found.columns * cell.width, height: found.rows * cell.height});
      expect(found.columns).toBeLessThanOrEqual(79);
      expect(found.rows).toBeLessThanOrEqual(60);
    }
  });

  it('is smaller where there is less room, and none where its letters could not be read', async () => {
    const whole = await picture('line');
    const low = await picture('line', {rows: 16});
    expect(whole?.rows).toBeGreaterThan(16);
    expect(low?.rows).toBe(16);
    expect(low?.columns).toBeLessThan(whole?.columns ?? 0);
    expect(await picture('line', {rows: 7})).toBeNull();
    expect(await picture('line', {columns: 9})).toBeNull();
  });

  it('as sixels is no larger than the terminal draws', async () => {
    const found = await picture('line', {protocol: 'sixel', cell: {width: 20, height: 40}});
    const {width, height} = drawSixels(found?.data ?? '');
    expect(width).toBeLessThanOrEqual(1000);
    expect([width, height]).toEqual([(found?.columns ?? 0) * 20, (found?.rows ?? 0) * 40]);
  });

  it('is dark where the terminal is', async () => {
    const at = async (theme: 'light' | 'dark') =>
      drawSixels((await picture('line', {protocol: 'sixel', theme}))?.data ?? '').pixels[0];
    expect(await at('light')).toEqual([255, 255, 255]);
    expect(Math.max(...((await at('dark')) ?? []))).toBeLessThan(48);
  });
});
