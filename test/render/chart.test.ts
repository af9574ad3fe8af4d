import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Table} from '../../src/core/dataset.ts';
import {renderTerminalChart} from '../../src/render/chart.ts';
import {familyOf} from '../../src/render/chart-marks.ts';
import {type ChartSpec, chartFromTable, chartMarks, chartSpec} from '../../src/render/chart-spec.ts';
import {summarizeChart} from '../../src/render/chart-summary.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {textWidth} from '../../src/render/text-width.ts';
import {category, goldenSpecs, specOf} from './chart-specs.ts';

const isOfRows = (mark: ChartSpec['mark']) => ['bars', 'cells', 'xy'].includes(familyOf(mark));

describe('every mark', () => {
  for (const [name, spec] of Object.entries(goldenSpecs))
    for (const width of [40, 80, 120])
      it(`${name} at ${width} columns is the committed text`, async () => {
        const drawn = renderTerminalChart(spec, {width, height: 10});
        for (const line of drawn.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        await expect(`${drawn}\n`).toMatchFileSnapshot(`../fixtures/charts/${name}-${width}.txt`);
      });

  it('has a committed text', () => {
    expect([...new Set(Object.values(goldenSpecs).map(spec => spec.mark))].sort()).toEqual([...chartMarks].sort());
  });

  for (const mark of chartMarks) {
    it(`${mark}: no rows and only nulls are said, not drawn`, () => {
      const size = {width: 60, height: 8};
      expect(renderTerminalChart(specOf({mark, points: []}), size)).toBe(
        `${mark}\nNothing to draw: there are no rows.`,
      );
      const nulls = specOf({
        mark,
        points: isOfRows(mark) ? [{x: 1, y: null}] : [],
        nullCount: 3,
      });
      expect(renderTerminalChart(nulls, size)).toContain('no value to show');
    });

    it(`${mark}: never wider than asked, never a throw, whatever the numbers are`, () => {
      const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1e12, 1e-12, -1e12, 1e9, 1e9 + 1, 0));
      const points = fc.array(fc.record({x: fc.oneof(anyNumber, fc.string()), y: fc.option(anyNumber)}), {
        maxLength: 60,
      });
      fc.assert(
        fc.property(points, fc.integer({min: 8, max: 130}), fc.integer({min: 1, max: 20}), (drawn, width, height) => {
          const bins = drawn.map((point, i) => ({x: i, x1: i + 1, y: Math.abs(Math.trunc((point.y ?? 0) % 1e9)) || 0}));
          const kind = drawn.some(({x}) => typeof x === 'string') ? 'category' : 'number';
          const grouped = drawn.map((point, i) => ({...point, group: i % 3 === 0 ? null : `g${i % 5}`}));
          const boxes = drawn.map(({x, y}, i) => {
            const at = y ?? 0;
            return {
              x,
              y,
              box: {
                n: i,
                min: at,
                low: at,
                q1: at,
                q3: at,
                high: at + Math.abs(at),
                max: at + Math.abs(at),
                outliers: 0,
              },
            };
          });
          const shaped = {
            bins,
            cells: grouped,
            bars: grouped,
            boxes,
            xy: width % 2 === 0 ? drawn : grouped,
            panels: [],
          };
          const panel = specOf({mark: 'scatter', points: drawn, x: {name: 'x', kind}});
          const panels = familyOf(mark) === 'panels' ? {panels: [panel, panel, panel, panel]} : {};
          const log = width % 3 === 0 ? {log: true} : {};
          const y = {name: 'y', kind: 'number' as const, ...log};
          const spec = specOf({mark, points: shaped[familyOf(mark)], x: {name: 'x', kind, ...log}, y, ...panels});
          expect(svgOf(spec)).not.toMatch(/NaN|Infinity"|undefined/);
          expect(summarizeChart(spec).length).toBeGreaterThan(10);
          for (const line of renderTerminalChart(spec, {width, height}).split('\n'))
            expect(textWidth(line)).toBeLessThanOrEqual(width);
        }),
        {seed: 1, numRuns: 150},
      );
    });
  }
});

