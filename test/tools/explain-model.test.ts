import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {sealed} from '../../src/tools/training/model-checksum.ts';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const rows = Array.from({length: 200}, (_, n) => {
  const size = (n * 37) % 100;
  const kind = n % 3 === 0 ? 'house' : 'flat';
  const price = 1000 + 50 * size + (kind === 'house' ? 2000 : 0) + ((n * 7919) % 97);
  const grade = price < 3000 ? 'low' : price < 5000 ? 'middle' : 'high';
  return [size, kind, (n * 7) % 13, `2024-0${1 + (n % 9)}-11`, price, price > 4500 ? 'yes' : 'no', grade].join(',');
});

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('homes', ['size,kind,luck,sold,price,dear,grade', ...rows].join('\n'));
});
afterAll(() => bench.close());

/** Trains, then makes the winner of this name: the tool keeps the best only. */
async function train(target: string, features = ['size', 'kind', 'luck']): Promise<string> {
  const {summary} = success(await bench.run('train_model', {dataset: 'homes', target, features, seconds: 20}));
  return /model (\S+),/.exec(summary)?.[1] ?? '';
}

const explain = async (args: object) => success(await bench.run('explain_model', {dataset: 'homes', ...args}));

describe('explain_model', () => {
  it('orders columns by permutation importance with intervals, beside coefficients in the units of the data', async () => {
    const model = await train('price');
    const {summary, table, artifacts} = await explain({model});
    expect(model).toMatch(/linear|ridge/);
    expect(table?.rows.map(([column]) => column)).toEqual(['size', 'kind', 'luck']);
    expect(summary).toContain('Permutation importance: rise of RMSE');
    expect(summary).toContain('fitted on these very rows');
    const size = /\| size \| (\S+) \|\n/.exec(summary.slice(summary.indexOf('Coefficients')))?.[1];
    expect(Math.abs(Number(size) - 50)).toBeLessThan(1);
    expect(artifacts?.[0]?.preview).toContain('size');
  });

  it('explains one row of a sum exactly in a sentence', async () => {
    const model = await train('price');
    const {summary, table} = await explain({model, row: 4});
    expect(summary).toMatch(
      /Row 4: the model says price [\d.,]+; on average over these rows it is [\d.,]+, and size = 11 −[\d.,]+, kind = house \+[\d.,]+/,
    );
    expect(summary).toContain('they sum to the answer');
    const answer = success(await bench.run('predict', {model, dataset: 'homes'})).table?.rows[3]?.[1];
    const base = /it is ([\d.,]+),/.exec(summary)?.[1]?.replaceAll(',', '');
    const total = table?.rows.reduce((sum, [, , add]) => sum + Number(add), Number(base));
    expect(Math.abs(Number(total) - Number(answer))).toBeLessThan(1);
  });

  it.each([
    ['log_ridge', 'Exact: weight times distance'],
    ['log_boosting', 'Exact Shapley values of the trees'],
  ])('explains one row of %s on the logarithm it was learnt on, and says so', async (name, how) => {
    const args = {dataset: 'homes', target: 'price', features: ['size', 'kind', 'luck'], models: [name], seconds: 5};
    const {summary: trained} = success(await bench.run('train_model', args));
    const model = /model (\S+),/.exec(trained)?.[1] ?? '';
    expect(model).toContain(name);
    const {summary, table} = await explain({model, row: 4});
    expect(summary).toMatch(/; in log\(price\) on average over .* it is [\d.]+, and .*size = 11 −[\d.]+/);
    expect(summary).toContain('the logarithm of');
    expect(summary).toContain(`${how}`);
    expect(summary).toContain('they sum to the logarithm of the answer');
    const answer = success(await bench.run('predict', {model, dataset: 'homes'})).table?.rows[3]?.[1];
    const base = Number(/it is ([\d.,]+),/.exec(summary)?.[1]);
    const total = table?.rows.reduce((sum, [, , add]) => sum + Number(add), base) ?? 0;
    expect(Math.exp(total) / Number(answer)).toBeCloseTo(1, 3);
  });

  it('gives coefficients of a model on a logarithm on that scale', async () => {
    const args = {dataset: 'homes', target: 'price', features: ['size', 'kind'], models: ['log_ridge'], seconds: 5};
    const {summary: trained} = success(await bench.run('train_model', args));
    const {summary} = await explain({model: /model (\S+),/.exec(trained)?.[1] ?? ''});
    expect(summary).toContain('Coefficients, change of log(price), where +0.1 is about +10 % of price, per unit');
    const size = Number(/\| size \| (\S+) \|\n/.exec(summary.slice(summary.indexOf('Coefficients')))?.[1]);
    expect(size).toBeGreaterThan(0.01);
    expect(size).toBeLessThan(0.03);
  });

  it.each(['dear', 'grade'])('explains one row of the classes of %s, and curves of their probability', async target => {
    const model = await train(target);
    const {summary} = await explain({model, row: 1});
    expect(summary).toMatch(new RegExp(`Row 1: the model says ${target} \\w+ with probability`));
    const {summary: curve, table, artifacts} = await explain({model, column: 'size'});
    expect(curve).toMatch(/Mean of the probability of \w+ when size is set to a value in all rows \(200\)/);
    expect(table?.columns.map(({name}) => name)).toEqual(['size', 'mean', 'p10', 'p90']);
    expect(table?.rows).toHaveLength(11);
    expect(artifacts?.[0]?.title).toContain('Partial dependence');
    const {table: kinds} = await explain({model, column: 'kind'});
    expect(kinds?.rows.map(([kind]) => kind)).toEqual(['flat', 'house']);
  });

  it('takes the parts of a date as one column, and draws a curve of each', async () => {
    const model = await train('price', ['size', 'sold']);
    const {table} = await explain({model});
    expect(table?.rows.map(([column]) => column).sort()).toEqual(['size', 'sold']);
    const {summary} = await explain({model, column: 'sold'});
    expect(summary).toContain('when sold (month) is set');
  });

  it.each([
    [{row: 4, column: 'size'}, 'model.one_question'],
    [{row: 10_000}, 'model.no_row'],
    [{column: 'sold'}, 'model.column_unused'],
    [{model: 'nosuch'}, 'model.unknown'],
    [{where: 'size > 1000'}, 'model.no_rows'],
  ])('%j ends in %s', async (args, code) => {
    const model = await train('price', ['size']);
    expect(failure(await bench.run('explain_model', {model, dataset: 'homes', ...args})).code).toBe(code);
  });
});

