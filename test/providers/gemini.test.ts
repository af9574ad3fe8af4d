// The Gemini provider through the real SDK against a local server that speaks its wire format.

import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {Provider} from '../../src/core/chat.ts';
import {Secret} from '../../src/core/secret.ts';
import {createGeminiProvider} from '../../src/providers/gemini.ts';
import {closedAddress, type FakeLlmServer, type Script, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {
  asks,
  eofInArguments,
  eofInText,
  errorInStream,
  geminiError,
  geminiRateLimit,
  headersOnly,
  htmlPage,
  noHeaders,
  quotaFailure,
  resetBeforeHeaders,
  resetInText,
  retryInfo,
  type Step,
  says,
  status,
  stream,
} from '../support/fake-llm-steps.ts';
import {assistant, okResult, requestOf, run, runSqlSpec} from '../support/provider-run.ts';

const key = 'AIza-test-0123456789abcdef';
let server: FakeLlmServer;
let provider: Provider;

beforeAll(async () => {
  server = await startFakeLlmServer();
});
afterAll(() => server.close());
beforeEach(() => {
  provider = createGeminiProvider({apiKey: new Secret(key), model: 'gemini-2.5-flash', baseUrl: server.geminiBaseUrl});
});

const play = (...script: Script) => server.setScript('gemini', script);
const lastBody = () => server.requests.at(-1)?.body ?? {};

describe('a reply', () => {
  it('streams text piece by piece and ends with usage and the response id', async () => {
    play(says('The average is 42.'));
    const reply = await run(provider);
    expect(reply.text).toBe('The average is 42.');
    expect(reply.end).toMatchObject({stop: 'complete', usage: {inputTokens: 13, outputTokens: 5}});
    expect(reply.end?.requestId).toMatch(/^gemini-\d+$/);
    expect(server.requests.at(-1)?.path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
  });

  it('gives function calls with their thought signatures', async () => {
    play(
      asks([
        {name: 'run_sql', args: {sql: 'SELECT 1'}, signature: 'c2ln'},
        {name: 'list_datasets', args: {}},
      ]),
    );
    const reply = await run(provider, requestOf('go', [runSqlSpec]));
    expect(reply.calls).toMatchObject([
      {name: 'run_sql', argumentsText: '{"sql":"SELECT 1"}', signature: {provider: 'gemini', value: 'c2ln'}},
      {name: 'list_datasets', argumentsText: '{}'},
    ]);
    expect(new Set(reply.calls.map(call => call.id)).size).toBe(2);
  });

  it('MAX_TOKENS ends with stop "length"', async () => {
    play(says('cut', {ending: 'length'}));
    expect((await run(provider)).end?.stop).toBe('length');
  });

  it('a thought is activity, not text', async () => {
    const parts = [{text: 'let me think', thought: true}, {text: 'Answer.'}];
    const body = `data: ${JSON.stringify({candidates: [{content: {parts}, finishReason: 'STOP'}]})}\n\n`;
    play(status(200, body, {'content-type': 'text/event-stream'}));
    const reply = await run(provider);
    expect(reply.text).toBe('Answer.');
    expect(reply.chunks.map(chunk => chunk.type)).toEqual(['activity', 'activity', 'text', 'activity', 'end']);
  });
});

describe('failures', () => {
  const daily = quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
  const perMinute = quotaFailure('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
  const sse = {'content-type': 'text/event-stream'};
  const finishes = (finishReason: string): Step =>
    status(200, `data: ${JSON.stringify({candidates: [{content: {parts: []}, finishReason}]})}\n\n`, sse);
  const cases: [string, Step, Record<string, unknown>][] = [
    ['429', geminiRateLimit(), {class: 'rate_limit', status: 429}],
    [
      '429 with RetryInfo',
      geminiRateLimit(perMinute, retryInfo('34.5s')),
      {class: 'rate_limit', retryHint: {delayMs: 34_500, source: 'retry_info'}},
    ],
    ['the daily quota', geminiRateLimit(daily, retryInfo('20s')), {class: 'quota_long', cause: 'daily quota'}],
    [
      'a limit of 0',
      geminiError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0, model: x'),
      {class: 'quota_long'},
    ],
    [
      'an invalid key',
      geminiError(400, 'INVALID_ARGUMENT', 'API key not valid.', [{'@type': 'ErrorInfo', reason: 'API_KEY_INVALID'}]),
      {class: 'auth', status: 400},
    ],
    [
      'a region',
      geminiError(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
      {class: 'auth'},
    ],
    [
      'an overflow',
      geminiError(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      ),
      {class: 'context'},
    ],
    ['another 400', geminiError(400, 'INVALID_ARGUMENT', 'Invalid value at contents'), {class: 'bad_request'}],
    ['403', geminiError(403, 'PERMISSION_DENIED', 'no'), {class: 'auth'}],
    ['404', geminiError(404, 'NOT_FOUND', 'models/x is not found'), {class: 'no_model'}],
    ['503', geminiError(503, 'UNAVAILABLE', 'overloaded'), {class: 'overloaded'}],
    ['500', geminiError(500, 'INTERNAL', 'oops'), {class: 'server'}],
    ['200 with HTML', htmlPage(200), {class: 'bad_response'}],
    ['502 with HTML', htmlPage(502), {class: 'server', status: 502}],
    ['no JSON in the stream', status(200, 'data: {nope}\n\n', sse), {class: 'bad_response'}],
    ['a clean end in mid text', eofInText('half of'), {class: 'stream_cut'}],
    [
      'a clean end in mid arguments',
      asks(
        [
          {name: 'a', args: {}},
          {name: 'run_sql', args: {sql: 'x'}},
        ],
        {ending: 'eof', cutArguments: true},
      ),
      {class: 'stream_cut'},
    ],
    ['half a first line', eofInArguments({name: 'run_sql', args: {sql: 'x'}}), {class: 'bad_response'}],
    ['a reset in mid text', resetInText('half of'), {class: 'network'}],
    ['a reset before headers', resetBeforeHeaders, {class: 'network'}],
    [
      'a rate limit inside the stream',
      errorInStream({code: 429, status: 'RESOURCE_EXHAUSTED', message: 'slow', details: [retryInfo('7s')]}, 'so far'),
      {class: 'rate_limit', status: 429, retryHint: {delayMs: 7000, source: 'retry_info'}},
    ],
    ['SAFETY', says('I', {ending: 'filtered'}), {class: 'safety'}],
    [
      'a blocked prompt',
      status(200, `data: ${JSON.stringify({promptFeedback: {blockReason: 'PROHIBITED_CONTENT'}})}\n\n`, sse),
      {class: 'safety'},
    ],
    ['a malformed function call', finishes('MALFORMED_FUNCTION_CALL'), {class: 'bad_response'}],
  ];
  it.each(cases)('%s is recognised', async (_, step, fault) => {
    play(step);
    const {error, end} = await run(provider);
    expect(error?.fault).toMatchObject({provider: 'gemini', model: 'gemini-2.5-flash', ...fault});
    expect(end).toBeUndefined();
    expect(error?.message).not.toMatch(/<html|<h1|http:|RetryInfo/);
  });

  it('a refused connection is network, an unknown host is offline', async () => {
    const at = (baseUrl: string) => createGeminiProvider({apiKey: new Secret(key), model: 'm', baseUrl});
    const refused = await run(at(await closedAddress()));
    expect(refused.error?.fault.class).toBe('network');
    expect(refused.error?.message).toContain('ECONNREFUSED');
    expect((await run(at('http://no-such-host.invalid'))).error?.fault.class).toBe('offline');
  });

  it('a cut stream leaves no unhandled rejection behind', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    play(resetInText('half of'));
    await run(provider);
    await sleep(20);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('never shows the key', async () => {
    play(geminiError(400, 'INVALID_ARGUMENT', `API key ${key} not valid`, [{reason: 'API_KEY_INVALID'}]));
    const {error} = await run(provider);
    expect([error?.message, error?.hint, error?.stack, String(error?.cause)].join('\n')).not.toContain(key);
  });
});

describe('stopping', () => {
  it.each([
    ['before the request', null],
    ['before the headers', noHeaders],
    ['after the headers', headersOnly],
    ['in mid text', stream({texts: ['a '], ending: 'silence'})],
  ])('%s ends with the class "aborted" within 100 ms', async (_, step) => {
    const before = server.requests.length;
    const controller = new AbortController();
    if (step) play(step);
    else controller.abort();
    const pending = run(provider, requestOf('x'), controller.signal);
    if (step) await sleep(80);
    const stoppedAt = performance.now();
    controller.abort();
    const {error} = await pending;
    expect(error?.fault.class).toBe('aborted');
    expect(performance.now() - stoppedAt).toBeLessThan(100);
    expect(server.requests.length - before).toBe(step ? 1 : 0);
  });
});

describe('the request', () => {
  it('sends calls and results in two contents, its own signatures back, and none of another service', async () => {
    play(says('ok'));
    const own = {
      id: 'a',
      name: 'run_sql',
      argumentsText: '{"sql":"SELECT 1"}',
      signature: {provider: 'gemini', value: 'own'},
    };
    const foreign = {
      id: 'b',
      name: 'run_sql',
      argumentsText: '{"sql":',
      signature: {provider: 'other', value: 'foreign'},
    };
    await run(
      provider,
      requestOf([
        {role: 'user', text: 'go'},
        assistant('I look.', [own, foreign]),
        {role: 'tool', callId: 'a', name: 'run_sql', result: okResult('1 row')},
        {
          role: 'tool',
          callId: 'b',
          name: 'run_sql',
          result: {ok: false, code: 'sql.syntax', message: 'bad', hint: 'fix'},
        },
      ]),
    );
    expect(lastBody().contents).toEqual([
      {role: 'user', parts: [{text: 'go'}]},
      {
        role: 'model',
        parts: [
          {text: 'I look.'},
          {functionCall: {name: 'run_sql', args: {sql: 'SELECT 1'}}, thoughtSignature: 'own'},
          {functionCall: {name: 'run_sql', args: {}}},
        ],
      },
      {
        role: 'user',
        parts: [
          {functionResponse: {name: 'run_sql', response: {result: '<data tool="run_sql">\n1 row\n</data>'}}},
          {functionResponse: {name: 'run_sql', response: {error: expect.stringContaining('hint: fix')}}},
        ],
      },
    ]);
  });

  it.each([
    ['gemini-3-pro-preview', 'skip_thought_signature_validator'],
    ['gemini-2.5-flash', undefined],
  ])('%s gets %s for the first of the calls that another model made', async (model, mark) => {
    play(says('ok'));
    const call = (id: string) => ({id, name: 'run_sql', argumentsText: '{}'});
    const at = createGeminiProvider({apiKey: new Secret(key), model, baseUrl: server.geminiBaseUrl});
    await run(at, requestOf([{role: 'user', text: 'go'}, assistant('', [call('a'), call('b')])]));
    const functionCall = {name: 'run_sql', args: {}};
    expect(lastBody().contents).toMatchObject([{}, {parts: [{functionCall}, {functionCall}]}, {}]);
    expect(JSON.stringify(lastBody()).split('thoughtSignature').length - 1).toBe(mark ? 1 : 0);
    if (mark) expect(JSON.stringify(lastBody())).toContain(mark);
  });

  it('declares functions without the schema words the service refuses', async () => {
    play(says('ok'));
    const empty = {name: 'list_datasets', description: 'd', parameters: {type: 'object', properties: {}}};
    await run(provider, requestOf('x', [runSqlSpec, empty]));
    expect(lastBody().tools).toEqual([
      {
        functionDeclarations: [
          {
            name: 'run_sql',
            description: 'Runs one SELECT.',
            parameters: {
              type: 'object',
              required: ['sql'],
              properties: {sql: {type: 'string'}, max_rows: {type: 'integer'}},
            },
          },
          {name: 'list_datasets', description: 'd'},
        ],
      },
    ]);
  });

  it('accepts an address that ends in a slash or in the version', async () => {
    play(says('ok'));
    for (const baseUrl of [`${server.url}/`, `${server.url}/v1beta`, `${server.url}/v1beta/`]) {
      const at = createGeminiProvider({apiKey: new Secret(key), model: 'm', baseUrl});
      expect((await run(at)).text).toBe('ok');
    }
  });
});