describe('heatmaps', () => {
  const of = (columns: number, rows: number, y = (i: number, j: number) => i + j): ChartSpec =>
    specOf({
      mark: 'heatmap',
      x: category('x'),
      group: category('g'),
      points: Array.from({length: columns * rows}, (_, k) => {
        const [i, j] = [k % columns, Math.floor(k / columns)];
        return {x: `column ${i}`, group: `r${j}`, y: y(i, j)};
      }),
    });

  it('500 categories say how many are shown, and names too long for a cell are numbered', () => {
    const drawn = renderTerminalChart(of(500, 30), {width: 80, height: 20});
    expect(drawn.split('\n').at(-1)).toBe('15,000 cells · showing 24 of 500 columns · showing 20 of 30 rows');
    expect(drawn).toContain('1 column 0  2 column 1');
  });

  it.each([
    ['one cell', of(1, 1), '█ 0'],
    ['huge values', of(2, 2, (i, j) => 1e12 * (i + j)), '█2.0e12'],
    ['tiny values', of(2, 2, (i, j) => 1e-12 * (i + j)), '█2.0e-12'],
    ['values below zero', of(2, 2, (i, j) => (i === j ? 1 : -1)), '█-1'],
  ])('%s', (_, spec, expected) => {
    expect(renderTerminalChart(spec, {width: 60, height: 10})).toContain(expected);
  });

  it('a value that is larger never has a lighter shade', () => {
    const drawn = renderTerminalChart(of(9, 1), {width: 120, height: 3}).split('\n')[3] ?? '';
    const order = [...drawn].filter(c => '░▒▓█'.includes(c)).map(c => '░▒▓█'.indexOf(c));
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBe(4);
  });
});

describe('bars', () => {
  it('start at zero: half the value is half the bar', () => {
    const drawn = renderTerminalChart(
      specOf({
        mark: 'bar',
        x: category('x'),
        points: [
          {x: 'a', y: 100},
          {x: 'b', y: 50},
        ],
      }),
      {width: 46, height: 5},
    );
    const blocks = drawn.split('\n').map(line => line.split('█').length - 1);
    expect(blocks.slice(2, 4)).toEqual([40, 20]);
  });

  it('500 categories say how many are shown', () => {
    const points = Array.from({length: 500}, (_, i) => ({x: `c${i}`, y: i}));
    const drawn = renderTerminalChart(specOf({mark: 'bar', x: category('x'), points}), {width: 60, height: 20});
    expect(drawn.split('\n').at(-1)).toBe('500 bars · showing 20 of 500');
  });
});

