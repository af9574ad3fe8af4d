// Where a plot stands between its axes, and the axes: ticks, grid lines and names, drawn only where they do not collide.

import {axisTitle, type Scale, share} from '../axis.ts';
import type {ChartAxis} from '../chart-spec.ts';
import {clipTo, el, escapeText, num, textEl, widthOf} from './element.ts';

/** In px, from the top left corner of the whole drawing. */
export type Rect = {left: number; top: number; width: number; height: number};

/** `body` is drawn, `height` is what it took where the mark decides that itself. */
export type Drawn = {body: string; height: number};

export const labelSize = 11;

/** px from the left for a value of `scale` in `rect`, and px from the top. */
export function placeX({left, width}: Rect, scale: Scale, value: number): number {
  return left + share(scale, value) * width;
}

export function placeY({top, height}: Rect, scale: Scale, value: number): number {
  return top + (1 - share(scale, value)) * height;
}

/** "price [€]", "price [€] (log scale)". */
export function nameOf(axis: ChartAxis): string {
  return `${axisTitle(axis)}${axis.log ? ' (log scale)' : ''}`;
}

/** The plot inside `rect` when the labels of `y` stand at its left, its name above and the labels of x below. */
export function innerRect(rect: Rect, y: Scale, compact = false): Rect {
  const widest = y.labels.reduce((most, {text}) => Math.max(most, widthOf(text, labelSize)), 0);
  const left = Math.min(rect.width / 3, Math.ceil(widest) + 8);
  const top = 23;
  const right = 12;
  return {
    left: rect.left + left,
    top: rect.top + top,
    width: Math.max(20, rect.width - left - right),
    height: Math.max(20, rect.height - top - (compact ? 20 : 36)),
  };
}

/** Both axes of an upright plot; the name of y stands above it, where it needs no turned head. */
export function axes(
  inner: Rect,
  {x, y}: {x: Scale; y: Scale},
  names: {x: ChartAxis; y: ChartAxis},
  rect: Rect,
): string {
  const nameY = clipTo(nameOf(names.y), rect.width, labelSize);
  return [
    yTicks(inner, y),
    xTicks(inner, x),
    // Clear of the label of the highest tick.
    textEl(nameY, {class: 'name', x: rect.left, y: inner.top - 12}),
    rect.top + rect.height - inner.top - inner.height < 30 ? '' : xName(inner, names.x),
  ].join('');
}

export function xName(inner: Rect, axis: ChartAxis): string {
  const name = clipTo(nameOf(axis), inner.width, labelSize);
  const middle = inner.left + inner.width / 2;
  return textEl(name, {class: 'name', x: middle, y: inner.top + inner.height + 32, anchor: 'middle'});
}

function yTicks(inner: Rect, scale: Scale): string {
  let before = Number.POSITIVE_INFINITY;
  const right = inner.left + inner.width;
  return scale.labels
    .map(({value, text}) => {
      const y = placeY(inner, scale, value);
      if (before - y < labelSize) return '';
      before = y;
      const line = el('path', {class: 'grid', d: `M${num(inner.left)} ${num(y)}H${num(right)}`});
      const label = clipTo(text, inner.left - 4, labelSize);
      return line + textEl(label, {class: 'label', x: inner.left - 6, y: y + 4, anchor: 'end'});
    })
    .join('');
}

/** The base line with its ticks; a label that would touch its neighbour is left out, the ends never. */
export function xTicks(inner: Rect, scale: Scale): string {
  const bottom = inner.top + inner.height;
  const right = inner.left + inner.width;
  const line = el('path', {class: 'axis', d: `M${num(inner.left)} ${num(bottom)}H${num(right)}`});
  const placed: {start: number; end: number}[] = [];
  const last = scale.labels.length - 1;
  const drawn = new Map<number, string>();
  const most = Math.max(30, inner.width / Math.max(2, Math.min(8, scale.labels.length)));
  for (const index of new Set([0, last, ...scale.labels.keys()])) {
    const label = scale.labels[index];
    if (!label) continue;
    const x = placeX(inner, scale, label.value);
    const text = clipTo(label.text, most, labelSize);
    const half = widthOf(text, labelSize) / 2;
    if (placed.some(({start, end}) => x - half - 6 < end && x + half + 6 > start)) continue;
    placed.push({start: x - half, end: x + half});
    const tick = el('path', {class: 'axis', d: `M${num(x)} ${num(bottom)}v4`});
    drawn.set(index, tick + textEl(text, {class: 'label', x, y: bottom + 16, anchor: 'middle'}));
  }
  return (
    line +
    [...drawn]
      .sort(([a], [b]) => a - b)
      .map(([, text]) => text)
      .join('')
  );
}

/** Grid lines that go up, for plots whose values lie along x. */
export function uprightGrid(inner: Rect, scale: Scale): string {
  return scale.labels
    .map(({value}) => {
      const x = placeX(inner, scale, value);
      return el('path', {class: 'grid', d: `M${num(x)} ${num(inner.top)}v${num(inner.height)}`});
    })
    .join('');
}

/** What a pointer or a screen reader gets of a mark, as a tooltip that every browser shows. */
export function tip(text: string): string {
  return el('title', {}, escapeText(text));
}
