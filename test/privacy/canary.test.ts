import {afterEach, describe, expect, it} from 'vitest';
import type {EventSink} from '../../src/core/events.ts';
import {createTools} from '../../src/tools/index.ts';
import {writeNeverSend} from '../../src/workspace/never-send.ts';
import {asks, openAiError, says} from '../support/fake-llm-steps.ts';
import {canaries, curiousModel, PrivacyBench, type Settings, seen} from './canary.ts';

const everything = Object.keys(canaries);
let bench: PrivacyBench | undefined;
afterEach(() => bench?.close());

/** One service has everything asked for; the other then gets the whole conversation at once, in its own words. */
async function curious(settings: Settings, told: EventSink = () => {}): Promise<PrivacyBench> {
  bench = await PrivacyBench.start(
    {...settings, providers: 'openai,gemini'},
    {openai: curiousModel(settings.level), gemini: [says('Fine.')]},
  );
  bench.events.subscribe(told);
  const turn = await bench.ask('tell me everything');
  expect(turn.outcome === 'answered' || turn.error?.kind === 'tool').toBe(true);
  bench.server.setScript('openai', [openAiError(401, {message: 'no key', code: 'invalid_api_key'})]);
  expect((await bench.ask('and now you')).provider).toBe('gemini');
  return bench;
}

describe('what reaches a service', {timeout: 90_000}, () => {
  it('at rows holds rows, so that the other cases prove something: every tool is tried and says what it shows', async () => {
    const used = new Set<string>();
    const silent: string[] = [];
    const ran = await curious({level: 'rows'}, event => {
      if (event.type !== 'tool_end' || !event.result.ok) return;
      used.add(event.name);
      if (!event.result.disclosure) silent.push(event.name);
    });
    for (const service of ['openai', 'gemini'] as const)
      for (const column of everything) expect(seen(ran.sent(service), [column]).length, column).toBeGreaterThan(2);
    expect(seen(ran.sent('gemini'), everything)).toEqual(seen(ran.sent('openai'), everything));
    const {catalog} = ran.app;
    const tools = createTools({catalog, limitBytes: 1, terminalWidth: () => 80}).map(tool => tool.name);
    expect(tools.filter(name => !used.has(name) && name !== 'import_file')).toEqual([]);
    expect(silent).toEqual([]);
  });

  it('at schema holds no value of any column', async () => {
    const ran = await curious({level: 'schema'});
    expect(seen(ran.sent(), everything)).toEqual([]);
    for (const service of ['openai', 'gemini'] as const)
      expect(ran.sent(service)).toContain('people v1: 60 rows × 5 columns');
  });

  it('at aggregates holds no value of single rows, but the names of large groups', async () => {
    const ran = await curious({level: 'aggregates'});
    expect(seen(ran.sent(), ['email', 'amount', 'born'])).toEqual([]);
    for (const service of ['openai', 'gemini'] as const) expect(ran.sent(service)).toContain('canarycity1');
  });

  it.each(['rows', 'aggregates'])('at %s holds nothing of a never-send column, whatever is made of it', async level => {
    const ran = await curious({level, neverSend: 'people.email, *.city, note'});
    expect(seen(ran.sent(), ['email', 'city', 'note'])).toEqual([]);
    if (level === 'rows')
      for (const service of ['openai', 'gemini'] as const)
        expect(seen(ran.sent(service), ['amount']).length).toBeGreaterThan(2);
  });

  it('holds nothing at all when every column is never sent', async () => {
    const ran = await curious({level: 'rows', neverSend: '*'});
    expect(seen(ran.sent(), everything)).toEqual([]);
  });
});

const sql = (text: string) => ({name: 'run_sql', args: {sql: text}});
const readsAll = asks([sql('SELECT * FROM people'), sql('SELECT email::INTEGER FROM people')]);
const tells = says('The first is canaryemail0@x.test in canarycity0, with 20156.5.');

