import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const rows = Array.from({length: 200}, (_, i) => {
  const odd = i === 120;
  return `order-${i},${i === 7 ? '' : (i * 37) % 50},${odd ? 900 : (i * 53) % 40},${(i * 71) % 30}`;
});
/** A ring around a heap, which no centre tells apart. */
const ring = Array.from({length: 120}, (_, i) => {
  const radius = i % 2 ? 10 : 1;
  const angle = (i / 60) * Math.PI;
  return `${(radius * Math.cos(angle)).toFixed(4)},${(radius * Math.sin(angle)).toFixed(4)}`;
});

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('orders', ['order_no,a,b,c', ...rows].join('\n'));
  await bench.data('ring', ['x,y', ...ring].join('\n'));
});
afterAll(() => bench.close());

const cluster = async (args: object) => success(await bench.run('cluster', {dataset: 'orders', ...args}));
const sql = async (text: string) => success(await bench.run('run_sql', {sql: text})).table?.rows;

describe('cluster with a method for anomalies', () => {
  it.each(['isolation_forest', 'lof'])('%s names the unusual row and the column that makes it so', async method => {
    const {summary, table} = await cluster({method});
    expect(summary).toMatch(/199 rows by a, b, c\.\n1 row with a missing value has no score\./);
    expect(summary).toContain('Columns not used: order_no (text).');
    expect(summary).toMatch(/order-120: [\d.]+; b 900 \(median \d+(\.\d)?, the highest\)/);
    expect(table?.rows[0]?.slice(0, 2)).toEqual([121, 'order-120']);
    expect(table?.rows[0]?.at(-1)).toMatch(/^b/);
  });

  it('counts the row itself among the lowest: of 50 rows the second lowest is among the lowest 4 %', async () => {
    await bench.data(
      'fifty',
      ['x', ...Array.from({length: 50}, (_, i) => (i === 0 ? -900 : i === 1 ? -800 : i))].join('\n'),
    );
    const {summary} = await cluster({dataset: 'fifty', method: 'isolation_forest'});
    expect(summary).toMatch(/x -900 \(median [\d.]+, the lowest\)/);
    expect(summary).toMatch(/x -800 \(median [\d.]+, among the lowest 4 %\)/);
  });

  it('keeps the score of every row beside it', async () => {
    const {table} = await cluster({method: 'isolation_forest', save_as: 'scored'});
    const kept = await sql('SELECT order_no, anomaly_score FROM scored ORDER BY anomaly_score DESC NULLS LAST LIMIT 1');
    expect(kept?.[0]?.[0]).toBe('order-120');
    expect(kept?.[0]?.[1]).toBeCloseTo(Number(table?.rows[0]?.[2]), 5);
    expect(await sql("SELECT anomaly_score FROM scored WHERE order_no = 'order-7'")).toEqual([[null]]);
  });
});

describe('cluster by density and by hierarchy', () => {
  it('dbscan tells the ring from the heap, and keeps 0 for rows in no cluster', async () => {
    const {summary, artifacts} = await cluster({
      dataset: 'ring',
      method: 'dbscan',
      min_rows: 3,
      radius: 0.3,
      save_as: 'parts',
    });
    expect(summary).toMatch(/dbscan, radius 0\.3 sd: 2 clusters of 120 rows by x, y/);
    expect(artifacts?.[0]?.preview).toContain('a 1  b 2');
    expect(await sql('SELECT cluster, count(*), max(abs(x)) > 5 FROM parts GROUP BY 1 ORDER BY 1')).toEqual([
      [1, 60, expect.any(Boolean)],
      [2, 60, expect.any(Boolean)],
    ]);
    const sparse = await cluster({dataset: 'ring', method: 'dbscan', min_rows: 3, radius: 0.05});
    expect(sparse.summary).toContain('60 rows lie too far from the others and are in no cluster.');
  });

  it.each([
    ['single', 2, [60, 60]],
    ['ward', 3, null],
  ])('hierarchical, %s linkage, %i clusters', async (linkage, k, sizes) => {
    const {table} = await cluster({dataset: 'ring', method: 'hierarchical', linkage, k});
    expect(table?.rows).toHaveLength(k);
    if (sizes) expect(table?.rows.map(row => row[1])).toEqual(sizes);
  });

  it('refuses more rows than can be compared with each other, and says what takes them', async () => {
    await bench.data('many', ['x', ...Array.from({length: 8_001}, (_, i) => i)].join('\n'));
    const refused = failure(await bench.run('cluster', {dataset: 'many', columns: ['x'], method: 'hierarchical'}));
    expect(refused.code).toBe('explore.refused');
    expect(refused.message).toContain(
      '8,001 rows are more than the 8,000 that hierarchical compares; kmeans takes them all',
    );
  });
});
