// An analysis of a large dataset runs in a thread; what it says, and how it ends, is the same as without one.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {createReader, type Reader} from '../../../src/analysis/column-values.ts';
import {currentVersion, type Dataset} from '../../../src/core/dataset.ts';
import {analyse} from '../../../src/tools/analysing/analyse.ts';
import {ANALYSES, type AnalysisAsked, type AnalysisName} from '../../../src/tools/analysing/jobs.ts';
import {openToolBench, success, type ToolBench} from '../bench.ts';

let bench: ToolBench;
let dataset: Dataset;
beforeAll(async () => {
  bench = await openToolBench();
  const columns = `(i * 7919 % 10007) / 10.0 AS a, (i * 104729 % 997) - (i * 7919 % 10007) / 40.0 AS b, ['x', 'y', 'z'][1 + i % 3] AS g, TIMESTAMP '2020-01-01' + INTERVAL (i) MINUTE AS at`;
  const sql = `SELECT ${columns} FROM range(60000) r(i)`;
  success(await bench.run('run_sql', {sql, save_as: 'many'}));
  dataset = await bench.catalog.dataset('many');
});
afterAll(() => bench.close());

const {signal} = new AbortController();
const newReader = async (): Promise<Reader> => createReader(await bench.catalog.engine(), signal);
const columns = () => currentVersion(dataset).columns;
const selection = {dataset: 'many', where: 'a < 900'};

type Case = {[Name in AnalysisName]: [Name, () => AnalysisAsked<Name>]}[AnalysisName];
const cases: Case[] = [
  ['correlations', () => ({selection, request: {columns: columns(), method: 'spearman'}})],
  ['distribution', () => ({selection, request: {columns: columns(), column: 'a'}})],
  [
    'regression',
    () => ({selection, request: {columns: columns(), target: 'b', features: ['a', 'g'], family: 'linear'}}),
  ],
  ['series', () => ({selection, request: {columns: columns(), time: 'at', value: 'b', every: 'day'}})],
  ['test', () => ({selection, request: {columns: columns(), value: 'b', group: 'g', test: 'mann_whitney'}})],
  ['test', () => ({selection, request: {columns: columns(), value: 'b', group: 'g'}})],
];

async function outcome(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: Error & {code?: string; hint?: string}) => [error.code, error.message, error.hint]);
}

it.each(cases)(
  '%s in a thread are the answer, the refusal and the statements that they are without one',
  async (...each) => {
    const [name, asked] = each;
    const [here, apart] = [await newReader(), await newReader()];
    const expected = await outcome(ANALYSES[name](here, asked() as never));
    expect(await outcome(analyse(name, asked() as never, {reader: apart, dataset, signal}))).toEqual(expected);
    expect(apart.sql).toEqual(here.sql);
  },
);

it('timers fire while the thread computes, and the signal ends it before there is an answer', async () => {
  const reader = await newReader();
  const stop = new AbortController();
  let beats = 0;
  const whenRead: Reader = {
    ...reader,
    async numbers(...asked) {
      const read = await reader.numbers(...asked);
      const beat = () => {
        beats += 1;
        if (beats === 3) stop.abort();
        else setTimeout(beat, 1);
      };
      setTimeout(beat, 1);
      return read;
    },
  };
  const asked = {selection, request: {columns: columns(), method: 'kendall' as const}};
  const answer = analyse('correlations', asked, {reader: whenRead, dataset, signal: stop.signal});
  await expect(answer).rejects.toMatchObject({name: 'AbortedError'});
  expect(beats).toBe(3);
});

it('a condition that the engine refuses ends the thread with what the engine said', async () => {
  const asked = {selection: {dataset: 'many', where: 'nothing > 1'}, request: {columns: columns(), column: 'a'}};
  const expected = await outcome(ANALYSES.distribution(await newReader(), asked));
  expect(expected).toEqual(['sql.unknown_column', expect.stringContaining('nothing'), expect.any(String)]);
  const found = analyse('distribution', asked, {reader: await newReader(), dataset, signal});
  expect(await outcome(found)).toEqual(expected);
});
