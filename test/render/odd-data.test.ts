// Every mark on data that real files have: each drawing is finite, inside its frame, and says its n or why there is nothing.

import {describe, expect, it} from 'vitest';
import {renderTerminalChart} from '../../src/render/chart.ts';
import {familyOf} from '../../src/render/chart-marks.ts';
import {type ChartPoint, type ChartSpec, chartMarks} from '../../src/render/chart-spec.ts';
import {summarizeChart} from '../../src/render/chart-summary.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {textWidth} from '../../src/render/text-width.ts';
import {boxPoint, specOf} from './chart-specs.ts';

type Row = {x: string | number | null; y: number | null};
type Kind = ChartSpec['x']['kind'];

const many = (count: number, of: (i: number) => Row): Row[] => Array.from({length: count}, (_, i) => of(i));
const odd: readonly [string, Kind, readonly Row[]][] = [
  ['one point', 'number', [{x: 1, y: 2}]],
  ['one category', 'category', [{x: 'only', y: 3}]],
  ['500 categories', 'category', many(500, i => ({x: `category ${i}`, y: i}))],
  ['values of 1e12', 'number', many(5, i => ({x: i * 1e12, y: i * 1e12}))],
  ['values of 1e-12', 'number', many(5, i => ({x: i * 1e-12, y: i * 1e-12}))],
  ['one value', 'number', many(5, i => ({x: i, y: 7}))],
  ['hours over a change of the clocks', 'time', many(6, i => ({x: `2024-03-31 0${i}:00:00`, y: i}))],
  ['unicode', 'category', ['漢字かな', 'e\u0301te\u0301', '👩‍👩‍👧', 'عربى', ''].map((x, i) => ({x, y: i - 2}))],
];

/** What each family is made of, of the same rows. */
function pointsOf(family: ReturnType<typeof familyOf>, rows: readonly Row[]): ChartPoint[] {
  switch (family) {
    case 'bins':
      return rows.map(({y}, i) => ({x: i, x1: i + 1, y: Math.abs(Math.round(y ?? 0))}));
    case 'boxes':
      return rows.map(({x, y}) =>
        boxPoint(
          x === null ? null : String(x),
          5,
          Array.from({length: 7}, () => y ?? 0),
        ),
      );
    case 'cells':
      return rows.map(({x, y}) => ({x, y, group: x === null ? null : String(x)}));
    case 'bars':
    case 'xy':
      return rows.map(({x, y}) => ({x, y}));
    case 'panels':
      return [];
  }
}

function specFor(mark: ChartSpec['mark'], kind: Kind, rows: readonly Row[]): ChartSpec {
  const family = familyOf(mark);
  const panel = specOf({mark: 'scatter', title: 'panel', x: {name: 'x', kind}, points: rows.map(row => ({...row}))});
  const isByName = family === 'bars' || family === 'cells' || family === 'boxes';
  return specOf({
    mark,
    x: {name: 'x', kind: isByName ? 'category' : family === 'bins' ? 'number' : kind},
    points: pointsOf(family, rows),
    ...(family === 'panels' && {panels: [panel, panel, panel, panel]}),
  });
}

describe.each(chartMarks)('%s', mark => {
  it.each(odd)('%s', (name, kind, rows) => {
    const spec = specFor(mark, kind, rows);
    const svg = svgOf(spec);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
    for (const [, attribute, value] of svg.matchAll(/ (x|y|cx|cy)="(-?[\d.e+-]+)"/g)) {
      expect(Number(value)).toBeGreaterThanOrEqual(-1);
      expect(Number(value)).toBeLessThanOrEqual((attribute?.endsWith('x') ? width : height) + 1);
    }
    for (const columns of [40, 80, 120]) {
      const lines = renderTerminalChart(spec, {width: columns, height: 10}).split('\n');
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.some(line => /^(n = |\d[\d,]* (bars?|cells?|points?)|Nothing to draw)/.test(line)) || lines).toBe(
        true,
      );
    }
    const told = summarizeChart(spec);
    expect(told).toMatch(/n = \d|\d (bars?|cells?|points?)|Nothing to draw/);
    if (name.startsWith('values of 1e-12') && familyOf(mark) === 'xy') expect(told).not.toMatch(/\b0 to 0\b/);
  });

  it('of nulls alone says so', () => {
    const spec = specFor(
      mark,
      'number',
      many(3, i => ({x: i, y: null})),
    );
    if (familyOf(mark) === 'panels' || familyOf(mark) === 'boxes') return;
    for (const drawn of [svgOf(spec), renderTerminalChart(spec, {width: 60, height: 8}), summarizeChart(spec)])
      expect(drawn).toContain('Nothing to draw');
  });
});
