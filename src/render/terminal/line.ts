// The line mark: values joined in the order of x, broken where a value is missing.

import type {ChartSpec} from '../chart-spec.ts';
import type {PlotSize} from './frame.ts';
import {drawXy, placedPoints} from './xy.ts';

export function drawLine(spec: ChartSpec, size: PlotSize): string[] {
  const points = placedPoints(spec).sort((a, b) => a.x - b.x);
  return drawXy(spec, points, size, (canvas, dots) => {
    dots.forEach(({x, y}, index) => {
      if (y === null) return;
      const before = dots[index - 1];
      if (before && before.y !== null) canvas.line(before.x, before.y, x, y);
      else canvas.dot(x, y);
    });
  });
}
