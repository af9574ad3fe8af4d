import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {ToolError} from '../../src/core/errors.ts';
import {defineTool} from '../../src/core/tool.ts';
import {call} from '../support/scripted-router.ts';
import {done, historyProblems, neverAborted, numberTool, startBench} from './bench.ts';

const signal = neverAborted;

describe('a plain turn', () => {
  it('a reply without tool calls is the answer', async () => {
    const {session, events} = startBench([{text: 'Hello.'}]);
    const turn = await session.prompt('hi', signal);
    expect(turn).toMatchObject({outcome: 'answered', answer: 'Hello.', error: null, provider: 'scripted'});
    expect(events.map(event => event.type)).toEqual(['prompt', 'message', 'turn_end']);
  });

  it('a tool result goes back to the model, and its tokens are summed over all calls of the turn', async () => {
    const tool = numberTool('count');
    const asked = call('count', {n: 3});
    const {session, sent} = startBench([{calls: [asked]}, {text: 'Three.'}], [tool]);
    const turn = await session.prompt('how many?', signal);
    expect(turn).toMatchObject({outcome: 'answered', answer: 'Three.', usage: {inputTokens: 20, outputTokens: 10}});
    expect(sent(1).at(-1)).toMatchObject({role: 'tool', callId: asked.id, result: {ok: true, summary: 'count 3'}});
    expect(turn.receipts).toMatchObject([{id: 1, tool: 'count', args: {n: 3}}]);
  });

  it('a text cut at the token limit is printed and ends with a limit', async () => {
    const {session} = startBench([{text: 'The first half', stop: 'length'}]);
    const turn = await session.prompt('tell me', signal);
    expect(turn).toMatchObject({
      outcome: 'limit',
      answer: 'The first half',
      error: {code: 'provider.reply_cut', exitCode: 7},
    });
  });

  it('what the analyst cannot answer is a failure with exit code 9, not an answer', async () => {
    const {session, events} = startBench([{text: 'I did not understand that.', stop: 'unanswered'}]);
    const turn = await session.prompt('who won?', signal);
    expect(turn).toMatchObject({outcome: 'failed', answer: null});
    expect(turn.error).toMatchObject({
      code: 'question.not_answered',
      exitCode: 9,
      message: 'I did not understand that.',
    });
    expect(events.filter(event => event.type === 'final_error')).toEqual([]);
  });
});

describe('a reply without a word', () => {
  const offer = () => call('offer', {n: 1});
  const aside = () => ({...numberTool('offer'), aside: true});

  it('is asked for once more, and the empty one never reaches the history', async () => {
    const {session, sent} = startBench([{text: ' '}, {text: 'Five.'}]);
    expect(await session.prompt('how many?', signal)).toMatchObject({outcome: 'answered', answer: 'Five.'});
    expect(sent(1)).toEqual(sent(0));
  });

  it('a second time fails with exit code 9 instead of printing nothing', async () => {
    const {session, router} = startBench([{text: ''}]);
    const turn = await session.prompt('how many?', signal);
    expect(turn).toMatchObject({outcome: 'failed', answer: null, error: {code: 'agent.no_answer', exitCode: 9}});
    expect(router.requests).toHaveLength(2);
  });

  it('after an answer that stood beside its next steps leaves that answer', async () => {
    const {session, router} = startBench([{text: 'Five.', calls: [offer()]}, {text: ''}], [aside()]);
    expect(await session.prompt('how many?', signal)).toMatchObject({outcome: 'answered', answer: 'Five.'});
    expect(router.requests).toHaveLength(2);
  });

  it('does not make an answer of what was said before a computation', async () => {
    const script = [{text: 'Let me look.', calls: [call('count', {n: 1})]}, {text: ''}, {text: 'Five.'}];
    const {session} = startBench(script, [numberTool('count')]);
    expect(await session.prompt('how many?', signal)).toMatchObject({answer: 'Five.'});
  });
});

describe('a tool that computes nothing', () => {
  it('does not fail the answer it stands beside', async () => {
    const tool = {...numberTool('offer'), aside: true};
    const {session} = startBench([{calls: [call('offer', {n: 'x'})]}, {text: 'Five.'}], [tool]);
    expect(await session.prompt('how many?', signal)).toMatchObject({outcome: 'answered', error: null});
  });
});

