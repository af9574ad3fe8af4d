// A plot of rows with a label at the left of each and values along x, as bars and boxes have it.

import type {Scale} from '../axis.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {clipTo, textEl, widthOf} from './element.ts';
import {type Drawn, labelSize, nameOf, type Rect, uprightGrid, xName, xTicks} from './frame.ts';

/** `inner` holds the rows; `labelWidth` is the room at its left, in px. */
export type LyingPlot = {spec: ChartSpec; inner: Rect; labelWidth: number};

const top = 18;

/** `right` is the room in px that is kept free at the right of the values. */
export function lyingPlot(
  spec: ChartSpec,
  rect: Rect,
  {labels, rowHeight, right}: {labels: readonly string[]; rowHeight: number; right: number},
): LyingPlot {
  const widest = Math.max(...[...labels, nameOf(spec.x)].map(label => widthOf(label, labelSize)), 10);
  const labelWidth = Math.min(rect.width * 0.4, Math.ceil(widest) + 10);
  const inner = {
    left: rect.left + labelWidth,
    top: rect.top + top,
    width: Math.max(40, rect.width - labelWidth - right),
    height: labels.length * rowHeight + 4,
  };
  return {spec, inner, labelWidth};
}

/** The label of a row whose letters stand on `y`. */
export function rowLabel(plot: LyingPlot, label: string, y: number): string {
  return leftText(plot, label, {class: 'label', y});
}

/** The rows between the axes. */
export function onAxes(plot: LyingPlot, scale: Scale, rows: string): Drawn {
  const {spec, inner} = plot;
  const name = leftText(plot, nameOf(spec.x), {class: 'name', y: inner.top - 5});
  const body = [uprightGrid(inner, scale), name, rows, xTicks(inner, scale), xName(inner, spec.y)].join('');
  return {body, height: top + inner.height + 38};
}

function leftText({inner, labelWidth}: LyingPlot, text: string, place: {class: string; y: number}): string {
  return textEl(clipTo(text, labelWidth - 8, labelSize), {...place, x: inner.left - 6, anchor: 'end'});
}
