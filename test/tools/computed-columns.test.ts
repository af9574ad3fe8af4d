import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench([]);
  const lines = Array.from({length: 120}, (_, i) => `${i % 11},${(i * 7) % 13},${(i % 11) * 3 + ((i * 5) % 4)}`);
  await bench.data('homes', ['rooms,age,price', ...lines].join('\n'));
  success(await bench.run('train_model', {dataset: 'homes', target: 'price', seconds: 1}));
  success(await bench.run('predict', {model: 'latest', dataset: 'homes', save_as: 'scored'}));
  success(await bench.run('cluster', {dataset: 'scored', columns: ['rooms', 'age'], k: 2, save_as: 'grouped'}));
});
afterAll(() => bench.close());

describe('columns that a model computed', () => {
  it('are no features of the next model, unless named', async () => {
    const all = success(await bench.run('train_model', {dataset: 'grouped', target: 'age', seconds: 1}));
    expect(all.summary).toContain('predicted (computed by a model from these rows)');
    expect(all.summary).toContain('cluster (computed by a model from these rows)');
    const named = {dataset: 'grouped', target: 'age', features: ['predicted', 'rooms'], seconds: 1};
    expect(success(await bench.run('train_model', named)).summary).not.toContain('computed by a model');
  });

  it('make no clusters', async () => {
    const {summary} = success(await bench.run('cluster', {dataset: 'scored', k: 2}));
    expect(summary).toContain('predicted (computed by a model)');
  });

  it('leave the dataset they were computed from the one that is worked on', async () => {
    expect(await bench.catalog.active()).toBe('homes');
    bench.catalog.use('scored');
    expect(await bench.catalog.active()).toBe('scored');
  });
});
