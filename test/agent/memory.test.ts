// A session read back from its events gives the model the history it had, with every call beside its result.

import {expect, it} from 'vitest';
import {memoryOf} from '../../src/agent/memory.ts';
import {answerOf, callsOf, readTranscript} from '../../src/agent/transcript.ts';
import {exchangesOf} from '../../src/providers/history.ts';
import {done, neverAborted, numberTool, startBench} from './bench.ts';

const ask = (name: string, n: number, id = `${name}${n}`) => ({id, name, argumentsText: JSON.stringify({n})});

it('a resumed session sends the messages that a running one would have sent', async () => {
  const tools = [numberTool('double', async n => done(String(n * 2)))];
  const script = () => [
    {text: 'Looking.', calls: [ask('double', 4), ask('double', 5)]},
    {calls: [ask('nothing', 1)]},
    {text: 'It is 8.'},
    {text: 'Good.'},
  ];
  const whole = startBench(script(), tools);
  await whole.session.prompt('double 4', neverAborted);
  const entries = readTranscript(whole.events);
  await whole.session.prompt('thanks', neverAborted);

  const resumed = startBench([{text: 'Good.'}], tools, {memory: memoryOf(entries)});
  await resumed.session.prompt('thanks', neverAborted);
  const last = whole.sent(whole.router.requests.length - 1);
  expect(exchangesOf(resumed.sent(0))).toEqual(exchangesOf(last).map(withoutArguments));
  expect(resumed.session.receipt(2)).toEqual(whole.session.receipt(2));
});

/** A call that could not be run is kept without the arguments that broke it. */
function withoutArguments(exchange: ReturnType<typeof exchangesOf>[number]) {
  if (exchange.role === 'user') return exchange;
  const empty = <Call extends {name: string; argumentsText: string}>(call: Call): Call =>
    call.name === 'nothing' ? {...call, argumentsText: '{}'} : call;
  return {
    ...exchange,
    message: {...exchange.message, toolCalls: exchange.message.toolCalls.map(empty)},
    results: exchange.results.map(each => ({...each, call: empty(each.call)})),
  };
}

it('receipts go on with their numbers, and the next steps shown last can still be chosen', async () => {
  const steps = {calls: [ask('double', 1)]};
  const tools = [numberTool('double', async n => done(String(n * 2)))];
  const first = startBench([steps, {text: 'Two.'}], tools);
  await first.session.prompt('double 1', neverAborted);
  const second = startBench([steps, {text: 'Two again.'}], tools, {memory: memoryOf(readTranscript(first.events))});
  await second.session.prompt('once more', neverAborted);
  expect(second.session.receipts().map(receipt => receipt.id)).toEqual([1, 2]);
});

it('a turn that was killed between call and result ends with a word of the assistant, and the call has a result', async () => {
  const tools = [numberTool('double', async n => done(String(n * 2)))];
  const bench = startBench([{calls: [ask('double', 4)]}, {text: 'It is 8.'}], tools);
  await bench.session.prompt('double 4', neverAborted);
  const cut = bench.events.slice(
    0,
    bench.events.findIndex(event => event.type === 'tool_end'),
  );
  const entries = readTranscript(cut);
  expect(entries).toMatchObject([{kind: 'turn', prompt: 'double 4', outcome: null}]);
  const {history} = memoryOf(entries);
  expect(history.map(message => message.role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  expect(history[2]).toMatchObject({callId: 'double4', result: {ok: false, code: 'aborted'}});
});

it('a turn that was killed before the model said anything is left out of the history, and its question is known', () => {
  const {events} = startBench([]);
  const entries = readTranscript([...events, {v: 1, seq: 1, time: 5, type: 'prompt', text: 'what?'}]);
  expect(entries).toMatchObject([{prompt: 'what?', at: 5, outcome: null}]);
  expect(memoryOf(entries).history).toEqual([]);
});

it('/clear forgets the conversation and keeps the receipts', async () => {
  const tools = [numberTool('double', async n => done(String(n * 2)))];
  const bench = startBench([{calls: [ask('double', 4)]}, {text: 'It is 8.'}], tools);
  await bench.session.prompt('double 4', neverAborted);
  const cleared = {v: 1, seq: 99, time: 1, type: 'command_result', line: '/clear', ok: true, text: ''} as const;
  const entries = readTranscript([...bench.events, cleared]);
  const memory = memoryOf(entries);
  expect(memory.history).toEqual([]);
  expect(memory.receipts).toHaveLength(1);
  expect(entries.flatMap(callsOf)).toHaveLength(1);
  expect(entries[0]?.kind === 'turn' && answerOf(entries[0])).toBe('It is 8.');
});
