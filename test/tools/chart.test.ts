import {readdir, readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {pngOf} from '../../src/render/png.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {drawableMarks} from '../../src/tools/chart.ts';
import {pictureFont, pictureFontFiles} from '../../src/tools/charts/chart-fonts.ts';
import {parseKeptChart} from '../../src/tools/charts/keep-chart.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const rows = Array.from({length: 400}, (_, i) => {
    const price = (10 + (i % 40) * 0.5 + (i % 7)).toFixed(2);
    return `${price},${i % 9},${['north', 'south', 'east'][i % 3]},${i % 11 === 0 ? '' : i},2024-${String((i % 12) + 1).padStart(2, '0')}-01`;
  });
  await bench.data('sales', ['price,quantity,region,visits,month', ...rows].join('\n'));
});
afterAll(() => bench.close());

const args: Record<string, Record<string, unknown>> = {
  bar: {sql: 'SELECT region, avg(price) AS mean FROM sales GROUP BY 1 ORDER BY 1', x: 'region', y: 'mean'},
  line: {
    sql: 'SELECT month, region, sum(price) AS total FROM sales GROUP BY 1, 2 ORDER BY 1',
    x: 'month',
    y: 'total',
    group: 'region',
  },
  area: {
    sql: 'SELECT month, region, sum(price) AS total FROM sales GROUP BY 1, 2 ORDER BY 1',
    x: 'month',
    y: 'total',
    group: 'region',
    stacked: true,
  },
  scatter: {sql: 'SELECT quantity, price FROM sales', x: 'quantity', y: 'price'},
  histogram: {sql: 'SELECT price FROM sales', x: 'price'},
  box: {sql: 'SELECT region, price FROM sales', x: 'region', y: 'price'},
  violin: {sql: 'SELECT region, price FROM sales', x: 'region', y: 'price'},
  heatmap: {sql: 'SELECT * FROM sales', x: 'quantity', group: 'region'},
  ecdf: {sql: 'SELECT * FROM sales', x: 'price', group: 'region'},
  qq: {sql: 'SELECT * FROM sales', x: 'price'},
  correlation: {sql: 'SELECT * FROM sales'},
  missing: {sql: 'SELECT * FROM sales'},
  pairs: {sql: 'SELECT price, quantity, visits FROM sales'},
};

