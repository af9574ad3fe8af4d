// The bar mark: one horizontal bar a row, always from zero, label at the left, value at the right; series stand in groups.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable, logScale, type Scale, share} from '../axis.ts';
import {barLabels} from '../bar-labels.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth, textWidth} from '../text-width.ts';
import {axisName, type PlotSize} from './frame.ts';

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

export function drawBar(spec: ChartSpec, {columns, rows}: PlotSize): string[] {
  const groups = groupLabels(spec.points.slice(0, rows), columns);
  const texts = barLabels(spec.points.slice(0, rows).map(({y}) => y));
  const bars = spec.points.slice(0, rows).map(({x, y}, index) => ({
    label: groups === null ? labelOf(x) : (groups[index]?.label ?? ''),
    value: y,
    text: texts[index] ?? '',
  }));
  const widest = (texts: string[]) => texts.reduce((most, text) => Math.max(most, textWidth(text)), 1);
  const labelWidth = Math.min(
    widest([...bars.map(bar => bar.label), groups === null ? axisName(spec.x) : '']),
    Math.max(1, Math.floor(columns / (groups === null ? 3 : 2))),
  );
  const textSize = Math.min(widest(bars.map(bar => bar.text)), Math.max(1, Math.floor(columns / 3)));
  const room = Math.max(1, columns - labelWidth - textSize - 2);
  const scale = barScale(
    bars.map(bar => bar.value),
    room,
  );
  const log = spec.y.log ? scaleOfLog(bars.map(({value}) => value)) : null;
  const lines = bars.map(({label, value, text}) => {
    const bar = log ? drawDot(value, log, room) : drawOne(value, scale);
    return clipToWidth(
      `${fitToWidth(label, labelWidth)} ${bar}${bar.endsWith(' ') || bar === '' ? '' : ' '}${clipToWidth(text, textSize)}`,
      columns,
    );
  });
  return [clipToWidth(`${fitToWidth(axisName(spec.x), labelWidth)} ${axisName(spec.y)}`.trimEnd(), columns), ...lines];
}

function labelOf(x: ChartPoint['x']): string {
  return typeof x === 'number' ? formatNumber(x).replaceAll(',', '') : formatCell(x);
}

/** For bars in groups the name of the group stands before its first bar only; null when no point has a series. */
function groupLabels(points: readonly ChartPoint[], columns: number): {label: string}[] | null {
  if (points.every(({group}) => group === undefined)) return null;
  const room = Math.max(1, Math.floor((columns / 2 - 1) / 2));
  const widest = (texts: string[]) => Math.min(room, Math.max(...texts.map(textWidth)));
  const first = widest(points.map(({x}) => labelOf(x)));
  const second = widest(points.map(({group}) => formatCell(group ?? null)));
  return points.map(({x, group}, index) => {
    const repeated = index > 0 && labelOf(points[index - 1]?.x ?? null) === labelOf(x);
    return {label: `${fitToWidth(repeated ? '' : labelOf(x), first)} ${fitToWidth(formatCell(group ?? null), second)}`};
  });
}

/** `left` columns stand for values below zero, `unit` is the value of one column. */
type BarScale = {left: number; unit: number};

function barScale(values: (number | null)[], room: number): BarScale {
  let min = 0;
  let max = 0;
  for (const value of values) {
    if (!isDrawable(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min === 0) return {left: 0, unit: max / room};
  const left = Math.max(1, Math.min(room, Math.round((room * -min) / (max - min))));
  return {left, unit: Math.max(-min / left, max > 0 ? max / Math.max(1, room - left) : 0)};
}

function drawOne(value: number | null, {left, unit}: BarScale): string {
  const empty = ' '.repeat(left);
  if (!isDrawable(value) || value === 0 || unit === 0) return empty;
  if (value < 0) {
    const halves = Math.max(1, Math.round((-value / unit) * 2));
    return `${halves % 2 === 1 ? '▐' : ''}${'█'.repeat(halves >> 1)}`.padStart(left);
  }
  const parts = Math.max(1, Math.round((value / unit) * 8));
  return `${empty}${'█'.repeat(parts >> 3)}${eighths[parts & 7] ?? ''}`;
}

function scaleOfLog(values: readonly (number | null)[]): Scale {
  const positive = values.filter((value): value is number => isDrawable(value) && value > 0);
  return positive.length === 0 ? logScale(1, 10, 5) : logScale(Math.min(...positive), Math.max(...positive), 5);
}

/** A log axis has no zero where a bar could begin. */
function drawDot(value: number | null, scale: Scale, room: number): string {
  if (!isDrawable(value) || value <= 0) return '';
  return `${'·'.repeat(Math.round(share(scale, value) * (room - 1)))}●`;
}
