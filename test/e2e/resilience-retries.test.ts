// One provider that fails, seen from outside: the built program, the real SDK, a server that misbehaves on purpose.

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {answer, ask, askJson, fast, keys, occurrences, ProgramBench} from '../support/built-program.ts';
import {htmlPage, noHeaders, openAiError, openAiRateLimit, type Step, says, status} from '../support/fake-llm-steps.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await ProgramBench.start();
});
afterEach(() => bench.close());

describe('OpenAI alone', () => {
  it('429 for ever: 5 requests after 0.5, 1, 2 and 4 s, exit code 6, and when to try again', async () => {
    bench.setOpenAi(openAiRateLimit());
    const ran = await bench.run(ask);
    bench.expectGaps('openai', [500, 1000, 2000, 4000]);
    expect(ran.code).toBe(6);
    expect(ran.out).toBe('');
    expect(ran.err).toContain('Rate limit hit (attempt 1/4). Retrying in 0.5s...');
    expect(ran.err).toContain('Rate limit hit (attempt 4/4). Retrying in 4.0s...');
    expect(ran.err).toMatch(/retry in \d+s/);
  });

  it('429, 429, 200: three requests, the answer, "Success after 2 retries", the count back at 0', async () => {
    bench.setOpenAi(openAiRateLimit(), openAiRateLimit(), answer);
    const ran = await bench.run(askJson, bench.env(fast));
    expect(ran.code).toBe(0);
    expect(bench.asked('openai')).toBe(3);
    expect(ran.err).toContain('OpenAI rate limit detected (failure 2/3)');
    expect(ran.err).toContain('Success after 2 retries');
    expect(ran.json().breakers).toMatchObject([{provider: 'openai', state: 'closed', failures: 0}]);
    expect(ran.json().attempts.map(({outcome, status: code, request_id: id}) => [outcome, code, id])).toEqual([
      ['rate_limit', 429, 'req_0'],
      ['rate_limit', 429, 'req_1'],
      ['ok', null, 'req_2'],
    ]);
  });

  it('two failures, a success and two failures leave the breaker closed', async () => {
    bench.setOpenAi(openAiRateLimit(), openAiRateLimit(), answer, openAiRateLimit(), openAiRateLimit(), answer);
    await bench.run(ask, bench.env(fast));
    const ran = await bench.run(askJson, bench.env(fast));
    expect(ran.code).toBe(0);
    expect(ran.err).not.toContain('OPEN');
    expect(ran.json().breakers[0]?.state).toBe('closed');
  });

  it('Retry-After 3 waits 3 s, and the log file names the header', async () => {
    bench.setOpenAi(openAiRateLimit({'retry-after': '3'}), answer);
    const ran = await bench.run([...ask, '--output-format', 'stream-json'], bench.env(fast));
    bench.expectGaps('openai', [3000]);
    expect(ran.out).toMatch(/"type":"retry_scheduled".*"source":"header"/);
  });

  it('retry-after-ms 700 is believed before Retry-After 9', async () => {
    bench.setOpenAi(openAiRateLimit({'retry-after-ms': '700', 'retry-after': '9'}), answer);
    await bench.run(ask, bench.env(fast));
    bench.expectGaps('openai', [700]);
  });

  it.each(['-5', 'soon', 'NaN'])('Retry-After %j is ignored: the ladder holds', async value => {
    bench.setOpenAi(openAiRateLimit({'retry-after': value}), answer);
    await bench.run(ask, bench.env({DS_AGENT_RETRY_BASE_MS: '300'}));
    bench.expectGaps('openai', [300]);
  });

  it('Retry-After 120 is not sat out: exit code 6 and "retry in 2:00"', async () => {
    bench.setOpenAi(openAiRateLimit({'retry-after': '120'}));
    const ran = await bench.run(ask);
    expect(bench.asked('openai')).toBe(1);
    expect(ran.code).toBe(6);
    expect(ran.err).toContain('retry in 2:00');
    expect(ran.tookMs).toBeLessThan(2000);
  });

  it('insufficient_quota: one request, a message about billing, exit code 5', async () => {
    bench.setOpenAi(
      openAiError(429, {code: 'insufficient_quota', type: 'insufficient_quota', message: 'You exceeded your quota'}),
    );
    const ran = await bench.run(ask);
    expect(bench.asked('openai')).toBe(1);
    expect(ran.code).toBe(5);
    expect(ran.err).toMatch(/billing/i);
  });

  it('401: one request, exit code 5, and the key is printed nowhere', async () => {
    bench.setOpenAi(
      openAiError(401, {code: 'invalid_api_key', message: `Incorrect API key provided: ${keys.openai}.`}),
    );
    const ran = await bench.run(askJson, bench.env({LOG_LEVEL: 'debug'}));
    expect(bench.asked('openai')).toBe(1);
    expect(ran.code).toBe(5);
    expect(ran.json().error).toMatchObject({code: 'provider.auth', hint: expect.stringContaining('OPENAI_API_KEY')});
    const everything = [ran.out, ran.err, ...filesBelow(bench.folder).map(path => readFileSync(path, 'latin1'))];
    expect(everything.length).toBeGreaterThan(3);
    for (const text of everything) expect(text).not.toContain(keys.openai.slice(0, 14));
  });

  it('a context overflow whose text holds 142950 is compacted once, then answered', async () => {
    bench.setOpenAi(overflow, answer);
    const ran = await bench.run(ask, bench.env(fast));
    expect(bench.asked('openai')).toBe(2);
    expect(ran.code).toBe(0);
  });

  it('a second context overflow is final', async () => {
    bench.setOpenAi(overflow);
    const ran = await bench.run(askJson, bench.env(fast));
    expect(bench.asked('openai')).toBe(2);
    expect(ran.code).toBe(7);
    expect(ran.json().error?.code).toBe('provider.context');
  });

  it.each<[string, Step]>([
    ['500', openAiError(500, {type: 'server_error', message: 'The server had an error'})],
    ['502 with HTML', htmlPage(502)],
    ['503 without a body', status(503)],
  ])('%s: the ladder, and HTML is never shown raw', async (_, step) => {
    bench.setOpenAi(step);
    const ran = await bench.run(ask, bench.env(fast));
    bench.expectGaps('openai', [40, 80, 160, 320]);
    expect(ran.code).toBe(6);
    expect(ran.err).not.toMatch(/<html|<h1|<title/);
  });

  it('Ctrl-C in a wait of 4 s is back at once, sends nothing more, and exits with 130', async () => {
    bench.setOpenAi(openAiRateLimit());
    const running = bench.start(ask, bench.env({DS_AGENT_RETRY_BASE_MS: '4000'}));
    await running.saw('Retrying in 4.0s');
    const stoppedAt = performance.now();
    running.child.kill('SIGINT');
    const ran = await running.ended;
    expect(performance.now() - stoppedAt).toBeLessThan(250);
    expect(ran.code).toBe(130);
    expect(bench.asked('openai')).toBe(1);
  });

  it('a deadline of 3 s ends an endless 429 within it', async () => {
    bench.setOpenAi(openAiRateLimit());
    const ran = await bench.run(ask, bench.env({DS_AGENT_TURN_DEADLINE_SECONDS: '3'}));
    expect(ran.code).toBe(6);
    const [first, last] = [bench.server.requests[0]?.at ?? 0, bench.server.requests.at(-1)?.at ?? 0];
    expect(last - first).toBeLessThan(3100);
    expect(ran.tookMs).toBeLessThan(4000);
  });

  it('a deadline of 1 s ends an answer that never comes', async () => {
    bench.setOpenAi(noHeaders);
    const ran = await bench.run(ask, bench.env({DS_AGENT_TURN_DEADLINE_SECONDS: '1'}));
    expect(ran.code).toBe(6);
    expect((bench.server.requests[0]?.closedAt ?? 0) - (bench.server.requests[0]?.at ?? 0)).toBeLessThan(1150);
    expect(bench.asked('openai')).toBe(1);
  });

  it('LITELLM_MAX_RETRIES=0 means one request, "abc" means 4 retries and one warning', async () => {
    bench.setOpenAi(openAiRateLimit());
    expect((await bench.run(ask, bench.env({...fast, LITELLM_MAX_RETRIES: '0', DS_AGENT_NO_STATE: '1'}))).code).toBe(6);
    expect(bench.asked('openai')).toBe(1);
    const ran = await bench.run(ask, bench.env({...fast, LITELLM_MAX_RETRIES: 'abc', DS_AGENT_NO_STATE: '1'}));
    expect(bench.asked('openai')).toBe(6);
    expect(occurrences(ran.err, 'LITELLM_MAX_RETRIES')).toBe(1);
  });

  it('works with a server that rejects stream_options and sends no usage', async () => {
    bench.setOpenAi(request =>
      request.body.stream_options
        ? openAiError(400, {message: 'stream_options is not supported'})
        : says('fine', {usage: false}),
    );
    const ran = await bench.run(ask, bench.env(fast));
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('fine\n');
  });

  it('not in a terminal there is one line per retry and no control code', async () => {
    bench.setOpenAi(openAiRateLimit(), openAiRateLimit(), answer);
    const ran = await bench.run(ask, bench.env(fast));
    expect(ran.err.split('\n').filter(line => line.includes('Retrying in'))).toHaveLength(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
    expect(ran.out + ran.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

const overflow = openAiError(400, {
  code: 'context_length_exceeded',
  message: "This model's maximum context length is 128000 tokens, however you requested 142950 tokens.",
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
}
