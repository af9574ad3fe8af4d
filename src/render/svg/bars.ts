// Lying bars from zero: one a category, or series beside or on each other. On a log axis, which has no zero, dots instead.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable, logScale, numberScale, type Scale} from '../axis.ts';
import {barLabels} from '../bar-labels.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {el, num, textEl, widthOf} from './element.ts';
import {type Drawn, labelSize, placeX, type Rect, tip} from './frame.ts';
import {marker} from './legend.ts';
import {lyingPlot, onAxes, rowLabel} from './lying-plot.ts';
import {seriesClass} from './theme.ts';

export const mostBars = 40;

/** Series in the order in which they come, unless the chart tells it; none for bars without groups. */
export function barSeries({points, series}: ChartSpec): string[] {
  return series ?? [...new Set(points.flatMap(({group}) => (group === undefined ? [] : [formatCell(group)])))];
}

export function barLabel(x: ChartPoint['x']): string {
  return typeof x === 'number' ? formatNumber(x).replaceAll(',', '') : formatCell(x);
}

type Bar = {point: ChartPoint; from: number; to: number | null; series: number};
type Row = {label: string; bars: Bar[]};

export function drawBars(spec: ChartSpec, rect: Rect): Drawn {
  const names = barSeries(spec);
  const rows = rowsOf(spec, names);
  const thick = spec.stacked || names.length < 2 ? 15 : Math.max(6, Math.min(12, 40 / names.length));
  const rowHeight = spec.stacked || names.length < 2 ? 22 : thick * names.length + 8;
  const scale = scaleOf(spec, rows);
  const isLabelled = !spec.stacked;
  const plot = lyingPlot(spec, rect, {labels: rows.map(({label}) => label), rowHeight, right: isLabelled ? 64 : 16});
  const {inner} = plot;
  const zero = spec.y.log ? scale.low : 0;
  const shown = rows.flatMap(row => row.bars.map(({point}) => point));
  const labels = barLabels(shown.map(({y}) => y));
  const labelOf = new Map(shown.map((point, index) => [point, labels[index] ?? '']));
  const body = rows.map((row, index) => {
    const top = inner.top + 4 + index * rowHeight;
    const middle = top + (rowHeight - 8) / 2 + 4;
    const bars = row.bars.map((bar, place) => {
      const y = spec.stacked || names.length < 2 ? top : top + place * thick;
      return drawBar(bar, {
        spec,
        inner,
        scale,
        zero,
        y,
        thick,
        label: isLabelled ? (labelOf.get(bar.point) ?? '') : null,
      });
    });
    return rowLabel(plot, row.label, middle) + bars.join('');
  });
  const base = placeX(inner, scale, zero);
  const zeroLine = el('path', {class: 'axis', d: `M${num(base)} ${num(inner.top)}v${num(inner.height)}`});
  return onAxes(plot, scale, body.join('') + zeroLine);
}

/** How many rows of bars there is room for; with series a row holds one of each. */
function rowsOf(spec: ChartSpec, names: readonly string[]): Row[] {
  if (names.length === 0)
    return spec.points
      .slice(0, mostBars)
      .map(point => ({label: barLabel(point.x), bars: [{point, from: 0, to: point.y, series: 0}]}));
  const rows = new Map<string, Row>();
  for (const point of spec.points.slice(0, shownBars(spec))) {
    const label = barLabel(point.x);
    const row = rows.get(label) ?? {label, bars: []};
    rows.set(label, row);
    const series = names.indexOf(formatCell(point.group ?? null));
    // Values below zero stack to the left, so that nothing is hidden behind another.
    const sameSide = row.bars.filter(({to, from}) => (point.y ?? 0) < 0 === (to ?? 0) < from);
    const from = spec.stacked ? (sameSide.findLast(({to}) => to !== null)?.to ?? 0) : 0;
    row.bars.push({point, from, to: point.y === null ? null : from + point.y, series});
  }
  return [...rows.values()];
}

/** Whole rows only: a category is never shown without some of its series. */
export function shownBars(spec: ChartSpec): number {
  const names = barSeries(spec);
  if (names.length === 0) return Math.min(mostBars, spec.points.length);
  const labels = [...new Set(spec.points.map(({x}) => barLabel(x)))].slice(
    0,
    Math.max(1, Math.floor(mostBars / (spec.stacked ? 1 : names.length))),
  );
  const first = spec.points.findIndex(({x}) => !labels.includes(barLabel(x)));
  return first < 0 ? spec.points.length : first;
}

function scaleOf(spec: ChartSpec, rows: readonly Row[]): Scale {
  const values = rows
    .flatMap(({bars}) => bars.flatMap(({to, point}) => [to, point.low ?? null, point.high ?? null]))
    .filter(isDrawable);
  if (!spec.y.log) return numberScale(Math.min(0, ...values), Math.max(0, ...values), 6);
  const positive = values.filter(value => value > 0);
  return positive.length === 0 ? logScale(1, 10, 6) : logScale(Math.min(...positive), Math.max(...positive), 6);
}

type Place = {spec: ChartSpec; inner: Rect; scale: Scale; zero: number; y: number; thick: number; label: string | null};

function drawBar({point, from, to, series}: Bar, {spec, inner, scale, zero, y, thick, label}: Place): string {
  const text = point.y === null ? '∅' : formatNumber(point.y);
  const middle = y + thick / 2;
  if (to === null || !isDrawable(to) || (spec.y.log && to <= 0))
    return textEl(text, {class: 'label', x: placeX(inner, scale, zero) + 4, y: middle + 4});
  const end = placeX(inner, scale, to);
  const start = spec.y.log ? end : placeX(inner, scale, from);
  const group = point.group === undefined ? '' : ` · ${formatCell(point.group)}`;
  const title = tip(`${barLabel(point.x)}${group}: ${text}${rangeText(point)}`);
  const bar = spec.y.log
    ? marker(series, end, middle, {size: 4, inside: title})
    : el(
        'rect',
        {
          class: seriesClass('fill', series),
          x: Math.min(start, end),
          y,
          width: Math.max(0.75, Math.abs(end - start)),
          height: thick,
        },
        title,
      );
  const {low, high} = point;
  const whisker =
    low !== undefined && high !== undefined && isDrawable(low) && isDrawable(high) && !(spec.y.log && low <= 0)
      ? el('path', {
          class: 'ink',
          d: `M${num(placeX(inner, scale, low))} ${num(middle)}H${num(placeX(inner, scale, high))}`,
        })
      : '';
  if (label === null) return bar + whisker;
  const right = Math.max(end, whisker === '' ? end : placeX(inner, scale, high ?? to));
  const isLeft = to < 0;
  const at = isLeft ? Math.min(end, placeX(inner, scale, low ?? to)) - 5 : right + (spec.y.log ? 8 : 5);
  const room = isLeft ? at - inner.left : inner.left + inner.width + 60 - at;
  const size = thick < 11 ? 'small' : 'label';
  const place =
    isLeft && room < widthOf(label, labelSize)
      ? {x: placeX(inner, scale, zero) + 4, anchor: 'start' as const}
      : {x: at, anchor: isLeft ? ('end' as const) : ('start' as const)};
  return bar + whisker + textEl(label, {class: size, ...place, y: middle + 4});
}

export function rangeText({low, high}: ChartPoint): string {
  return low === undefined || high === undefined ? '' : ` (${formatNumber(low)} to ${formatNumber(high)})`;
}