describe('arguments that are not right', () => {
  it('are told to the model once, and the corrected call runs', async () => {
    const tool = numberTool('count');
    const {session, sent} = startBench(
      [{calls: [call('count', {n: 'three'})]}, {calls: [call('count', {n: 3})]}, {text: 'Three.'}],
      [tool],
    );
    const turn = await session.prompt('how many?', signal);
    expect(turn).toMatchObject({outcome: 'answered', answer: 'Three.'});
    expect(tool.calls).toEqual([3]);
    expect(sent(1).at(-1)).toMatchObject({role: 'tool', result: {ok: false, code: 'tool.arguments_invalid'}});
  });

  it('a second time in a row end the turn with exit code 9, and the model is not asked again', async () => {
    const tool = numberTool('count');
    const {session, router} = startBench(
      [{calls: [call('count', {n: 'a'})]}, {calls: [call('count', {})]}, {text: '!'}],
      [tool],
    );
    const turn = await session.prompt('how many?', signal);
    expect(turn.error).toMatchObject({code: 'tool.arguments_invalid_twice', exitCode: 9});
    expect(turn.error?.message).toContain('scripted-model sent unusable tool arguments twice');
    expect(tool.calls).toEqual([]);
    expect(router.requests).toHaveLength(2);
  });

  it('that are no JSON are named as such, and never reach the history as they were', async () => {
    const tool = numberTool('count');
    const {session, sent} = startBench([{calls: [call('count', '{"n": 3')]}, {text: 'Sorry.'}], [tool]);
    await session.prompt('how many?', signal);
    expect(sent(1).at(-1)).toMatchObject({result: {ok: false, code: 'tool.arguments_not_json'}});
    expect(historyProblems(sent(1))).toEqual([]);
  });

  it('an unknown tool is answered with the nearest names', async () => {
    const {session, sent} = startBench(
      [{calls: [call('descrbe')]}, {text: 'ok'}],
      [numberTool('describe'), numberTool('zzz')],
    );
    await session.prompt('go', signal);
    const result = sent(1).at(-1);
    expect(result).toMatchObject({result: {ok: false, code: 'tool.unknown', hint: 'Tools: describe.'}});
  });

  it('a good reply between two bad ones starts the count anew', async () => {
    const tool = numberTool('count');
    const bad = () => ({calls: [call('count', {n: 'x'})]});
    const {session} = startBench(
      [bad(), {calls: [call('count', {n: 1})]}, bad(), {calls: [call('count', {n: 2})]}, {text: 'ok'}],
      [tool],
    );
    expect(await session.prompt('go', signal)).toMatchObject({outcome: 'answered'});
    expect(tool.calls).toEqual([1, 2]);
  });

  it('a call that was cut at the token limit is not run, though its arguments happen to be valid', async () => {
    const tool = numberTool('count');
    const {session, sent} = startBench(
      [{calls: [call('count', {n: 1})], stop: 'length'}, {calls: [call('count', {n: 12})]}, {text: 'ok'}],
      [tool],
    );
    await session.prompt('go', signal);
    expect(tool.calls).toEqual([12]);
    expect(sent(1).at(-1)).toMatchObject({result: {ok: false, code: 'reply.cut'}});
  });

  it('a reply cut twice in a call ends with a limit', async () => {
    const tool = numberTool('count');
    const {session} = startBench([{calls: [call('count', {n: 1})], stop: 'length'}], [tool]);
    const turn = await session.prompt('go', signal);
    expect(turn).toMatchObject({outcome: 'limit', error: {code: 'provider.reply_cut'}});
    expect(tool.calls).toEqual([]);
  });
});

describe('bounds', () => {
  it('25 steps without an answer end with a limit, and what was said last is the partial answer', async () => {
    const tool = numberTool('count');
    let step = 0;
    const {session, router} = startBench(
      [async () => ({text: `Looking at part ${++step}.`, calls: [call('count', {n: step})]})],
      [tool],
    );
    const turn = await session.prompt('go', signal);
    expect(router.requests).toHaveLength(25);
    expect(turn).toMatchObject({
      outcome: 'limit',
      answer: 'Looking at part 25.',
      error: {code: 'agent.step_limit', exitCode: 7},
    });
    expect(turn.receipts).toHaveLength(25);
  });

  it('an abort between two tools of one reply keeps the second from running', async () => {
    const stop = new AbortController();
    const first = numberTool(
      'first',
      async () => {
        stop.abort();
        return done('one');
      },
      false,
    );
    const second = numberTool('second', undefined, false);
    const {session, sent} = startBench(
      [{calls: [call('first', {n: 1}), call('second', {n: 2})]}, {text: 'again'}],
      [first, second],
    );
    const turn = await session.prompt('go', stop.signal);
    expect(turn).toMatchObject({outcome: 'aborted', answer: null, error: {code: 'aborted', exitCode: 130}});
    expect(second.calls).toEqual([]);
    await session.prompt('and now?', signal);
    expect(historyProblems(sent(1))).toEqual([]);
    expect(sent(1).filter(message => message.role === 'tool')).toHaveLength(2);
  });
});

