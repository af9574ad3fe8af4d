import {afterAll, beforeAll, describe, expect, it} from 'vitest';
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

  it.each([
    [{dataset: 'one'}, 'explore.no_columns'],
    [{by: 'sides'}, 'analysis.unknown_column'],
    [{columns: ['a', 'side']}, 'analysis.not_numeric'],
    [{where: 'a > 1000'}, 'explore.refused'],
  ])('%j fails with %s', async (args, code) => {
    expect(failure(await bench.run('reduce', {dataset: 'shapes', ...args})).code).toBe(code);
  });
});
