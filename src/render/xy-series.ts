// What every drawing of an x-y chart shares: points with a place on both axes, by series, and the scales that hold them.

import {formatCell} from '../core/text.ts';
import {isDrawable, logScale, numberScale, type Scale, timeScale, xPosition} from './axis.ts';
import {xyStyle} from './chart-marks.ts';
import type {ChartPoint, ChartSpec} from './chart-spec.ts';
import {calendarScale} from './time-ticks.ts';
import {areYears, ofYears} from './years.ts';

/** `y` is null where the row has an x but no value to draw; `base` is where an area begins. */
export type PlacedPoint = {
  x: number;
  y: number | null;
  base: number;
  low: number | null;
  high: number | null;
  point: ChartPoint;
};

/** `name` is null for the only series of a chart without groups. */
export type XySeries = {name: string | null; points: PlacedPoint[]};

export type PlacedSeries = {series: XySeries[]; categories: string[]};

/** The points by series in the order of the spec; lines and areas in the order of x. */
export function placedSeries(spec: ChartSpec): PlacedSeries {
  const isGrouped = spec.points.some(({group}) => group !== undefined);
  const categories: string[] = [];
  const placeOf = new Map<string, number>();
  const byName = new Map<string | null, PlacedPoint[]>((spec.series ?? []).map(name => [name, []]));
  spec.points.forEach((point, index) => {
    let x = xPosition(spec.x, point, index);
    if (x === null) return;
    if (spec.x.kind === 'category') {
      const name = formatCell(point.x);
      // Without groups every row has a place of its own; with groups rows of one name stand above each other.
      const known = isGrouped ? placeOf.get(name) : undefined;
      x = known ?? categories.length;
      if (known === undefined) categories.push(name);
      placeOf.set(name, x);
    }
    if (spec.x.log && x <= 0) return;
    const drawn = (value: number | null | undefined) =>
      value !== null && value !== undefined && isDrawable(value) && !(spec.y.log && value <= 0) ? value : null;
    const name = isGrouped ? formatCell(point.group ?? null) : null;
    const points = byName.get(name) ?? [];
    byName.set(name, points);
    points.push({x, y: drawn(point.y), base: 0, low: drawn(point.low), high: drawn(point.high), point});
  });
  const series = [...byName].map(([name, points]) => ({name, points}));
  const isOrdered = xyStyle(spec.mark) !== 'dots' && spec.mark !== 'roc' && spec.mark !== 'precision_recall';
  if (isOrdered) for (const {points} of series) points.sort((a, b) => a.x - b.x);
  if (spec.stacked) stack(series);
  return {series, categories};
}

/** Puts each series on the sum of those before it, at the same x; what is missing there counts as nothing. */
function stack(series: readonly XySeries[]): void {
  const sums = new Map<number, number>();
  for (const {points} of series)
    for (const point of points) {
      point.base = sums.get(point.x) ?? 0;
      if (point.y === null) continue;
      point.y += point.base;
      sums.set(point.x, point.y);
    }
}

/** The scale of y with about `count` ticks; areas begin at zero. */
export function valueScale(spec: ChartSpec, {series}: PlacedSeries, count: number): Scale {
  const values = series.flatMap(({points}) => points.flatMap(({y, low, high}) => [y, low, high]));
  const ends = [...(spec.y.range ?? []), ...(spec.guides ?? []).flatMap(({y0, y1}) => [y0, y1])];
  if (xyStyle(spec.mark) === 'area' && !spec.y.log) ends.push(0);
  const [min, max] = extent([...values, ...ends], spec.y.log === true);
  return spec.y.log ? logScale(min, max, count) : numberScale(min, max, count);
}

/** The scale of x with about `count` ticks; `calendar` puts those of time at round moments. */
export function placeScale(
  spec: ChartSpec,
  {series, categories}: PlacedSeries,
  {count, calendar}: {count: number; calendar: boolean},
): Scale {
  const places = series.flatMap(({points}) => points.map(({x}) => x));
  const ends = [...(spec.x.range ?? []), ...(spec.guides ?? []).flatMap(({x0, x1}) => [x0, x1])];
  const [min, max] = extent([...places, ...ends], spec.x.log === true);
  if (spec.x.kind === 'time') {
    const round = calendarScale(min, max, count);
    // A short stretch may hold no round moment; its ends then say where it is.
    return calendar && min < max && round.labels.length > 1 ? round : timeScale(min, max);
  }
  if (spec.x.kind === 'number') {
    if (spec.x.log) return logScale(min, max, count);
    const scale = numberScale(min, max, count);
    // Two ticks at least: a scale of one year alone has ends that are none.
    if (!areYears(places) || ofYears(scale).labels.length < 2) return scale;
    const years = ofYears(scale);
    return {...years, low: min, high: max, labels: years.labels.filter(({value}) => value >= min && value <= max)};
  }
  const labels = categories.map((text, value) => ({value, text}));
  return min < max ? {low: min, high: max, labels} : {low: min - 1, high: max + 1, labels};
}

function extent(values: readonly (number | null)[], isLog: boolean): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || (isLog && value <= 0)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min <= max ? [min, max] : isLog ? [1, 10] : [0, 1];
}
