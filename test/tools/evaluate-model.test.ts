import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {failure, openToolBench, success, type ToolBench} from './bench.ts';

const home = (n: number) => {
  const size = (n * 37) % 100;
  const kind = n % 3 === 0 ? 'house' : 'flat';
  const price = 1000 + 50 * size + (kind === 'house' ? 2000 : 0) + ((n * 7919) % 997);
  return {size, kind, price, dear: price > 4500 ? 'yes' : 'no'};
};
const csvOf = (from: number, to: number, more = '') => {
  const rows = Array.from({length: to - from}, (_, i) => home(from + i));
  return (
    ['size,kind,price,dear', ...rows.map(({size, kind, price, dear}) => `${size},${kind},${price},${dear}`)].join(
      '\n',
    ) + more
  );
};

let bench: ToolBench;
const ids: Record<string, string> = {};
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('homes', csvOf(0, 150));
  await bench.data('later', csvOf(140, 260, '\n5,house,,maybe\n'));
  for (const target of ['price', 'dear']) {
    const features = ['size', 'kind'];
    const {summary} = success(await bench.run('train_model', {dataset: 'homes', target, features, seconds: 1}));
    ids[target] = /model (\S+),/.exec(summary)?.[1] ?? '';
  }
});
afterAll(() => bench.close());

const evaluate = async (args: object) => success(await bench.run('evaluate_model', args));

describe('evaluate_model', () => {
  it('measures a number with intervals beside the baseline, with residuals, and counts rows without a target', async () => {
    const {summary, table} = await evaluate({model: ids.price, dataset: 'later'});
    expect(summary).toContain('on 120 rows of later. It predicts price; 1 row was left out');
    expect(table?.rows.map(([, , metric]) => metric)).toEqual(['rmse', 'mae', 'r2', 'mape']);
    const [, , , rmse, low, high, baseline] = table?.rows[0] ?? [];
    expect(Number(low)).toBeLessThan(Number(rmse));
    expect(Number(high)).toBeGreaterThan(Number(rmse));
    expect(Number(baseline)).toBeGreaterThan(3 * Number(high));
    expect(summary).toContain('Better than the baseline');
    expect(summary).toMatch(/Residuals \(actual − predicted\): mean \S+, sd \S+; quantiles 5 % /);
  });

  it('takes texts among the numbers as missing and says how many, unless most of them are', async () => {
    await bench.data('odd', csvOf(150, 200, '\nbig,flat,2000,no\n'));
    const {summary} = await evaluate({model: ids.price, dataset: 'odd'});
    expect(summary).toContain('on 51 rows of odd');
    expect(summary).toContain('size: 1 row with a text that is no number, taken as missing.');
    expect(summary).not.toContain('big');
    await bench.data('worded', 'size,kind,price\nsmall,flat,1\nbig,flat,2\n3,flat,4\n');
    const refused = failure(await bench.run('evaluate_model', {model: ids.price, dataset: 'worded'}));
    expect([refused.code, refused.message]).toEqual([
      'model.column_kind',
      '2 of 3 values of size are no numbers; the model learnt from numbers.',
    ]);
  });

  it('names the column that is meant where a name differs in capitals and signs only', async () => {
    await bench.data('capitals', 'Size,kind,price\n5,flat,1\n');
    const refused = failure(await bench.run('evaluate_model', {model: ids.price, dataset: 'capitals'}));
    expect([refused.code, refused.hint]).toEqual([
      'model.column_missing',
      'It has Size: give columns the names the model learnt.',
    ]);
  });

  it('says when the model was fitted on the very rows, and how many of others are like those', async () => {
    const {summary} = await evaluate({model: ids.price, dataset: 'homes'});
    expect(summary).toMatch(
      /fitted on these very rows, so the figures flatter it. On 30 rows held out while training it had rmse/,
    );
    expect(summary).not.toContain('etter than the baseline');
    expect((await evaluate({model: ids.price, dataset: 'later'})).summary).toContain(
      '10 of the 120 rows are like rows of homes in all columns of the model and the target',
    );
  });

  it('measures classes with confusion and calibration, and by group whom it picks', async () => {
    const {summary, table} = await evaluate({model: ids.dear, dataset: 'later', by: 'kind'});
    expect(summary).toContain('| actual | predicted no | predicted yes |');
    expect(summary).toContain('Calibration of the probability of yes: on average off by');
    expect(summary).toContain('By kind:');
    expect(summary).toMatch(/the share predicted yes \S+ \(flat\) to \S+ \(house\)/);
    const groups = table?.rows.filter(([group]) => group !== null);
    expect(new Set(groups?.map(([group, rows]) => `${group} ${rows}`))).toEqual(new Set(['flat 80', 'house 40']));
    expect(table?.rows.filter(([, , metric]) => metric === 'roc_auc')).toHaveLength(3);
  });

  it('gives no baseline where a group has one class, since the best constant would be the answer', async () => {
    const {table} = await evaluate({model: ids.dear, dataset: 'later', by: 'dear'});
    const cells = table?.rows.filter(([, , metric]) => metric === 'log_loss') ?? [];
    expect(cells.map(([group, , , , , , baseline]) => [group, baseline === null])).toEqual([
      [null, false],
      [expect.any(String), true],
      [expect.any(String), true],
    ]);
  });

  it('gives the same intervals for the same seed', async () => {
    const first = await evaluate({model: ids.dear, dataset: 'later', seed: 7});
    expect((await evaluate({model: ids.dear, dataset: 'later', seed: 7})).table).toEqual(first.table);
    expect((await evaluate({model: ids.dear, dataset: 'later', seed: 8})).table).not.toEqual(first.table);
  });

  it('says of a model that is no better than the baseline that it is not', async () => {
    const {summary} = await evaluate({
      model: ids.price,
      dataset: 'later',
      where: 'size < 20 AND kind = $$flat$$ AND price > 1900',
    });
    expect(summary).toMatch(/No better than the baseline|Not surely better/);
  });

  it.each([
    [{dataset: 'tiny'}, 'model.column_missing'],
    [{dataset: 'untold'}, 'model.no_target'],
    [{dataset: 'later', where: 'size > 1000'}, 'model.no_rows'],
    [{dataset: 'later', by: 'region'}, 'analysis.unknown_column'],
    [{dataset: 'later', model: 'nosuch'}, 'model.unknown'],
    [{dataset: 'worded'}, 'model.column_kind'],
  ])('%j ends in %s', async (args, code) => {
    await bench.data('tiny', 'a,b\n1,2\n3,4\n');
    await bench.data('untold', 'size,kind\n1,flat\n3,house\n');
    await bench.data('worded', 'size,kind,price\n1,flat,cheap\n3,house,dear\n');
    expect(failure(await bench.run('evaluate_model', {model: ids.price, ...args})).code).toBe(code);
  });
});

