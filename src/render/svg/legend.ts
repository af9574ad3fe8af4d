// The names of the series and guides of a chart, in rows above the plot, with the marker that each has.

import {clipTo, el, num, textEl, widthOf} from './element.ts';
import type {Rect} from './frame.ts';
import {labelSize} from './frame.ts';
import {seriesClass} from './theme.ts';

export type LegendItem = {name: string; swatch: 'box' | 'line' | 'marker' | 'guide'; index: number};

const rowHeight = 18;
const mostRows = 4;

export function legend(
  items: readonly LegendItem[],
  {left, top, width}: Omit<Rect, 'height'>,
): {body: string; height: number} {
  let x = left;
  let row = 0;
  const drawn: string[] = [];
  for (const [count, item] of items.entries()) {
    const name = clipTo(item.name, item.swatch === 'guide' ? width - 30 : Math.min(220, width - 30), labelSize);
    const wide = widthOf(name, labelSize) + 34;
    if (x > left && x + wide > left + width) {
      x = left;
      row++;
    }
    if (row === mostRows) {
      drawn.push(textEl(`… ${items.length - count} more`, {class: 'label', x: left, y: top + row * rowHeight + 12}));
      row++;
      break;
    }
    const y = top + row * rowHeight + 8;
    drawn.push(swatchOf(item, x, y), textEl(name, {class: 'label', x: x + 22, y: y + 4}));
    x += wide;
    if (count === items.length - 1) row++;
  }
  return {body: drawn.join(''), height: items.length === 0 ? 0 : row * rowHeight + 4};
}

function swatchOf({swatch, index}: LegendItem, x: number, y: number): string {
  switch (swatch) {
    case 'box':
      return el('rect', {class: seriesClass('fill', index), x: x + 2, y: y - 5, width: 12, height: 10});
    case 'line':
      return el('path', {
        class: seriesClass('line', index),
        d: `M${num(x)} ${num(y)}h16`,
        'stroke-dasharray': dashOf(index),
      });
    case 'marker':
      return marker(index, x + 8, y);
    case 'guide':
      return el('path', {class: 'guide', d: `M${num(x)} ${num(y)}h16`});
  }
}

const dashes = [undefined, '7 3', '2 2', '8 3 2 3', '12 4', '4 2', '1 3', '10 3 2 3 2 3'];

/** Lines differ by dash, the first is whole. */
export function dashOf(index: number): string | undefined {
  // Series of one colour have other dashes.
  return dashes[(index + Math.floor(index / dashes.length)) % dashes.length];
}

/** A marker of about 7 px: circle, square, triangle, diamond, cross, and on. `inside` is put between its tags. */
export function marker(index: number, x: number, y: number, {size = 3.2, inside = ''} = {}): string {
  const name = seriesClass('dot', index);
  const children = inside === '' ? [] : [inside];
  if (index % 6 === 0) return el('circle', {class: name, cx: x, cy: y, r: size}, ...children);
  return el('path', {class: name, d: outline(index % 6, {x, y, r: size * 1.15})}, ...children);
}

function outline(shape: number, {x, y, r}: {x: number; y: number; r: number}): string {
  const at = (dx: number, dy: number) => `${num(x + dx * r)} ${num(y + dy * r)}`;
  const corners: Record<number, [number, number][]> = {
    1: [
      [-0.85, -0.85],
      [0.85, -0.85],
      [0.85, 0.85],
      [-0.85, 0.85],
    ],
    2: [
      [0, -1.1],
      [1, 0.8],
      [-1, 0.8],
    ],
    3: [
      [0, -1.2],
      [1, 0],
      [0, 1.2],
      [-1, 0],
    ],
    4: [
      [-0.3, -1],
      [0.3, -1],
      [0.3, -0.3],
      [1, -0.3],
      [1, 0.3],
      [0.3, 0.3],
      [0.3, 1],
      [-0.3, 1],
      [-0.3, 0.3],
      [-1, 0.3],
      [-1, -0.3],
      [-0.3, -0.3],
    ],
    5: [
      [0, 1.1],
      [1, -0.8],
      [-1, -0.8],
    ],
  };
  return `M${(corners[shape] ?? []).map(([dx, dy]) => at(dx, dy)).join('L')}Z`;
}