it('explains what a calibrated model says exactly, in the log-odds before calibration', async () => {
  const model = await train('dear', ['size', 'kind']);
  const content = JSON.parse(await readFile(bench.workspace.path('models', model, 'model.json'), 'utf8'));
  const width: number = content.recipe.steps.reduce(
    (sum: number, step: {levels?: string[]; flagsMissing?: boolean}) =>
      sum + (step.levels?.length ?? (step.flagsMissing ? 2 : 1)),
    0,
  );
  const parameters = {sums: [{intercept: 0.5, coefficients: new Array(width).fill(2)}], classCount: 2, iterations: 1};
  const decision = {curves: [{kind: 'platt', a: -0.5, b: 0.1}], threshold: null};
  await mkdir(bench.workspace.path('models', 'homes', 'logistic-v99'));
  const made = JSON.stringify({...content, estimator: 'logistic', parameters, decision, checksum: undefined});
  await writeFile(bench.workspace.path('models', 'homes', 'logistic-v99', 'model.json'), made);
  const {summary} = await explain({model: 'homes/logistic-v99', row: 2});
  expect(summary).toMatch(/in log-odds of \w+ on average over these rows it is before calibration .*, together/);
  expect(summary).toContain('Exact: weight times distance from the mean');
});

describe('a kept model whose parameters are damaged', () => {
  it.each([
    ['explain_model', {}],
    ['explain_model', {row: 3}],
    ['explain_model', {column: 'size'}],
    ['evaluate_model', {}],
    ['predict', {}],
  ])('is told of by %s with %o as in every other place', async (tool, args) => {
    const model = await train('price');
    const file = bench.workspace.path(`models/${model}/model.json`);
    await writeFile(
      file,
      sealed({...JSON.parse(await readFile(file, 'utf8')), checksum: undefined, parameters: {intercept: 'one'}}),
    );
    const result = failure(await bench.run(tool, {model, dataset: 'homes', ...args}));
    expect(result).toMatchObject({code: 'model.broken', hint: 'Train the model again.'});
    expect(result.message).toContain(`The file of the model ${model} is damaged`);
  });
});