describe('the chart of an evaluation', () => {
  const chartOf = async (args: object) => {
    const {artifacts = []} = await evaluate(args);
    return {text: artifacts.find(({preview}) => preview)?.preview ?? '', paths: artifacts.map(({path}) => path)};
  };

  it.each([
    ['price', {}, 'Residuals of price', ['n = 120', 'on later']],
    ['price', {chart: 'qq'}, 'Residuals of price against the normal distribution', ['line through the quartiles']],
    ['dear', {}, 'ROC curve of dear = yes', ['AUC 0.', 'chance', 'on later']],
    ['dear', {chart: 'pr'}, 'Precision and recall of dear = yes', ['average precision 0.', 'share of positive rows']],
    [
      'dear',
      {chart: 'calibration'},
      'Calibration of dear = yes, bins of equal',
      ['Brier score 0.', 'band: 95 % (Wilson)'],
    ],
  ])('of %s with %o is drawn and kept', async (target, more, title, parts) => {
    const {text, paths} = await chartOf({model: ids[target], dataset: 'later', ...more});
    expect(text.split('\n')[0]).toContain(title);
    for (const part of parts) expect(text).toContain(part);
    expect(paths.some(path => /^charts\/.+\.svg$/.test(path ?? ''))).toBe(true);
  });

  it('says the area that the metrics say, and that rows of the fit are no test', async () => {
    const {artifacts = [], table} = await evaluate({model: ids.dear, dataset: 'homes'});
    const area = Number(table?.rows.find(([, , metric]) => metric === 'roc_auc')?.[3]);
    expect(artifacts[0]?.preview).toContain(`AUC ${Number(area.toPrecision(3))}`);
    expect(artifacts[0]?.preview).toContain('on homes, rows of the fit');
  });

  it('is precision and recall where the class is rare, and none where only one class is there', async () => {
    expect((await chartOf({model: ids.dear, dataset: 'later', where: "dear = 'no' OR size = 95"})).text).toContain(
      'Precision and recall of dear = yes',
    );
    expect((await chartOf({model: ids.dear, dataset: 'later', where: "dear = 'no'"})).text).toBe('');
  });

  it('that the rows can not have is refused with those that they can', async () => {
    const refused = failure(await bench.run('evaluate_model', {model: ids.price, dataset: 'later', chart: 'roc'}));
    expect(refused).toMatchObject({code: 'model.chart', hint: 'A model of numbers has: residuals, qq.'});
    const one = {model: ids.dear, dataset: 'later', where: "dear = 'no'", chart: 'roc'};
    expect(failure(await bench.run('evaluate_model', one))).toMatchObject({code: 'model.chart'});
  });

  it('of three classes has a curve each, against the rest', async () => {
    const rows = Array.from({length: 160}, (_, n) => {
      const size = (n * 37) % 100;
      return `${size},${(n * 7919) % 83},${size + ((n * 31) % 29) > 80 ? 'large' : size > 40 ? 'middle' : 'small'}`;
    });
    await bench.data('sizes', ['size,noise,class', ...rows].join('\n'));
    const trained = success(await bench.run('train_model', {dataset: 'sizes', target: 'class', models: ['logistic']}));
    expect(trained.artifacts?.[0]?.preview).toMatch(
      /ROC curve of class, each class against the rest[\s\S]*on rows held out/,
    );
    const {text} = await chartOf({model: 'latest', dataset: 'sizes'});
    for (const name of ['large', 'middle', 'small']) expect(text).toMatch(new RegExp(`AUC ${name} (0\\.\\d+|1)\\b`));
    expect((await chartOf({model: 'latest', dataset: 'sizes', chart: 'calibration'})).text).toContain(
      'Calibration of the predicted class',
    );
  });
});
