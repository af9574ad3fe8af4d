import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {StampedEvent} from '../../src/core/events.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
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
  const noisy = Array.from(
    {length: 3000},
    (_, i) => `${(i * 7919) % 101},${(i * 104729) % 977},${(i * 31) % 17},${(i * 1299709) % 89}`,
  );
  await bench.data('noisy', ['a,b,c,y', ...noisy].join('\n'));
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
    expect(table?.columns.map(({name}) => name)).toEqual(['row', 'predicted', 'probability_yes']);
    const yes = table?.rows.filter(([, predicted]) => predicted === 'yes').map(row => Number(row[2])) ?? [];
    const no = table?.rows.filter(([, predicted]) => predicted === 'no').map(row => Number(row[2])) ?? [];
    expect(Math.max(...no)).toBeLessThan(Math.min(...yes));
    const actual = rows.map(row => row.split(',')[5]);
    const right = table?.rows.filter(([, predicted], i) => predicted === actual[i]);
    expect(right?.length).toBeGreaterThan(110);
  });

  it('blames of a condition what stands in it, not what we put behind it', async () => {
    const failed = failure(await bench.run('train_model', {dataset: 'homes', target: 'price', where: 'size >'}));
    expect(failed.message).toMatch(/end of input/);
  });

  it('refuses before any work what can not be learnt or tried, with what could', async () => {
    const refused = async (args: object) => failure(await bench.run('train_model', {dataset: 'homes', ...args}));
    expect(await refused({target: 'dear', models: ['ridge']})).toMatchObject({
      code: 'model.unknown_estimator',
      message: "ridge can't predict dear, which is one of 2 classes.",
      hint: expect.stringContaining('logistic'),
    });
    expect(await refused({target: 'dear', features: ['dear']})).toMatchObject({code: 'model.no_features'});
    expect(failure(await bench.run('train_model', {dataset: 'tiny', target: 'b', group: 'none'}))).toMatchObject({
      code: 'model.refused',
      message: '2 rows are too few to train on; 20 with a target are needed.',
    });
  });

  it('takes 0.0 and 1.0, as whole numbers beside a missing one are often written, for the classes 0 and 1', async () => {
    const lines = Array.from(
      {length: 100},
      (_, i) => `${(i * 37) % 101},${i % 9 === 0 ? '' : `${(i * 37) % 101 > 50 ? 1 : 0}.0`}`,
    );
    await bench.data('floats', ['x,y', ...lines].join('\n'));
    await bench.data('whole', ['x,y', ...lines.map(line => line.replace('.0', ''))].join('\n'));
    const args = {target: 'y', models: ['logistic'], seconds: 1};
    for (const [dataset, other] of [
      ['floats', 'whole'],
      ['whole', 'floats'],
    ] as const) {
      const {summary} = success(await bench.run('train_model', {dataset, ...args}));
      expect(summary).toContain('Target y, one of 2 classes; 88 rows, 12 left out');
      const judged = success(await bench.run('evaluate_model', {model: dataset, dataset: other}));
      expect(judged.summary).toContain('on 88 rows of ');
    }
    const halves = lines.map(line => line.replace('.0', '.5'));
    await bench.data('halves', ['x,y', ...halves].join('\n'));
    const {summary} = success(await bench.run('train_model', {dataset: 'halves', ...args, models: ['linear']}));
    expect(summary).toContain('Target y, a number');
  });

  it('with balanced classes goes by the balanced accuracy beside the baseline, not by probabilities that are meant to differ', async () => {
    const lines = Array.from(
      {length: 600},
      (_, i) => `${(i * 37) % 101},${i % 20 === 0 && (i * 37) % 101 > 20 ? 'yes' : 'no'}`,
    );
    await bench.data('rare_yes', ['x,y', ...lines].join('\n'));
    const args = {dataset: 'rare_yes', target: 'y', features: ['x'], models: ['logistic'], balanced: true, seconds: 1};
    const {summary} = success(await bench.run('train_model', args));
    const {ours = '', theirs = ''} =
      /log_loss (?<ours>[\d.]+), .*baseline: log_loss (?<theirs>[\d.]+)/.exec(summary)?.groups ?? {};
    expect(Number(ours)).toBeGreaterThan(Number(theirs));
    expect(summary).not.toContain("don't rely on it");
    const {summary: number} = await train({target: 'price', models: ['linear'], balanced: true});
    expect(number).toContain('price is a number, so there are no classes to balance.');
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
    [{target: 'price', where: 'size > 1000'}, 'model.bad_target'],
    [{target: 'price', where: 'size >'}, 'sql.syntax'],
    [{dataset: 'tiny', target: 'b'}, 'model.refused'],
    [{target: 'size', where: 'size = 37'}, 'model.bad_target'],
    [{target: 'price', models: ['oracle']}, 'model.unknown_estimator'],
    [{target: 'price', seconds: 0}, 'model.bounds'],
    [{target: 'price', seed: 1.5}, 'model.bounds'],
    [{target: 'price', time: 'kind'}, 'model.bad_time'],
  ])('%j ends in %s', async (args, code) => {
    expect(failure(await bench.run('train_model', {dataset: 'homes', ...args})).code).toBe(code);
  });
});

