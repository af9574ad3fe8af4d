// The built program with the real SDKs against a scripted server: answers, tool calls and their results, usage.

import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {isRecord} from '../../src/core/unknown.ts';
import {type FakeLlmServer, type RecordedRequest, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, geminiRateLimit, openAiRateLimit, says} from '../support/fake-llm-steps.ts';
import {type Place, placesWithSales, runProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
let server: FakeLlmServer;
beforeEach(async () => {
  place = withSales();
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const quick = {DS_AGENT_RETRY_BASE_MS: '5', DS_AGENT_RETRY_JITTER: '0'};
const openai = () => ({...quick, OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: server.openAiBaseUrl});
const gemini = () => ({...quick, GEMINI_API_KEY: 'AIza-test-0123456789', GOOGLE_GEMINI_BASE_URL: server.geminiBaseUrl});

const mean = {name: 'run_sql', args: {sql: 'SELECT avg(price) AS mean FROM sales'}};
const count = {name: 'run_sql', args: {sql: 'SELECT count(*) AS n FROM sales'}};

const body = (request: RecordedRequest | undefined) => JSON.stringify(request?.body);
const messagesOf = (request: RecordedRequest | undefined): Record<string, unknown>[] => {
  const messages = request?.body.messages;
  return Array.isArray(messages) ? messages.filter(isRecord) : [];
};

describe('OpenAI', () => {
  it('a text answer goes to stdout whole and once, with a newline', async () => {
    server.setScript('openai', [says('The average price is 4.')]);
    const {code, stdout} = await runProgram(['-p', 'average price?'], {place, env: openai()});
    expect(stdout).toBe('The average price is 4.\n');
    expect(code).toBe(0);
  });

  it('the request carries the question, the schema of the data and every tool', async () => {
    server.setScript('openai', [says('ok')]);
    await runProgram(['-p', 'average price?'], {place, env: openai()});
    const [request] = server.requestsTo('openai');
    expect(request?.body).toMatchObject({model: 'gpt-4o-mini', stream: true});
    const [system, user] = messagesOf(request);
    expect(system).toMatchObject({role: 'system'});
    expect(String(system?.content)).toContain('"product name" VARCHAR');
    expect(user).toMatchObject({role: 'user', content: 'average price?'});
    for (const name of [
      'list_datasets',
      'describe_dataset',
      'run_sql',
      'draw_chart',
      'import_file',
      'suggest_next_steps',
    ])
      expect(body(request)).toContain(`"name":"${name}"`);
  });

  it('parallel calls are run, their results sent back in order, and the answer printed', async () => {
    server.setScript('openai', [asks([mean, count]), says('Mean 4 over 5 rows.')]);
    const {code, stdout, stderr} = await runProgram(['-p', 'mean and count'], {place, env: openai()});
    expect({code, stdout}).toEqual({code: 0, stdout: 'Mean 4 over 5 rows.\n'});
    expect(stderr.match(/^▸ run_sql sales v1 5 rows → 1 row \d+ ms #[12]$/gm)).toHaveLength(2);
    const messages = messagesOf(server.requestsTo('openai')[1]).slice(2);
    expect(messages.map(message => message.role)).toEqual(['assistant', 'tool', 'tool']);
    const [assistant, first, second] = messages;
    const calls = Array.isArray(assistant?.tool_calls) ? assistant.tool_calls.filter(isRecord) : [];
    expect(calls.map(each => each.id)).toEqual([first?.tool_call_id, second?.tool_call_id]);
    expect(String(first?.content)).toMatch(/mean[\s\S]*4/);
    expect(String(second?.content)).toMatch(/n[\s\S]*5/);
  });

  it('wrong arguments are sent back once, and the corrected call is run', async () => {
    server.setScript('openai', [asks([{name: 'run_sql', args: {query: 'SELECT 1'}}]), asks([mean]), says('4')]);
    const {code, stdout} = await runProgram(['-p', 'mean'], {place, env: openai()});
    expect({code, stdout}).toEqual({code: 0, stdout: '4\n'});
    expect(String(messagesOf(server.requestsTo('openai')[1]).at(-1)?.content)).toContain('tool.arguments_invalid');
  });

  it('usage of all calls, attempts, model and next steps are in the JSON', async () => {
    const steps = [{label: 'By region', prompt: 'average price by region'}];
    server.setScript('openai', [asks([mean, {name: 'suggest_next_steps', args: {steps}}]), says('4')]);
    const {stdout} = await runProgram(['--json', '-p', 'mean'], {place, env: openai()});
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      status: 'answered',
      answer: '4',
      provider: 'openai',
      model: 'gpt-4o-mini',
      next_steps: steps,
      receipts: [{id: 1, tool: 'run_sql', sql: mean.args.sql}],
    });
    expect(result.attempts).toHaveLength(2);
    expect(result.usage.input_tokens).toBeGreaterThan(0);
    expect(result.usage.output_tokens).toBeGreaterThan(0);
  });

  it('two rate limits, then an answer: the answer once, the retries on stderr', async () => {
    server.setScript('openai', [openAiRateLimit(), openAiRateLimit(), says('Here it is.')]);
    const {code, stdout, stderr} = await runProgram(['-p', 'mean'], {place, env: openai()});
    expect({code, stdout}).toEqual({code: 0, stdout: 'Here it is.\n'});
    expect(stderr).toContain('Rate limit hit (attempt 1/4).');
    expect(stderr).toContain('Success after 2 retries');
  });

  it('text of a model with control codes is printed as escapes', async () => {
    server.setScript('openai', [says('red \u001b[31mtext\u001b]0;title\u0007 here')]);
    const {stdout} = await runProgram(['-p', 'mean'], {place, env: openai()});
    expect(stdout).toBe('red \\x1b[31mtext\\x1b]0;title\\x07 here\n');
  });

  it('a conversation of several questions keeps its history', async () => {
    server.setScript('openai', [says('One.'), says('Two.')]);
    await runProgram(['--batch'], {place, env: openai(), stdin: {pipe: 'first\nsecond\n'}});
    const contents = messagesOf(server.requestsTo('openai')[1])
      .slice(1)
      .map(message => message.content);
    expect(contents).toEqual(['first', 'One.', 'second']);
  });
});

describe('Gemini', () => {
  it('a function call is run, its response sent back, and the answer printed', async () => {
    server.setScript('gemini', [asks([mean]), says('The mean is 4.')]);
    const {code, stdout} = await runProgram(['-p', 'mean'], {place, env: gemini()});
    expect({code, stdout}).toEqual({code: 0, stdout: 'The mean is 4.\n'});
    const [first, second] = server.requestsTo('gemini');
    expect(body(first)).toContain('functionDeclarations');
    expect(body(first)).not.toContain('additionalProperties');
    expect(body(second)).toContain('"functionResponse"');
    expect(body(second)).toContain('"functionCall"');
  });

  it('parallel function calls get one response each', async () => {
    server.setScript('gemini', [asks([mean, count]), says('4 and 5')]);
    const {stdout} = await runProgram(['-p', 'mean and count'], {place, env: gemini()});
    expect(stdout).toBe('4 and 5\n');
    expect(body(server.requestsTo('gemini')[1]).match(/"functionResponse"/g)).toHaveLength(2);
  });

  it('usage is in the JSON', async () => {
    server.setScript('gemini', [says('4')]);
    const {stdout} = await runProgram(['--json', '-p', 'mean'], {place, env: gemini()});
    const {usage, provider, model} = JSON.parse(stdout);
    expect({provider, model}).toEqual({provider: 'gemini', model: 'gemini-2.5-flash'});
    expect(usage.input_tokens).toBeGreaterThan(0);
  });

  it('three rate limits open its breaker, and OpenAI answers the same question', async () => {
    server.setScript('gemini', [geminiRateLimit()]);
    server.setScript('openai', [asks([mean]), says('OpenAI says 4.')]);
    const env = {...gemini(), ...openai(), USE_GEMINI: 'true'};
    const {code, stdout, stderr} = await runProgram(['-p', 'mean'], {place, env});
    expect({code, stdout}).toEqual({code: 0, stdout: 'OpenAI says 4.\n'});
    expect(server.requestsTo('gemini')).toHaveLength(3);
    expect(stderr).toContain('Gemini circuit breaker OPEN: 3 failures. Disabling for 5 minutes.');
    expect(stderr).toContain('Switched to OpenAI after Gemini rate-limit/circuit-open.');

    await runProgram(['-p', 'again'], {place, env});
    expect(server.requestsTo('gemini')).toHaveLength(3);
  });
});
