import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ChatRequest} from '../../src/core/chat.ts';
import {openToolBench, type ToolBench} from '../tools/bench.ts';

// 3.5 characters a token is on the safe side: English prose and JSON schemas come to 4 and more with the tokenisers of
// both services, so the real number of tokens is smaller than what is counted here.
const tokens = (value: unknown) => Math.ceil((typeof value === 'string' ? value : JSON.stringify(value)).length / 3.5);

describe('what a model is told', () => {
  let request: ChatRequest | undefined;
  let bench: ToolBench;
  beforeAll(async () => {
    bench = await openToolBench([
      async asked => {
        request = asked;
        return {text: 'ok'};
      },
    ]);
    await bench.session.prompt('hello', new AbortController().signal);
  });
  afterAll(() => bench.close());

  it('the system text and the schemas of all real tools stay under 3,800 tokens', () => {
    expect(request?.tools).toHaveLength(bench.tools.length);
    expect(tokens(request?.system ?? '') + tokens(request?.tools)).toBeLessThan(3_800);
  });

  it('the schemas of 17 tools stay under 3,200 tokens, the rules under 650', () => {
    expect(tokens(request?.tools)).toBeLessThan(3_200);
    expect(tokens(request?.system ?? '')).toBeLessThan(650);
  });

  it('the rules name only tools that there are', () => {
    const names = bench.tools.map(({name}) => name);
    const named = [...(request?.system ?? '').matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)].map(([name]) => name);
    const known = [...names, 'stddev_samp', 'quantile_cont'];
    expect(named.filter(name => !known.includes(name))).toEqual([]);
    expect(named).toContain('clean_data');
  });

  it('carries schemas without the $schema line that no service needs', () => {
    expect(JSON.stringify(request?.tools)).not.toContain('$schema');
  });
});
