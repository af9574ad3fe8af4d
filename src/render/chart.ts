// Draws a chart spec as text for a terminal: title, plot, and a line that says how many rows it shows and what it leaves out.

import {printable} from '../core/text.ts';
import {familyOf} from './chart-marks.ts';
import {chartNote, countPoints, nothingToDraw, type Shown} from './chart-note.ts';
import type {ChartSpec} from './chart-spec.ts';
import {drawBar} from './terminal/bar.ts';
import {drawBox} from './terminal/box.ts';
import type {PlotSize} from './terminal/frame.ts';
import {drawHeatmap, heatmapGrid} from './terminal/heatmap.ts';
import {drawHistogram} from './terminal/histogram.ts';
import {drawMissing} from './terminal/missing.ts';
import {drawPanels} from './terminal/panels.ts';
import {drawXy} from './terminal/xy.ts';
import {clipToWidth, wrapped} from './text-width.ts';

type TerminalMark = (spec: ChartSpec, size: PlotSize) => string[];

const terminalFamilies: Record<ReturnType<typeof familyOf>, TerminalMark> = {
  bars: drawBar,
  xy: drawXy,
  bins: drawHistogram,
  boxes: drawBox,
  cells: drawHeatmap,
  panels: drawPanels,
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
  if (counts.drawn === 0) return [title, clipToWidth(nothingToDraw(spec, counts), columns)].join('\n');
  const draw = spec.mark === 'missing' ? drawMissing : terminalFamilies[familyOf(spec.mark)];
  const plot = draw(spec, {columns, rows});
  const note = printable(chartNote(spec, counts, shownOf(spec, {columns, rows})), {oneLine: true});
  // Broken between what it says, so that a narrow window hides neither n nor what was left out.
  const parts = note.split(' · ').flatMap(part => wrapped(part.split(' '), columns, ' '));
  return [title, ...plot, ...wrapped(parts, columns, ' · ')].join('\n');
}

function shownOf(spec: ChartSpec, size: PlotSize): Shown {
  const family = familyOf(spec.mark);
  if (family === 'bars' || family === 'boxes') return {bars: Math.min(size.rows, spec.points.length)};
  if (family !== 'cells') return {};
  const {columns, rows, shownColumns, shownRows} = heatmapGrid(spec, size);
  if (spec.mark === 'missing') return {rows: [shownRows, rows.length]};
  return {columns: [shownColumns, columns.length], rows: [shownRows, rows.length]};
}
