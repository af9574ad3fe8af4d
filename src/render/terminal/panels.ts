// Several small charts side by side, as many as the width holds; each keeps its own title.

import {printable} from '../../core/text.ts';
import {familyOf} from '../chart-marks.ts';
import {countPoints} from '../chart-note.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {clipToWidth, fitToWidth} from '../text-width.ts';
import {drawBar} from './bar.ts';
import {drawBox} from './box.ts';
import type {PlotSize} from './frame.ts';
import {drawHeatmap} from './heatmap.ts';
import {drawHistogram} from './histogram.ts';
import {drawXy} from './xy.ts';

const narrowest = 36;
const gap = 2;

export function drawPanels({mark, panels = []}: ChartSpec, {columns, rows}: PlotSize): string[] {
  const side = mark === 'pairs' ? Math.round(Math.sqrt(panels.length)) : panels.length;
  const across = Math.max(1, Math.min(side, Math.floor((columns + gap) / (narrowest + gap))));
  const width = Math.floor((columns + gap) / across) - gap;
  const lines: string[] = [];
  for (let start = 0; start < panels.length; start += across) {
    const row = panels
      .slice(start, start + across)
      .map(panel => drawPanel(panel, {columns: width, rows: Math.max(5, rows >> 1)}));
    const high = Math.max(...row.map(drawn => drawn.length));
    if (start > 0) lines.push('');
    for (let index = 0; index < high; index++)
      lines.push(
        row
          .map(drawn => fitToWidth(drawn[index] ?? '', width))
          .join(' '.repeat(gap))
          .trimEnd(),
      );
  }
  return lines;
}

function drawPanel(panel: ChartSpec, size: PlotSize): string[] {
  const title = clipToWidth(printable(panel.title, {oneLine: true}), size.columns);
  if (countPoints(panel).drawn === 0) return [title, clipToWidth('no values', size.columns)];
  switch (familyOf(panel.mark)) {
    case 'bars':
      return [title, ...drawBar(panel, size)];
    case 'bins':
      return [title, ...drawHistogram(panel, size)];
    case 'boxes':
      return [title, ...drawBox(panel, size)];
    case 'cells':
      return [title, ...drawHeatmap(panel, size)];
    case 'xy':
      return [title, ...drawXy(panel, size)];
    case 'panels':
      return [title];
  }
}