describe('what is known already', () => {
  it("is not sent again once a stricter level is chosen: results, failures and the model's own words", async () => {
    bench = await PrivacyBench.start({level: 'rows'}, {openai: [readsAll, tells, says('Fine.')]});
    await bench.ask('show all');
    expect(seen(bench.sent(), ['email']).length).toBeGreaterThan(2);
    const before = bench.server.requests.length;
    bench.app.gate.setLevel('schema');
    await bench.ask('and now?');
    const after = JSON.stringify(bench.server.requests.slice(before).map(({body}) => body));
    expect(seen(after, everything)).toEqual([]);
    expect(after).toContain('An earlier answer, shown to the user and not sent.');
  });

  it('is not sent again once a column is hidden, by this process or another', async () => {
    bench = await PrivacyBench.start({level: 'rows'}, {openai: [readsAll, tells, says('Fine.')]});
    await bench.ask('show all');
    const before = bench.server.requests.length;
    await writeNeverSend(bench.app.workspace, ['people.email']);
    await bench.ask('and now?');
    const after = JSON.stringify(bench.server.requests.slice(before).map(({body}) => body));
    expect(seen(after, ['email'])).toEqual([]);
    expect(seen(after, ['amount']).length).toBeGreaterThan(2);
  });

  it('stays here when the conversation is compacted to lines about earlier results', async () => {
    const script = [...Array.from({length: 4}, () => [readsAll, says('x'.repeat(4_000))]).flat(), says('Fine.')];
    const settings = {level: 'aggregates', neverSend: 'email,note', contextTokens: 9_000};
    bench = await PrivacyBench.start(settings, {openai: script});
    for (const question of ['one', 'two', 'three', 'four', 'five']) await bench.ask(question);
    expect(bench.sent()).toContain('Earlier results of this conversation');
    expect(seen(bench.sent(), everything)).toEqual([]);
  });

  it('stays here through retries and a failover to the second provider', async () => {
    const fails = openAiError(500, {});
    bench = await PrivacyBench.start(
      {level: 'rows', neverSend: 'email', providers: 'openai,gemini'},
      {openai: [readsAll, fails], gemini: [readsAll, says('Done.')]},
    );
    const turn = await bench.ask('show all');
    expect(turn.provider).toBe('gemini');
    expect(bench.server.requestsTo('openai').length).toBeGreaterThan(2);
    for (const service of ['openai', 'gemini'] as const) {
      expect(seen(bench.sent(service), ['email'])).toEqual([]);
      expect(seen(bench.sent(service), ['amount']).length).toBeGreaterThan(2);
    }
  });

  it('stays here when the embedded analyst, which sees all, answered in between', async () => {
    const down = openAiError(401, {message: 'no key', code: 'invalid_api_key'});
    bench = await PrivacyBench.start(
      {level: 'aggregates', neverSend: 'city', providers: 'openai,offline'},
      {openai: [down]},
    );
    const turn = await bench.ask('first 5 rows where city is canarycity1');
    expect(turn.provider).toBe('offline');
    expect(seen(turn.answer ?? '', ['email']).length).toBeGreaterThan(1);
    await bench.app.router.resetBreakers();
    bench.server.setScript('openai', [says('Fine.')]);
    const before = bench.server.requests.length;
    expect((await bench.ask('thanks')).provider).toBe('openai');
    const after = JSON.stringify(bench.server.requests.slice(before).map(({body}) => body));
    // What the user typed is his to say.
    expect(seen(after.replaceAll('where city is canarycity1', ''), everything)).toEqual([]);
  });
});

describe('values that a model points at', () => {
  const pointing = says('It is {{2:1:email}} with {{#2:1:amount}}, not {{2:99:email}} or {{ x }}. {{2}}');

  it('are filled in here, come whole out of the stream, and go back as the model wrote them', async () => {
    bench = await PrivacyBench.start({level: 'schema'}, {openai: [readsAll, pointing, says('Fine.')]});
    let streamed = '';
    bench.events.subscribe(event => {
      if (event.type === 'text_delta') streamed += event.delta;
    });
    const {answer} = await bench.ask('show all');
    expect(answer).toContain('It is canaryemail0@x.test with 1, not {{2:99:email}} or {{ x }}.');
    expect(answer).toContain('| canaryemail19@x.test |');
    expect(streamed).toBe(answer);
    await bench.ask('and?');
    expect(bench.sent()).toContain('It is {{2:1:email}} with');
    expect(seen(bench.sent(), everything)).toEqual([]);
  });

  it('are no placeholders at the level rows, where text in braces is just text', async () => {
    bench = await PrivacyBench.start({level: 'rows'}, {openai: [readsAll, pointing]});
    expect((await bench.ask('show all')).answer).toContain('{{2:1:email}}');
  });
});

describe('the meter and the last request', () => {
  it.each(['openai', 'gemini'] as const)('hold exactly what %s received', async service => {
    bench = await PrivacyBench.start({level: 'rows', providers: service}, {[service]: [readsAll, says('Done.')]});
    await bench.ask('show all');
    const {gate} = bench.app;
    const received = bench.server.requests.map(({body}) => JSON.stringify(body));
    expect(JSON.parse(gate.lastPayload()?.body ?? '')).toEqual(JSON.parse(received.at(-1) ?? ''));
    const bytes = received.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
    expect(gate.meter()).toEqual({rowsSent: 20, cellsSent: 100, bytesSent: bytes});
  });

  it('count nothing for the embedded analyst', async () => {
    bench = await PrivacyBench.start({level: 'rows', providers: 'offline'}, {});
    await bench.ask('show people');
    expect(bench.app.gate.meter()).toEqual({rowsSent: 0, cellsSent: 0, bytesSent: 0});
    expect(bench.app.gate.lastPayload()).toBeNull();
  });
});
