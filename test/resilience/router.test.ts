// The router's rules on a fake clock: ladder, breaker, switch, last resort, budget, deadline, and what is told of them.

import {describe, expect, it} from 'vitest';
import type {ProviderFault, ProviderFaultClass} from '../../src/core/errors.ts';
import {openBreakerStore} from '../../src/resilience/breaker-store.ts';
import {FakeClock} from '../support/fake-clock.ts';
import {requestOf} from '../support/provider-run.ts';
import {routerBench} from '../support/router-bench.ts';
import {type PlayedStep, scriptedProvider} from '../support/scripted-provider.ts';

const fails = (kind: ProviderFaultClass, more: Partial<ProviderFault> = {}): PlayedStep => ({
  fault: {class: kind, ...more},
});
const limited = fails('rate_limit', {status: 429});
const asked = (delayMs: number, source: 'header' | 'retry_info' = 'header') =>
  fails('rate_limit', {status: 429, retryHint: {delayMs, source}});
const answer: PlayedStep = {text: 'answer'};

const gaps = (times: {at: number}[]) => times.slice(1).map(({at}, index) => at - (times[index]?.at ?? 0));

describe('one provider', () => {
  it('a rate limit for ever gets 4 retries after 0.5, 1, 2 and 4 s, although the breaker opens on the way', async () => {
    const bench = routerBench([scriptedProvider('openai', limited)]);
    const {error, tookMs} = await bench.call();
    expect(gaps(bench.attempts())).toEqual([500, 1000, 2000, 4000]);
    expect(tookMs).toBe(7500);
    expect(bench.of('breaker_change')).toMatchObject([{from: 'closed', to: 'open', failures: 3, threshold: 3}]);
    expect(bench.of('retry_scheduled').map(event => [event.attempt, event.of, event.delayMs, event.source])).toEqual([
      [1, 4, 500, 'ladder'],
      [2, 4, 1000, 'ladder'],
      [3, 4, 2000, 'ladder'],
      [4, 4, 4000, 'ladder'],
    ]);
    expect(error?.exitCode).toBe(6);
    expect(error).toMatchObject({retryAfterMs: 10_000, attempts: 5});
    expect(error?.message).toContain('retry in 10s');
  });

  it('a success after two retries says so, and the count is back to 0', async () => {
    const bench = routerBench([scriptedProvider('openai', limited, limited, answer)]);
    const {reply} = await bench.call();
    expect(reply).toMatchObject({text: 'answer', provider: 'openai', model: 'openai-model', stop: 'complete'});
    expect(bench.of('retry_success')).toMatchObject([{retries: 2}]);
    expect(bench.router.status()).toMatchObject([{state: 'closed', failures: 0}]);
    expect(bench.of('breaker_count').map(event => event.failures)).toEqual([1, 2, 0]);
  });

  it('the success of the call that opened the breaker closes it', async () => {
    const bench = routerBench([scriptedProvider('openai', limited, limited, limited, limited, answer)]);
    expect((await bench.call()).reply?.text).toBe('answer');
    expect(bench.of('breaker_change').map(({from, to}) => `${from}→${to}`)).toEqual(['closed→open', 'open→closed']);
  });

  it('two failures, a success and two failures leave the breaker closed', async () => {
    const bench = routerBench([scriptedProvider('openai', limited, limited, answer, limited, limited, answer)]);
    const turn = bench.begin();
    await bench.call(turn);
    await bench.call(turn);
    expect(bench.of('breaker_change')).toEqual([]);
  });

  it('a new turn is refused within 10 s of the last failure, then may probe early', async () => {
    const provider = scriptedProvider('openai', limited);
    const bench = routerBench([provider]);
    await bench.call();
    await bench.clock.advance(4000);
    const refused = await bench.call();
    expect(provider.requests).toHaveLength(5);
    expect(refused.error).toMatchObject({exitCode: 6, retryAfterMs: 6000});
    expect(refused.error?.message).toMatch(/OpenAI: paused for 4:5\d after 5 failures \(rate limit\)/);
    provider.script = [answer];
    await bench.clock.advance(6000);
    expect((await bench.call()).reply?.text).toBe('answer');
    expect(bench.of('breaker_change').map(({to}) => to)).toEqual(['open', 'half_open', 'closed']);
  });

  it('an early probe that fails goes on with the ladder', async () => {
    const provider = scriptedProvider('openai', limited);
    const bench = routerBench([provider]);
    await bench.call();
    await bench.clock.advance(20_000);
    await bench.call();
    expect(provider.requests).toHaveLength(10);
  });

  it.each([
    [3000, 3000, 'header'],
    [700, 700, 'header'],
    [200, 500, 'ladder'],
  ])('a server that asks for %i ms gets %i ms (%s)', async (hint, delay, source) => {
    const bench = routerBench([scriptedProvider('openai', asked(hint), answer)]);
    await bench.call();
    expect(bench.of('retry_scheduled')).toMatchObject([{delayMs: delay, source}]);
  });

  it('a wait of 2 minutes is not sat out: the error says "retry in 2:00"', async () => {
    const bench = routerBench([scriptedProvider('openai', asked(120_000))]);
    const {error, tookMs} = await bench.call();
    expect(tookMs).toBe(0);
    expect(error).toMatchObject({exitCode: 6, retryAfterMs: 120_000});
    expect(error?.message).toContain('retry in 2:00');
  });

  it('jitter only lengthens a delay, by at most its share', async () => {
    const bench = routerBench([scriptedProvider('openai', limited)], {
      settings: {retryJitter: 0.2},
      random: () => 0.999,
    });
    await bench.call();
    expect(gaps(bench.attempts()).map(Math.round)).toEqual([600, 1200, 2400, 4799]);
  });

  it('no retries are made when none are allowed', async () => {
    const bench = routerBench([scriptedProvider('openai', limited)], {settings: {maxRetries: 0}});
    expect((await bench.call()).error?.fault.class).toBe('rate_limit');
    expect(bench.attempts()).toHaveLength(1);
  });

  it('an unusable answer is retried once', async () => {
    const bench = routerBench([scriptedProvider('openai', fails('bad_response'))]);
    await bench.call();
    expect(bench.attempts()).toHaveLength(2);
  });

  it('without a network the ladder is climbed and the breaker does not count', async () => {
    const bench = routerBench([scriptedProvider('openai', fails('offline'))]);
    const {error} = await bench.call();
    expect(bench.attempts()).toHaveLength(5);
    expect(bench.router.status()).toMatchObject([{state: 'closed', failures: 0}]);
    expect(error?.hint).toContain('network');
  });

  it.each<[ProviderFaultClass, number]>([
    ['auth', 5],
    ['quota_billing', 5],
    ['no_model', 4],
    ['context', 7],
    ['bad_request', 6],
    ['safety', 8],
    ['unknown', 6],
  ])('%s is final at once, with exit code %i', async (kind, exitCode) => {
    const bench = routerBench([scriptedProvider('openai', fails(kind))]);
    const {error} = await bench.call();
    expect(bench.attempts()).toHaveLength(1);
    expect(error?.exitCode).toBe(exitCode);
    expect(bench.router.status()).toMatchObject([{state: 'closed', failures: 0}]);
  });

  it('a turn has 20 retries in all', async () => {
    const provider = scriptedProvider('openai', limited, limited, limited, limited, answer);
    const bench = routerBench([provider], {settings: {breakerThreshold: 100}});
    const turn = bench.begin();
    for (let call = 0; call < 5; call++) {
      provider.requests.length = 0;
      expect((await bench.call(turn)).reply).not.toBeNull();
    }
    provider.requests.length = 0;
    expect((await bench.call(turn)).error?.fault.class).toBe('rate_limit');
    expect(provider.requests).toHaveLength(1);
  });

  it('something thrown that is no ProviderError is passed on as the bug it is', async () => {
    const bench = routerBench([scriptedProvider('offline', {bug: new Error('oops')})]);
    await expect(bench.call()).rejects.toThrow('oops');
    expect(bench.attempts()).toHaveLength(1);
  });
});

