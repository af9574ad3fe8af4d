// The map of missing values: a column of the terminal is a block of rows, its shade how much of it is missing.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable} from '../axis.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth, textWidth} from '../text-width.ts';
import {axisName, type PlotSize} from './frame.ts';

const shades = ['░', '▒', '▓', '█'] as const;
const none = '·';

/** Blocks side by side share a column where there are more of them than columns; it then shows their mean. */
export function drawMissing(spec: ChartSpec, {columns: width, rows: height}: PlotSize): string[] {
  const blocks = [...new Set(spec.points.map(({x}) => formatCell(x)))];
  const names = [...new Set(spec.points.map(({group}) => formatCell(group ?? null)))];
  const shares = new Map(spec.points.map(({x, group, y}) => [`${formatCell(x)}\u0000${formatCell(group ?? null)}`, y]));
  const labels = Math.min(Math.floor(width / 2), Math.max(1, ...names.map(textWidth)));
  const room = Math.max(1, width - labels - 1);
  const each = Math.max(1, Math.ceil(blocks.length / room));
  const wide = Math.max(1, Math.min(2, Math.floor(room / Math.ceil(blocks.length / each))));
  const parts = Array.from({length: Math.ceil(blocks.length / each)}, (_, i) => blocks.slice(i * each, (i + 1) * each));
  const meanOf = (part: readonly string[], name: string) => {
    const found = part.map(block => shares.get(`${block}\u0000${name}`) ?? null).filter(isDrawable);
    return found.length === 0 ? null : found.reduce((sum, share) => sum + share, 0) / found.length;
  };
  const rows = names.slice(0, height).map(name => ({name, values: parts.map(part => meanOf(part, name))}));
  const high = Math.max(0, ...rows.flatMap(({values}) => values.map(value => value ?? 0)));
  const shade = (value: number | null) => {
    if (value === null) return ' ';
    if (value <= 0) return none;
    return shades[Math.min(shades.length - 1, Math.floor((value / high) * shades.length))] ?? '█';
  };
  const edge = (i: number) => formatNumber(Number(((high * i) / shades.length).toPrecision(3)));
  const legend = shades.map((each, i) => `${each} ${i === 0 ? 'up ' : ''}to ${edge(i + 1)}`);
  const whole = `${none} none  ${legend.join('  ')}`;
  return [
    axisName(spec.y),
    ...rows.map(
      ({name, values}) => `${fitToWidth(name, labels)} ${values.map(value => shade(value).repeat(wide)).join('')}`,
    ),
    `${' '.repeat(labels)} ${blocks.length > 1 ? `${axisName(spec.x)} ${blocks[0]} … ${blocks.at(-1)}` : axisName(spec.x)}`,
    high > 0
      ? textWidth(whole) <= width
        ? whole
        : `${none} none  ${shades.join('')} up to ${edge(4)}`
      : `${none} none`,
  ].map(line => clipToWidth(line.trimEnd(), width));
}
