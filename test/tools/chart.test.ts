import {readFileSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import type {Artifact} from '../../src/core/tool.ts';
import {pngOf} from '../../src/render/png.ts';
import {svgOf} from '../../src/render/svg/svg.ts';
import {drawableMarks} from '../../src/tools/chart.ts';
import {pictureFont, pictureFontFiles} from '../../src/tools/charts/chart-fonts.ts';
import {parseKeptChart} from '../../src/tools/charts/keep-chart.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const list = z.array(z.number());
const golden = z
  .object({
    qq: z.array(
      z.object({
        name: z.string(),
        values: list,
        normal: list,
        quantiles: list,
        slope: z.number(),
        intercept: z.number(),
      }),
    ),
    correlation: z.object({
      rows: z.array(z.array(z.number().nullable())),
      pairs: z.array(z.object({a: z.string(), b: z.string(), r: z.number(), n: z.number()})),
    }),
  })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/analysis/charts-scipy.json', import.meta.url), 'utf8')));

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

it('a column n of the result says how many rows each bar is of; one that is drawn does not', async () => {
  const noteOf = async (asked: Record<string, unknown>) => {
    const {artifacts = []} = success(await bench.run('draw_chart', {mark: 'bar', ...asked}));
    return artifacts[0]?.preview?.split('\n').at(-1);
  };
  const sql = 'SELECT region, avg(price) AS mean, count(price) AS n FROM sales GROUP BY 1';
  expect(await noteOf({sql, x: 'region', y: 'mean'})).toBe('n = 400 in 3 bars');
  expect(await noteOf({sql, x: 'region', y: 'n'})).toBe('3 bars');
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
  const specOfChart = async (artifacts: readonly Artifact[] = []) =>
    (
      await parseKeptChart(
        await readFile(bench.workspace.path((artifacts[0]?.path ?? '').replace(/svg$/, 'json')), 'utf8'),
      )
    ).spec;
  const near = (found: unknown, wanted: number) =>
    expect(Math.abs(Number(found) - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)));

  it('the text of a histogram has at most 20 lines, which hold every row', async () => {
    const sql = 'SELECT (i * i) % 1009 + (i % 7) / 7 AS v FROM range(60000) t(i)';
    const {summary} = success(await bench.run('draw_chart', {mark: 'histogram', sql, x: 'v'}));
    const counts = [...summary.matchAll(/^[\d.,]+ to [\d.,]+: ([\d,]+)$/gm)].map(each =>
      Number(each[1]?.replaceAll(',', '')),
    );
    expect(summary).toMatch(/^\d+ bins a line:$/m);
    expect(counts.length).toBeLessThanOrEqual(20);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(60_000);
  });

  it('a box keeps its outliers, thinned to what a drawing can show, both ends among them', async () => {
    const few = 'SELECT unnest([1, 2, 3, 4, 5, 40, 50, -30]) AS v';
    const drawn = async (sql: string) =>
      (await specOfChart(success(await bench.run('draw_chart', {mark: 'box', sql, x: 'v'})).artifacts)).points[0]?.box;
    expect(await drawn(few)).toMatchObject({outliers: 3, beyond: [-30, 40, 50]});
    const many =
      'SELECT * FROM (SELECT i % 100 AS v FROM range(100000) t(i) UNION ALL SELECT 1000 + i / 7 FROM range(7000) t(i))';
    const box = await drawn(many);
    expect(box?.outliers).toBe(7000);
    expect(box?.beyond?.length).toBeLessThanOrEqual(202);
    expect(box?.beyond?.length).toBeGreaterThan(90);
    expect([box?.beyond?.[0], box?.beyond?.at(-1)]).toEqual([1000, box?.max]);
    expect(await drawn('SELECT unnest([1, 2, 3]) AS v')).not.toHaveProperty('beyond');
  });

  it.each(golden.qq)("a Q-Q plot has numpy's quantiles, SciPy's normal ones and R's line, $name", async each => {
    const sql = `SELECT unnest([${each.values.join(', ')}]::DOUBLE[]) AS v`;
    const {artifacts} = success(await bench.run('draw_chart', {mark: 'qq', sql, x: 'v'}));
    const {points, guides = []} = await specOfChart(artifacts);
    expect(points).toHaveLength(each.quantiles.length);
    points.forEach(({x, y}, i) => {
      near(x, each.normal[i] ?? Number.NaN);
      near(y, each.quantiles[i] ?? Number.NaN);
    });
    const [{x0, y0} = {x0: 0, y0: 0}] = guides;
    near(y0, each.intercept + each.slope * x0);
  });

  it("correlations are pandas' corr over the complete rows of each pair", async () => {
    const {rows, pairs} = golden.correlation;
    const values = rows.map(row => `(${row.map(cell => `${cell ?? 'NULL'}::DOUBLE`).join(', ')})`).join(', ');
    const sql = `SELECT * FROM (VALUES ${values}) t(a, b, c)`;
    const {summary, artifacts} = success(await bench.run('draw_chart', {mark: 'correlation', sql}));
    const {points} = await specOfChart(artifacts);
    for (const {a, b, r, n} of pairs) {
      near(points.find(({x, group}) => x === b && group === a)?.y, r);
      expect(summary).toMatch(new RegExp(`\\| ${a} \\| ${b} \\| -?0\\.\\d+ \\| ${n} \\|`));
    }
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