describe('several calls in one reply', () => {
  it('parallel ones overlap, and their results stand in the order of the calls', async () => {
    let arrived = 0;
    let open = () => {};
    const barrier = new Promise<void>(resolve => {
      open = resolve;
    });
    // Each waits for the other: run one after the other, neither would end.
    const tool = numberTool('meet', async (n, {clock}) => {
      if (++arrived === 2) open();
      await barrier;
      if (n === 1) for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
      return done(`meet ${n} at ${clock.now()}`);
    });
    const calls = [call('meet', {n: 1}), call('meet', {n: 2})];
    const {session, sent, events} = startBench([{calls}, {text: 'ok'}], [tool]);
    const turn = await session.prompt('go', signal);
    expect(turn.receipts).toMatchObject([
      {id: 1, args: {n: 1}},
      {id: 2, args: {n: 2}},
    ]);
    expect(events.flatMap(event => (event.type === 'tool_end' ? [event.callId] : []))).toEqual(
      calls.map(each => each.id),
    );
    const summaries = sent(1).flatMap(message =>
      message.role === 'tool' && message.result.ok ? [message.result.summary] : [],
    );
    expect(summaries.map(text => text.slice(0, 6))).toEqual(['meet 1', 'meet 2']);
  });

  it('a call that changes something waits for those before it and holds up those after it', async () => {
    const order: string[] = [];
    const tool = (name: string, parallel: boolean | ((args: {n: number}) => boolean)) =>
      numberTool(
        name,
        async n => {
          order.push(`${name}${n} starts`);
          await new Promise(resolve => setImmediate(resolve));
          order.push(`${name}${n} ends`);
          return done('ok');
        },
        parallel,
      );
    // "save" reads only for n = 0, so that call may run beside "read".
    const tools = [tool('read', true), tool('save', ({n}) => n === 0)];
    const calls = [call('read', {n: 1}), call('save', {n: 0}), call('save', {n: 2}), call('read', {n: 3})];
    await startBench([{calls}, {text: 'ok'}], tools).session.prompt('go', signal);
    expect(order).toEqual([
      'read1 starts',
      'save0 starts',
      'read1 ends',
      'save0 ends',
      'save2 starts',
      'save2 ends',
      'read3 starts',
      'read3 ends',
    ]);
  });
});

describe('a tool that fails', () => {
  it('a throw is caught, named tool.crashed, and told to the model', async () => {
    const tool = numberTool('count', async () => {
      throw new TypeError('undefined is not a function');
    });
    const {session, sent, events} = startBench([{calls: [call('count', {n: 1})]}, {text: 'It broke.'}], [tool]);
    const turn = await session.prompt('go', signal);
    expect(sent(1).at(-1)).toMatchObject({result: {ok: false, code: 'tool.crashed'}});
    expect(turn).toMatchObject({outcome: 'failed', answer: 'It broke.', error: {code: 'tool.crashed', exitCode: 9}});
    expect(events.filter(event => event.type === 'tool_end')).toHaveLength(1);
  });

  it('keeps the code and hint of an expected error', async () => {
    const tool = numberTool('count', async () => {
      throw new ToolError('dataset.unknown', 'There is no dataset "x".', {hint: 'Did you mean y?'});
    });
    const {session, sent} = startBench([{calls: [call('count', {n: 1})]}, {text: 'No.'}], [tool]);
    const turn = await session.prompt('go', signal);
    expect(sent(1).at(-1)).toMatchObject({result: {code: 'dataset.unknown', hint: 'Did you mean y?'}});
    expect(turn.error).toMatchObject({code: 'dataset.unknown', hint: 'Did you mean y?', exitCode: 9});
  });

  it('a failure that a later call mends does not fail the turn', async () => {
    const tool = numberTool('count', async n => (n < 2 ? {ok: false, code: 'x.bad', message: 'bad'} : done('good')));
    const {session} = startBench(
      [{calls: [call('count', {n: 1})]}, {calls: [call('count', {n: 2})]}, {text: 'ok'}],
      [tool],
    );
    expect(await session.prompt('go', signal)).toMatchObject({outcome: 'answered', error: null});
  });

  it('a denied approval is kind denied and exit code 8', async () => {
    const tool = defineTool({
      name: 'import_file',
      description: 'Imports.',
      parallel: false,
      args: z.object({path: z.string()}),
      async run({path}, {userNamed, approve}) {
        if (userNamed(path) || (await approve(`Import ${path}?`))) return done('imported');
        return {ok: false, kind: 'denied', code: 'approval.denied', message: 'Not allowed.'};
      },
    });
    const script = [{calls: [call('import_file', {path: 'a.csv'})]}, {text: 'I may not.'}];
    const denied = startBench(script, [tool]);
    const turn = await denied.session.prompt('go', signal);
    expect(turn.error).toMatchObject({kind: 'denied', code: 'approval.denied', exitCode: 8});
    expect(denied.questions).toEqual(['Import a.csv?']);

    const named = startBench(script, [tool]);
    expect(await named.session.prompt('import "a.csv", please', signal)).toMatchObject({error: null});
    expect(named.questions).toEqual([]);
  });

  it('a summary beyond 12,000 characters is cut and says how much is left out', async () => {
    const tool = numberTool('count', async () => done('x'.repeat(15_000)));
    const {session, sent} = startBench([{calls: [call('count', {n: 1})]}, {text: 'ok'}], [tool]);
    await session.prompt('go', signal);
    const last = sent(1).at(-1);
    const summary = last?.role === 'tool' && last.result.ok ? last.result.summary : '';
    expect(summary.length).toBeLessThan(12_200);
    expect(summary).toContain('(3000 characters left out.');
  });
});
