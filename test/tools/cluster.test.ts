import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

/** Three groups: small, middle, and large spenders; every tenth row lacks the age. */
const rows = Array.from({length: 90}, (_, n) => {
  const group = n % 3;
  const spending = [10, 50, 200][group] ?? 0;
  const age = [20, 60, 40][group] ?? 0;
  const wiggle = ((n * 7) % 5) - 2;
  return `c${n},${n % 30 === 29 ? '' : age + wiggle},${spending + wiggle},${group === 2 ? 'Coast' : 'Inland'},${n % 2 === 0}`;
});

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('customers', ['customer_id,age,spending,region,member', ...rows].join('\n'));
  await bench.data('texts', 'a,b\nx,y\nz,w\n');
});
afterAll(() => bench.close());

const cluster = async (args: object) => success(await bench.run('cluster', {dataset: 'customers', ...args}));
const sql = async (text: string) => success(await bench.run('run_sql', {sql: text})).table?.rows;

describe('cluster', () => {
  it('finds the number of clusters, says the table of k, and describes each by what sets it apart', async () => {
    const {summary, table, receipt, artifacts} = await cluster({});
    expect(summary).toContain('k-means: 3 clusters of 87 rows by age, spending, each scaled to mean 0 and sd 1.');
    expect(summary).toContain('3 rows with a missing value are in no cluster.');
    expect(summary).toContain('Columns not used: customer_id (text), region (text), member (yes/no).');
    expect(summary).toMatch(/largest mean silhouette of 9 that were tried:\n\| k \| silhouette \| inertia \|/);
    expect(summary).toMatch(/spending 2\.4 × the mean \(199\.\d+, all 8\d\.\d+\)/);
    expect(summary).toContain('mostly region Coast (100 %, all 31 %)');
    expect(table?.columns.map(({name}) => name)).toEqual(['cluster', 'rows', 'share', 'mean age', 'mean spending']);
    expect(receipt.sql).toContain('"spending"');
    expect(artifacts?.map(({path}) => path?.replace(/-[0-9a-f]{8}/, ''))).toEqual([
      'charts/clusters.svg',
      'charts/clusters.html',
    ]);
  });

  it('says that the silhouette is of the rows in a cluster where some are in none', async () => {
    const all = await cluster({method: 'dbscan', radius: 1});
    expect(all.summary).toContain('Mean silhouette 0.9');
    await bench.data('strays', ['a,b', ...rows.slice(0, 60).map((_, n) => `${n % 2},${n % 2}`), '50,50'].join('\n'));
    const some = await cluster({dataset: 'strays', method: 'dbscan', radius: 0.05});
    expect(some.summary).toContain('1 row lies too far from the others and is in no cluster.');
    expect(some.summary).toContain('Mean silhouette of the rows in a cluster 1;');
  });

  it('keeps the clusters as a column whose SQL gives the same counts; rows that miss a value have none', async () => {
    const {summary, table} = await cluster({save_as: 'grouped'});
    expect(summary).toContain('Saved as dataset grouped v1: 90 rows × 6 columns. New column: cluster.');
    const counts = await sql('SELECT cluster, count(*) FROM grouped GROUP BY 1 ORDER BY 1 NULLS LAST');
    expect(counts).toEqual([...(table?.rows.map(([name, n]) => [Number(name), n]) ?? []), [null, 3]]);
    expect(
      await sql(
        "SELECT DISTINCT region FROM grouped WHERE cluster = (SELECT cluster FROM grouped WHERE customer_id = 'c2')",
      ),
    ).toEqual([['Coast']]);
  });

  it('names the first twenty of many columns, and how many more there are', async () => {
    const names = Array.from({length: 30}, (_, j) => `m${j}`);
    const lines = Array.from({length: 40}, (_, i) => names.map((_n, j) => ((i + 1) * (j + 3) * 7919) % 101).join(','));
    await bench.data('wide', [names.join(','), ...lines].join('\n'));
    const {summary} = success(await bench.run('cluster', {dataset: 'wide', k: 2}));
    expect(summary).toContain('by m0, m1, m2,');
    expect(summary).toMatch(/, m\d+ and \d+ more, each scaled/);
  });

  it('makes a next version under its own name, which can be undone, and refuses to name a column twice', async () => {
    await bench.data(
      'again',
      ['x,y', ...Array.from({length: 30}, (_, n) => `${n % 3},${(n % 3) * 2 + (n % 2)}`)].join('\n'),
    );
    const {summary} = success(await bench.run('cluster', {dataset: 'again', columns: ['x', 'y'], save_as: 'again'}));
    expect(summary).toContain('Saved as dataset again v2: 30 rows × 3 columns. New column: cluster. /undo goes back.');
    const second = await bench.run('cluster', {dataset: 'again', columns: ['x', 'y'], save_as: 'again'});
    expect(failure(second).code).toBe('explore.column_exists');
  });

  it('is the same when rows, and when columns, come in another order', async () => {
    const means = (table: Awaited<ReturnType<typeof cluster>>['table']) =>
      table?.rows.map(row => Number(row[4]).toFixed(6));
    const first = await cluster({k: 3});
    await bench.data(
      'turned',
      ['spending,age', ...rows.toReversed().map(row => row.split(',').slice(1, 3).reverse().join(','))].join('\n'),
    );
    const turned = success(await bench.run('cluster', {dataset: 'turned', columns: ['age', 'spending'], k: 3}));
    expect(means(turned.table)?.sort()).toEqual(means(first.table)?.sort());
  });

  it('calls slices of one cloud weak, and groups that are apart not', async () => {
    // Middles of equal shares of a normal distribution, nearly: one heap without groups.
    const heap = Array.from({length: 90}, (_, i) => Math.log((i + 0.5) / (89.5 - i)).toFixed(4));
    await bench.data('heap', ['x', ...heap].join('\n'));
    const {summary} = await cluster({dataset: 'heap'});
    expect(summary).toMatch(
      /These are weak: one cloud without groups, as long in each direction and cut into \d+, reaches/,
    );
    expect((await cluster({})).summary).not.toContain('weak');
  });

  it('counts one row as one, and offers to name columns only where that helps', async () => {
    await bench.data('three', 'x,y\n1,2\n2,4\n3,7\n');
    expect((await cluster({dataset: 'three'})).summary).toContain('Cluster 2: 1 row (33.3 %)');
    const {hint} = failure(await bench.run('cluster', {dataset: 'texts'}));
    expect(hint).toBe('Left out: a (text), b (text).');
  });

  it.each([
    [{dataset: 'texts'}, 'explore.no_columns'],
    [{columns: ['region']}, 'analysis.not_numeric'],
    [{columns: ['agee']}, 'analysis.unknown_column'],
    [{columns: ['age'], where: 'spending > 1000'}, 'explore.refused'],
    [{k: 40, where: 'spending > 195 AND age > 39'}, 'explore.refused'],
    [{save_as: 'customers', columns: ['age'], where: 'nonsense'}, 'sql.unknown_column'],
  ])('%j fails with %s', async (args, code) => {
    expect(failure(await bench.run('cluster', {dataset: 'customers', ...args})).code).toBe(code);
  });

  it('ends within 300 ms of a stop, and the program stays responsive while it computes', async () => {
    const tool = bench.tools.find(({name}) => name === 'cluster');
    const stop = new AbortController();
    const context = {
      signal: stop.signal,
      clock: {now: Date.now, sleep: async () => {}, monotonic: () => performance.now()},
      emit: () => {},
      userNamed: () => false,
      approve: async () => false,
    };
    await bench.data(
      'large',
      ['a,b', ...Array.from({length: 40_000}, (_, n) => `${(n * 7919) % 9973},${(n * 104729) % 7877}`)].join('\n'),
    );
    const running = tool?.run({dataset: 'large', columns: ['a', 'b']}, context as never);
    await sleep(600);
    const asked = performance.now();
    stop.abort();
    await expect(running).rejects.toMatchObject({name: 'AbortedError'});
    expect(performance.now() - asked).toBeLessThan(300);
  });
});