describe('every mark that rows give', () => {
  it.each(drawableMarks)('%s: text, files, facts for the model, and a spec that can be read again', async mark => {
    const {summary, artifacts = [], receipt} = success(await bench.run('draw_chart', {mark, ...args[mark]}));
    const [chart, page] = artifacts;
    expect(chart?.preview?.split('\n').at(-1)).toMatch(/\d/);
    expect(summary.split('\n').at(-1)).toMatch(/\.$/);
    expect(receipt.sql).toContain('SELECT');
    expect(await readFile(bench.workspace.path(chart?.path ?? ''), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(await readFile(bench.workspace.path(page?.path ?? ''), 'utf8')).toContain("default-src 'none'");
    const kept = await parseKeptChart(
      await readFile(bench.workspace.path((chart?.path ?? '').replace(/svg$/, 'json')), 'utf8'),
    );
    expect(kept.spec.mark).toBe(mark);
    expect(svgOf(kept.spec)).toBe(await readFile(bench.workspace.path(chart?.path ?? ''), 'utf8'));
    expect(kept.source?.datasets[0]?.name).toBe('sales');
  });

  it('the same chart again is the same file, not another one', async () => {
    const asked = {mark: 'bar', ...args.bar, title: 'Twice'};
    success(await bench.run('draw_chart', asked));
    const before = await readdir(bench.workspace.path('charts'));
    success(await bench.run('draw_chart', asked));
    expect(await readdir(bench.workspace.path('charts'))).toEqual(before);
  });

  it('a PNG is made when asked for, of the size of the SVG twice', async () => {
    const {artifacts = []} = success(await bench.run('draw_chart', {mark: 'bar', ...args.bar, png: true}));
    const png = await readFile(bench.workspace.path(artifacts.at(-1)?.path ?? ''));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1280);
  });
});

describe('facets', () => {
  it('a histogram for each value has the same bins, and every row once', async () => {
    const {artifacts = [], summary} = success(
      await bench.run('draw_chart', {mark: 'histogram', sql: 'SELECT * FROM sales', x: 'price', facet: 'region'}),
    );
    const {spec} = await parseKeptChart(
      await readFile(bench.workspace.path((artifacts[0]?.path ?? '').replace(/svg$/, 'json')), 'utf8'),
    );
    expect(spec.panels?.map(({title}) => title)).toEqual(['east', 'north', 'south']);
    const edges = spec.panels?.map(({points}) => points.map(({x, x1}) => [x, x1]));
    expect(edges?.[1]).toEqual(edges?.[0]);
    const counted = spec.panels?.flatMap(({points}) => points.map(({y}) => y ?? 0)).reduce((a, b) => a + b, 0);
    expect(counted).toBe(400);
    expect(summary).toContain('north: n = 134');
  });

  it('a line for each value shares its axes', async () => {
    const {artifacts = []} = success(
      await bench.run('draw_chart', {...args.line, mark: 'line', group: undefined, facet: 'region'}),
    );
    expect(artifacts[0]?.preview).toContain('for each region');
  });

  it('of several series know all of them in every panel', async () => {
    const sql =
      "SELECT * FROM (VALUES ('a', 1, 'p', 'x'), ('a', 2, 'q', 'x'), ('b', 3, 'q', 'y')) t(panel, v, series, k)";
    const {artifacts = []} = success(
      await bench.run('draw_chart', {mark: 'bar', sql, x: 'k', y: 'v', group: 'series', facet: 'panel'}),
    );
    const kept = await readFile(bench.workspace.path((artifacts[0]?.path ?? '').replace('.svg', '.json')), 'utf8');
    const {panels} = JSON.parse(kept).spec;
    expect(panels.map((panel: {series: string[]}) => panel.series)).toEqual([
      ['p', 'q'],
      ['p', 'q'],
    ]);
  });

  it('marks without facets say which have them', async () => {
    const {code, hint} = failure(
      await bench.run('draw_chart', {mark: 'qq', sql: 'SELECT price FROM sales', x: 'price', facet: 'x'}),
    );
    expect(code).toBe('chart.no_facets');
    expect(hint).toContain('histogram');
  });
});

describe('figures', () => {
  // statsmodels.api.qqplot and scipy.stats.norm.ppf: quantiles of 1 … 9 at (i - 0.5) / 9.
  it('a Q-Q plot has the quantiles of the sample and of the normal distribution', async () => {
    const {artifacts = []} = success(
      await bench.run('draw_chart', {mark: 'qq', sql: 'SELECT i AS v FROM range(1, 10) t(i)', x: 'v'}),
    );
    const {spec} = await parseKeptChart(
      await readFile(bench.workspace.path((artifacts[0]?.path ?? '').replace(/svg$/, 'json')), 'utf8'),
    );
    const normal = spec.points.map(({x}) => Number(x));
    expect(normal[0]).toBeCloseTo(-1.5932188180230502, 9);
    expect(normal[4]).toBeCloseTo(0, 9);
    expect(spec.points[4]?.y).toBe(5);
    // R: qqline goes through the quartiles, 3 and 7.
    const {x0, y0, x1, y1} = spec.guides?.[0] ?? {x0: 0, y0: 0, x1: 1, y1: 0};
    expect((y1 - y0) / (x1 - x0)).toBeCloseTo(4 / (2 * 0.6744897501960817), 9);
  });

  it("correlations are pandas' corr", async () => {
    const sql = 'SELECT * FROM (VALUES (1, 2, 7), (2, 4.5, 7), (3, 5, 7), (NULL, 9, 7), (5, 4, 7)) t(a, b, c)';
    const {summary, artifacts} = success(await bench.run('draw_chart', {mark: 'correlation', sql}));
    // pandas 1.5.3: DataFrame.corr().loc['a', 'b'] over the four complete rows.
    expect(summary).toContain('| a | b | 0.500946 | 4 |');
    expect(artifacts?.[0]?.preview).toContain('5 nulls left out');
  });

  it('a map of missing values counts them by column', async () => {
    const {summary} = success(await bench.run('draw_chart', {mark: 'missing', sql: 'SELECT * FROM sales'}));
    expect(summary).toContain('| visits | 37 | 9.25 |');
  });

  it('a violin integrates to one', async () => {
    const {artifacts = []} = success(await bench.run('draw_chart', {mark: 'violin', ...args.violin}));
    const {spec} = await parseKeptChart(
      await readFile(bench.workspace.path((artifacts[0]?.path ?? '').replace(/svg$/, 'json')), 'utf8'),
    );
    for (const {density = [], box} of spec.points) {
      const step = ((box?.max ?? 0) - (box?.min ?? 0)) / (density.length - 1);
      const area = density.reduce((sum, each) => sum + each, 0) * step;
      // The tails beyond the least and the greatest value are cut.
      expect(area).toBeGreaterThan(0.9);
      expect(area).toBeLessThanOrEqual(1.001);
    }
  });

  it('the trend of a scatter is the least-squares line', async () => {
    const sql = 'SELECT i AS x, 3 + 2 * i AS y FROM range(10) t(i)';
    const {artifacts} = success(await bench.run('draw_chart', {mark: 'scatter', sql, x: 'x', y: 'y'}));
    expect(artifacts?.[0]?.preview).toContain('least squares: y = 3 + 2 × x');
    expect(artifacts?.[0]?.preview).toContain('r² = 1');
  });
});

describe('a picture', () => {
  it('has its text: the same chart without words has other pixels', async () => {
    const options = {fontFiles: pictureFontFiles(), fontFamily: pictureFont, scale: 1};
    const spec = {
      mark: 'bar' as const,
      title: 'A title',
      x: {name: 'x', kind: 'category' as const},
      y: {name: 'y', kind: 'number' as const},
      points: [{x: 'a', y: 1}],
      totalRows: 1,
      nullCount: 0,
      sampled: false,
    };
    const svg = svgOf(spec, {font: pictureFont});
    const named = await pngOf(svg, options);
    const bare = await pngOf(svg.replace('>A title<', '><'), options);
    expect(Buffer.from(named.png).equals(Buffer.from(bare.png))).toBe(false);
    expect(named.png.length).toBeGreaterThan(bare.png.length + 200);
  });
});
