// Lying boxes after Tukey, or the mirrored densities of a violin with the same quartiles inside, all on one scale.

import {formatCell, formatCount, formatNumber} from '../../core/text.ts';
import {isDrawable, logScale, numberScale, type Scale} from '../axis.ts';
import type {ChartBox, ChartPoint, ChartSpec} from '../chart-spec.ts';
import {el, num} from './element.ts';
import {type Drawn, placeX, type Rect, tip} from './frame.ts';
import {lyingPlot, onAxes, rowLabel} from './lying-plot.ts';
import {seriesClass} from './theme.ts';

export const mostBoxes = 40;

type Box = {label: string; median: number; box: ChartBox; density: readonly number[]};

export function drawBoxes(spec: ChartSpec, rect: Rect): Drawn {
  const boxes = spec.points.slice(0, mostBoxes).flatMap(boxOf);
  const rowHeight = spec.mark === 'violin' ? 46 : 28;
  const plot = lyingPlot(spec, rect, {labels: boxes.map(({label}) => label), rowHeight, right: 16});
  const {inner} = plot;
  const scale = scaleOf(spec, boxes);
  const densest = Math.max(...boxes.flatMap(({density}) => density), 0);
  const rows = boxes.map((each, index) => {
    const middle = inner.top + 2 + (index + 0.5) * rowHeight;
    const label = rowLabel(plot, each.label, middle + 4);
    return label + drawOne(each, {inner, scale, middle, high: rowHeight - 10, densest});
  });
  return onAxes(plot, scale, rows.join(''));
}

function boxOf({x, y, box, density = []}: ChartPoint): Box[] {
  if (!box || !isDrawable(y) || ![box.min, box.low, box.q1, box.q3, box.high, box.max].every(isDrawable)) return [];
  return [{label: typeof x === 'number' ? formatNumber(x) : formatCell(x), median: y, box, density}];
}

function scaleOf(spec: ChartSpec, boxes: readonly Box[]): Scale {
  const low = Math.min(...boxes.map(({box}) => box.min));
  const high = Math.max(...boxes.map(({box}) => box.max));
  return spec.y.log && low > 0 ? logScale(low, high, 6) : numberScale(low, high, 6);
}

type Place = {inner: Rect; scale: Scale; middle: number; high: number; densest: number};

function drawOne({label, median, box, density}: Box, {inner, scale, middle, high, densest}: Place): string {
  const {n, min, low, q1, q3, max, outliers} = box;
  const at = (value: number) => placeX(inner, scale, value);
  const facts = [
    `${label}: median ${formatNumber(median)}`,
    `quartiles ${formatNumber(q1)} and ${formatNumber(q3)}`,
    `from ${formatNumber(min)} to ${formatNumber(max)}`,
    `n = ${formatCount(n)}`,
    ...(outliers > 0 ? [`${formatCount(outliers)} beyond the whiskers`] : []),
  ];
  const title = tip(facts.join(', '));
  const half = density.length > 0 ? 4 : high / 2;
  const parts = [
    ...(density.length > 1 ? [violin(density, {box, at, middle, high, densest})] : []),
    el('path', {class: 'ink', d: `M${num(at(low))} ${num(middle)}H${num(at(box.high))}`}),
    el('rect', {
      class: seriesClass('fill', 0),
      x: at(q1),
      y: middle - half,
      width: Math.max(1, at(q3) - at(q1)),
      height: half * 2,
    }),
    el('path', {class: 'median', d: `M${num(at(median))} ${num(middle - half)}v${num(half * 2)}`}),
  ];
  if (density.length === 0) {
    for (const end of [low, box.high])
      parts.push(el('path', {class: 'ink', d: `M${num(at(end))} ${num(middle - 5)}v10`}));
    // Without the values beyond the whiskers their ends are known; how many there are is in the tooltip.
    const beyond = box.beyond ?? [...(min < low ? [min] : []), ...(max > box.high ? [max] : [])];
    for (const value of beyond) parts.push(el('circle', {class: 'ink', cx: at(value), cy: middle, r: 2.5}));
  }
  return el('g', {}, title, ...parts);
}

type Violin = {box: ChartBox; at(value: number): number; middle: number; high: number; densest: number};

function violin(density: readonly number[], {box, at, middle, high, densest}: Violin): string {
  const step = (box.max - box.min) / (density.length - 1);
  const points = density.map((value, index) => ({
    x: at(box.min + index * step),
    half: densest > 0 ? (value / densest) * (high / 2) : 0,
  }));
  const upper = points.map(({x, half}) => `${num(x)} ${num(middle - half)}`);
  const lower = points.reverse().map(({x, half}) => `${num(x)} ${num(middle + half)}`);
  return el('path', {class: seriesClass('band', 0), d: `M${[...upper, ...lower].join('L')}Z`});
}
