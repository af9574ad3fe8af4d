// The histogram mark: one upright bar a bin, from zero, in eighths of a row.

import {logScale, numberScale, type Scale, share} from '../axis.ts';
import type {ChartPoint, ChartSpec} from '../chart-spec.ts';
import {framed, type PlotSize, plotColumns} from './frame.ts';

const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

type Bin = {from: number; to: number; count: number};

export function drawHistogram(spec: ChartSpec, size: PlotSize): string[] {
  const bins = spec.points.flatMap(toBin);
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return [];
  const count = Math.max(1, Math.min(4, Math.floor(size.rows / 3)));
  const axisOf = (highest: number) =>
    spec.y.log ? logScale(1, Math.max(10, highest), count) : numberScale(0, highest, count);
  const axisFor = (counts: readonly number[]) => axisOf(counts.reduce((most, each) => Math.max(most, each), 1));
  let y = axisFor(bins.map(bin => bin.count));
  let columns = plotColumns(size.columns, y);
  let heights = columnHeights(bins, columns);
  // More bins than columns are joined, so the counts on the axis must follow; larger ones may leave less room.
  for (y = axisFor(heights); plotColumns(size.columns, y) < columns; y = axisFor(heights)) {
    columns = plotColumns(size.columns, y);
    heights = columnHeights(bins, columns);
  }
  const plot = Array.from({length: size.rows}, (_, row) => drawRow(heights, size.rows - 1 - row, size.rows, y));
  return framed(spec, plot, {x: edgeScale(first.from, last.to, heights.length, columns), y, width: size.columns});
}

function toBin({x, x1, y}: ChartPoint): Bin[] {
  return typeof x === 'number' && x1 !== undefined ? [{from: x, to: x1, count: y ?? 0}] : [];
}

/** The count shown in each terminal column. */
function columnHeights(bins: Bin[], columns: number): number[] {
  const wide = Math.floor(columns / bins.length);
  if (wide >= 1) return bins.flatMap(({count}) => Array.from({length: Math.min(wide, 6)}, () => count));
  const joined = Math.ceil(bins.length / columns);
  const heights: number[] = [];
  for (let start = 0; start < bins.length; start += joined)
    heights.push(bins.slice(start, start + joined).reduce((sum, {count}) => sum + count, 0));
  return heights;
}

function drawRow(heights: number[], rowFromBottom: number, rows: number, y: Scale): string {
  return heights
    .map(height => {
      const filled = (height === 0 ? 0 : share(y, height)) * rows - rowFromBottom;
      // A bin with anything in it shows at least the thinnest bar: a rare value must not look like none.
      const parts = Math.max(height > 0 && rowFromBottom === 0 ? 1 : 0, Math.round(filled * 8));
      return eighths[Math.min(8, Math.max(0, parts))];
    })
    .join('');
}

function edgeScale(from: number, to: number, used: number, columns: number): Scale {
  const [low, high] = to > from ? [from, to] : [from - 0.5, to + 0.5];
  const labels = numberScale(low, high, 5).labels.filter(({value}) => value >= low && value <= high);
  return {low, high: low + ((high - low) * columns) / used, labels};
}