it.each([
  ['same', '"same" is "yes" in all of the rows; there is nothing to predict.'],
  ['fixed', '"fixed" is 3.5 in all of the rows; there is nothing to predict.'],
  ['empty', '"empty" has no value in any of the rows; there is nothing to learn.'],
])('a target of one value or none is told as such: %s', async (target, message) => {
  const body = Array.from({length: 30}, (_, n) => `${n},yes,3.5,`).join('\n');
  await bench.data('constant', `n,same,fixed,empty\n${body}\n`);
  const found = failure(await bench.run('train_model', {dataset: 'constant', target}));
  expect([found.code, found.message]).toEqual(['model.bad_target', message]);
});

it('before any model is kept "latest" is told as none, not as a model that is missing', async () => {
  const fresh = await openToolBench();
  await fresh.data('tiny', 'a,b\n1,2\n');
  const found = failure(await fresh.run('predict', {model: 'latest', dataset: 'tiny'}));
  expect([found.code, found.message]).toEqual(['model.unknown', 'No model is kept here yet.']);
  expect(found.hint).toContain('/train TARGET');
  await fresh.close();
});

describe('predict', () => {
  it('predicts only the rows of the condition, also by a baseline that had no column', async () => {
    const {summary, table} = await train({target: 'size', features: ['code']});
    expect(table?.rows.map(([name]) => name)).toEqual(['dummy_mean (baseline)']);
    expect(summary).toContain('No column to learn from is left, so there is only the baseline.');
    const result = success(await bench.run('predict', {model: 'latest', dataset: 'homes', where: 'size < 10'}));
    expect(result.table?.rows).toHaveLength(rows.filter(row => Number(row.split(',')[2]) < 10).length);
  });

  it('keeps the rows and what is predicted of them as a dataset, with probabilities and facts of its columns', async () => {
    await train({target: 'dear', features: ['size', 'kind'], seconds: 1});
    const asked = {model: 'latest', dataset: 'homes', where: 'size < 50', save_as: 'scored'};
    const {summary} = success(await bench.run('predict', asked));
    expect(summary).toContain('Saved as dataset scored v1: 61 rows × 9 columns.');
    const {columns} = (await bench.catalog.dataset('scored')).versions[0] ?? {columns: []};
    expect(columns.map(({name}) => name).slice(-3)).toEqual(['predicted', 'probability_no', 'probability_yes']);
    expect(columns.find(({name}) => name === 'size')).toMatchObject({max: 49, distinctCount: 50});
    expect(columns.at(-1)?.from).toContain('homes.dear');
    const sql =
      'SELECT count(*), count(*) FILTER (predicted = dear), max(abs(probability_no + probability_yes - 1)) FROM scored';
    const [[rows, right, off] = []] = success(await bench.run('run_sql', {sql})).table?.rows ?? [];
    expect([rows, Number(right) > 50, Number(off) < 1e-12]).toEqual([61, true, true]);
    expect(failure(await bench.run('predict', {...asked, save_as: 'homes'})).code).toBe('dataset.exists');
  });

  it('counts rows with values that the model did not learn from, and gives a column that is there a new name', async () => {
    await train({target: 'price', features: ['size', 'kind'], seconds: 1});
    await bench.data('odd', 'size,kind,predicted\n5,house,x\n,castle,y\n7,castle,z\n');
    const {summary} = success(await bench.run('predict', {model: 'latest', dataset: 'odd', save_as: 'odd_scored'}));
    expect(summary).toContain('kind: 2 rows with a value that the model did not learn from.');
    expect(summary).toContain('size: 1 row without a value.');
    const {table} = success(await bench.run('run_sql', {sql: 'SELECT predicted, predicted_2 FROM odd_scored'}));
    expect(table?.rows.map(([text]) => text)).toEqual(['x', 'y', 'z']);
    expect(table?.rows.every(([, number]) => typeof number === 'number')).toBe(true);
  });

  it('takes a column of no values as missing, whatever its type, and a table of no rows', async () => {
    await train({target: 'price', features: ['size', 'kind', 'sold'], seconds: 1});
    await bench.data('blank', 'size,kind,sold\n,house,\n,flat,\n');
    const {summary} = success(await bench.run('predict', {model: 'latest', dataset: 'blank'}));
    expect(summary).toMatch(
      /predicts price for 2 rows[\s\S]*size: 2 rows without a value[\s\S]*sold: 2 rows without a value/,
    );
    success(await bench.run('run_sql', {sql: 'SELECT * FROM blank WHERE false', save_as: 'no_rows'}));
    const none = success(await bench.run('predict', {model: 'latest', dataset: 'no_rows'}));
    expect(none.summary).toContain('There are no rows.');
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
    expect(failure(await bench.run('predict', {model: id, dataset: 'homes'})).code).toBe('model.changed');
    const whole = readFileSync(modelFile(id), 'utf8').replace('"estimator":"x', '"estimator":"');
    const edited = (change: (content: {recipe: {steps: unknown[]}; classes: string[]; version: number}) => void) => {
      const {checksum: _, ...content} = JSON.parse(whole);
      change(content);
      writeFileSync(modelFile(id), JSON.stringify(content));
      return bench.run('predict', {model: id, dataset: 'homes'});
    };
    success(await edited(() => {}));
    const steps = await edited(({recipe}) => recipe.steps.push({kind: 'category', name: 'kind', levels: ['a', 'b']}));
    expect(failure(steps).code).toBe('model.broken');
    expect(failure(await edited(({classes}) => classes.push('no', 'yes'))).code).toBe('model.broken');
    const newer = await edited(content => {
      content.version = 7;
    });
    expect(failure(newer)).toMatchObject({
      code: 'model.newer',
      message: `The model ${id} was written by a newer ds-agent (format 7; this one reads 2).`,
    });
    // What no older program could load is of format 2; all else stays readable for those.
    expect(JSON.parse(whole).version).toBe(1);
    const logs = await train({target: 'price', features: ['size'], models: ['log_ridge'], seconds: 1});
    expect(logs.summary).toMatch(/Best: log_ridge.*, learnt on log\(price\)\./);
    expect(JSON.parse(readFileSync(modelFile(/model (\S+),/.exec(logs.summary)?.[1] ?? ''), 'utf8')).version).toBe(2);
    writeFileSync(modelFile(id), '{"format":');
    expect(failure(await bench.run('predict', {model: id, dataset: 'homes'})).code).toBe('model.broken');
  });
});

