import {afterAll, beforeAll, expect, it} from 'vitest';
import {applyModel} from '../../../src/tools/applying/apply-model.ts';
import {scoresOf} from '../../../src/tools/applying/scores.ts';
import {openScoringThread} from '../../../src/tools/applying/scoring-thread.ts';
import {withParameters} from '../../../src/tools/training/model-file.ts';
import {openToolBench, success, type ToolBench} from '../bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const line = (n: number) => `${(n * 37) % 101},${['a', 'b', 'c'][n % 3]},${(n * 37) % 101 > 50 ? 'yes' : 'no'}`;
  await bench.data('rows', ['size,kind,dear', ...Array.from({length: 300}, (_, n) => line(n))].join('\n'));
  success(await bench.run('train_model', {dataset: 'rows', target: 'dear', models: ['tree'], seconds: 1}));
});
afterAll(() => bench.close());

async function applied() {
  const request = {model: 'latest', dataset: 'rows', needsTarget: false};
  return applyModel(bench.catalog, request, new AbortController().signal);
}

it('a thread scores one piece after the other as the model itself does', async () => {
  const {kept, columns, rows} = await applied();
  const thread = await openScoringThread(kept, new AbortController().signal);
  const expected = scoresOf(withParameters(kept), columns, rows);
  expect(thread.hasProbabilities).toBe(true);
  expect(await thread.scores(columns, rows)).toEqual(expected);
  expect(await thread.scores(columns, rows)).toEqual(expected);
  thread.close();
});

it('the signal ends a piece that is being scored, and whatever is asked afterwards', async () => {
  const {kept, columns, rows} = await applied();
  const stop = new AbortController();
  const thread = await openScoringThread(kept, stop.signal);
  const asked = thread.scores(columns, rows);
  stop.abort();
  await expect(asked).rejects.toMatchObject({kind: 'interrupt'});
  await expect(thread.scores(columns, rows)).rejects.toMatchObject({kind: 'interrupt'});
});

it('parameters that are damaged are told of before the first row is scored', async () => {
  const {kept} = await applied();
  const damaged = {...kept, content: {...kept.content, parameters: {trees: 7}}};
  await expect(openScoringThread(damaged, new AbortController().signal)).rejects.toMatchObject({code: 'model.broken'});
});
