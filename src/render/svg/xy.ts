// Charts with two scales: lines, areas, steps and points, with intervals as bands and guides as dashes.

import {formatCell, formatCount, formatNumber} from '../../core/text.ts';
import type {Scale} from '../axis.ts';
import {xyStyle} from '../chart-marks.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {type PlacedPoint, placedSeries, placeScale, valueScale} from '../xy-series.ts';
import {rangeText} from './bars.ts';
import {el, num} from './element.ts';
import {axes, type Drawn, innerRect, placeX, placeY, type Rect, tip} from './frame.ts';
import {dashOf, type LegendItem, marker} from './legend.ts';
import {seriesClass} from './theme.ts';

/** More points of one series than this are drawn as a line without a marker each. */
const mostMarkers = 80;

export function xyLegend(spec: ChartSpec): LegendItem[] {
  const {series} = placedSeries(spec);
  const style = xyStyle(spec.mark);
  const swatch = style === 'dots' ? 'marker' : style === 'area' ? 'box' : 'line';
  const named = series.length > 1 ? series : [];
  return [
    ...named.map(({name}, index) => ({name: name ?? '', swatch, index}) as const),
    ...(spec.guides ?? []).flatMap(({name}) => (name === '' ? [] : [{name, swatch: 'guide', index: 0} as const])),
  ];
}

export function drawXy(spec: ChartSpec, rect: Rect, compact = false): Drawn {
  const placed = placedSeries(spec);
  const y = valueScale(spec, placed, compact ? 3 : 6);
  const inner = innerRect(rect, y, compact);
  const x = placeScale(spec, placed, {count: Math.max(2, Math.floor(inner.width / 90)), calendar: true});
  const plot: Plot = {spec, inner, x, y, compact};
  const guides = (spec.guides ?? []).map(({x0, y0, x1, y1, name}) => {
    const d = `M${at(plot, x0, y0)}L${at(plot, x1, y1)}`;
    return el('path', {class: 'guide', d}, tip(name));
  });
  const series = placed.series.map(({points, name}, index) =>
    drawSeries(points, index, {...plot, name: placed.series.length > 1 ? name : null}),
  );
  return {body: axes(inner, {x, y}, spec, rect) + series.join('') + guides.join(''), height: rect.height};
}

type Plot = {spec: ChartSpec; inner: Rect; x: Scale; y: Scale; compact: boolean};

function at({inner, x, y}: Plot, px: number, py: number): string {
  return `${num(placeX(inner, x, px))} ${num(placeY(inner, y, py))}`;
}

function drawSeries(points: readonly PlacedPoint[], index: number, plot: Plot & {name: string | null}): string {
  const {spec, compact} = plot;
  const style = xyStyle(spec.mark);
  const isCrowded = points.length > mostMarkers || compact;
  const parts: string[] = [];
  if (style !== 'dots') {
    for (const run of runs(points)) {
      if (style === 'area') parts.push(area(run, index, plot));
      const band = run.filter(({low, high}) => low !== null && high !== null);
      if (band.length > 1) parts.push(bandOf(band, index, plot));
      const path = style === 'step' ? stepped(run, plot) : run.map(({x, y}) => at(plot, x, y ?? 0)).join('L');
      const dash = style === 'area' ? undefined : dashOf(index);
      if (run.length > 1)
        parts.push(el('path', {class: seriesClass('line', index), d: `M${path}`, 'stroke-dasharray': dash}));
    }
  }
  const isLonely = (place: number) =>
    (points[place - 1]?.y ?? null) === null && (points[place + 1]?.y ?? null) === null;
  points.forEach((point, place) => {
    if (point.y === null) return;
    const [cx, cy] = [placeX(plot.inner, plot.x, point.x), placeY(plot.inner, plot.y, point.y)];
    const inside = tip(pointText(point, plot));
    if (style === 'dots')
      parts.push(
        whisker(point, plot),
        marker(index, cx, cy, {size: compact ? 1.6 : dotSize(point, points.length), inside}),
      );
    else if (!isCrowded || isLonely(place))
      parts.push(marker(index, cx, cy, {size: style === 'dotted_line' ? 3.4 : 2.2, inside}));
    // Something to point at, where markers would hide the line.
    else parts.push(el('circle', {cx, cy, r: 4, 'fill-opacity': 0}, inside));
  });
  return el('g', {}, ...parts);
}

/** A dot that stands for many rows is larger; its area grows with the logarithm of their number. */
function dotSize({point}: PlacedPoint, count: number): number {
  const base = count > 500 ? 1.8 : count > 150 ? 2.4 : 3.2;
  return point.n === undefined ? base : Math.min(5, 1.2 * Math.sqrt(1 + Math.log2(point.n)));
}

/** Stretches of points without a missing value between them. */
function runs(points: readonly PlacedPoint[]): PlacedPoint[][] {
  const found: PlacedPoint[][] = [[]];
  for (const point of points) {
    if (point.y === null) found.push([]);
    else found.at(-1)?.push(point);
  }
  return found.filter(run => run.length > 0);
}

function stepped(run: readonly PlacedPoint[], plot: Plot): string {
  return run
    .map(({x, y}, index) => {
      const before = run[index - 1];
      return before ? `${at(plot, x, before.y ?? 0)}L${at(plot, x, y ?? 0)}` : at(plot, x, y ?? 0);
    })
    .join('L');
}

function area(run: readonly PlacedPoint[], index: number, plot: Plot): string {
  const floor = plot.y.log ? plot.y.low : 0;
  const upper = run.map(({x, y}) => at(plot, x, y ?? 0));
  const lower = [...run].reverse().map(({x, base}) => at(plot, x, Math.max(base, floor)));
  return el('path', {class: seriesClass('band', index), d: `M${[...upper, ...lower].join('L')}Z`});
}

function bandOf(band: readonly PlacedPoint[], index: number, plot: Plot): string {
  const upper = band.map(({x, high}) => at(plot, x, high ?? 0));
  const lower = [...band].reverse().map(({x, low}) => at(plot, x, low ?? 0));
  return el('path', {class: seriesClass('band', index), d: `M${[...upper, ...lower].join('L')}Z`});
}

function whisker({x, low, high}: PlacedPoint, plot: Plot): string {
  return low === null || high === null
    ? ''
    : el('path', {class: 'ink', d: `M${at(plot, x, low)}L${at(plot, x, high)}`});
}

function pointText({point}: PlacedPoint, {spec, name}: Plot & {name: string | null}): string {
  const write = (value: string | number | null) =>
    typeof value === 'number' ? formatNumber(value) : formatCell(value);
  const group = name === null ? '' : `${name} · `;
  const isDot = point.n !== undefined && spec.mark === 'scatter';
  const rows = point.n === undefined ? '' : `, ${formatCount(point.n)} ${point.n === 1 ? 'row' : 'rows'}`;
  return `${group}${isDot ? 'about ' : ''}${spec.x.name} ${write(point.x)}: ${write(point.y)}${rangeText(point)}${rows}`;
}