describe('two providers', () => {
  const pair = (gemini: PlayedStep[], openai: PlayedStep[] = [answer]) => {
    const first = scriptedProvider('gemini', ...gemini);
    const second = scriptedProvider('openai', ...openai);
    return {first, second, bench: routerBench([first, second])};
  };

  it('three failures open the first and the same call goes on with the second at once', async () => {
    const {bench} = pair([limited]);
    const {reply} = await bench.call();
    expect(bench.attempts()).toEqual([
      {provider: 'gemini', at: 0},
      {provider: 'gemini', at: 500},
      {provider: 'gemini', at: 1500},
      {provider: 'openai', at: 1500},
    ]);
    expect(reply?.provider).toBe('openai');
    expect(bench.of('provider_switch')).toMatchObject([
      {from: 'gemini', to: 'openai', reason: 'rate-limit/circuit-open'},
    ]);
    const [gemini] = bench.router.status();
    expect(gemini).toMatchObject({state: 'open', failures: 3, openUntil: bench.clock.now() + 300_000});
  });

  it('while it is open nothing is asked of it; after the cooldown one probe closes it', async () => {
    const {bench, first} = pair([limited, limited, limited, answer]);
    await bench.call();
    await bench.clock.advance(60_000);
    expect((await bench.call()).reply?.provider).toBe('openai');
    expect(first.requests).toHaveLength(3);
    await bench.clock.advance(240_000);
    expect((await bench.call()).reply?.provider).toBe('gemini');
    expect(bench.of('breaker_change').map(({from, to}) => `${from}→${to}`)).toEqual([
      'closed→open',
      'open→half_open',
      'half_open→closed',
    ]);
  });

  it('a failed probe opens it again in full and the same turn is answered by the other', async () => {
    const {bench, first} = pair([limited]);
    await bench.call();
    await bench.clock.advance(300_000);
    expect((await bench.call()).reply?.provider).toBe('openai');
    expect(first.requests).toHaveLength(4);
    expect(bench.router.status()[0]).toMatchObject({state: 'open', openUntil: bench.clock.now() + 300_000});
  });

  it('a turn stays where it switched to, the next one starts at the first again', async () => {
    const {bench, first} = pair([fails('quota_long', {retryHint: {delayMs: 20_000, source: 'retry_info'}}), answer]);
    const turn = bench.begin();
    await bench.call(turn);
    await bench.clock.advance(300_000);
    expect((await bench.call(turn)).reply?.provider).toBe('openai');
    expect((await bench.call()).reply?.provider).toBe('gemini');
    expect(first.requests).toHaveLength(2);
  });

  it('a server that asks for 34 s is open for 34 s and left at once', async () => {
    const {bench} = pair([asked(34_000, 'retry_info')]);
    const {tookMs} = await bench.call();
    expect(tookMs).toBe(0);
    expect(bench.router.status()[0]).toMatchObject({state: 'open', openUntil: bench.clock.now() + 34_000});
  });

  it('a daily quota opens for at least 300 s whatever the server asks, and says why', async () => {
    const step = fails('quota_long', {cause: 'daily quota', retryHint: {delayMs: 20_000, source: 'retry_info'}});
    const {bench, first} = pair([step]);
    await bench.call();
    expect(first.requests).toHaveLength(1);
    expect(bench.of('breaker_change')).toMatchObject([{cause: 'daily quota', openUntil: bench.clock.now() + 300_000}]);
  });

  it.each<ProviderFaultClass>(['auth', 'no_model', 'quota_billing'])(
    '%s blocks the route in this process with a warning and never touches its breaker',
    async kind => {
      const {bench, first} = pair([fails(kind)]);
      await bench.call();
      expect((await bench.call()).reply?.provider).toBe('openai');
      expect(first.requests).toHaveLength(1);
      expect(bench.of('route_blocked')).toMatchObject([{provider: 'gemini', cause: kind}]);
      expect(bench.router.status()[0]).toMatchObject({state: 'closed', failures: 0, blocked: expect.any(String)});
      await bench.router.resetBreakers();
      expect(bench.router.status()[0]?.blocked).toBeNull();
    },
  );

  it.each<ProviderFaultClass>(['context', 'bad_request', 'safety', 'unknown', 'offline'])(
    '%s is not taken to the other provider',
    async kind => {
      const {bench, second} = pair([fails(kind)]);
      expect((await bench.call()).error?.fault.class).toBe(kind);
      expect(second.requests).toHaveLength(0);
    },
  );

  it('a wrong key on every route ends with exit code 5 and asks nobody again', async () => {
    const {bench, first, second} = pair([fails('auth')], [fails('auth')]);
    expect((await bench.call()).error?.exitCode).toBe(5);
    expect((await bench.call()).error?.exitCode).toBe(5);
    expect(first.requests.length + second.requests.length).toBe(2);
  });

  it('retries that are spent before the breaker opens go on with the other', async () => {
    const {bench} = pair([fails('bad_response')]);
    expect((await bench.call()).reply?.provider).toBe('openai');
    expect(bench.attempts().map(({provider}) => provider)).toEqual(['gemini', 'gemini', 'openai']);
  });

  it('with both failing the last one gets its whole ladder, and the error names both', async () => {
    const {bench} = pair([limited], [limited]);
    const {error} = await bench.call();
    expect(bench.attempts().map(({provider}) => provider)).toEqual(
      [...'ggg'.split(''), ...'ooooo'.split('')].map(letter => (letter === 'g' ? 'gemini' : 'openai')),
    );
    expect(error).toMatchObject({exitCode: 6, attempts: 8});
    const next = await bench.call();
    expect(next.error?.attempts).toBe(0);
    expect(next.error?.message).toMatch(/Gemini: paused for .*OpenAI: paused for .*retry in/);
    expect(next.error?.retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  it('a breaker that counts in one process is known to the next', async () => {
    const {bench} = pair([limited]);
    await bench.call();
    expect(bench.of('attempt_end').map(event => event.outcome)).toEqual([
      'rate_limit',
      'rate_limit',
      'rate_limit',
      'ok',
    ]);
  });
});

describe('text and tools', () => {
  it('text of a failed attempt is discarded, so the answer holds it once', async () => {
    const bench = routerBench([scriptedProvider('openai', {cut: 'The aver'}, {text: 'The average is 42.'})]);
    const {reply} = await bench.call();
    expect(reply?.text).toBe('The average is 42.');
    expect(bench.of('attempt_discarded')).toMatchObject([{provider: 'openai', chars: 8}]);
    const told = bench.events.filter(event => ['text_delta', 'attempt_discarded'].includes(event.type));
    expect(told.map(event => event.type)).toEqual(['text_delta', 'attempt_discarded', 'text_delta']);
  });

  it('tool calls of an attempt without an end are never given out', async () => {
    const call = {id: 'a', name: 'run_sql', argumentsText: '{}'};
    const bench = routerBench([scriptedProvider('openai', {cut: 'x'}, {text: '', calls: [call]})]);
    expect((await bench.call()).reply?.toolCalls).toEqual([call]);
  });
});

describe('time', () => {
  it('silence before the first content and between contents is a timeout', async () => {
    const provider = scriptedProvider('openai', {hang: true}, {hang: true, afterText: 'half'}, answer);
    const bench = routerBench([provider], {settings: {timeoutMs: 1000}});
    expect((await bench.call()).reply?.text).toBe('answer');
    expect(bench.of('attempt_end').map(({outcome, ms}) => [outcome, ms])).toEqual([
      ['timeout', 1000],
      ['timeout', 1000],
      ['ok', 0],
    ]);
    expect(bench.of('attempt_discarded')).toMatchObject([{chars: 4}]);
  });

  it('content every 0.8 s for 5 s is no timeout of 1 s', async () => {
    const clock = new FakeClock();
    const pieces = ['a', 'b', 'c', 'd', 'e', 'f'];
    const bench = routerBench([scriptedProvider('openai', {pieces, gapMs: 800, clock})], {
      settings: {timeoutMs: 1000},
      clock,
    });
    expect((await bench.call()).reply?.text).toBe('abcdef');
  });

  it('the deadline ends a call that hangs, and is no failure of the service', async () => {
    const bench = routerBench([scriptedProvider('openai', {hang: true})], {settings: {turnDeadlineMs: 3000}});
    const {error, tookMs} = await bench.call();
    expect(tookMs).toBe(3000);
    expect(error).toMatchObject({exitCode: 6, fault: {class: 'deadline'}});
    expect(bench.router.status()).toMatchObject([{failures: 0}]);
  });

  it('a delay beyond the deadline is not begun', async () => {
    const bench = routerBench([scriptedProvider('openai', limited)], {settings: {turnDeadlineMs: 3000}});
    const {error, tookMs} = await bench.call();
    expect(tookMs).toBe(1500);
    expect(error?.fault.class).toBe('rate_limit');
  });

  it('an abort ends a wait at once, without another request', async () => {
    const provider = scriptedProvider('openai', limited);
    const bench = routerBench([provider], {settings: {retryBaseMs: 4000}});
    const controller = new AbortController();
    const ending = bench
      .begin(controller.signal)
      .complete(requestOf('x'))
      .catch(error => error);
    await bench.clock.advance(1000);
    controller.abort();
    expect((await ending).fault.class).toBe('aborted');
    expect(bench.of('retry_cancelled')).toHaveLength(1);
    await bench.clock.advance(60_000);
    expect(provider.requests).toHaveLength(1);
    expect(bench.clock.waiting).toBe(0);
  });

  it('an abort of an attempt is neutral and leaves no timer', async () => {
    const bench = routerBench([scriptedProvider('openai', {hang: true})]);
    const controller = new AbortController();
    const ending = bench
      .begin(controller.signal)
      .complete(requestOf('x'))
      .catch(error => error);
    await bench.clock.advance(1000);
    controller.abort();
    expect((await ending).exitCode).toBe(130);
    await bench.clock.advance(0);
    expect(bench.clock.waiting).toBe(0);
    expect(bench.router.status()).toMatchObject([{failures: 0, state: 'closed'}]);
  });

  it('an aborted probe leaves the breaker open with the time up: the next call probes', async () => {
    const first = scriptedProvider('gemini', limited, limited, limited, {hang: true}, answer);
    const bench = routerBench([first, scriptedProvider('openai', answer)]);
    await bench.call();
    await bench.clock.advance(300_000);
    const controller = new AbortController();
    const ending = bench
      .begin(controller.signal)
      .complete(requestOf('x'))
      .catch(error => error);
    await bench.clock.advance(10);
    controller.abort();
    await ending;
    expect(bench.router.status()[0]).toMatchObject({state: 'open', openUntil: bench.clock.now()});
    expect((await bench.call()).reply?.provider).toBe('gemini');
  });

  it('a wall clock that is set back a day does not lengthen the cooldown', async () => {
    const bench = routerBench([
      scriptedProvider('gemini', limited, limited, limited, answer),
      scriptedProvider('openai', answer),
    ]);
    await bench.call();
    bench.clock.setWall(bench.clock.now() - 86_400_000);
    expect((bench.router.status()[0]?.openUntil ?? 0) - bench.clock.now()).toBe(300_000);
    await bench.clock.advance(300_000);
    expect((await bench.call()).reply?.provider).toBe('gemini');
  });

  it('time that passed while the machine slept counts for the cooldown', async () => {
    const bench = routerBench([
      scriptedProvider('gemini', limited, limited, limited, answer),
      scriptedProvider('openai', answer),
    ]);
    await bench.call();
    bench.clock.setWall(bench.clock.now() + 300_000);
    expect((await bench.call()).reply?.provider).toBe('gemini');
  });
});

describe('side by side', () => {
  it('one call probes while others use the other route', async () => {
    const clock = new FakeClock();
    const store = openBreakerStore(null);
    const first = scriptedProvider('gemini', limited, limited, limited, {pieces: ['back'], gapMs: 5000, clock});
    const bench = routerBench([first, scriptedProvider('openai', answer)], {clock, store});
    await bench.call();
    await clock.advance(300_000);
    const probing = bench.begin().complete(requestOf('x'));
    await clock.advance(100);
    expect(bench.router.status()[0]?.state).toBe('half_open');
    expect((await bench.begin().complete(requestOf('y'))).provider).toBe('openai');
    await clock.advance(10_000);
    expect((await probing).provider).toBe('gemini');
    expect(bench.router.status()[0]?.state).toBe('closed');
  });

  it('with one route, a call that meets the probe of another waits for its result instead of failing', async () => {
    const clock = new FakeClock();
    const store = openBreakerStore(null);
    const only = scriptedProvider(
      'openai',
      limited,
      limited,
      limited,
      limited,
      limited,
      {
        pieces: ['back'],
        gapMs: 5000,
        clock,
      },
      answer,
    );
    const bench = routerBench([only], {clock, store});
    await bench.call();
    await clock.advance(300_000);
    const probing = bench.begin().complete(requestOf('x'));
    await clock.advance(100);
    expect(bench.router.status()[0]?.state).toBe('half_open');
    const second = bench.begin().complete(requestOf('y'));
    await clock.advance(1_000);
    expect(bench.attempts()).toHaveLength(6);
    for (let step = 0; step < 100; step++) await clock.advance(100);
    expect((await probing).text).toBe('back');
    expect((await second).text).toBe('answer');
  });

  it('waiting for the probe of another ends at once with the signal', async () => {
    const clock = new FakeClock();
    const only = scriptedProvider('openai', limited, limited, limited, limited, limited, {hang: true});
    const bench = routerBench([only], {clock, store: openBreakerStore(null)});
    await bench.call();
    await clock.advance(300_000);
    const first = new AbortController();
    const probing = bench
      .begin(first.signal)
      .complete(requestOf('x'))
      .catch(error => error);
    await clock.advance(100);
    const controller = new AbortController();
    const second = bench
      .begin(controller.signal)
      .complete(requestOf('y'))
      .catch(error => error);
    await clock.advance(250);
    controller.abort();
    expect(await second).toMatchObject({fault: {class: 'aborted'}});
    first.abort();
    await probing;
  });

  it('a result from before the breaker opened is logged only', async () => {
    const clock = new FakeClock();
    const store = openBreakerStore(null);
    const slow = routerBench([scriptedProvider('gemini', {pieces: ['late'], gapMs: 9000, clock})], {clock, store});
    const late = slow.begin().complete(requestOf('x'));
    await clock.advance(1);
    const bench = routerBench([scriptedProvider('gemini', limited), scriptedProvider('openai', answer)], {
      clock,
      store,
    });
    const opening = bench.begin().complete(requestOf('y'));
    await clock.advance(2000);
    await opening;
    await clock.advance(9000);
    expect((await late).text).toBe('late');
    expect(bench.router.status()[0]?.state).toBe('open');
  });
});
