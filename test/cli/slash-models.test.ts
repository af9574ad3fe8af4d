// /models and /predict: plain words become the right call of a tool or of the registry.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runSlash} from '../../src/cli/slash.ts';
import {DsAgentError} from '../../src/core/errors.ts';
import {type AppBench, openAppBench} from './bench.ts';

const rows = Array.from(
  {length: 60},
  (_, n) => `${(n * 37) % 100},${n % 3 ? 'flat' : 'house'},${50 * ((n * 37) % 100) + (n % 7)}`,
);
const {signal} = new AbortController();
let bench: AppBench;
let id = '';
const run = async (line: string) => {
  const found = await runSlash(line, bench.app, signal);
  if (typeof found === 'string') throw new Error(found);
  return [...(found.charts ?? []).map(({preview}) => preview), found.text].join('\n');
};
const asked = () => bench.app.session.receipts().at(-1);
const failure = async (line: string): Promise<string> => {
  const found = await run(line).catch((error: unknown) => error);
  return found instanceof DsAgentError ? found.code : `did not fail: ${found}`;
};

beforeAll(async () => {
  bench = await openAppBench();
  expect(await run('/models')).toContain('No model is kept here yet');
  await run(`/upload ${await bench.file('homes.csv', ['size,kind,price', ...rows].join('\n'))}`);
  const sold = rows.map((row, n) => `${row},s${n % 30},2024-${1 + Math.floor(n / 28)}-${1 + (n % 28)}`);
  await run(`/upload ${await bench.file('sold.csv', ['size,kind,price,seller,sold_on', ...sold].join('\n'))}`);
  bench.app.catalog.use('homes');
  id = /model (\S+),/.exec(await run('/train price with size kind'))?.[1] ?? '';
});
afterAll(() => bench.close());

describe('/train', () => {
  it.each([
    ['by none', {group: 'none', time: 'none'}, 'at random'],
    ['by seller', {group: 'seller'}, 'that keep rows of one seller together'],
    ['by sold_on', {time: 'sold_on'}, 'in order of sold_on'],
    ['by seller sold_on', {group: 'seller', time: 'sold_on'}, 'on later rows of other seller than learnt from'],
  ])('%s divides as asked', async (words, args, told) => {
    const text = await run(`/train price with size kind ${words} in sold where size < 90`);
    expect(asked()).toMatchObject({tool: 'train_model', args: {dataset: 'sold', ...args}});
    expect(text).toContain(told);
    const {id: kept = ''} = /model (?<id>\S+),/.exec(text)?.groups ?? {};
    bench.answerWith(true);
    await run(`/models rm ${kept}`);
    bench.app.catalog.use('homes');
  });

  it.each([
    ['/train price by kind seller in sold', 'chat.arguments'],
    ['/train price by town in sold', 'chat.unknown_column'],
    ['/train price size', 'chat.arguments'],
    ['/train price by', 'chat.arguments'],
    ['/train price with in homes', 'chat.arguments'],
  ])('%s ends in %s', async (line, code) => {
    expect(await failure(line)).toBe(code);
  });
});

describe('/models', () => {
  it('lists, shows and compares what is kept', async () => {
    expect(await run('/models')).toMatch(new RegExp(`^${id}  price  rmse [\\d.,e-]+ \\(baseline [\\d.,]+\\)`));
    expect(await run('/models show')).toContain('Features: size, kind');
    expect(await run('/models compare')).toContain(id);
  });

  it.each([
    ['/models evaluate', 'evaluate_model', {model: 'latest', dataset: 'homes'}],
    ['/models evaluate QQ', 'evaluate_model', {model: 'latest', dataset: 'homes', chart: 'qq'}],
    ['/models evaluate homes residuals', 'evaluate_model', {model: 'homes', dataset: 'homes', chart: 'residuals'}],
    [
      '/models evaluate homes by kind in homes where size < 90',
      'evaluate_model',
      {model: 'homes', dataset: 'homes', by: 'kind', where: 'size < 90'},
    ],
    ['/models explain', 'explain_model', {model: 'latest', dataset: 'homes'}],
    ['/models explain homes row 5', 'explain_model', {model: 'homes', dataset: 'homes', row: 5}],
    ['/models explain of SIZE', 'explain_model', {model: 'latest', dataset: 'homes', column: 'size'}],
    ['/predict', 'predict', {model: 'latest', dataset: 'homes'}],
    ['/predict homes in homes to scored', 'predict', {model: 'homes', dataset: 'homes', save_as: 'scored'}],
  ])('%s calls %s', async (line, tool, args) => {
    await run(line);
    expect(asked()).toMatchObject({tool, args});
    bench.app.catalog.use('homes');
  });

  it('draws a curve above the words', async () => {
    expect(await run('/models explain of size')).toMatch(/Partial dependence[\s\S]+Model homes\//);
  });

  it.each([
    ['/models shake', 'chat.arguments'],
    ['/models show a b', 'chat.arguments'],
    ['/models explain row zero', 'chat.arguments'],
    ['/models evaluate by town', 'chat.unknown_column'],
    ['/models evaluate roc pr', 'chat.arguments'],
    ['/models show nosuch', 'model.unknown'],
    ['/models rm latest', 'model.unknown'],
    ['/predict a b', 'chat.arguments'],
  ])('%s ends in %s', async (line, code) => {
    expect(await failure(line)).toBe(code);
  });

  it('removes one only after a yes', async () => {
    bench.answerWith(false);
    expect(await failure(`/models rm ${id}`)).toBe('model.rm_denied');
    bench.answerWith(true);
    expect(await run(`/models rm ${id}`)).toBe(`Removed the model ${id}.`);
    expect(await run('/models')).toContain('No model is kept here yet');
  });
});
