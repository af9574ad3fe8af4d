// The table of marks: how each is drawn, and whether its points are rows. A new mark is a line here and in the schema.

import type {ChartMark} from './chart-spec.ts';

/** How the points of an x-y chart become a drawing. */
export type XyStyle = 'line' | 'dots' | 'step' | 'area' | 'dotted_line';

/**
 * `bars` lie, `bins` stand, `boxes` lie, `cells` fill a grid, `xy` has two scales, `panels` hold other charts. Where
 * `isCurve`, the points were computed of rows and n is said of those.
 */
export type MarkKind =
  | {family: 'bars' | 'bins' | 'boxes' | 'cells' | 'panels'}
  | {family: 'xy'; style: XyStyle; isCurve: boolean};

export const markKinds: Readonly<Record<ChartMark, MarkKind>> = {
  bar: {family: 'bars'},
  importance: {family: 'bars'},
  histogram: {family: 'bins'},
  box: {family: 'boxes'},
  violin: {family: 'boxes'},
  heatmap: {family: 'cells'},
  correlation: {family: 'cells'},
  missing: {family: 'cells'},
  pairs: {family: 'panels'},
  facets: {family: 'panels'},
  line: {family: 'xy', style: 'line', isCurve: false},
  area: {family: 'xy', style: 'area', isCurve: false},
  scatter: {family: 'xy', style: 'dots', isCurve: false},
  residuals: {family: 'xy', style: 'dots', isCurve: false},
  clusters: {family: 'xy', style: 'dots', isCurve: false},
  forecast: {family: 'xy', style: 'line', isCurve: false},
  ecdf: {family: 'xy', style: 'step', isCurve: true},
  qq: {family: 'xy', style: 'dots', isCurve: true},
  roc: {family: 'xy', style: 'line', isCurve: true},
  precision_recall: {family: 'xy', style: 'step', isCurve: true},
  calibration: {family: 'xy', style: 'dotted_line', isCurve: true},
  partial_dependence: {family: 'xy', style: 'line', isCurve: true},
};

export function familyOf(mark: ChartMark): MarkKind['family'] {
  return markKinds[mark].family;
}

export function xyStyle(mark: ChartMark): XyStyle {
  const kind = markKinds[mark];
  return kind.family === 'xy' ? kind.style : 'dots';
}
