// Charts with two scales as dots of braille: lines, areas, steps and points. Series are told apart by letters on them.

import {printable} from '../../core/text.ts';
import {type Scale, share} from '../axis.ts';
import {xyStyle} from '../chart-marks.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {wrapped} from '../text-width.ts';
import {type PlacedPoint, placedSeries, placeScale, valueScale, type XySeries} from '../xy-series.ts';
import {BrailleCanvas} from './braille.ts';
import {framed, type PlotSize, plotColumns} from './frame.ts';

type Dot = {x: number; y: number};

export function drawXy(spec: ChartSpec, size: PlotSize): string[] {
  const placed = placedSeries(spec);
  const y = valueScale(spec, placed, Math.max(1, Math.min(6, Math.floor(size.rows / 3))));
  const columns = plotColumns(size.columns, y);
  // Dates are longer than numbers, and those that do not fit would leave uneven gaps.
  const ticks = spec.x.kind === 'time' ? Math.max(2, Math.floor(columns / 18)) : Math.max(1, Math.floor(columns / 12));
  const x = placeScale(spec, placed, {count: Math.min(6, ticks), calendar: true});
  const canvas = new BrailleCanvas(columns, size.rows);
  const at = (scale: Scale, value: number, dots: number) => Math.round(share(scale, value) * (dots - 1));
  const dot = (px: number, py: number): Dot => ({x: at(x, px, canvas.dotsWide), y: at(y, py, canvas.dotsHigh)});
  for (const guide of spec.guides ?? []) {
    const [from, to] = [dot(guide.x0, guide.y0), dot(guide.x1, guide.y1)];
    canvas.line(from.x, from.y, to.x, to.y, 4);
  }
  const floor = y.log ? y.low : Math.max(y.low, 0);
  for (const {points} of placed.series) drawSeries(spec, points, {canvas, dot, floor});
  const named = placed.series.filter(({name}) => name !== null);
  const rows = named.length > 1 ? lettered(canvas.rows(), named, dot) : canvas.rows();
  const lines = framed(spec, rows, {x, y, width: size.columns});
  return [...lines, ...legendOf(spec, named, size.columns)];
}

type Drawing = {canvas: BrailleCanvas; dot(x: number, y: number): Dot; floor: number};

function drawSeries(spec: ChartSpec, points: readonly PlacedPoint[], {canvas, dot, floor}: Drawing): void {
  const style = xyStyle(spec.mark);
  let before: Dot | null = null;
  for (const {x, y, base, low, high} of points) {
    for (const end of [low, high]) if (end !== null) canvas.dot(dot(x, end).x, dot(x, end).y);
    if (y === null) {
      before = null;
      continue;
    }
    const here = dot(x, y);
    if (style === 'area') {
      const bottom = dot(x, Math.max(base, floor));
      canvas.line(here.x, here.y, here.x, bottom.y);
    }
    if (style === 'dots' || before === null) canvas.dot(here.x, here.y);
    else if (style === 'step') {
      canvas.line(before.x, before.y, here.x, before.y);
      canvas.line(here.x, before.y, here.x, here.y);
    } else canvas.line(before.x, before.y, here.x, here.y);
    before = here;
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Puts the letter of each series on some of its points, the last one always. */
function lettered(rows: string[], series: readonly XySeries[], dot: (x: number, y: number) => Dot): string[] {
  const cells = rows.map(row => [...row]);
  series.forEach(({points}, index) => {
    const drawn = points.filter(({y}) => y !== null);
    const every = Math.max(1, Math.ceil(drawn.length / 12));
    drawn.forEach(({x, y}, place) => {
      if (place % every !== 0 && place !== drawn.length - 1) return;
      const at = dot(x, y ?? 0);
      const row = cells[cells.length - 1 - (at.y >> 2)];
      if (row && at.x >> 1 < row.length) row[at.x >> 1] = letters[index] ?? '+';
    });
  });
  return cells.map(row => row.join(''));
}

/** "a Coast  b South  ┄ random guess", on as many lines as it takes. */
function legendOf({guides = []}: ChartSpec, series: readonly XySeries[], width: number): string[] {
  const names = series.length > 1 ? series.map(({name}, index) => `${letters[index] ?? '+'} ${name}`) : [];
  const lines = guides.flatMap(({name}) => (name === '' ? [] : [`┄ ${printable(name, {oneLine: true})}`]));
  return wrapped([...names, ...lines], width);
}
