// Two providers and what is kept between processes, seen from outside.

import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {answer, ask, askJson, fast, keys, occurrences, ProgramBench} from '../support/built-program.ts';
import {closedAddress} from '../support/fake-llm-server.ts';
import {
  asks,
  eofInText,
  geminiError,
  geminiRateLimit,
  htmlPage,
  noHeaders,
  openAiRateLimit,
  quotaFailure,
  resetInText,
  retryInfo,
  type Step,
  says,
  status,
} from '../support/fake-llm-steps.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await ProgramBench.start();
});
afterEach(() => bench.close());

describe('Gemini first, OpenAI behind', () => {
  const both = (more: Record<string, string> = {}) => bench.env(more, true);

  /** Three failures of Gemini, so that its breaker is open; with a short ladder. */
  async function openGemini(more: Record<string, string> = {}): Promise<void> {
    bench.setGemini(geminiRateLimit());
    bench.setOpenAi(answer);
    const ran = await bench.run(ask, both({...fast, ...more}));
    expect(ran.code).toBe(0);
    expect(bench.asked('gemini')).toBe(3);
  }

  it('429 for ever: 3 requests to Gemini, OPEN, OpenAI within 100 ms, one answer', async () => {
    bench.setGemini(geminiRateLimit());
    bench.setOpenAi(answer);
    const ran = await bench.run(ask, both());
    bench.expectGaps('gemini', [500, 1000]);
    const last = bench.server.requestsTo('gemini').at(-1)?.at ?? 0;
    expect((bench.server.requestsTo('openai')[0]?.at ?? 0) - last).toBeLessThan(150);
    expect(bench.asked('openai')).toBe(1);
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('The average price is 42.\n');
    for (const line of [
      'Gemini rate limit detected (failure 1/3)',
      'Rate limit hit (attempt 1/4). Retrying in 0.5s...',
      'Gemini rate limit detected (failure 2/3)',
      'Gemini circuit breaker OPEN: 3 failures. Disabling for 5 minutes.',
      'Switched to OpenAI after Gemini rate-limit/circuit-open.',
    ])
      expect(occurrences(ran.err, line)).toBe(1);
  });

  it('a new process asks Gemini nothing while it is open, and shows the rest of the 5 minutes falling', async () => {
    await openGemini();
    const ran = await bench.run(askJson, both(fast));
    expect(ran.json()).toMatchObject({
      provider: 'openai',
      breakers: [{provider: 'gemini', state: 'open', failures: 3}, {}],
    });
    expect(bench.asked('gemini')).toBe(3);
    const left = Date.parse(ran.json().breakers[0]?.open_until ?? '') - Date.now();
    expect(left).toBeGreaterThan(280_000);
    expect(left).toBeLessThan(300_000);
    const secondsLeft = async () => {
      const {out} = await bench.run(['doctor'], both(fast));
      const [, minutes = '', seconds = ''] =
        /breaker: Gemini .*: open, (\d):(\d\d) left, 3\/3 failures/.exec(out) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    const first = await secondsLeft();
    await sleep(1000);
    const second = await secondsLeft();
    expect(first).toBeGreaterThan(280);
    expect(second).toBeLessThan(first);
    expect(second).toBeGreaterThan(280);
  });

  it('after the cooldown, with Gemini well: one request, CLOSED is logged, Gemini answers', async () => {
    const short = {DS_AGENT_BREAKER_COOLDOWN_SECONDS: '1'};
    await openGemini(short);
    bench.setGemini(says('Gemini is back.'));
    await sleep(1000);
    const ran = await bench.run(ask, both({...fast, ...short}));
    expect(bench.asked('gemini')).toBe(4);
    expect(ran.err).toContain('Gemini circuit breaker CLOSED: Cooldown period elapsed.');
    expect(ran.out).toBe('Gemini is back.\n');
  });

  it('after the cooldown, with Gemini still failing: one request, OPEN again in full, OpenAI answers', async () => {
    const short = {DS_AGENT_BREAKER_COOLDOWN_SECONDS: '1'};
    await openGemini(short);
    await sleep(1000);
    const ran = await bench.run(askJson, both({...fast, DS_AGENT_BREAKER_COOLDOWN_SECONDS: '300'}));
    expect(bench.asked('gemini')).toBe(4);
    expect(ran.json()).toMatchObject({provider: 'openai', status: 'answered'});
    expect(ran.err).toMatch(/OPEN: 4 failures. Disabling for 5 minutes/);
  });

  it('RetryInfo of 34 s: switched at once, open for 34 s and not for 300', async () => {
    bench.setGemini(geminiRateLimit(retryInfo('34s')));
    bench.setOpenAi(answer);
    const ran = await bench.run(askJson, both());
    expect(bench.asked('gemini')).toBe(1);
    expect(ran.json().provider).toBe('openai');
    const left = Date.parse(ran.json().breakers[0]?.open_until ?? '') - Date.now();
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThan(34_000);
  });

  it('a daily quota: no retry, open for at least 300 s, and its cause is "daily quota"', async () => {
    bench.setGemini(
      geminiRateLimit(quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retryInfo('20s')),
    );
    bench.setOpenAi(answer);
    const ran = await bench.run(askJson, both());
    expect(bench.asked('gemini')).toBe(1);
    expect(ran.json().breakers[0]).toMatchObject({state: 'open', cause: 'daily quota'});
    expect(Date.parse(ran.json().breakers[0]?.open_until ?? '') - Date.now()).toBeGreaterThan(297_000);
    expect(ran.err).toContain('daily quota');
  });

  it.each([
    ['an invalid key', geminiError(400, 'INVALID_ARGUMENT', 'API key not valid.', [{reason: 'API_KEY_INVALID'}])],
    ['a key that may not', geminiError(403, 'PERMISSION_DENIED', 'The caller does not have permission.')],
    ['no key', geminiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')],
  ])('%s of Gemini: one request, a warning, OpenAI answers', async (_, refusal) => {
    bench.setGemini(refusal);
    bench.setOpenAi(answer);
    const ran = await bench.run(ask, both());
    expect(bench.asked('gemini')).toBe(1);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/Gemini is not used any more in this session/);
  });

  it('a refused connection to Gemini: 3 attempts, OPEN, OpenAI answers', async () => {
    bench.setOpenAi(answer);
    const ran = await bench.run(askJson, both({...fast, GOOGLE_GEMINI_BASE_URL: await closedAddress()}));
    expect(ran.json().attempts.map(({provider, outcome}) => `${provider} ${outcome}`)).toEqual([
      'gemini network',
      'gemini network',
      'gemini network',
      'openai ok',
    ]);
    expect(ran.err).toContain('OPEN');
  });

  it('a tool ran, then Gemini fails three times: the tool ran once and OpenAI gets its result', async () => {
    bench.writeSales();
    const call = {name: 'run_sql', args: {sql: 'SELECT sum(price) AS total FROM sales'}, signature: 'c2lnbmVk'};
    bench.setGemini(asks([call]), geminiRateLimit());
    bench.setOpenAi(says('The total is 60.'));
    const ran = await bench.run([...askJson, '--data', 'sales.csv'], both(fast));
    expect(ran.code).toBe(0);
    expect(bench.asked('gemini')).toBe(4);
    expect(ran.json().receipts.map(({tool}) => tool)).toEqual(['run_sql']);
    const sent = JSON.stringify(bench.server.requestsTo('openai')[0]?.body);
    expect(sent).toContain('60');
    expect(sent).toContain('<data tool=');
    expect(sent).not.toContain('c2lnbmVk');
  });

  it.each<[string, Step]>([
    ['a reset in mid text', resetInText('The average price is')],
    ['a clean end in mid text', eofInText('The average price is')],
    ['HTML with status 200', htmlPage(200)],
  ])('%s of Gemini: the final text is there exactly once, and nothing crashes', async (_, step) => {
    bench.setGemini(step, answer);
    const ran = await bench.run(ask, both(fast));
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('The average price is 42.\n');
  });

  it('six processes at the end of the cooldown probe once in all', async () => {
    const short = {DS_AGENT_BREAKER_COOLDOWN_SECONDS: '1'};
    await openGemini(short);
    bench.setGemini(status(429, {error: {code: 429, status: 'RESOURCE_EXHAUSTED', message: 'slow'}}, {}, 1500));
    await sleep(1000);
    const long = {...fast, DS_AGENT_BREAKER_COOLDOWN_SECONDS: '300'};
    const all = await Promise.all(Array.from({length: 6}, () => bench.run(ask, both(long))));
    expect(all.map(({code, out}) => [code, out])).toEqual(Array(6).fill([0, 'The average price is 42.\n']));
    expect(bench.asked('gemini')).toBe(4);
  });

  it('a process that is killed while it probes does not keep the next one from probing', async () => {
    const short = {DS_AGENT_BREAKER_COOLDOWN_SECONDS: '1'};
    await openGemini(short);
    bench.setGemini(noHeaders, says('Gemini is back.'));
    await sleep(1000);
    const killed = bench.start(ask, both({...fast, ...short}));
    while (bench.asked('gemini') < 4) await sleep(10);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const ran = await bench.run(ask, both({...fast, ...short}));
    expect(ran.out).toBe('Gemini is back.\n');
    expect(bench.asked('gemini')).toBe(5);
  });

  it.each(['TRUE', '1', 'yes'])('USE_GEMINI=%s is on', async value => {
    bench.setGemini(says('Gemini answers.'));
    const ran = await bench.run(ask, both({USE_GEMINI: value}));
    expect(ran.out).toBe('Gemini answers.\n');
  });
});

describe('the state file', () => {
  const state = () => bench.path('state', 'breakers.json');

  it.each([
    ['broken', '{"version": 1, "brea'],
    ['of a newer version', '{"version": 99, "breakers": {}}'],
  ])('a file that is %s: works, with one warning', async (_, content) => {
    mkdirSync(bench.path('state'));
    writeFileSync(state(), content);
    bench.setOpenAi(openAiRateLimit(), openAiRateLimit(), answer);
    const ran = await bench.run(ask, bench.env(fast));
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('The average price is 42.\n');
    expect(occurrences(ran.err, 'Warning:')).toBe(1);
  });

  it('a place that cannot be written: works, with one warning', async () => {
    writeFileSync(bench.path('state'), 'a file where the folder should be');
    chmodSync(bench.path('state'), 0o400);
    bench.setOpenAi(openAiRateLimit(), openAiRateLimit(), answer);
    const ran = await bench.run(ask, bench.env(fast));
    expect(ran.code).toBe(0);
    expect(occurrences(ran.err, 'Warning:')).toBe(1);
  });

  it('is private and holds no key', async () => {
    bench.setOpenAi(openAiRateLimit());
    await bench.run(ask, bench.env(fast));
    const text = readFileSync(state(), 'utf8');
    expect(text).not.toContain(keys.openai.slice(0, 10));
    expect(JSON.parse(text).version).toBe(1);
  });

  it('is not made with DS_AGENT_NO_STATE=1', async () => {
    bench.setOpenAi(openAiRateLimit(), answer);
    await bench.run(ask, bench.env({...fast, DS_AGENT_NO_STATE: '1'}));
    expect(existsSync(state())).toBe(false);
  });
});
