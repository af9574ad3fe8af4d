import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {Resvg} from '@resvg/resvg-js';
import {describe, expect, it} from 'vitest';
import {pngOf} from '../../src/render/png.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {pictureFont, pictureFontFiles} from '../../src/tools/charts/chart-fonts.ts';
import {goldenSpecs, specOf} from './chart-specs.ts';

const options = {fontFiles: pictureFontFiles(), fontFamily: pictureFont, scale: 0.5};
const folder = fileURLToPath(new URL('../fixtures/charts/', import.meta.url));

/** The pixels of a PNG, red, green, blue and alpha, by drawing it into an SVG of its size. */
function pixels(png: Uint8Array, {width, height}: {width: number; height: number}): Uint8Array {
  const image = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="${image}" width="${width}" height="${height}"/></svg>`;
  return new Resvg(svg).render().pixels;
}

/** The share of pixels that differ by more than an eighth of the range in some channel. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let different = 0;
  for (let i = 0; i < a.length; i += 4)
    if ([0, 1, 2].some(channel => Math.abs((a[i + channel] ?? 0) - (b[i + channel] ?? 0)) > 32)) different++;
  return (different * 4) / a.length;
}

describe('PNG', () => {
  it.each(Object.keys(goldenSpecs))('%s has the committed pixels, but for a few of anti-aliasing', async name => {
    const spec = goldenSpecs[name] ?? specOf({mark: 'bar', points: []});
    const drawn = await pngOf(svgOf(spec, {font: pictureFont}), options);
    const file = `${folder}${name}.png`;
    if (process.env.DS_AGENT_WRITE_GOLDEN_PNG) await writeFile(file, drawn.png);
    const committed = await readFile(file);
    expect(difference(pixels(drawn.png, drawn), pixels(committed, drawn))).toBeLessThan(0.005);
    const other = await pngOf(svgOf({...spec, title: `${spec.title} and another title`}, {font: pictureFont}), options);
    if (other.height === drawn.height)
      expect(difference(pixels(other.png, drawn), pixels(committed, drawn))).toBeGreaterThan(0.001);
  });
});
