import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {ProviderError} from '../../src/core/errors.ts';
import {defineTool} from '../../src/core/tool.ts';
import {call} from '../support/scripted-router.ts';
import {done, historyProblems, neverAborted, numberTool, startBench} from './bench.ts';

const signal = neverAborted;
const context = () => ({
  error: new ProviderError({class: 'context', provider: 'p', model: 'm', status: 400}, 'The prompt is too long.'),
});

const steps = defineTool({
  name: 'suggest_next_steps',
  description: 'Offers steps.',
  parallel: true,
  args: z.object({steps: z.array(z.object({label: z.string(), prompt: z.string()}))}),
  run: async args => ({
    ok: true,
    summary: 'Shown.',
    nextSteps: args.steps,
    source: {datasets: [], rowsRead: 0, sampled: false},
  }),
});

describe('history', () => {
  it('holds the turns before, in order', async () => {
    const {session, sent} = startBench([{text: 'One.'}, {text: 'Two.'}]);
    await session.prompt('first', signal);
    await session.prompt('second', signal);
    expect(sent(1).map(message => (message.role === 'tool' ? '' : message.text))).toEqual(['first', 'One.', 'second']);
  });

  it('stays valid after an abort in the middle of parallel tools', async () => {
    const stop = new AbortController();
    const tool = numberTool('slow', async n => {
      if (n === 2) stop.abort();
      return done('ok');
    });
    const {session, sent} = startBench(
      [{text: 'Let me look.', calls: [call('slow', {n: 1}), call('slow', {n: 2}), call('slow', {n: 3})]}, {text: 'ok'}],
      [tool],
    );
    expect(await session.prompt('go', stop.signal)).toMatchObject({outcome: 'aborted'});
    await session.prompt('again', signal);
    expect(historyProblems(sent(1))).toEqual([]);
    expect(sent(1).at(-1)).toEqual({role: 'user', text: 'again'});
  });

  it('leaves out a turn whose first model call failed', async () => {
    const failed = {error: new ProviderError({class: 'server', provider: 'p', model: 'm'}, 'It is down.')};
    const {session, sent} = startBench([failed, {text: 'Here.'}]);
    expect(await session.prompt('lost', signal)).toMatchObject({outcome: 'failed', error: {exitCode: 6}});
    await session.prompt('kept', signal);
    expect(sent(1)).toEqual([{role: 'user', text: 'kept'}]);
  });

  it('clear forgets the conversation and its next steps, and keeps the receipts', async () => {
    const {session, sent} = startBench(
      [
        {calls: [call('count', {n: 1}), call('suggest_next_steps', {steps: [{label: 'A', prompt: 'a'}]})]},
        {text: 'ok'},
      ],
      [numberTool('count'), steps],
    );
    await session.prompt('go', signal);
    expect(session.nextSteps()).toHaveLength(1);
    session.clear();
    expect(session.nextSteps()).toEqual([]);
    await session.prompt('new', signal);
    expect(sent(2)).toEqual([{role: 'user', text: 'new'}]);
    expect(session.receipt(1)).toMatchObject({tool: 'count'});
  });
});

describe('a context that overflows', () => {
  it('is compacted once, to at most half, and the same turn goes on', async () => {
    const {session, router, events} = startBench([
      {text: 'x'.repeat(4_000)},
      {text: 'y'},
      context(),
      {text: 'Fits now.'},
    ]);
    await session.prompt('a', signal);
    await session.prompt('b', signal);
    expect(await session.prompt('c', signal)).toMatchObject({outcome: 'answered', answer: 'Fits now.'});
    const [failed, compacted] = [router.requests[2], router.requests[3]].map(
      request => JSON.stringify(request?.messages).length,
    );
    expect(compacted).toBeLessThan((failed ?? 0) / 2);
    expect(events.filter(event => event.type === 'notice' && event.code === 'context.compacted')).toHaveLength(1);
  });

  it('is final when the compacted request overflows too', async () => {
    const {session, router} = startBench([context()]);
    expect(await session.prompt('a', signal)).toMatchObject({outcome: 'limit', error: {exitCode: 7}});
    expect(router.requests).toHaveLength(2);
  });

  it('every request stays inside 80 % of the context, whatever the tools said', async () => {
    const tool = numberTool('big', async () => done('z'.repeat(11_000)));
    const asks = Array.from({length: 12}, (_, n) => ({calls: [call('big', {n})]}));
    const {session, router} = startBench([...asks, {text: 'ok'}], [tool], {contextTokens: 8_000});
    await session.prompt('go', signal);
    for (const {messages, system, tools} of router.requests)
      expect(JSON.stringify({messages, system, tools}).length / 3.5).toBeLessThan(8_000);
    expect(session.contextShare()).toBeLessThan(0.85);
  });
});

