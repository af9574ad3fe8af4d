// A grid of coloured cells with their numbers: heatmap, correlation matrix, map of missing values.

import {formatCell, formatNumber} from '../../core/text.ts';
import {isDrawable} from '../axis.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {clipTo, el, num, textEl, widthOf} from './element.ts';
import {type Drawn, labelSize, nameOf, type Rect, tip} from './frame.ts';
import {cellColor} from './theme.ts';

const mostColumns = 60;
const mostRows = 60;
/** px */
const widestCell = 90;

export type CellGrid = {
  columns: string[];
  rows: string[];
  shownColumns: number;
  shownRows: number;
  cells: ReadonlyMap<string, number>;
};

export function cellGrid({points}: ChartSpec): CellGrid {
  const columns = [...new Set(points.map(nameOfX))];
  const rows = [...new Set(points.map(nameOfGroup))];
  const cells = new Map<string, number>();
  for (const point of points)
    if (isDrawable(point.y)) cells.set(`${nameOfX(point)}\u0000${nameOfGroup(point)}`, point.y);
  return {
    columns,
    rows,
    cells,
    shownColumns: Math.min(mostColumns, columns.length),
    shownRows: Math.min(mostRows, rows.length),
  };
}

export function drawCells(spec: ChartSpec, rect: Rect): Drawn {
  const grid = cellGrid(spec);
  const columns = grid.columns.slice(0, grid.shownColumns);
  const rows = grid.rows.slice(0, grid.shownRows);
  // Names of rows take more than their share where few columns leave room.
  const widestName = Math.max(...columns.map(name => widthOf(name, labelSize) + 5));
  const spare = Math.min(rect.width * 0.5, rect.width - 8 - Math.max(widestCell, widestName) * columns.length);
  const wanted = Math.ceil(Math.max(...rows.map(name => widthOf(name, labelSize)), 10)) + 10;
  const left = Math.min(Math.max(rect.width * 0.3, spare), wanted);
  const room = rect.width - left - 8;
  const isTurned = columns.some(name => widthOf(name, labelSize) > room / columns.length - 4);
  // A turned name reaches over the last column to the right.
  const over = isTurned ? Math.min(80, 0.72 * widthOf(columns.at(-1) ?? '', labelSize)) : 0;
  const wide = Math.max(4, Math.min(widestCell, (room - over) / (columns.length - (over > 0 ? 0.5 : 0))));
  const high = rows.length > 30 ? 10 : wide < 24 ? 16 : 26;
  const head = isTurned
    ? Math.min(90, Math.ceil(Math.max(...columns.map(name => widthOf(name, labelSize))) * 0.72) + 16)
    : 20;
  const inner: Rect = {
    left: rect.left + left,
    top: rect.top + head + 16,
    width: wide * columns.length,
    height: high * rows.length,
  };
  const ramp = rampOf(spec, [...grid.cells.values()]);
  const write = cellText([...grid.cells.values()]);
  const body: string[] = [];
  const every = Math.max(1, Math.ceil(13 / wide));
  columns.forEach((name, index) => {
    if (index % every !== 0) return;
    const x = inner.left + (index + 0.5) * wide;
    const text = clipTo(name, isTurned ? 110 : wide, labelSize);
    const y = inner.top - 6;
    body.push(
      isTurned
        ? textEl(text, {class: 'label', x: x - 2, y, transform: `rotate(-45 ${num(x - 2)} ${num(y)})`})
        : textEl(text, {class: 'label', x, y, anchor: 'middle'}),
    );
  });
  const everyRow = Math.max(1, Math.ceil(12 / high));
  rows.forEach((row, index) => {
    const top = inner.top + index * high;
    if (index % everyRow === 0)
      body.push(
        textEl(clipTo(row, left - 8, labelSize), {
          class: 'label',
          x: inner.left - 6,
          y: top + high / 2 + 4,
          anchor: 'end',
        }),
      );
    columns.forEach((column, place) => {
      const value = grid.cells.get(`${column}\u0000${row}`);
      const box = {
        x: inner.left + place * wide,
        y: top,
        width: wide - (wide > 8 ? 1 : 0),
        height: high - (high > 12 ? 1 : 0),
      };
      body.push(
        value === undefined
          ? el('rect', {class: 'empty', ...box}, tip(`${column} · ${row}: ∅`))
          : cell(value, box, {ramp, write, name: `${column} · ${row}`}),
      );
    });
  });
  const key = colorKey(ramp, {
    left: inner.left,
    top: inner.top + inner.height + 12,
    name: nameOf(spec.y),
    width: Math.max(120, rect.left + rect.width - inner.left),
  });
  const axisNames = [spec.group, spec.x].flatMap(axis => (axis && axis.name !== '' ? [nameOf(axis)] : [])).join(' by ');
  body.push(textEl(clipTo(axisNames, rect.width, labelSize), {class: 'name', x: rect.left, y: rect.top + 10}));
  return {body: body.join('') + key, height: head + 16 + inner.height + 44};
}

