import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {umapLines} from '../../src/tools/exploring/umap.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const rows = Array.from({length: 100}, (_, i) => {
  const size = (i * 37) % 101;
  const wobble = ((i * 7919) % 13) - 6;
  return `${size},${2 * size + wobble},${i === 5 ? '' : -size + wobble},${(i * 31) % 17},${i % 2 ? 'left' : 'right'}`;
});

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('shapes', ['a,b,c,d,side', ...rows].join('\n'));
  await bench.data('one', 'a,b\n1,x\n2,y\n3,z\n');
});
afterAll(() => bench.close());

const reduce = async (args: object) => success(await bench.run('reduce', {dataset: 'shapes', ...args}));

describe('reduce', () => {
  it('tells the shares, the loadings and how many components are enough, and draws the rows by a category', async () => {
    const {summary, table, artifacts} = await reduce({by: 'side'});
    expect(summary).toContain('Principal components of 99 rows by a, b, c, d, each scaled to mean 0 and sd 1');
    expect(summary).toContain('1 rows with a missing value are left out.');
    expect(summary).toMatch(/2 components hold 9\d(\.\d)? % of the variance; \d ha(s|ve) a variance above 1/);
    expect(summary).toMatch(/PC1 \(7\d(\.\d)? %\): [abc] \+0\.5\d+, [abc] [+-]0\.5\d+, [abc] [+-]0\.5\d+\./);
    expect(table?.columns.map(({name}) => name).slice(0, 5)).toEqual([
      'component',
      'variance',
      'share',
      'cumulative',
      'loading a',
    ]);
    expect(table?.rows.at(-1)?.[3]).toBeCloseTo(1, 12);
    expect(artifacts?.[0]?.preview).toContain('a left  b right');
  });

  it('keeps components whose SQL gives their variance again', async () => {
    const {table, summary} = await reduce({components: 3, save_as: 'turned'});
    expect(summary).toContain('New columns: pc1, pc2, pc3.');
    const sql = 'SELECT var_samp(pc1), var_samp(pc3), corr(pc1, pc2), count(pc1) FROM turned';
    const [[first, third, together, count] = []] = success(await bench.run('run_sql', {sql})).table?.rows ?? [];
    expect(first).toBeCloseTo(Number(table?.rows[0]?.[1]), 9);
    expect(third).toBeCloseTo(Number(table?.rows[2]?.[1]), 9);
    expect(together).toBeCloseTo(0, 9);
    expect(count).toBe(99);
  });

  it('umap says how far its picture is to be trusted beside the components, and draws the rows by a category', async () => {
    const {summary, table, artifacts, receipt} = await reduce({method: 'umap', by: 'side'});
    expect(summary).toContain('UMAP of 99 rows by a, b, c, d, each scaled to mean 0 and sd 1 (15 neighbours,');
    expect(summary).toContain('1 rows with a missing value are left out.');
    expect(summary).not.toContain('hardly to be trusted');
    expect(summary).toContain('how far groups lie apart, how large they look, and the axes mean little.');
    expect(table?.columns.map(({name}) => name)).toEqual([
      'picture',
      'trustworthiness',
      'same side among the 15 nearest',
    ]);
    expect(table?.rows.map(([name]) => name)).toEqual([
      'UMAP',
      'first two components',
      'all columns',
      'rows at random',
    ]);
    expect(table?.rows[0]?.[1]).toBeGreaterThan(0.9);
    expect(table?.rows[3]?.[2]).toBeCloseTo(0.5, 2);
    expect(artifacts?.[0]?.preview).toContain('a left  b right');
    expect(artifacts?.[0]?.path).toMatch(/^charts\/.*\.svg$/);
    expect(receipt.sql).toContain('"a"');
  });

  it('keeps the places of umap, none for a row that misses a value, and the same ones each time', async () => {
    const {summary} = await reduce({method: 'umap', save_as: 'laid'});
    expect(summary).toContain('New columns: umap1, umap2.');
    await reduce({method: 'umap', save_as: 'laid_again'});
    const sql = `SELECT count(*), count(l.umap1), count(*) FILTER (l.c IS NULL AND l.umap2 IS NULL),
      count(*) FILTER (l.umap1 IS DISTINCT FROM m.umap1 OR l.umap2 IS DISTINCT FROM m.umap2)
      FROM laid l POSITIONAL JOIN laid_again m`;
    expect(success(await bench.run('run_sql', {sql})).table?.rows).toEqual([[100, 99, 1, 0]]);
    expect(failure(await bench.run('reduce', {dataset: 'laid', method: 'umap', save_as: 'laid'})).code).toBe(
      'explore.column_exists',
    );
  });

  it('umap says what is a sample where rows are many', async () => {
    const picked = Uint32Array.from({length: 10_000}, (_, i) => 2 * i);
    const judged = {trustworthiness: 0.79, alike: null};
    const lines = umapLines({
      found: {
        rows: picked,
        x: new Float64Array(10_000),
        y: new Float64Array(10_000),
        drawn: Uint32Array.from({length: 2_000}, (_, i) => i),
        neighbours: 15,
        picture: judged,
        components: judged,
        original: {alike: null},
        alikeByChance: null,
        judgedRows: 2_000,
        judgedNeighbours: 15,
      },
      features: {
        names: ['a', 'b'],
        sql: ['a', 'b'],
        columns: [],
        places: Uint32Array.from({length: 20_500}, (_, i) => i),
        total: 20_500,
        left: [],
        categories: [],
      },
      dataset: await bench.catalog.dataset('shapes'),
      by: undefined,
      from: ['a', 'b'],
    });
    const text = lines.map(line => line.text).join('\n');
    expect(text).toContain('It is of a SAMPLE: 20,500 rows are too many to compare all with each other.');
    expect(text).toContain('measured on a SAMPLE of 2,000 rows');
    expect(text).toContain('The chart shows a SAMPLE of 2,000 rows.');
    expect(text).toContain('The picture is hardly to be trusted:');
    expect(text).toContain('keep neighbours as well, and their axes mean something.');
  });

  it.each([
    [{method: 'umap', where: 'a > 1000'}, 'explore.refused'],
    [{dataset: 'one'}, 'explore.no_columns'],
    [{by: 'sides'}, 'analysis.unknown_column'],
    [{columns: ['a', 'side']}, 'analysis.not_numeric'],
    [{where: 'a > 1000'}, 'explore.refused'],
  ])('%j fails with %s', async (args, code) => {
    expect(failure(await bench.run('reduce', {dataset: 'shapes', ...args})).code).toBe(code);
  });
});
