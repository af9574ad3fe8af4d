// What line and scatter share: points with a place on both axes, scaled to a canvas of dots.

import {formatCell} from '../../core/text.ts';
import {isDrawable, numberScale, type Scale, share, timeScale, xPosition} from '../axis.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {BrailleCanvas} from './braille.ts';
import {framed, type PlotSize, plotColumns} from './frame.ts';

/** `y` is null where the row has an x but no value to draw. */
export type PlacedPoint = {x: number; y: number | null};

export type DotPoint = {x: number; y: number | null};

export function placedPoints(spec: ChartSpec): PlacedPoint[] {
  const placed: PlacedPoint[] = [];
  spec.points.forEach((point, index) => {
    const x = xPosition(spec.x, point, index);
    if (x !== null) placed.push({x, y: isDrawable(point.y) ? point.y : null});
  });
  return placed;
}

/** Draws `points` on a canvas by `draw`, which gets them in dots, and frames it. */
export function drawXy(
  spec: ChartSpec,
  points: PlacedPoint[],
  size: PlotSize,
  draw: (canvas: BrailleCanvas, dots: DotPoint[]) => void,
): string[] {
  const y = valueScale(points, size.rows);
  const columns = plotColumns(size.columns, y);
  const x = placeScale(spec, points, columns);
  const canvas = new BrailleCanvas(columns, size.rows);
  const toDots = ({x: place, y: value}: PlacedPoint): DotPoint => ({
    x: Math.round(share(x, place) * (canvas.dotsWide - 1)),
    y: value === null ? null : Math.round(share(y, value) * (canvas.dotsHigh - 1)),
  });
  draw(canvas, points.map(toDots));
  return framed(spec, canvas.rows(), {x, y, width: size.columns});
}

function valueScale(points: PlacedPoint[], rows: number): Scale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const {y} of points) {
    if (y === null) continue;
    min = Math.min(min, y);
    max = Math.max(max, y);
  }
  return numberScale(min, max, Math.max(1, Math.min(6, Math.floor(rows / 3))));
}

function placeScale(spec: ChartSpec, points: PlacedPoint[], columns: number): Scale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const {x} of points) {
    min = Math.min(min, x);
    max = Math.max(max, x);
  }
  if (spec.x.kind === 'time') return timeScale(min, max);
  if (spec.x.kind === 'number') return numberScale(min, max, Math.max(1, Math.min(6, Math.floor(columns / 12))));
  const names = points.map(({x}) => ({value: x, text: formatCell(spec.points[x]?.x ?? null)}));
  return min < max ? {low: min, high: max, labels: names} : {low: min - 1, high: max + 1, labels: names};
}
