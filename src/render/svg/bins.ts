// Standing bars of a histogram, adjacent as their bins are, from zero.

import {formatCount, formatNumber} from '../../core/text.ts';
import {logScale, numberScale, type Scale} from '../axis.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {el} from './element.ts';
import {axes, type Drawn, innerRect, placeX, placeY, type Rect, tip} from './frame.ts';
import {seriesClass} from './theme.ts';

export function drawBins(spec: ChartSpec, rect: Rect, compact = false): Drawn {
  const bins = spec.points.flatMap(({x, x1, y}) =>
    typeof x === 'number' && x1 !== undefined ? [{from: x, to: x1, count: y ?? 0}] : [],
  );
  const highest = bins.reduce((most, {count}) => Math.max(most, count), 1);
  const y = spec.y.log
    ? logScale(1, Math.max(10, highest), 5)
    : numberScale(0, Math.max(highest, spec.y.range?.[1] ?? 0), compact ? 3 : 5);
  const inner = innerRect(rect, y, compact);
  const x = edgeScale(bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1, compact ? 4 : 8);
  const bars = bins.map(({from, to, count}) => {
    if (count === 0) return '';
    const [left, right] = [placeX(inner, x, from), placeX(inner, x, to)];
    // A bin with anything in it can be seen: a rare value must not look like none.
    const top = Math.min(placeY(inner, y, Math.max(count, y.low)), inner.top + inner.height - 1);
    const width = Math.max(0.5, right - left - (right - left > 4 ? 1 : 0));
    const title = tip(`${formatNumber(from)} to ${formatNumber(to)}: ${formatCount(count)}`);
    return el(
      'rect',
      {class: seriesClass('fill', 0), x: left, y: top, width, height: inner.top + inner.height - top},
      title,
    );
  });
  return {body: axes(inner, {x, y}, spec, rect) + bars.join(''), height: rect.height};
}

/** From the first edge to the last, with round values between. */
function edgeScale(from: number, to: number, count: number): Scale {
  const [low, high] = to > from ? [from, to] : [from - 0.5, to + 0.5];
  return {low, high, labels: numberScale(low, high, count).labels.filter(({value}) => value >= low && value <= high)};
}
