import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ChatRequest} from '../../src/core/chat.ts';
import {openToolBench, success, type ToolBench} from '../tools/bench.ts';

// 3.5 characters a token is on the safe side: English prose and JSON schemas come to 4 and more with the tokenisers of
// both services, so the real number of tokens is smaller than what is counted here.
const tokens = (value: unknown) => Math.ceil((typeof value === 'string' ? value : JSON.stringify(value)).length / 3.5);

describe('what a model is told', () => {
  let request: ChatRequest | undefined;
  let everything: ChatRequest | undefined;
  let bench: ToolBench;
  beforeAll(async () => {
    bench = await openToolBench([
      async asked => {
        request = asked;
        return {text: 'ok'};
      },
      async asked => {
        everything = asked;
        return {text: 'ok'};
      },
    ]);
    const {signal} = new AbortController();
    await bench.session.prompt('hello', signal);
    // What every tool needs to be offered: a kept model, and a dataset with times.
    const days = Array.from({length: 40}, (_, n) => `2024-01-${String((n % 28) + 1).padStart(2, '0')},${n},${n % 7}`);
    await bench.data('days', ['day,x,y', ...days].join('\n'));
    success(await bench.run('train_model', {dataset: 'days', target: 'y', features: ['x'], seconds: 1}));
    await bench.session.prompt('hello again', signal);
  });
  afterAll(() => bench.close());

  it('the schemas of the tools for a new workspace stay under 3,200 tokens, with the system text under 3,800', () => {
    expect(tokens(request?.tools)).toBeLessThan(3_200);
    expect(tokens(request?.system ?? '') + tokens(request?.tools)).toBeLessThan(3_800);
  });

  it('the schemas of all tools stay under 4,200 tokens, with the system text under 4,800', () => {
    expect(tokens(everything?.tools)).toBeLessThan(4_200);
    expect(tokens(everything?.system ?? '') + tokens(everything?.tools)).toBeLessThan(4_800);
  });

  it('the rules stay under 650 tokens', () => {
    expect(tokens(request?.system ?? '')).toBeLessThan(650);
  });

  it('all tools are offered where each has something to work on, and predict only where a model is kept', () => {
    const named = (asked: ChatRequest | undefined) => asked?.tools.map(({name}) => name);
    expect(named(request)).not.toContain('predict');
    expect(named(everything)).toEqual(bench.tools.map(({name}) => name));
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
