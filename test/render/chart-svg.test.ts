import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chartMarks, chartSpec} from '../../src/render/chart-spec.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {category, goldenSpecs, numeric, specOf} from './chart-specs.ts';

/** Tags opened and closed in order, attributes quoted, text escaped: what every XML reader demands. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|#39);[^"<>&]*)*")*)(\/?)>/g,
    (_, closing, name, __, empty) => {
      if (closing) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&]/);
}

const hostile = [
  '</script><img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "' onload='alert(1)",
  '&lt;b&gt; & <b>',
  '\\input{/etc/passwd} $\\frac{1}{0}$',
  '\u001b[2J\u001b]8;;http://evil\u0007\u202e\u0000\uffff\ud800',
  ']]> <!-- <![CDATA[ <?xml',
];

describe('facets of several series', () => {
  const panel = (mark: 'bar' | 'line', title: string, groups: string[]) =>
    specOf({
      mark,
      title,
      x: category('year'),
      series: ['north', 'south', 'east'],
      points: groups.flatMap(group => ['2023', '2024'].map((x, i) => ({x, y: i + 1, group}))),
    });
  it.each(['bar', 'line'] as const)(
    'of a %s chart have one legend, and a series looks the same where others are missing',
    mark => {
      const panels = [panel(mark, 'bikes', ['north', 'south', 'east']), panel(mark, 'boats', ['east'])];
      const svg = svgOf(specOf({mark: 'facets', title: 'By product', points: [], panels}));
      const legend = svg.slice(0, svg.indexOf('>bikes<'));
      for (const name of ['north', 'south', 'east']) expect(legend.split(`>${name}<`)).toHaveLength(2);
      const boats = svg.slice(svg.indexOf('>boats<'));
      const role = mark === 'bar' ? 'fill' : 'line';
      expect(new Set(boats.match(new RegExp(`class="${role}\\d`, 'g')))).toEqual(new Set([`class="${role}2`]));
    },
  );
});

describe('the SVG of every mark', () => {
  for (const [name, spec] of Object.entries(goldenSpecs))
    it(`${name} is the committed drawing, well formed, and valid by the schema`, async () => {
      expect(chartSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
      const svg = svgOf(spec);
      assertWellFormed(svg);
      expect(svg).toContain(spec.title);
      await expect(svg).toMatchFileSnapshot(`../fixtures/charts/${name}.svg`);
    });

  it('dark differs from light in colours only', () => {
    const bare = (svg: string) => svg.replace(/#[0-9a-f]{6}/g, '#');
    for (const spec of Object.values(goldenSpecs)) {
      expect(bare(svgOf(spec, {theme: 'dark'}))).toBe(bare(svgOf(spec)));
      expect(svgOf(spec, {theme: 'dark'})).toContain('fill="#16181d"');
    }
  });

  it.each(chartMarks)('%s: names and cells from outside stay text', mark => {
    for (const text of hostile) {
      const axis = {name: text, kind: 'category' as const, unit: text};
      const box = {n: 3, min: 1, low: 1, q1: 1, q3: 2, high: 3, max: 3, outliers: 0};
      const points = [
        {x: text, x1: 2, y: 1, group: text, box},
        {x: 'b', x1: 3, y: 2, group: 'g', box},
      ];
      const guides = [{x0: 0, y0: 0, x1: 1, y1: 1, name: text}];
      const panel = specOf({mark: 'scatter', title: text, points: [{x: text, y: 1}], x: axis});
      const spec = specOf({
        mark,
        title: text,
        x: axis,
        y: {...axis, kind: 'number'},
        group: axis,
        points,
        guides,
        notes: [text],
        panels: [panel],
      });
      const svg = svgOf(spec);
      assertWellFormed(svg);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\uffff]/);
      expect(svg).not.toMatch(/<(script|img|a|image|foreignObject|style|use)\b/);
      expect(svg).not.toMatch(/<[^>]* on[a-z]+="/);
    }
  });

  it('any text whatever gives well-formed SVG', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), text => {
        assertWellFormed(svgOf(specOf({mark: 'bar', title: text, x: category(text), points: [{x: text, y: 1}]})));
      }),
      {seed: 4, numRuns: 200},
    );
  });
});

describe('honest axes', () => {
  const lengths = (svg: string) =>
    [...svg.matchAll(/<rect class="fill\d"[^>]* width="([\d.]+)"/g)].map(match => Number(match[1]));
  const heights = (svg: string) =>
    [...svg.matchAll(/<rect class="fill\d"[^>]* height="([\d.]+)"/g)].map(match => Number(match[1]));

  it('bars start at zero: half the value is half the bar, also far from zero', () => {
    const points = [
      {x: 'a', y: 1000},
      {x: 'b', y: 500},
      {x: 'c', y: 999},
    ];
    const [a = 0, b = 0, c = 0] = lengths(svgOf(specOf({mark: 'bar', x: category('x'), points})));
    expect(b / a).toBeCloseTo(0.5, 3);
    expect(c / a).toBeCloseTo(0.999, 3);
  });

  it('bins of a histogram start at zero', () => {
    const points = [
      {x: 0, x1: 1, y: 1000},
      {x: 1, x1: 2, y: 500},
    ];
    const [a = 0, b = 0] = heights(svgOf(specOf({mark: 'histogram', points})));
    expect(b / a).toBeCloseTo(0.5, 3);
  });

  it('a log axis has no zero, so bars become dots, and what is not above zero is counted', () => {
    const svg = svgOf(goldenSpecs['log-bar'] ?? specOf({mark: 'bar', points: []}));
    expect(lengths(svg)).toEqual([]);
    expect(svg).toContain('1 not above zero, left out on the log axis');
    expect(svg).toContain('rows (log scale)');
  });

  it('the unit stands on the axis', () => {
    expect(svgOf(goldenSpecs.scatter ?? specOf({mark: 'bar', points: []}))).toContain('>price [€]<');
  });

  it('every outlier of a box has its place, not only the last of them', () => {
    const box = {n: 20, min: 1, low: 1, q1: 2, q3: 4, high: 6, max: 40, outliers: 4};
    const circles = (beyond?: number[]) =>
      svgOf(specOf({mark: 'box', points: [{x: 'a', y: 3, box: {...box, ...(beyond && {beyond})}}]})).match(/<circle/g);
    expect(circles([12, 20, 33, 40])).toHaveLength(4);
    expect(circles()).toHaveLength(1);
  });

  it('names of cells are whole where few columns leave room, and cut where not', () => {
    const name = 'Home appliances & kitchen electronics';
    const cells = (columns: number) =>
      svgOf(
        specOf({
          mark: 'heatmap',
          group: category('g'),
          points: Array.from({length: columns}, (_, i) => ({x: `c${i}`, y: i, group: name})),
        }),
      );
    expect(cells(2)).toContain('>Home appliances &amp; kitchen electronics<');
    expect(cells(9)).toMatch(/>Home appliances[^<]*…</);
  });

  it('the columns of pairs are named once, and n is that of a panel, not a sum of all', () => {
    const svg = svgOf(goldenSpecs.pairs ?? specOf({mark: 'bar', points: []}));
    const headings = [...svg.matchAll(/<text class="panel"[^>]*>([^<]*)</g)].map(match => match[1]);
    expect(headings).toEqual(goldenSpecs.pairs?.panels?.slice(0, 3).map(({x}) => x.name));
    expect(svg).toMatch(/>n = \d+(?: to \d+)? a panel</);
  });

  it('years have no thousands separator and nothing between them, from the first to the last', () => {
    const points = [2000, 2001, 2002, 2003].map(x => ({x, y: x * 2}));
    const svg = svgOf(specOf({mark: 'line', x: numeric('year'), points}));
    const labels = [...svg.matchAll(/<text class="label"[^>]*text-anchor="middle"[^>]*>([^<]*)</g)].map(
      match => match[1],
    );
    expect(labels).toEqual(['2000', '2001', '2002', '2003']);
    expect(svg).toContain('from 4,000 in 2000 to 4,006 in 2003');
    expect(
      svgOf(
        specOf({
          mark: 'line',
          x: numeric('price'),
          points: [
            {x: 1500, y: 1},
            {x: 2000, y: 2},
          ],
        }),
      ),
    ).toContain('>1,600<');
  });

  it('series that share a colour differ by their dashes', () => {
    const points = Array.from({length: 10}, (_, i) => [0, 1].map(x => ({x, y: i + x, group: `s${i}`}))).flat();
    const svg = svgOf(specOf({mark: 'line', group: category('g'), points}));
    const dashes = [...svg.matchAll(/<path class="line0"[^>]*?d="M[\d.]+ [\d.]+h16"([^>]*)>/g)].map(
      match => /dasharray="([^"]*)"/.exec(match[1] ?? '')?.[1],
    );
    expect(dashes).toHaveLength(2);
    expect(dashes[0]).not.toBe(dashes[1]);
  });

  it('500 categories: the first 40, and it says so', () => {
    const points = Array.from({length: 500}, (_, i) => ({x: `c${i}`, y: i}));
    const svg = svgOf(specOf({mark: 'bar', x: category('x'), points}));
    expect(svg).toContain('500 bars · showing 40 of 500');
    expect(lengths(svg)).toHaveLength(40);
  });
});

describe('odd data', () => {
  const time = {name: 't', kind: 'time' as const};
  const values: [string, ChartPoints][] = [
    ['one point', [[1, 2]]],
    [
      'one value',
      [
        [1, 5],
        [2, 5],
      ],
    ],
    [
      'huge values',
      [
        [1, 1e12],
        [2, 3e12],
      ],
    ],
    [
      'tiny values',
      [
        [1, 1e-12],
        [2, 3e-12],
      ],
    ],
    [
      'a huge offset',
      [
        [1, 1e12],
        [2, 1e12 + 1],
      ],
    ],
  ];
  it.each(values)('%s: finite places and readable ticks', (_, rows) => {
    for (const mark of ['line', 'scatter', 'area', 'bar'] as const) {
      const svg = svgOf(specOf({mark, x: numeric('x'), points: rows.map(([x, y]) => ({x, y}))}));
      assertWellFormed(svg);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect([...svg.matchAll(/<text class="label"/g)].length).toBeGreaterThan(2);
    }
  });

  it('no rows and only nulls are said', () => {
    expect(svgOf(specOf({mark: 'line', points: []}))).toContain('Nothing to draw: there are no rows.');
    expect(svgOf(specOf({mark: 'line', points: [{x: 1, y: null}]}))).toContain(
      'Nothing to draw: the only row has no value',
    );
  });

  it('an hour that the clocks skip is an hour wide, with every hour labelled once', () => {
    const points = ['00:00', '01:00', '02:00', '03:00', '04:00'].map((clock, y) => ({x: `2024-03-31 ${clock}:00`, y}));
    const svg = svgOf(specOf({mark: 'line', x: time, points}));
    const labels = [...svg.matchAll(/text-anchor="middle">([\d:-]+)</g)].map(match => match[1]);
    expect(labels.filter(label => !label?.endsWith(':30'))).toEqual(['2024-03-31', '01:00', '02:00', '03:00', '04:00']);
    expect(new Set(labels).size).toBe(labels.length);
    const xs = [...svg.matchAll(/<circle class="dot0"[^>]* cx="([\d.]+)"/g)].map(match => Number(match[1]));
    const steps = xs.slice(1).map((x, i) => x - (xs[i] ?? 0));
    for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 1);
  });
});

type ChartPoints = [x: number, y: number][];
