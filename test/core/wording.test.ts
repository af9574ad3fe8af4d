// The log keeps the user's own wording of what happens between us and the providers.

import {describe, expect, it} from 'vitest';
import type {AgentEvent} from '../../src/core/events.ts';
import {describeResilienceEvent, providerTitle, spokenDuration} from '../../src/core/wording.ts';

const time = 1_000_000;
const line = (event: AgentEvent) => describeResilienceEvent({...event, v: 1, seq: 1, time});

const breaker = {provider: 'gemini', model: 'g', failures: 3, threshold: 3, openUntil: null, cause: 'rate limit'};
const retry = {
  provider: 'openai',
  attempt: 1,
  of: 4,
  delayMs: 500,
  source: 'ladder',
  endsAt: 0,
  cause: 'rate_limit',
} as const;

describe('log lines', () => {
  it.each<[string | null, AgentEvent]>([
    [
      'Gemini rate limit detected (failure 2/3)',
      {type: 'breaker_count', provider: 'gemini', model: 'g', failures: 2, threshold: 3, cause: 'rate_limit'},
    ],
    [null, {type: 'breaker_count', provider: 'gemini', model: 'g', failures: 0, threshold: 3, cause: null}],
    [null, {type: 'breaker_count', provider: 'gemini', model: 'g', failures: 4, threshold: 3, cause: 'timeout'}],
    [
      'Gemini circuit breaker OPEN: 3 failures. Disabling for 5 minutes.',
      {type: 'breaker_change', ...breaker, from: 'closed', to: 'open', openUntil: time + 300_000},
    ],
    [
      'Gemini circuit breaker OPEN: daily quota. Disabling for 2 hours.',
      {
        type: 'breaker_change',
        ...breaker,
        from: 'closed',
        to: 'open',
        openUntil: time + 7_200_000,
        cause: 'daily quota',
      },
    ],
    [
      'Gemini circuit breaker CLOSED: Cooldown period elapsed.',
      {type: 'breaker_change', ...breaker, from: 'half_open', to: 'closed', failures: 0, cause: null},
    ],
    [
      'Gemini circuit breaker CLOSED: it answers again.',
      {type: 'breaker_change', ...breaker, from: 'open', to: 'closed', failures: 0, cause: null},
    ],
    [
      'Gemini circuit breaker HALF-OPEN: trying one request.',
      {type: 'breaker_change', ...breaker, from: 'open', to: 'half_open'},
    ],
    [
      'Gemini circuit breaker OPEN: the trial request was not finished; the next one tries again.',
      {type: 'breaker_change', ...breaker, from: 'half_open', to: 'open', openUntil: time},
    ],
    [
      'Switched to OpenAI after Gemini rate-limit/circuit-open.',
      {type: 'provider_switch', from: 'gemini', to: 'openai', reason: 'rate-limit/circuit-open'},
    ],
    ['Rate limit hit (attempt 1/4). Retrying in 0.5s...', {type: 'retry_scheduled', ...retry}],
    [
      'OpenAI timeout (attempt 1/4). Retrying in 34s...',
      {type: 'retry_scheduled', ...retry, cause: 'timeout', delayMs: 34_000},
    ],
    ['Success after 2 retries', {type: 'retry_success', provider: 'openai', retries: 2}],
    ['Success after 1 retry', {type: 'retry_success', provider: 'openai', retries: 1}],
    [null, {type: 'text_delta', delta: 'x'}],
  ])('%s', (expected, event) => {
    expect(line(event)).toBe(expected);
  });

  it('durations are spoken', () => {
    expect([300_000, 60_000, 34_000, 1000, 90_000, 3_600_000].map(spokenDuration)).toEqual([
      '5 minutes',
      '1 minute',
      '34 seconds',
      '1 second',
      '1:30',
      '1 hour',
    ]);
  });

  it('a provider without a title keeps its name', () => {
    expect([providerTitle('gemini'), providerTitle('other')]).toEqual(['Gemini', 'other']);
  });
});