/** Stops the training of the noisy data at the first event that `isTime` accepts; the milliseconds until it ended. */
async function stopAt(isTime: (event: StampedEvent) => boolean): Promise<number> {
  const stop = new AbortController();
  const told = bench.events.length;
  const running = bench.session.runTool('train_model', {dataset: 'noisy', target: 'y'}, stop.signal);
  running.catch(() => {});
  await new Promise<void>(resolve => {
    const look = () => (bench.events.slice(told).some(isTime) ? resolve() : setImmediate(look));
    look();
  });
  const stoppedAt = performance.now();
  stop.abort();
  await expect(running).rejects.toThrow();
  return performance.now() - stoppedAt;
}
const isProgress = (event: StampedEvent, text: string) =>
  event.type === 'work_progress' && event.message.includes(text);

describe('a training that is stopped', () => {
  it('before there is any model ends at once and keeps none', async () => {
    const before = await listModels(bench.workspace.path('models'));
    expect(await stopAt(event => event.type === 'tool_start')).toBeLessThan(300);
    expect(await listModels(bench.workspace.path('models'))).toEqual(before);
  });

  it('later keeps the best so far at once, says so, draws nothing, and the kept model predicts', async () => {
    const charts = () => readdirSync(bench.workspace.path('charts'));
    const drawn = charts();
    expect(await stopAt(event => isProgress(event, 'trying boosting'))).toBeLessThan(300);
    expect(charts()).toEqual(drawn);
    const said = bench.events.findLast(({type}) => type === 'notice');
    const [, id = ''] =
      /^Training stopped with rmse .*dummy_mean [\d.]+ \(baseline\).*; the best so far, \S+, is kept as model (\S+)\.$/.exec(
        said?.type === 'notice' ? said.message : '',
      ) ?? [];
    expect((await listModels(bench.workspace.path('models')))[0]?.id).toBe(id);
    const {table} = success(await bench.run('predict', {model: id, dataset: 'noisy', where: 'a < 5'}));
    expect(table?.rows.length).toBeGreaterThan(0);
  });
});

