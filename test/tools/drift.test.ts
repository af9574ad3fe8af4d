import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from './bench.ts';

const {columns}: {columns: Record<string, {psi: number; statistic: number; p: number}>} = JSON.parse(
  readFileSync('test/fixtures/analysis/drift-scipy.json', 'utf8'),
);

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  for (const name of ['before', 'after'])
    await bench.data(name, readFileSync(`test/fixtures/analysis/drift-${name}.csv`, 'utf8'));
  success(
    await bench.run('run_sql', {
      sql: 'SELECT * FROM before UNION ALL SELECT * FROM after LIMIT 540',
      save_as: 'both_of_them',
    }),
  );
});
afterAll(() => bench.close());

const check = (dataset: string, more: object) => bench.run('check_quality', {dataset, ...more});
const close = (ours: unknown, theirs: number, relative: number) =>
  expect(Math.abs(Number(ours) - theirs), `${ours} is not ${theirs}`).toBeLessThanOrEqual(
    relative * Math.max(1e-3, Math.abs(theirs)),
  );

describe('drift between two datasets', () => {
  it('has the PSI of the deciles and the statistics of SciPy for every column', async () => {
    const {table, receipt} = success(await check('after', {compare_to: 'before'}));
    for (const [name, wanted] of Object.entries(columns)) {
      const row = table?.rows.find(each => each[0] === name) ?? [];
      close(row[1], wanted.psi, 1e-9);
      close(row[3], wanted.statistic, 1e-9);
      close(row[4], wanted.p, 1e-6);
    }
    expect(receipt.datasets.map(({name}) => name).sort()).toEqual(['after', 'before']);
  });

  it('says what changed strongly, what is new and gone, and what is missing more often', async () => {
    const {summary} = success(await check('after', {compare_to: 'before'}));
    expect(summary).toMatch(/- moved: strong change, PSI [\d.]+, D [\d.]+, p = \S+, missing 30 → 24/);
    expect(summary).toMatch(/- kind "ü": strong change, .*new: "d"; gone: "c"/);
    expect(summary).toMatch(/- none: not compared, missing 0 → 240; no values on one side/);
    expect(summary).toMatch(/- fixed: stable, PSI 0/);
  });

  it('names columns that only one of them has, and those of another kind', async () => {
    success(
      await bench.run('run_sql', {sql: 'SELECT same::VARCHAR AS same, moved, 1 AS extra FROM after', save_as: 'other'}),
    );
    const {summary} = success(await check('other', {compare_to: 'before'}));
    expect(summary).toContain(
      'only here: extra; only there: ties, big, kind "ü", yes, fixed, none; of another kind: same (DOUBLE → VARCHAR).',
    );
  });

  it('of two halves takes the first rows for the earlier ones', async () => {
    const {summary, table} = success(await check('both_of_them', {compare_to: 'halves'}));
    expect(summary).toContain('second half (270 rows) against the first (270)');
    expect(table?.rows.find(([name]) => name === 'moved')?.[1]).toBeGreaterThan(0.1);
    expect(table?.rows.find(([name]) => name === 'same')?.[1]).toBeLessThan(0.1);
  });

  it('with what is not there fails with the nearest name', async () => {
    expect(await check('after', {compare_to: 'befor'})).toMatchObject({
      ok: false,
      code: 'dataset.unknown',
      hint: expect.stringContaining('before'),
    });
  });
});

describe('conditions that must hold', () => {
  it('are counted over all rows, and one that is no SQL says so', async () => {
    const must = ['moved < 3', 'fixed = 7', 'fixd = 7'];
    const {summary, table} = success(await check('after', {must_hold: must}));
    expect(summary).toContain('2 of 3 conditions do not hold.');
    expect(table?.rows.map(row => row.slice(0, 2))).toEqual([
      ['moved < 3', 'failed'],
      ['fixed = 7', 'passed'],
      ['fixd = 7', 'not_checked'],
    ]);
    expect(summary).toContain('not checked: fixd = 7: There is no column called "fixd".');
  });
});