describe('honesty', () => {
  it('a sample and rows that were cut off are named', () => {
    const spec = specOf({
      mark: 'scatter',
      points: [
        {x: 1, y: 1},
        {x: 2, y: 3},
      ],
      totalRows: 9000,
      sampled: true,
    });
    expect(renderTerminalChart(spec, {width: 80, height: 5})).toContain(
      'n = 2 · 2 of 9,000 rows · SAMPLE, not all rows',
    );
  });

  it('results that say how many rows stand behind each add them up, and a missing one is one result', () => {
    const points = [
      {x: 'a', y: 2, n: 30},
      {x: 'b', y: 1, n: 12},
      {x: 'c', y: null, n: 5},
    ];
    const note = (mark: 'bar' | 'line' | 'scatter') =>
      renderTerminalChart(specOf({mark, x: category('x'), points}), {width: 60, height: 5})
        .split('\n')
        .at(-1);
    expect(note('bar')).toBe('n = 42 in 2 bars · 1 null left out');
    expect(note('line')).toBe('n = 42 in 2 points · 1 null left out');
    // Dots are heaps of rows.
    expect(note('scatter')).toBe('n = 42 · 5 nulls left out');
  });

  it('results that were cut off say so, also where rows are counted', () => {
    const spec = specOf({mark: 'line', points: [1, 2].map(x => ({x, y: x, n: 9})), totalRows: null});
    expect(renderTerminalChart(spec, {width: 60, height: 5})).toMatch(
      /\nn = 18 in 2 points · first 2 rows, there are more$/,
    );
  });

  it('pairs of columns tell the fewest and the most rows, without those of a column with itself', () => {
    const cell = (x: string, group: string, n: number) => ({x, group, y: 0.5, n});
    const cells = [cell('a', 'a', 99), cell('a', 'b', 40), cell('b', 'a', 40), cell('a', 'c', 55), cell('c', 'a', 55)];
    const spec = specOf({mark: 'correlation', x: category(''), group: category(''), points: cells});
    expect(renderTerminalChart(spec, {width: 60, height: 5})).toMatch(/\nn = 40 to 55 a pair$/);
  });

  it('blocks of missing values share a column where they do not fit, and nothing missing is no shade', () => {
    const points = Array.from({length: 40}, (_, k) => ({x: `${k + 1}`, group: 'a', y: k < 20 ? 0 : 0.5, n: 10}));
    const spec = specOf({mark: 'missing', x: category('rows'), group: category('column'), points});
    const lines = renderTerminalChart(spec, {width: 22, height: 5}).split('\n');
    expect(lines[2]).toBe(`a ${'·'.repeat(10)}${'█'.repeat(10)}`);
    expect(lines.at(-1)).toBe('n = 400');
  });

  it('every series is named in the legend, on as many lines as a narrow terminal takes', () => {
    const names = ['north coast', 'south coast', 'islands', 'mainland'];
    const points = names.flatMap((group, k) => [1, 2].map(x => ({x, y: x * k, group})));
    const drawn = renderTerminalChart(specOf({mark: 'line', group: category('g'), points}), {width: 30, height: 5});
    expect(drawn).toContain('\na north coast  b south coast\nc islands  d mainland\n');
  });

  it('a line is broken where a value is missing', () => {
    const points = [0, 1, null, 3, 4].map((y, x) => ({x, y}));
    const rows = renderTerminalChart(specOf({mark: 'line', points}), {width: 40, height: 8})
      .split('\n')
      .slice(2, 10);
    const drawnColumns = new Set(
      rows.flatMap(row => [...row].flatMap((c, i) => (c >= '\u2801' && c <= '\u28ff' ? [i] : []))),
    );
    const sorted = [...drawnColumns].sort((a, b) => a - b);
    expect(sorted.some((column, i) => i > 0 && column - (sorted[i - 1] ?? 0) > 5)).toBe(true);
  });

  it('an infinite value is counted, not drawn', () => {
    const points = [
      {x: 1, y: 1},
      {x: 2, y: Number.POSITIVE_INFINITY},
      {x: 3, y: Number.NaN},
    ];
    expect(renderTerminalChart(specOf({mark: 'line', points}), {width: 60, height: 4})).toContain(
      '1 point · 2 not finite',
    );
  });

  it('text without a zone is read as UTC, so an hour that the clocks skip is still an hour wide', () => {
    const points = ['2024-03-31 01:00:00', '2024-03-31 02:00:00', '2024-03-31 03:00:00'].map((x, y) => ({x, y}));
    const drawn = renderTerminalChart(specOf({mark: 'line', x: {name: 't', kind: 'time'}, points}), {
      width: 80,
      height: 4,
    });
    expect(drawn).toMatch(/\b2024-03-31 01:00 +01:30 +02:00 +02:30 +03:00$/m);
  });

  it('escapes in titles, names and categories are shown, not sent', () => {
    const spec = specOf({
      mark: 'bar',
      title: 't\u001b[2J',
      x: category('x\u001b]8;;'),
      points: [{x: 'a\u202e\r', y: 1}],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(renderTerminalChart(spec, {width: 80, height: 4})).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const line = specOf({
      mark: 'line',
      x: category('x'),
      points: [
        {x: 'a\u001b[2J', y: 1},
        {x: 'b', y: 2},
      ],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(renderTerminalChart(line, {width: 80, height: 4})).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('chartFromTable', () => {
  const table: Table = {
    columns: [
      {name: 'month', type: 'DATE', kind: 'time'},
      {name: 'price', type: 'DECIMAL(20,2)', kind: 'number'},
    ],
    rows: [
      ['2024-01-01', '12345678901234.25'],
      ['2024-02-01', 3n],
      [null, null],
    ],
    totalRows: 3,
  };

  it('takes kinds from the columns and every kind of number, and its result passes the schema', () => {
    const spec = chartFromTable({mark: 'line', table, x: 'month', y: 'price'});
    expect(chartSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    expect(spec.x.kind).toBe('time');
    expect(spec.points.map(point => point.y)).toEqual([12345678901234.25, 3, null]);
  });

  it('an unknown column is refused with the nearest names', () => {
    expect(() => chartFromTable({mark: 'bar', table, x: 'mnth', y: 'price'})).toThrow(
      expect.objectContaining({code: 'chart.unknown_column', hint: 'It has: month.'}),
    );
  });

  it('y that is not a number is refused', () => {
    expect(() => chartFromTable({mark: 'bar', table, x: 'price', y: 'month'})).toThrow(
      expect.objectContaining({code: 'chart.y_not_number'}),
    );
  });
});
