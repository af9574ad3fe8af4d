// The box mark: one lying box a row, all on one scale, the median at the right.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable, logScale, numberScale, type Scale, share} from '../axis.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth, textWidth} from '../text-width.ts';
import {axisName, labelLine, type PlotSize} from './frame.ts';

type Box = {label: string; text: string; median: number} & NonNullable<ChartPoint['box']>;

/** `├──▒▒┃▒▒▒───┤`, with `∘` where values lie beyond the whiskers. */
export function drawBox(spec: ChartSpec, {columns, rows}: PlotSize): string[] {
  const boxes = spec.points.slice(0, rows).flatMap(boxOf);
  if (boxes.length === 0) return [];
  const [least, most] = [Math.min(...boxes.map(({min}) => min)), Math.max(...boxes.map(({max}) => max))];
  const scale = spec.y.log && least > 0 ? logScale(least, most, 5) : numberScale(least, most, 5);
  const third = Math.max(1, Math.floor(columns / 3));
  const labels = Math.min(third, Math.max(...[...boxes.map(({label}) => label), axisName(spec.x)].map(textWidth)));
  const texts = Math.min(third, Math.max(...[...boxes.map(({text}) => text), 'median'].map(textWidth)));
  const room = Math.max(1, columns - labels - texts - 2);
  const lines = boxes.map(
    box => `${fitToWidth(box.label, labels)} ${drawn(box, scale, room)} ${fitToWidth(box.text, texts, 'right')}`,
  );
  const indent = ' '.repeat(labels + 1);
  return [
    `${fitToWidth(axisName(spec.x), labels)} ${fitToWidth(axisName(spec.y), room)} ${fitToWidth('median', texts, 'right')}`,
    ...lines,
    `${indent}${'─'.repeat(room)}`,
    `${indent}${labelLine(scale, room)}`.trimEnd(),
  ].map(line => clipToWidth(line, columns));
}

function boxOf({x, y, box}: ChartPoint): Box[] {
  if (!box || !isDrawable(y) || ![box.min, box.low, box.q1, box.q3, box.high, box.max].every(isDrawable)) return [];
  return [{...box, median: y, label: labelOf(x), text: formatNumber(y)}];
}

function labelOf(x: ChartPoint['x']): string {
  return typeof x === 'number' ? formatNumber(x) : formatCell(x);
}

function drawn({min, low, q1, median, q3, high, max, beyond}: Box, scale: Scale, room: number): string {
  const at = (value: number) => Math.max(0, Math.min(room - 1, Math.round(share(scale, value) * (room - 1))));
  const cells = Array.from({length: room}, () => ' ');
  const put = (from: number, to: number, mark: string) => cells.fill(mark, at(from), at(to) + 1);
  put(low, high, '─');
  for (const value of beyond ?? [...(min < low ? [min] : []), ...(max > high ? [max] : [])]) put(value, value, '∘');
  put(low, low, '├');
  put(high, high, '┤');
  put(q1, q3, '▒');
  put(median, median, '┃');
  return cells.join('');
}