describe('receipts and next steps', () => {
  it('results are numbered from 1 without gaps, and a list of next steps takes no number', async () => {
    const offer = call('suggest_next_steps', {steps: [{label: 'A', prompt: 'do a'}]});
    const {session} = startBench(
      [{calls: [offer, call('count', {n: 1})]}, {calls: [call('count', {n: 2})]}, {text: 'ok'}],
      [numberTool('count'), steps],
    );
    const turn = await session.prompt('go', signal);
    expect(turn.receipts.map(receipt => receipt.id)).toEqual([1, 2]);
    expect(session.receipts().map(receipt => receipt.id)).toEqual([1, 2]);
    expect(session.receipt(0)).toBeUndefined();
    expect(turn.nextSteps).toEqual([{label: 'A', prompt: 'do a'}]);
  });

  it('the list shown last stays until another one is shown', async () => {
    const {session} = startBench(
      [
        {calls: [call('suggest_next_steps', {steps: [{label: 'A', prompt: 'a'}]})]},
        {text: 'ok'},
        {text: 'no list here'},
      ],
      [steps],
    );
    await session.prompt('go', signal);
    await session.prompt('more', signal);
    expect(session.nextSteps()).toEqual([{label: 'A', prompt: 'a'}]);
  });

  it('a command of the user gets a receipt of the same sequence', async () => {
    const {session} = startBench([{calls: [call('count', {n: 1})]}, {text: 'ok'}], [numberTool('count')]);
    await session.prompt('go', signal);
    expect(await session.runTool('count', {n: 5}, signal)).toMatchObject({ok: true, receipt: {id: 2, args: {n: 5}}});
  });
});

describe('a tool that is offered only now and then', () => {
  it('is in a request when it says so, asked before each, and can be called when it is not', async () => {
    let has = false;
    const [make, use] = [
      numberTool('make', async () => {
        has = true;
        return done('made');
      }),
      {...numberTool('use'), offered: async () => has},
    ];
    const {session, router} = startBench([{calls: [call('make', {n: 1})]}, {text: 'Made.'}], [make, use]);
    expect(await session.runTool('use', {n: 2}, signal)).toMatchObject({ok: true, summary: 'use 2'});
    await session.prompt('make one', signal);
    expect(router.requests.map(({tools}) => tools.map(({name}) => name))).toEqual([['make'], ['make', 'use']]);
  });

  it('is offered when it fails to say', async () => {
    const lost = {...numberTool('lost'), offered: () => Promise.reject(new Error('unreadable'))};
    const {session, router} = startBench([{text: 'ok'}], [lost]);
    await session.prompt('hello', signal);
    expect(router.requests[0]?.tools).toHaveLength(1);
  });
});

describe('a path that the user named', () => {
  const tool = defineTool({
    name: 'import_file',
    description: 'Imports.',
    parallel: false,
    args: z.object({path: z.string()}),
    run: async ({path}, {userNamed}) => done(String(userNamed(path))),
  });
  const named = async (text: string, path: string): Promise<string> => {
    const {session, sent} = startBench([{calls: [call('import_file', {path})]}, {text: 'ok'}], [tool]);
    await session.prompt(text, signal);
    const last = sent(1).at(-1);
    return last?.role === 'tool' && last.result.ok ? last.result.summary : 'failed';
  };

  it.each([
    ['import /data/sales.csv', '/data/sales.csv', 'true'],
    ['what is in "my sales.csv"?', 'my sales.csv', 'true'],
    ['read sales.csv.', 'sales.csv', 'true'],
    ['(sales.csv, costs.csv)', 'costs.csv', 'true'],
    ['import /data/sales.csv', '/data', 'false'],
    ['import /data/sales.csv', 'sales.csv', 'false'],
    ['what is the average?', 'a', 'false'],
    ['import sales.csv.gz', 'sales.csv', 'false'],
    ['describe it', '/etc/passwd', 'false'],
  ])('%s names %s: %s', async (text, path, wanted) => {
    expect(await named(text, path)).toBe(wanted);
  });

  it('the prompt behind a next step was written by the model, so it names nothing', async () => {
    const offer = call('suggest_next_steps', {steps: [{label: 'Go on', prompt: 'import /etc/passwd'}]});
    const {session, sent} = startBench(
      [{calls: [offer]}, {text: 'ok'}, {calls: [call('import_file', {path: '/etc/passwd'})]}, {text: 'ok'}],
      [tool, steps],
    );
    await session.prompt('hello', signal);
    await session.prompt(session.nextSteps()[0]?.prompt ?? '', signal);
    expect(sent(3).at(-1)).toMatchObject({role: 'tool', result: {ok: true, summary: 'false'}});
  });
});

describe('events of a turn', () => {
  it('end with turn_end, after final_error where there is one', async () => {
    const failed = {error: new ProviderError({class: 'auth', provider: 'p', model: 'm', status: 401}, 'No such key.')};
    const {session, events} = startBench([failed]);
    await session.prompt('go', signal);
    expect(events.slice(-2)).toMatchObject([
      {type: 'final_error', kind: 'auth', code: 'provider.auth', message: 'No such key.'},
      {type: 'turn_end', outcome: 'failed'},
    ]);
  });

  it('are numbered without gaps and carry the time', async () => {
    const {session, events} = startBench([{text: 'ok'}]);
    await session.prompt('go', signal);
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(event => event.time))).toEqual(new Set([1_000_000_000_000]));
  });
});
