import {readFileSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {listModels} from '../../src/workspace/models.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const rows = Array.from({length: 120}, (_, n) => {
  const size = (n * 37) % 100;
  const kind = n % 3 === 0 ? 'house' : 'flat';
  const price = 1000 + 50 * size + (kind === 'house' ? 2000 : 0) + ((n * 7) % 11);
  return `id${n},2024-0${1 + (n % 9)}-11,${size},${kind},${n % 10 === 0 ? '' : price},${price > 4500 ? 'yes' : 'no'}`;
});
const csv = ['code,sold,size,kind,price,dear', ...rows].join('\n');

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('homes', csv);
  await bench.data('tiny', 'a,b\n1,2\n3,4\n');
});
afterAll(() => bench.close());

const train = async (args: object) => success(await bench.run('train_model', {dataset: 'homes', ...args}));
const modelFile = (id: string) => bench.workspace.path('models', id, 'model.json');

describe('train_model', () => {
  it('states target, rows left out, columns not used, and the best beside the baseline', async () => {
    const {summary, table, receipt} = await train({target: 'price', features: ['size', 'kind', 'code']});
    expect(summary).toContain('Target price, a number; 108 rows, 12 left out');
    expect(summary).toContain('Columns not used: code (a different text in nearly every row).');
    expect(table?.rows.map(([name]) => name)).toContain('dummy_mean (baseline)');
    expect(table?.rows[0]?.[0]).toMatch(/^(linear|ridge)$/);
    expect(receipt.datasets.map(({name}) => name)).toEqual(['homes']);
    expect(receipt.sql).toContain('"price" IS NOT NULL');
  });

  it('takes dates apart and predicts a category with probabilities', async () => {
    await train({target: 'dear', features: ['size', 'kind', 'sold']});
    const {summary, table} = success(await bench.run('predict', {model: 'homes', dataset: 'homes'}));
    expect(summary).toMatch(/predicts dear for 120 rows of homes\. Predicted no: \d+, yes: \d+\./);
    expect(table?.columns.map(({name}) => name)).toEqual(['row', 'predicted', 'probability']);
    const actual = rows.map(row => row.split(',')[5]);
    const right = table?.rows.filter(([, predicted], i) => predicted === actual[i]);
    expect(right?.length).toBeGreaterThan(110);
  });

  it('counts versions up and never replaces a model', async () => {
    const ids = [];
    for (let n = 0; n < 2; n++) {
      const {summary} = await train({target: 'price', features: ['size'], seconds: 1});
      ids.push(/model (\S+),/.exec(summary)?.[1] ?? '');
    }
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(readFileSync(modelFile(id), 'utf8')).toContain('"format":"ds-agent-model"');
  });

  it.each([
    [{target: 'prize'}, 'analysis.unknown_column'],
    [{target: 'sold'}, 'model.bad_target'],
    [{target: 'code'}, 'model.too_many_classes'],
    [{target: 'price', where: 'size > 1000'}, 'model.refused'],
    [{target: 'price', where: 'size >'}, 'sql.syntax'],
    [{dataset: 'tiny', target: 'b'}, 'model.refused'],
    [{target: 'size', where: 'size = 37'}, 'model.bad_target'],
  ])('%j ends in %s', async (args, code) => {
    expect(failure(await bench.run('train_model', {dataset: 'homes', ...args})).code).toBe(code);
  });
});

describe('predict', () => {
  it('predicts only the rows of the condition, also by a baseline that had no column', async () => {
    const {summary, table} = await train({target: 'size', features: ['size']});
    expect(table?.rows.map(([name]) => name)).toEqual(['dummy_mean (baseline)']);
    expect(summary).toContain('No column to learn from is left, so there is only the baseline.');
    const result = success(await bench.run('predict', {model: 'latest', dataset: 'homes', where: 'size < 10'}));
    expect(result.table?.rows).toHaveLength(rows.filter(row => Number(row.split(',')[2]) < 10).length);
  });

  it('refuses data without a column of the model, and names it', async () => {
    await train({target: 'price', features: ['size', 'kind'], seconds: 1});
    const result = failure(await bench.run('predict', {model: 'latest', dataset: 'tiny'}));
    expect(result).toMatchObject({code: 'model.column_missing'});
    expect(result.message).toContain('size, kind');
  });

  it('refuses a model that is not there, and a file that was tampered with, without running anything', async () => {
    expect(failure(await bench.run('predict', {model: 'nosuch', dataset: 'homes'})).code).toBe('model.unknown');
    expect(failure(await bench.run('predict', {model: '../../etc/x-v1', dataset: 'homes'})).code).toBe('model.unknown');
    const {summary} = await train({target: 'price', features: ['size'], seconds: 1});
    const id = /model (\S+),/.exec(summary)?.[1] ?? '';
    writeFileSync(modelFile(id), readFileSync(modelFile(id), 'utf8').replace('"estimator":"', '"estimator":"x'));
    expect(failure(await bench.run('predict', {model: id, dataset: 'homes'})).code).toBe('model.broken');
    writeFileSync(modelFile(id), '{"format":');
    expect(failure(await bench.run('predict', {model: id, dataset: 'homes'})).code).toBe('model.broken');
  });
});

it('a training that is stopped ends at once and keeps no model', async () => {
  const stop = new AbortController();
  const folder = bench.workspace.path('models');
  const before = await listModels(folder);
  const told = bench.events.length;
  const running = bench.session.runTool('train_model', {dataset: 'homes', target: 'price'}, stop.signal);
  running.catch(() => {});
  await new Promise<void>(resolve => {
    const look = () => (bench.events.slice(told).some(({type}) => type === 'notice') ? resolve() : setImmediate(look));
    look();
  });
  const stoppedAt = performance.now();
  stop.abort();
  await expect(running).rejects.toThrow();
  expect(performance.now() - stoppedAt).toBeLessThan(300);
  expect(await listModels(folder)).toEqual(before);
});
