// A kept chart as the terminal's own picture. Whatever goes wrong, characters draw it: a chart is never lost for a picture.

import {readFile} from 'node:fs/promises';
import type {Clock} from '../core/clock.ts';
import type {PictureRoom} from '../render/picture/terminal-picture.ts';
import type {ChartPicture, DrawPicture} from '../tui/pictured-entries.ts';
import type {TerminalGraphics} from '../tui/terminal-graphics.ts';
import type {Workspace} from '../workspace/workspace.ts';
import type {ImageWay} from './terminal-abilities.ts';

/** `graphics` asks the terminal; null where it can't be asked. */
export type PictureSetting = {
  way: ImageWay;
  graphics(): Promise<TerminalGraphics | null>;
  workspace: Workspace;
  clock: Clock;
};

const patienceMs = 3_000;
/** The rows of an input line and its status bar, and one of the text above. */
const otherRows = 4;
const usualCell = {width: 10, height: 20};
/** What xterm draws at most unless it is told otherwise. */
const usualArea = {width: 1000, height: 1000};
const usualColors = 256;

/** Null where the terminal shows no pictures at all. */
export function chartPictures(setting: PictureSetting): DrawPicture | null {
  const {way, clock} = setting;
  if (way === null) return null;
  return async (path, room) => {
    const late = new AbortController();
    const tooLong = clock.sleep(patienceMs, late.signal).then(
      () => null,
      () => null,
    );
    const drawn = draw(path, room, setting).catch(() => null);
    return Promise.race([drawn, tooLong]).finally(() => late.abort());
  };
}

async function draw(
  path: string,
  {columns, rows}: {columns: number; rows: number},
  {way, graphics, workspace}: PictureSetting,
): Promise<ChartPicture | null> {
  const known = await graphics();
  // The height of sixels in rows is known only with the size of a character.
  const protocol: PictureRoom['protocol'] | null = way !== 'ask' ? way : known?.sixel && known.cell ? 'sixel' : null;
  if (protocol === null) return null;
  const {parseKeptChart} = await import('../tools/charts/keep-chart.ts');
  const {pictureFont, pictureFontFiles} = await import('../tools/charts/chart-fonts.ts');
  const {terminalPicture} = await import('../render/picture/terminal-picture.ts');
  const {summarizeChart} = await import('../render/chart-summary.ts');
  const {spec} = await parseKeptChart(await readFile(workspace.path(path.replace(/\.\w+$/, '.json')), 'utf8'));
  const picture = await terminalPicture(
    spec,
    {
      protocol,
      columns: columns - 1,
      rows: rows - otherRows,
      cell: known?.cell ?? usualCell,
      theme: known?.dark ? 'dark' : 'light',
      colors: Math.min(known?.colors ?? usualColors, usualColors),
      mostPixels: known?.area ?? usualArea,
    },
    {fontFiles: pictureFontFiles(), fontFamily: pictureFont},
  );
  return picture && {...picture, caption: summarizeChart(spec)};
}
