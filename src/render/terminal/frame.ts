// The frame around a plot: y labels at the left, the axes, x labels below, the names of both.

import {printable} from '../../core/text.ts';
import {axisTitle, type Scale, share} from '../axis.ts';
import type {ChartAxis, ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth, textWidth} from '../text-width.ts';

/** Columns and rows a mark may draw in, without frame and title. */
export type PlotSize = {columns: number; rows: number};

export function axisName(axis: ChartAxis): string {
  return printable(`${axisTitle(axis)}${axis.log ? ' (log scale)' : ''}`, {oneLine: true});
}

/** Room that stays for the plot when the y labels of `scale` stand beside it. */
export function plotColumns(width: number, y: Scale): number {
  return Math.max(1, width - labelWidth(y, width) - 2);
}

function labelWidth(y: Scale, width: number): number {
  const widest = y.labels.reduce((most, {text}) => Math.max(most, textWidth(text)), 0);
  return Math.min(widest, Math.max(1, Math.floor(width / 3)));
}

/** Puts the rows of a plot (top first, all `plotColumns` wide) into its frame. */
export function framed(spec: ChartSpec, plot: string[], {x, y, width}: {x: Scale; y: Scale; width: number}): string[] {
  const labels = labelWidth(y, width);
  const columns = plotColumns(width, y);
  const byRow = new Map<number, string>();
  for (const {value, text} of y.labels) byRow.set(Math.round((1 - share(y, value)) * (plot.length - 1)), text);
  const lines = plot.map((row, index) => {
    const label = byRow.get(index);
    return `${fitToWidth(label ?? '', labels, 'right')} ${label === undefined ? '│' : '┤'}${row}`.trimEnd();
  });
  const indent = ' '.repeat(labels + 1);
  const name = clipToWidth(axisName(spec.x), columns);
  return [
    clipToWidth(axisName(spec.y), width),
    ...lines,
    `${indent}└${'─'.repeat(columns)}`,
    `${indent} ${labelLine(x, columns)}`.trimEnd(),
    `${indent} ${' '.repeat(Math.max(0, Math.floor((columns - textWidth(name)) / 2)))}${name}`.trimEnd(),
  ];
}

/** The labels below their place, first and last always, others where there is room. */
export function labelLine(x: Scale, columns: number): string {
  const placed: {start: number; end: number; text: string}[] = [];
  const last = x.labels.length - 1;
  const byImportance = [0, last, ...x.labels.map((_, index) => index)];
  for (const index of new Set(byImportance)) {
    const label = x.labels[index];
    if (!label) continue;
    const text = clipToWidth(label.text, Math.max(1, Math.floor((columns - 1) / 2)));
    const size = textWidth(text);
    const middle = share(x, label.value) * (columns - 1);
    const start = Math.max(0, Math.min(columns - size, Math.round(middle - size / 2)));
    if (placed.some(other => start <= other.end && other.start <= start + size)) continue;
    placed.push({start, end: start + size, text});
  }
  placed.sort((a, b) => a.start - b.start);
  let line = '';
  for (const {start, text} of placed) line += ' '.repeat(Math.max(0, start - textWidth(line))) + text;
  return line;
}
