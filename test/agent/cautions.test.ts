// Cautions of a turn: said once each after the answer, read by the model beside the result, kept for /explain.

import {expect, it} from 'vitest';
import type {Caution, Watcher} from '../../src/core/caution.ts';
import {resultText} from '../../src/providers/history.ts';
import {call} from '../support/scripted-router.ts';
import {neverAborted, numberTool, startBench} from './bench.ts';

const signal = neverAborted;
const caution = (message: string, receipt: number): Caution => {
  return {code: 'small_groups', severity: 'warn', message, advice: 'Count first.', receipt};
};
const watch: Watcher = async ({receipt}) =>
  receipt.tool === 'mean' ? [caution(`mean ${JSON.stringify(receipt.args)} rests on 2 values.`, receipt.id)] : [];

it('stands after the answer and before the end of the turn, the same one once', async () => {
  const calls = [call('mean', {n: 1}), call('mean', {n: 1}), call('count', {n: 1})];
  const {session, events} = startBench([{calls}, {text: 'It is 3.'}], [numberTool('mean'), numberTool('count')], {
    watch,
  });
  await session.prompt('go', signal);
  const types = events.map(({type}) => type);
  expect(types.filter(type => type === 'caution')).toHaveLength(1);
  expect(types.slice(-2)).toEqual(['caution', 'turn_end']);
  expect(session.cautions().map(({receipt}) => receipt)).toEqual([1]);
  expect(session.cautions(2).map(({message}) => message)).toEqual(['mean {"n":1} rests on 2 values.']);
  expect(session.cautions(3)).toEqual([]);
});

it('the model reads it behind the result, inside the fence', async () => {
  const bench = startBench([{calls: [call('mean', {n: 1})]}, {text: 'ok'}], [numberTool('mean')], {watch});
  await bench.session.prompt('go', signal);
  const result = bench.sent(1).find(message => message.role === 'tool');
  if (result?.role !== 'tool') throw new Error('no result');
  expect(resultText('mean', result.result)).toBe(
    '<data tool="mean">\nmean 1\nCaution: mean {"n":1} rests on 2 values.\n</data>',
  );
});

it('the next turn begins without the cautions of the one before, and a command has its own', async () => {
  const {session, events} = startBench(
    [{calls: [call('mean', {n: 1})]}, {text: 'a'}, {text: 'b'}],
    [numberTool('mean')],
    {
      watch,
    },
  );
  await session.prompt('go', signal);
  await session.prompt('again', signal);
  expect(session.cautions()).toEqual([]);
  expect(events.filter(({type}) => type === 'caution')).toHaveLength(1);
  await session.runTool('mean', {n: 2}, signal);
  expect(session.cautions().map(({receipt}) => receipt)).toEqual([2]);
});

it('a watch that breaks costs no answer', async () => {
  const broken: Watcher = async () => {
    throw new Error('broken');
  };
  const {session} = startBench([{calls: [call('mean', {n: 1})]}, {text: 'a'}], [numberTool('mean')], {watch: broken});
  expect(await session.prompt('go', signal)).toMatchObject({outcome: 'answered', answer: 'a'});
});