type Ramp = {kind: 'sequential' | 'diverging'; low: number; high: number};

/** Signed values get two colours that meet at zero; a correlation always reaches from -1 to 1, a share from 0 to 1. */
function rampOf({y}: ChartSpec, values: readonly number[]): Ramp {
  const all = [...values, ...(y.range ?? [])];
  const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low >= 0) return {kind: 'sequential', low, high};
  const most = Math.max(-low, high);
  return {kind: 'diverging', low: -most, high: most};
}

type Box = {x: number; y: number; width: number; height: number};

function cell(
  value: number,
  box: Box,
  {ramp, write, name}: {ramp: Ramp; write(value: number): string; name: string},
): string {
  const color = cellColor(ramp.high > ramp.low ? (value - ramp.low) / (ramp.high - ramp.low) : 0.5, ramp.kind);
  const text = write(value);
  const rect = el('rect', {...box, fill: color.fill}, tip(`${name}: ${formatNumber(value)}`));
  const size = box.width > 34 ? 11 : 9;
  if (box.height < 12 || widthOf(text, size) > box.width - 2) return rect;
  const place = {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2 + size * 0.36,
    'text-anchor': 'middle',
    'font-size': `${size}px`,
  };
  return rect + el('text', {...place, fill: color.text}, text);
}

function colorKey(
  {kind, low, high}: Ramp,
  {left, top, name, width}: {left: number; top: number; name: string; width: number},
): string {
  const steps = 24;
  const wide = Math.min(180, width - 4) / steps;
  const blocks = Array.from({length: steps}, (_, i) => {
    const part = (i + 0.5) / steps;
    return el('rect', {
      x: left + i * wide,
      y: top,
      width: wide + 0.3,
      height: 8,
      fill: cellColor(high > low ? part : 0.5, kind).fill,
    });
  });
  const short = (value: number) => formatNumber(Number(value.toPrecision(3)));
  const end = left + steps * wide;
  return [
    ...blocks,
    textEl(short(low), {class: 'label', x: left, y: top + 20}),
    textEl(short(high), {class: 'label', x: end, y: top + 20, anchor: 'end'}),
    textEl(clipTo(name, Math.max(60, width - (end - left) - 20), labelSize), {class: 'name', x: end + 10, y: top + 8}),
  ].join('');
}

/** As many decimals as three digits of the largest need, two at most. */
function cellText(values: readonly number[]): (value: number) => string {
  const high = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (high >= 1e6 || (high > 0 && high < 1e-3)) return value => value.toExponential(1).replace('e+', 'e');
  const isWhole = values.every(Number.isInteger);
  const decimals = isWhole || high === 0 ? 0 : Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(high))));
  return value => value.toFixed(decimals).replace(/^-(0(\.0+)?)$/, '$1');
}

function nameOfX({x}: ChartPoint): string {
  return typeof x === 'number' ? formatNumber(x) : formatCell(x);
}

function nameOfGroup({group}: ChartPoint): string {
  return formatCell(group ?? null);
}
