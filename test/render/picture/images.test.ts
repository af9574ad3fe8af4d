import {describe, expect, it} from 'vitest';
import {iterm2Image} from '../../../src/render/picture/iterm2.ts';
import {kittyImage} from '../../../src/render/picture/kitty.ts';
import {paletteOf} from '../../../src/render/picture/palette.ts';
import {sixelImage} from '../../../src/render/picture/sixel.ts';
import {pixelsOf} from '../../../src/render/png.ts';
import {svgOf} from '../../../src/render/svg/svg.ts';
import {pictureFont, pictureFontFiles} from '../../../src/tools/charts/chart-fonts.ts';
import {drawSixels} from '../../support/sixels.ts';
import {goldenSpecs, specOf} from '../chart-specs.ts';

const bytes = (length: number) => Uint8Array.from({length}, (_, index) => (index * 31 + (index >> 8)) % 256);
const cells = {columns: 70, rows: 18};

describe('a picture for kitty', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: each part starts and ends with a control character
  const parts = /\x1b_G([^;]*);([\w+/=]*)\x1b\\/g;

  it.each([1, 3071, 3072, 3073, 20_000])(
    'of %i bytes comes in parts of at most 4,096 signs that are the same bytes again',
    length => {
      const text = kittyImage(bytes(length), cells);
      const found = [...text.matchAll(parts)].map(([whole, keys = '', data = '']) => ({whole, keys, data}));
      expect(found.map(({whole}) => whole).join('')).toBe(text);
      expect(Math.max(...found.map(({data}) => data.length))).toBeLessThanOrEqual(4096);
      expect(found.slice(0, -1).every(({data}) => data.length % 4 === 0)).toBe(true);
      expect(Buffer.from(found.map(({data}) => data).join(''), 'base64')).toEqual(Buffer.from(bytes(length)));
      expect(found.map(({keys}) => /m=(\d)/.exec(keys)?.[1])).toEqual(
        found.map((_, i) => (i < found.length - 1 ? '1' : '0')),
      );
    },
  );

  it('says its cells once, keeps the cursor where it is and wants no answer, which would arrive as if typed', () => {
    const keys = [...kittyImage(bytes(9_000), cells).matchAll(parts)].map(([, found = '']) => found.split(','));
    expect(keys[0]).toEqual(['a=T', 'f=100', 't=d', 'C=1', 'c=70', 'r=18', 'q=2', 'm=1']);
    expect(keys.slice(1).map(each => each.join())).toEqual(
      keys.slice(1).map((_, i, all) => `q=2,m=${i < all.length - 1 ? 1 : 0}`),
    );
  });
});

it('a picture for iTerm2 is one sequence with its size in cells and in bytes, and the same bytes again', () => {
  const [, head = '', data = ''] =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence starts and ends with a control character
    /^\x1b\]1337;File=([^:]*):([\w+/=]*)\x07$/.exec(iterm2Image(bytes(5_000), cells)) ?? [];
  expect(head.split(';')).toEqual(['inline=1', 'size=5000', 'width=70', 'height=18', 'preserveAspectRatio=1']);
  expect(Buffer.from(data, 'base64')).toEqual(Buffer.from(bytes(5_000)));
});

describe('sixels', () => {
  const chart = (name: string) =>
    pixelsOf(svgOf(goldenSpecs[name] ?? specOf({mark: 'bar', points: []}), {font: pictureFont, width: 480}), {
      fontFiles: pictureFontFiles(),
      fontFamily: pictureFont,
      scale: 1,
    });

  it.each(['scatter-by-group', 'correlation', 'stacked-area'])(
    'of %s are its pixels: every one is drawn, flat areas exactly, letters nearly',
    async name => {
      const picture = await chart(name);
      const drawn = drawSixels(sixelImage(picture, {colors: 256}));
      expect([drawn.width, drawn.height]).toEqual([picture.width, picture.height]);
      expect(drawn.colors).toBeLessThanOrEqual(256);
      const differences = drawn.pixels.map((pixel, at) =>
        pixel === null
          ? 999
          : Math.max(...pixel.map((value, channel) => Math.abs(value - (picture.rgba[at * 4 + channel] ?? 0)))),
      );
      // A channel is told in percents, so half a percent of 255 is as near as it gets.
      expect(differences.filter(each => each > 1).length / differences.length).toBeLessThan(0.03);
      expect(differences.filter(each => each > 48)).toEqual([]);
    },
  );

  it('in 16 colours keep the background and the colours of the series', async () => {
    const picture = await chart('scatter-by-group');
    const drawn = drawSixels(sixelImage(picture, {colors: 16}));
    expect(drawn.colors).toBeLessThanOrEqual(16);
    expect(drawn.pixels[0]).toEqual([255, 255, 255]);
  });

  it.each([
    [1, 1],
    [5, 6],
    [7, 13],
  ])('of a picture of %i × %i pixels have no pixel outside it', (width, height) => {
    const rgba = Uint8Array.from({length: width * height * 4}, (_, at) => (at * 37) % 256);
    const drawn = drawSixels(sixelImage({rgba, width, height}, {colors: 256}));
    expect(drawn.pixels.filter(pixel => pixel === null)).toEqual([]);
  });
});

describe('a palette', () => {
  const picture = (...colors: [color: number, count: number][]) =>
    Uint8Array.from(
      colors.flatMap(([color, count]) =>
        Array.from({length: count}, () => [color >> 16, (color >> 8) & 255, color & 255, 255]).flat(),
      ),
    );

  it('is every colour where there are few', () => {
    const {colors, indexOf} = paletteOf(picture([0xffffff, 9], [0x0072b2, 2], [0x000000, 1]), 8);
    expect([...colors].sort((a, b) => a - b)).toEqual([0x000000, 0x0072b2, 0xffffff]);
    expect(colors[indexOf.get(0x0072b2) ?? -1]).toBe(0x0072b2);
  });

  it('has of near colours the most frequent one, not a mean that none of them is', () => {
    const {colors, indexOf} = paletteOf(picture([0xffffff, 90], [0xfefefe, 2], [0xfafafa, 3], [0x111111, 5]), 2);
    expect(new Set(colors)).toEqual(new Set([0xffffff, 0x111111]));
    expect(colors[indexOf.get(0xfafafa) ?? -1]).toBe(0xffffff);
  });
});
