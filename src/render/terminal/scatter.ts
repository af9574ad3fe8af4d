// The scatter mark: one dot a row.

import type {ChartSpec} from '../chart-spec.ts';
import type {PlotSize} from './frame.ts';
import {drawXy, placedPoints} from './xy.ts';

export function drawScatter(spec: ChartSpec, size: PlotSize): string[] {
  return drawXy(spec, placedPoints(spec), size, (canvas, dots) => {
    for (const {x, y} of dots) if (y !== null) canvas.dot(x, y);
  });
}
