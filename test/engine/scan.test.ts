import {afterAll, beforeAll, expect, it} from 'vitest';
import {createReader} from '../../src/analysis/column-values.ts';
import {openToolBench, type ToolBench} from '../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('numbers', ['n,t', ...Array.from({length: 5000}, (_, n) => `${n},t${n % 3}`)].join('\n'));
});
afterAll(() => bench.close());

it('a scan hands over every row once, in order and in several batches', async () => {
  const reader = createReader(await bench.catalog.engine());
  const sizes: number[] = [];
  const seen: unknown[] = [];
  await reader.scan('SELECT n FROM numbers', rows => {
    sizes.push(rows.length);
    seen.push(...rows.map(([n]) => n));
  });
  expect(seen).toEqual(Array.from({length: 5000}, (_, n) => n));
  expect(sizes.length).toBeGreaterThan(1);
  expect(reader.sql).toEqual(['SELECT n FROM numbers']);
});

it('a scan refuses what is no SELECT, and ends when its signal fires', async () => {
  const stop = new AbortController();
  const engine = await bench.catalog.engine();
  await expect(engine.scan('DROP VIEW numbers', {onRows: () => {}})).rejects.toMatchObject({code: 'sql.not_select'});
  const scanning = engine.scan('SELECT a.n FROM numbers a, numbers b', {
    signal: stop.signal,
    onRows: () => stop.abort(),
  });
  await expect(scanning).rejects.toMatchObject({kind: 'interrupt'});
});
