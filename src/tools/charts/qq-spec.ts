// The normal Q-Q plot of values whose quantiles are known, for columns and for the residuals of a model.

import type {QqPoints} from '../../analysis/chart-curves.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {numberAxis} from './drawn.ts';

/** `nullCount` of the `n + nullCount` rows had no value. */
export function qqSpec(
  {points, line}: QqPoints,
  {title, name, n, nullCount}: {title: string; name: string; n: number; nullCount: number},
): ChartSpec {
  const [low, high] = [points[0]?.normal ?? 0, points.at(-1)?.normal ?? 0];
  const at = (normal: number) => line.intercept + line.slope * normal;
  return {
    mark: 'qq',
    title,
    x: numberAxis('normal quantile'),
    y: numberAxis(name),
    points: points.map(({normal, value}) => ({x: normal, y: value})),
    guides:
      points.length < 2 ? [] : [{x0: low, y0: at(low), x1: high, y1: at(high), name: 'line through the quartiles'}],
    totalRows: n + nullCount,
    nullCount,
    sampled: false,
  };
}