describe('without a target', () => {
  it('lists the likeliest ones with reasons and trains nothing', async () => {
    const before = await listModels(bench.workspace.path('models'));
    const {summary, table} = success(await bench.run('train_model', {dataset: 'homes'}));
    expect(table?.rows.map(([name]) => name)).toEqual(['price', 'dear', 'kind', 'size']);
    expect(table?.rows[0]?.[1]).toBe('its name is of an outcome, a number');
    expect(summary).toContain('/train price');
    expect(await listModels(bench.workspace.path('models'))).toEqual(before);
  });

  it('trains where one column is called so', async () => {
    await bench.data('named', ['a,target', ...rows.map((_, i) => `${i % 7},${(i * 3) % 11}.5`)].join('\n'));
    const {summary} = success(await bench.run('train_model', {dataset: 'named', seconds: 1}));
    expect(summary).toContain('Target target, a number');
  });
});

it('a winner that is not better than the baseline on the rows held out is told of', async () => {
  const columns = Array.from({length: 200}, (_, j) => `c${j}`);
  // Numbers that hang on nothing: with so many columns and few rows one candidate wins by luck.
  const random = new Mt19937(1);
  const lines = Array.from({length: 40}, () => [...columns, 'y'].map(() => random.nextDouble()).join(','));
  await bench.data('luck', [[...columns, 'y'].join(','), ...lines].join('\n'));
  const {summary} = success(await bench.run('train_model', {dataset: 'luck', target: 'y', group: 'none', seconds: 5}));
  const [ours, theirs] = [...summary.matchAll(/(?:rows held out from the choice|baseline): rmse ([\d.]+)/g)].map(
    ([, n]) => Number(n),
  );
  expect(ours).toBeGreaterThanOrEqual(theirs ?? Number.NaN);
  expect(summary).toContain("don't rely on it");
});

