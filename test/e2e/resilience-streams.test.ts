// Answers that break off, seen from outside: text is shown once, tools run once.

import {readdirSync, readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {answer, ask, askJson, fast, occurrences, ProgramBench} from '../support/built-program.ts';
import {
  asks,
  eofInArguments,
  eofInText,
  headersOnly,
  lengthInArguments,
  noHeaders,
  oneChunkThenSilence,
  resetInText,
  type Step,
  says,
  slowChunks,
} from '../support/fake-llm-steps.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await ProgramBench.start();
});
afterEach(() => bench.close());

describe('a stream that breaks', () => {
  it.each<[string, Step]>([
    ['a stall before the headers', noHeaders],
    ['headers and then nothing', headersOnly],
    ['one chunk and then silence', oneChunkThenSilence('The aver')],
  ])('%s: given up after 1 s, its text discarded, and asked again', async (_, step) => {
    bench.setOpenAi(step, answer);
    const ran = await bench.run(ask, bench.env({...fast, LITELLM_TIMEOUT_SECONDS: '1'}));
    bench.expectGaps('openai', [1000]);
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('The average price is 42.\n');
  });

  it('chunks that come slowly for longer than the timeout, but never that far apart, are no timeout', async () => {
    bench.setOpenAi(slowChunks(['one ', 'two ', 'three ', 'four ', 'five ', 'six ', 'seven '], 500));
    const ran = await bench.run(ask, bench.env({LITELLM_TIMEOUT_SECONDS: '2'}));
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('one two three four five six seven\n');
    expect(bench.asked('openai')).toBe(1);
  });

  it.each<[string, Step]>([
    ['a reset in mid text', resetInText('The average price is')],
    ['a clean end in mid text', eofInText('The average price is')],
    [
      'an error inside the stream',
      {kind: 'error_in_stream', texts: ['The average '], error: {message: 'oops', type: 'server_error'}},
    ],
  ])('%s: asked again, and the final text is there exactly once', async (_, step) => {
    for (const args of [ask, askJson, [...ask, '--output-format', 'stream-json']]) {
      bench.setOpenAi(step, answer);
      const ran = await bench.run(args, bench.env(fast));
      expect(ran.code).toBe(0);
      if (args === ask) expect(ran.out).toBe('The average price is 42.\n');
      else if (args === askJson) expect(ran.json().answer).toBe('The average price is 42.');
      else expect(resultLine(ran.out).answer).toBe('The average price is 42.');
    }
    for (const name of readdirSync(bench.path('workspace', 'sessions'))) {
      const session = readFileSync(bench.path('workspace', 'sessions', name), 'utf8');
      const messages = session.split('\n').filter(line => line.includes('"type":"message"'));
      expect(messages).toHaveLength(1);
      expect(occurrences(messages[0] ?? '', 'The average price is')).toBe(1);
    }
  });

  it('a clean end in mid tool arguments: the tool is not run, asked again, then it runs once', async () => {
    bench.writeSales();
    const call = {name: 'run_sql', args: {sql: 'SELECT count(*) AS n FROM sales'}};
    bench.setOpenAi(eofInArguments(call), asks([call]), says('There are 3 rows.'));
    const ran = await bench.run([...askJson, '--data', 'sales.csv'], bench.env(fast));
    expect(ran.code).toBe(0);
    expect(bench.asked('openai')).toBe(3);
    expect(ran.json().receipts.map(({tool}) => tool)).toEqual(['run_sql']);
  });

  it('finish "length" with half arguments: not run, the model is asked again', async () => {
    bench.writeSales();
    const call = {name: 'run_sql', args: {sql: 'SELECT count(*) AS n FROM sales'}};
    bench.setOpenAi(lengthInArguments(call), asks([call]), says('There are 3 rows.'));
    const ran = await bench.run([...askJson, '--data', 'sales.csv'], bench.env(fast));
    expect(ran.code).toBe(0);
    expect(ran.json().receipts).toHaveLength(1);
    expect(JSON.stringify(bench.server.requests[1]?.body)).toContain('cut at the token limit');
  });

  it('arguments that break the schema are sent back with the reason once', async () => {
    bench.writeSales();
    bench.setOpenAi(
      asks([{name: 'run_sql', args: {query: 'SELECT 1'}}]),
      asks([{name: 'run_sql', args: {sql: 'SELECT 1 AS n'}}]),
      answer,
    );
    const ran = await bench.run([...askJson, '--data', 'sales.csv'], bench.env(fast));
    expect(ran.code).toBe(0);
    expect(JSON.stringify(bench.server.requests[1]?.body)).toContain('sql');
    expect(ran.json().breakers[0]).toMatchObject({state: 'closed', failures: 0});
  });
});

function resultLine(out: string): {answer: string | null} {
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '{}');
}
