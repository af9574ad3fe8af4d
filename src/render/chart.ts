// Draws a chart spec as text for a terminal: title, plot, and a line that says how many rows it shows and what it leaves out.

import {formatCount, printable} from '../core/text.ts';
import {isDrawable, xPosition} from './axis.ts';
import type {ChartMark, ChartSpec} from './chart-spec.ts';
import {drawBar} from './terminal/bar.ts';
import {drawBox} from './terminal/box.ts';
import type {PlotSize} from './terminal/frame.ts';
import {drawHeatmap, heatmapGrid} from './terminal/heatmap.ts';
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
  box: drawBox,
  heatmap: drawHeatmap,
};

/**
 * The chart in at most `width` columns. `height` is the number of rows of the plot itself (the number of bars, boxes or rows
 * of cells at most); title, axis labels and the closing line come on top. Uses no colour. Ends without a newline.
 */
export function renderTerminalChart(spec: ChartSpec, {width, height}: {width: number; height: number}): string {
  const columns = Math.max(8, width);
  const rows = Math.max(1, height);
  const counts = countPoints(spec);
  const title = clipToWidth(printable(spec.title, {oneLine: true}), columns);
  if (counts.drawn === 0) return [title, clipToWidth(nothingToDraw(spec, counts.nulls), columns)].join('\n');
  const plot = terminalMarks[spec.mark](spec, {columns, rows});
  return [title, ...plot, clipToWidth(closingLine(spec, counts, {columns, rows}), columns)].join('\n');
}

type PointCounts = {drawn: number; nulls: number; notDrawable: number};

function countPoints(spec: ChartSpec): PointCounts {
  const counts: PointCounts = {drawn: 0, nulls: spec.nullCount, notDrawable: 0};
  // A missing category is a category of its own.
  const byName = spec.mark === 'bar' || spec.mark === 'heatmap';
  spec.points.forEach((point, index) => {
    if (spec.mark === 'histogram') counts.drawn += point.y ?? 0;
    else if (spec.mark === 'box') counts.drawn += point.box?.n ?? 0;
    else if (point.y === null || (point.x === null && !byName)) counts.nulls++;
    else if (!isDrawable(point.y) || (!byName && xPosition(spec.x, point, index) === null)) counts.notDrawable++;
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
function closingLine(spec: ChartSpec, {drawn, nulls, notDrawable}: PointCounts, size: PlotSize): string {
  const {rows} = size;
  const parts = [spec.mark === 'heatmap' ? cellsText(spec, drawn, size) : `n = ${formatCount(drawn)}`];
  const total = spec.totalRows;
  const computed = spec.mark === 'histogram' || spec.mark === 'box';
  const bars = Math.max(total ?? 0, spec.points.length);
  if ((spec.mark === 'bar' || spec.mark === 'box') && spec.points.length > rows)
    parts.push(`showing ${rows} of ${formatCount(bars)}`);
  else if (!computed && total === null) parts.push(`first ${formatCount(spec.points.length)} rows, there are more`);
  else if (!computed && total !== null && spec.points.length < total)
    parts.push(`first ${formatCount(spec.points.length)} of ${formatCount(total)} rows`);
  if (spec.sampled) parts.push('SAMPLE, not all rows');
  if (nulls > 0) parts.push(`${formatCount(nulls)} ${nulls === 1 ? 'null' : 'nulls'} left out`);
  if (notDrawable > 0) parts.push(`${formatCount(notDrawable)} not finite or not a number, left out`);
  return parts.join(' · ');
}

/** "24 cells · showing 12 of 30 columns". */
function cellsText(spec: ChartSpec, drawn: number, size: PlotSize): string {
  const {columns, rows, shownColumns, shownRows} = heatmapGrid(spec, size);
  const parts = [`${formatCount(drawn)} ${drawn === 1 ? 'cell' : 'cells'}`];
  if (shownColumns < columns.length) parts.push(`showing ${shownColumns} of ${formatCount(columns.length)} columns`);
  if (shownRows < rows.length) parts.push(`showing ${shownRows} of ${formatCount(rows.length)} rows`);
  return parts.join(' · ');
}