describe('rows that hang together', () => {
  it('are found by an identifier that repeats, unless told otherwise', async () => {
    const lines = Array.from({length: 200}, (_, i) => `p${i % 40},${(i * 7) % 13},${(i % 40) + (i % 3)}`);
    await bench.data('visits', ['patient_id,x,y', ...lines].join('\n'));
    const args = {dataset: 'visits', target: 'y', seconds: 1, models: ['linear', 'tree']};
    const {summary, table} = success(await bench.run('train_model', args));
    expect(summary).toContain('folds that keep rows of one patient_id together (found: it repeats');
    expect(summary).toContain('patient_id (keeps its rows together)');
    const kinds = table?.rows.map(([name]) => String(name).split(' ')[0]);
    expect([...new Set(kinds)].sort()).toEqual(['dummy_mean', 'linear', 'tree']);
    const free = success(await bench.run('train_model', {...args, group: 'none'}));
    expect(free.summary).toContain('folds at random');
  });

  it('at the regular times of a series are tested on later rows without being told, unless told otherwise', async () => {
    const dayOf = (i: number) => new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10);
    const lines = Array.from({length: 120}, (_, i) => `${dayOf(i)},${(i * 7) % 13},${i + ((i * 5) % 11)},r${i % 30}`);
    await bench.data('daily', ['day,x,y,region_id', ...lines].join('\n'));
    const args = {dataset: 'daily', target: 'y', seconds: 1, models: ['linear']};
    const summaryOf = async (more: object) => success(await bench.run('train_model', {...args, ...more})).summary;
    expect(await summaryOf({})).toContain('folds in order of day, each learnt from earlier rows only (found: one row');
    expect(await summaryOf({time: 'none', group: 'none'})).toContain('folds at random');
    expect(await summaryOf({group: 'region_id'})).toContain('folds that keep rows of one region_id together');
    // Now and then is no series.
    const rare = lines.map((line, i) => line.replace(dayOf(i), dayOf(3 * i + ((i * i) % 3))));
    await bench.data('rare', ['day,x,y,region_id', ...rare].join('\n'));
    expect(await summaryOf({dataset: 'rare', group: 'none'})).toContain('folds at random');
  });

  it('in time are tested on later rows; with a group too, on later rows of other groups', async () => {
    const {summary} = await train({target: 'price', features: ['size'], time: 'sold', models: ['linear']});
    expect(summary).toContain('folds in order of sold, each learnt from earlier rows only');
    const lines = Array.from(
      {length: 360},
      (_, i) => `s${i % 18},${i / 18},${(i * 7) % 13},${(i % 18) + ((i * 7) % 13)}`,
    );
    await bench.data('panel', ['seller,week,x,y', ...lines].join('\n'));
    const args = {dataset: 'panel', target: 'y', features: ['x'], seconds: 1, models: ['linear']};
    const both = success(await bench.run('train_model', {...args, time: 'week', group: 'seller'}));
    expect(both.summary).toContain('5 folds on later rows of other seller than learnt from (in order of week)');
    expect(both.summary).toContain('40 rows held out from the choice');
    expect(both.summary).toContain(
      '160 rows that share only the time or only the group with them took part in neither',
    );
    const few = await bench.run('train_model', {
      ...args,
      time: 'week',
      group: 'seller',
      where: "seller IN ('s1', 's2')",
    });
    expect(failure(few)).toMatchObject({code: 'model.refused', message: expect.stringContaining('two are needed')});
  });

  it('an order that was asked for goes before an identifier that repeats', async () => {
    const lines = Array.from({length: 200}, (_, i) => `p${i % 40},${i},${(i * 7) % 13},${(i % 40) + (i % 3)}`);
    await bench.data('stays', ['patient_id,day,x,y', ...lines].join('\n'));
    const asked = {dataset: 'stays', target: 'y', time: 'day', seconds: 1, models: ['linear']};
    const {summary} = success(await bench.run('train_model', asked));
    expect(summary).toContain('folds in order of day');
    expect(summary).toContain('patient_id (an identifier)');
  });
});
