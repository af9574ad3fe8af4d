import {afterAll, beforeAll, expect, it} from 'vitest';
import {applyModel} from '../../../src/tools/applying/apply-model.ts';
import {scoresInParts, scoresOf} from '../../../src/tools/applying/scores.ts';
import {withParameters} from '../../../src/tools/training/model-file.ts';
import {openToolBench, success, type ToolBench} from '../bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const line = (n: number) =>
    `${(n * 37) % 101},${['a', 'b', 'c'][n % 3]},${(n * 37) % 101 > 50 || n % 7 === 0 ? 'yes' : 'no'}`;
  await bench.data('rows', ['size,kind,dear', ...Array.from({length: 9_000}, (_, n) => line(n))].join('\n'));
});
afterAll(() => bench.close());

it('rows scored some at a time get the scores of all at once', async () => {
  const args = {dataset: 'rows', target: 'dear', models: ['random_forest'], seconds: 1};
  success(await bench.run('train_model', args));
  const {signal} = new AbortController();
  const request = {model: 'latest', dataset: 'rows', needsTarget: false};
  const {kept, columns, rows} = await applyModel(bench.catalog, request, signal);
  const loaded = withParameters(kept);
  const scores = scoresInParts(loaded, columns, rows);
  expect(scores).toEqual(scoresOf(loaded, columns, rows));
  expect(scores.probabilities?.map(each => each.length)).toEqual([9_000, 9_000]);
});
