import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {UsageError} from '../../src/core/errors.ts';
import {tweakChart} from '../../src/render/tweak-chart.ts';
import {goldenSpecs, specOf} from '../render/chart-specs.ts';
import {makePlace, type Place, runProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const bars = goldenSpecs.bar ?? specOf({mark: 'bar', points: []});
const grouped = goldenSpecs['grouped-bar'] ?? bars;

describe('tweaks', () => {
  it('change how a chart shows its numbers, never the numbers', () => {
    for (const text of ['log y', 'title Other', 'unit y $', 'name x place', 'sort name', 'mark line', 'width 900']) {
      const {spec} = tweakChart(bars, text);
      const values = (points: typeof bars.points) => points.map(({x, y}) => `${x} ${y}`).sort();
      expect(values(spec.points)).toEqual(values(bars.points));
    }
  });

  it('several in order, and the largest are said to be the largest', () => {
    const {spec, width} = tweakChart(bars, 'top 2; log y; title A and B; width 900');
    expect(spec.points.map(({x}) => x)).toEqual(['Coast', 'South']);
    expect(spec).toMatchObject({title: 'A and B', y: {log: true}, notes: ['the 2 largest of 7']});
    expect(width).toBe(900);
  });

  it('series can be stacked and unstacked, but not on a log axis', () => {
    expect(tweakChart(grouped, 'stack').spec.stacked).toBe(true);
    expect(tweakChart(grouped, 'stack; unstack').spec.stacked).toBeUndefined();
    expect(() => tweakChart(grouped, 'log y; stack')).toThrow(
      expect.objectContaining({code: 'chart.tweak_impossible'}),
    );
  });

  it.each([
    ['', 'chart.tweak_unknown'],
    ['lgo y', 'chart.tweak_unknown'],
    ['constructor', 'chart.tweak_unknown'],
    ['log z', 'chart.tweak_unknown'],
    ['log x', 'chart.tweak_impossible'],
    ['mark pie', 'chart.tweak_impossible'],
    ['mark roc', 'chart.tweak_impossible'],
    ['top 0', 'chart.tweak_unknown'],
    ['width 5', 'chart.tweak_unknown'],
  ])('"%s" is refused', (text, code) => {
    expect(() => tweakChart(bars, text)).toThrow(UsageError);
    expect(() => tweakChart(bars, text)).toThrow(expect.objectContaining({code}));
  });
});

describe('/chart in scripts', () => {
  let place: Place;
  beforeAll(async () => {
    place = makePlace();
    await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
  });
  afterAll(() => place.remove());

  it('draws, keeps, writes where it was told, and never over a file', async () => {
    const line = '/chart bar mean price by region to bars.png';
    const run = await runProgram(['-p', line], {place});
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toContain('kept in the workspace: charts/mean-of-price-by-region-');
    expect(run.stdout, 'said once').not.toContain('charts/');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a script gets no escape sequence
    expect(run.stdout).not.toMatch(/\u001b/);
    expect(readFileSync(join(place.cwd, 'bars.png')).subarray(1, 4).toString()).toBe('PNG');
    expect((await runProgram(['-p', line], {place})).code).not.toBe(0);
  });

  it('refuses a file of another kind before it draws', async () => {
    for (const command of ['/chart bar mean price by region to bars.gif', '/chart tweak log y to "a b.pdf"']) {
      const run = await runProgram(['-p', command], {place});
      expect(run.code, command).toBe(2);
      expect(run.stderr).toContain('Name a file that ends in .svg, .html, .png or .json.');
      expect(run.stderr).not.toContain('draw_chart');
    }
  });

  it('a tweak goes on from the last chart without a query, and so does the next tweak', async () => {
    await runProgram(['-p', '/chart bar mean price by region'], {place});
    const first = await runProgram(['-p', '/chart tweak title Dear and cheap'], {place});
    expect(first.stdout).toContain('Dear and cheap\n');
    const second = await runProgram(['-p', '/chart tweak log y to log.svg'], {place});
    expect(second.stdout).toContain('Dear and cheap\n');
    expect(readFileSync(join(place.cwd, 'log.svg'), 'utf8')).toContain('(log scale)');
  });

  it('--json tells the paths', async () => {
    const run = await runProgram(['--json', '-p', '/chart ecdf price'], {place});
    const {artifacts} = JSON.parse(run.stdout) as {artifacts: {path?: string}[]};
    const kept = readdirSync(join(place.workspace, 'charts'));
    expect(artifacts.map(({path}) => path?.replace('charts/', ''))).toHaveLength(2);
    for (const {path} of artifacts) expect(kept).toContain(path?.replace('charts/', ''));
  });
});
