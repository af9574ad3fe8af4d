// Classes of failure by structure, one row per sign; and that words decide only when nothing else does.

import {describe, expect, it} from 'vitest';
import type {ProviderFaultClass} from '../../src/core/errors.ts';
import {classify, type FailureFacts, systemCodes} from '../../src/resilience/classify.ts';

const classOf = (facts: Partial<FailureFacts>) =>
  classify({text: '', ...facts}, {provider: 'openai', model: 'm'}, 0).class;

const caused = (code: string): Error => new TypeError('fetch failed', {cause: Object.assign(new Error('x'), {code})});
const perDay = [{violations: [{quotaId: 'GenerateRequestsPerDayPerProject', quotaValue: '50'}]}];
const zero = [{violations: [{quotaId: 'PerMinute', quotaValue: '0'}]}];

const rows: [string, Partial<FailureFacts>, ProviderFaultClass][] = [
  ['429', {status: 429}, 'rate_limit'],
  ['429 with a reset in 10 minutes', {status: 429, headers: new Headers({'retry-after': '600'})}, 'quota_long'],
  ['429 with a per-day quota', {status: 429, details: perDay}, 'quota_long'],
  ['429 with a quota of 0', {status: 429, details: zero}, 'quota_long'],
  ['429 whose text says limit: 0', {status: 429, text: 'Quota exceeded, limit: 0'}, 'quota_long'],
  ['429 whose text says limit: 05', {status: 429, text: 'Quota exceeded, limit: 05'}, 'rate_limit'],
  ['429 insufficient_quota', {status: 429, codes: ['insufficient_quota']}, 'quota_billing'],
  ['429 billing_hard_limit_reached', {status: 429, codes: ['billing_hard_limit_reached']}, 'quota_billing'],
  ['402', {status: 402}, 'quota_billing'],
  ['rate_limit_exceeded without a status', {codes: ['rate_limit_exceeded']}, 'rate_limit'],
  ['RESOURCE_EXHAUSTED without a status', {codes: ['RESOURCE_EXHAUSTED']}, 'rate_limit'],
  ['400 that talks of rate limits', {status: 400, text: 'rate limit is no parameter'}, 'bad_request'],
  ['503', {status: 503}, 'overloaded'],
  ['529', {status: 529}, 'overloaded'],
  ['UNAVAILABLE', {codes: ['UNAVAILABLE']}, 'overloaded'],
  ['500', {status: 500}, 'server'],
  ['520', {status: 520}, 'server'],
  ['408', {status: 408}, 'server'],
  ['409', {status: 409}, 'server'],
  ['401', {status: 401}, 'auth'],
  ['403', {status: 403}, 'auth'],
  ['400 API_KEY_INVALID', {status: 400, details: [{reason: 'API_KEY_INVALID'}]}, 'auth'],
  ['400 for the region', {status: 400, text: 'User location is not supported for the API use.'}, 'auth'],
  ['404', {status: 404}, 'no_model'],
  ['400 context_length_exceeded', {status: 400, codes: ['context_length_exceeded'], text: '142950 tokens'}, 'context'],
  [
    '400 with the words of an overflow',
    {status: 400, text: 'The input token count (9) exceeds the maximum'},
    'context',
  ],
  ['500 with the words of an overflow', {status: 500, text: 'maximum context length'}, 'server'],
  ['400', {status: 400}, 'bad_request'],
  ['413', {status: 413}, 'bad_request'],
  ['422', {status: 422}, 'bad_request'],
  ['418', {status: 418}, 'bad_request'],
  ['302', {status: 302}, 'bad_response'],
  ['ECONNRESET', {thrown: caused('ECONNRESET')}, 'network'],
  ['ECONNREFUSED', {thrown: caused('ECONNREFUSED')}, 'network'],
  ['EPIPE', {thrown: caused('EPIPE')}, 'network'],
  ['UND_ERR_SOCKET', {thrown: caused('UND_ERR_SOCKET')}, 'network'],
  ['a TLS failure', {thrown: caused('ERR_SSL_WRONG_VERSION_NUMBER')}, 'network'],
  ['an expired certificate', {thrown: caused('CERT_HAS_EXPIRED')}, 'network'],
  ['ENOTFOUND', {thrown: caused('ENOTFOUND')}, 'offline'],
  ['EAI_AGAIN', {thrown: caused('EAI_AGAIN')}, 'offline'],
  ['ENETUNREACH', {thrown: caused('ENETUNREACH')}, 'offline'],
  ['UND_ERR_HEADERS_TIMEOUT', {thrown: caused('UND_ERR_HEADERS_TIMEOUT')}, 'timeout'],
  ['ETIMEDOUT', {thrown: caused('ETIMEDOUT')}, 'timeout'],
  ['the words rate limit alone', {text: 'You hit a rate limit'}, 'rate_limit'],
  ['the word 429 alone', {text: 'error 429'}, 'rate_limit'],
  ['142950 is not the word 429', {text: '142950 things'}, 'unknown'],
  ['quotation is not the word quota', {text: 'quotation marks'}, 'unknown'],
  ['nothing at all', {}, 'unknown'],
  ['what the provider saw itself', {seen: 'stream_cut', status: 200}, 'stream_cut'],
];

describe('classes', () => {
  it.each(rows)('%s', (_, facts, expected) => {
    expect(classOf(facts)).toBe(expected);
  });

  it('a refused address says more than one without a route', () => {
    const refused = Object.assign(new Error(), {code: 'ECONNREFUSED'});
    const noRoute = Object.assign(new Error(), {code: 'ENETUNREACH'});
    const both = new TypeError('fetch failed', {cause: new AggregateError([noRoute, refused])});
    expect(classOf({thrown: both})).toBe('network');
    expect(systemCodes(both)).toEqual(['ENETUNREACH', 'ECONNREFUSED']);
  });

  it('a cause that points to itself ends', () => {
    const loop: Error & {cause?: unknown} = new Error('x');
    loop.cause = loop;
    expect(classOf({thrown: loop})).toBe('unknown');
  });
});

describe('the fault', () => {
  it('carries status, request id, hint and cause', () => {
    const facts = {status: 429, requestId: 'r1', text: '', details: [...perDay, {retryDelay: '20s'}]};
    expect(classify(facts, {provider: 'gemini', model: 'g'}, 0)).toEqual({
      class: 'quota_long',
      cause: 'daily quota',
      provider: 'gemini',
      model: 'g',
      status: 429,
      requestId: 'r1',
      retryHint: {delayMs: 20_000, source: 'retry_info'},
    });
  });
});
