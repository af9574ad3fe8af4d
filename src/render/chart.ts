// Draws a chart spec as text for a terminal: title, plot, and a line that says how many rows it shows and what it leaves out.

import {formatCount, printable} from '../core/text.ts';
import {isDrawable, xPosition} from './axis.ts';
import type {ChartMark, ChartSpec} from './chart-spec.ts';
import {drawBar} from './terminal/bar.ts';
import type {PlotSize} from './terminal/frame.ts';
import {drawHistogram} from './terminal/histogram.ts';
import {drawLine} from './terminal/line.ts';
import {drawScatter} from './terminal/scatter.ts';
import {clipToWidth} from './text-width.ts';

type TerminalMark = (spec: ChartSpec, size: PlotSize) => string[];

const terminalMarks: Record<ChartMark, TerminalMark> = {
  bar: drawBar,
  line: drawLine,
  scatter: drawScatter,
  histogram: drawHistogram,
};

/**
 * The chart in at most `width` columns. `height` is the number of rows of the plot itself (the number of bars at most, for
 * `bar`); title, axis labels and the closing line come on top. Uses no colour. Ends without a newline.
 */
export function renderTerminalChart(spec: ChartSpec, {width, height}: {width: number; height: number}): string {
  const columns = Math.max(8, width);
  const rows = Math.max(1, height);
  const counts = countPoints(spec);
  const title = clipToWidth(printable(spec.title, {oneLine: true}), columns);
  if (counts.drawn === 0) return [title, clipToWidth(nothingToDraw(spec, counts.nulls), columns)].join('\n');
  const plot = terminalMarks[spec.mark](spec, {columns, rows});
  return [title, ...plot, clipToWidth(closingLine(spec, counts, rows), columns)].join('\n');
}

type PointCounts = {drawn: number; nulls: number; notDrawable: number};

function countPoints(spec: ChartSpec): PointCounts {
  const counts: PointCounts = {drawn: 0, nulls: spec.nullCount, notDrawable: 0};
  spec.points.forEach((point, index) => {
    if (spec.mark === 'histogram') counts.drawn += point.y ?? 0;
    else if (point.y === null || (point.x === null && spec.mark !== 'bar')) counts.nulls++;
    else if (!isDrawable(point.y) || (spec.mark !== 'bar' && xPosition(spec.x, point, index) === null))
      counts.notDrawable++;
    else counts.drawn++;
  });
  return counts;
}

function nothingToDraw(spec: ChartSpec, nulls: number): string {
  if (spec.points.length === 0 && nulls === 0) return 'Nothing to draw: there are no rows.';
  const rows = Math.max(nulls, spec.points.length);
  return `Nothing to draw: ${rows === 1 ? 'the only row has' : `all ${formatCount(rows)} rows have`} no value to show.`;
}

/** "n = 480 · showing 20 of 500 bars · 3 nulls left out". */
function closingLine(spec: ChartSpec, {drawn, nulls, notDrawable}: PointCounts, rows: number): string {
  const parts = [`n = ${formatCount(drawn)}`];
  const total = spec.totalRows;
  const bars = Math.max(total ?? 0, spec.points.length);
  if (spec.mark === 'bar' && spec.points.length > rows) parts.push(`showing ${rows} of ${formatCount(bars)}`);
  else if (spec.mark !== 'histogram' && total === null)
    parts.push(`first ${formatCount(spec.points.length)} rows, there are more`);
  else if (spec.mark !== 'histogram' && total !== null && spec.points.length < total)
    parts.push(`first ${formatCount(spec.points.length)} of ${formatCount(total)} rows`);
  if (spec.sampled) parts.push('SAMPLE, not all rows');
  if (nulls > 0) parts.push(`${formatCount(nulls)} ${nulls === 1 ? 'null' : 'nulls'} left out`);
  if (notDrawable > 0) parts.push(`${formatCount(notDrawable)} not finite or not a number, left out`);
  return parts.join(' · ');
}
