import {afterAll, beforeAll, expect, it} from 'vitest';
import type {Intent} from '../../../src/providers/offline/intent.ts';
import {understand} from '../../../src/providers/offline/understand.ts';
import {openToolBench, type ToolBench} from '../../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const days = Array.from({length: 30}, (_, i) => `2024-01-${String(i + 1).padStart(2, '0')}`);
  await bench.data('visits', ['day,visitors', ...days.map((day, i) => `${day},${100 + ((i * 37) % 11)}`)].join('\n'));
  await bench.data(
    'shop',
    ['day,city,sold,price', ...days.map((day, i) => `${day},${'AB'[i % 2]},${1 + (i % 7)},${2.5 + (i % 5)}`)].join(
      '\n',
    ),
  );
  await bench.data(
    'births',
    ['year,births', ...days.map((_, i) => `${1990 + i},${900 + ((i * 37) % 101)}`)].join('\n'),
  );
  await bench.data('plans', ['forecast,size', ...days.map((_, i) => `${(i * 7) % 5},${(i * 3) % 11}`)].join('\n'));
});
afterAll(() => bench.close());

async function read(dataset: string, text: string): Promise<Intent> {
  // Alone: columns of other datasets are understood too.
  const datasets = (await bench.catalog.datasets()).filter(({name}) => name === dataset);
  return understand([text], {datasets, activeDataset: dataset});
}

it.each(['forecast', 'Forecast!', 'make a forecast', 'forecast it', 'predict the future'])(
  '"%s" forecasts the only number along the only date, and says so',
  async text => {
    expect(await read('visits', text)).toMatchObject({
      kind: 'tool',
      tool: 'forecast',
      args: {dataset: 'visits', value: 'visitors', time: 'day'},
      note: expect.stringContaining('the only number and the only time'),
    });
  },
);

it('"forecast" takes a column of years for the time', async () => {
  expect(await read('births', 'forecast')).toMatchObject({tool: 'forecast', args: {value: 'births', time: 'year'}});
});

it('"forecast" asks back where there are several numbers, or no time', async () => {
  expect(await read('shop', 'forecast')).toMatchObject({
    kind: 'unclear',
    reason: 'Which number is to be forecast along day: sold, price?',
    suggestions: ['forecast sold', 'forecast price'],
  });
  expect(await read('plans', 'make a forecast')).toMatchObject({
    kind: 'unclear',
    reason: 'A forecast goes along a date or time column, and plans has none.',
  });
});

it('a column of that name is meant before the word', async () => {
  const found = await read('plans', 'forecast');
  expect(found).not.toMatchObject({tool: 'forecast'});
  expect(found.kind).not.toBe('unclear');
});

it.each(['train', 'predict', 'train a model', 'build me a model', 'make predictions', 'machine learning'])(
  '"%s" asks the training which columns are likely targets',
  async text => {
    const found = await read('shop', text);
    expect(found).toMatchObject({kind: 'tool', tool: 'train_model', args: {dataset: 'shop'}});
    expect(found.kind === 'tool' && found.args).not.toHaveProperty('target');
  },
);

it.each([
  ['evaluate the model', 'evaluate_model', {model: 'latest'}],
  ['how good is the model?', 'evaluate_model', {model: 'latest'}],
  ['explain the model', 'explain_model', {model: 'latest'}],
  ['reduce', 'reduce', {}],
  ['cluster', 'cluster', {}],
])('"%s" calls %s', async (text, tool, args) => {
  expect(await read('shop', text)).toMatchObject({kind: 'tool', tool, args: {dataset: 'shop', ...args}});
});

it('a longer question is not taken for the bare word', async () => {
  expect(await read('shop', 'predict price')).toMatchObject({tool: 'train_model', args: {target: 'price'}});
  expect(await read('shop', 'train stations by city')).toMatchObject({kind: 'unclear'});
});
