// A chart spec as one SVG: title, legend, plot, and the line that says what is shown. The same spec gives the same text.
// Written here rather than by a chart library: the axes and notes keep our rules, nothing is evaluated, nothing heavy loads.

import {printable} from '../../core/text.ts';
import {familyOf} from '../chart-marks.ts';
import {chartNote, countPoints, nothingToDraw, type Shown} from '../chart-note.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {summarizeChart} from '../chart-summary.ts';
import {barSeries, drawBars, shownBars} from './bars.ts';
import {drawBins} from './bins.ts';
import {drawBoxes, mostBoxes} from './boxes.ts';
import {cellGrid, drawCells} from './cells.ts';
import {el, escapeText, num, textEl, wrapTo} from './element.ts';
import type {Drawn, Rect} from './frame.ts';
import {type LegendItem, legend} from './legend.ts';
import {drawPanels} from './panels.ts';
import {painted, type ThemeName} from './theme.ts';
import {drawXy, xyLegend} from './xy.ts';

export const chartFont = "Roboto, 'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif";

/** `width` in px; `plotHeight` is that of plots whose height does not follow from what is in them. `font` is a CSS font-family. */
export type SvgOptions = {
  width?: number | undefined;
  plotHeight?: number | undefined;
  theme?: ThemeName | undefined;
  font?: string | undefined;
};

const margin = 16;
const usualPlotHeight = 320;

/**
 * A complete `<svg>` element with presentation attributes only: no style sheet, script, id, link or image. Elements have a
 * class by their role, so that a page may colour them anew (see `classPaint`).
 */
export function svgOf(spec: ChartSpec, options: SvgOptions = {}): string {
  const {width = 640, plotHeight = usualPlotHeight, theme = 'light', font = chartFont} = options;
  const room = Math.max(160, width) - 2 * margin;
  const counts = countPoints(spec);
  const parts: string[] = [];
  let top = margin;
  for (const line of wrapTo(spec.title, room, {size: 15.5, lines: 3})) {
    parts.push(textEl(line, {class: 'title', x: margin, y: top + 13}));
    top += 20;
  }
  top += 4;
  if (counts.drawn === 0) {
    parts.push(textEl(nothingToDraw(spec, counts), {class: 'note', x: margin, y: top + 12}));
    top += 24;
  } else {
    const key = legend(legendOf(spec), {left: margin, top, width: room});
    top += key.height;
    const drawn = drawFamily(spec, {left: margin, top, width: room, height: plotHeight});
    parts.push(key.body, drawn.body);
    top += drawn.height + 4;
    for (const line of wrapTo(chartNote(spec, counts, shownOf(spec)), room, {size: 11, lines: 4})) {
      parts.push(textEl(line, {class: 'note', x: margin, y: top + 11}));
      top += 15;
    }
  }
  const height = Math.ceil(top + margin - 4);
  const full = num(room + 2 * margin);
  const about = escapeText(`${printable(spec.title, {oneLine: true})}. ${summarizeChart(spec)}`);
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: full,
    height,
    viewBox: `0 0 ${full} ${height}`,
    role: 'img',
    'aria-label': about,
    'font-family': font,
  };
  const background = el('rect', {class: 'background', width: full, height});
  return painted(`${el('svg', root, background, ...parts)}\n`, theme);
}

function drawFamily(spec: ChartSpec, rect: Rect): Drawn {
  switch (familyOf(spec.mark)) {
    case 'bars':
      return drawBars(spec, rect);
    case 'bins':
      return drawBins(spec, rect);
    case 'boxes':
      return drawBoxes(spec, rect);
    case 'cells':
      return drawCells(spec, rect);
    case 'xy':
      return drawXy(spec, rect);
    case 'panels':
      return drawPanels(spec, rect);
  }
}

function legendOf(spec: ChartSpec): LegendItem[] {
  const family = familyOf(spec.mark);
  // The panels of facets have the same series; those of pairs have none.
  const [panel] = spec.mark === 'facets' ? (spec.panels ?? []) : [];
  if (panel) return legendOf(panel);
  if (family === 'xy') return xyLegend(spec);
  if (family !== 'bars') return [];
  const names = barSeries(spec);
  const swatch = spec.y.log ? 'marker' : 'box';
  return names.length > 1 ? names.map((name, index) => ({name, swatch, index})) : [];
}

function shownOf(spec: ChartSpec): Shown {
  const family = familyOf(spec.mark);
  if (family === 'bars') return {bars: shownBars(spec)};
  if (family === 'boxes') return {bars: Math.min(mostBoxes, spec.points.length)};
  if (family !== 'cells') return {};
  const {columns, rows, shownColumns, shownRows} = cellGrid(spec);
  return {columns: [shownColumns, columns.length], rows: [shownRows, rows.length]};
}
