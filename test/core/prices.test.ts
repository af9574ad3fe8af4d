import {describe, expect, it} from 'vitest';
import {costOf, formatDollars, parsePrices} from '../../src/core/prices.ts';

const million = {inputTokens: 1_000_000, outputTokens: 1_000_000};

describe('the price of a model', () => {
  it.each([
    ['gpt-4o-mini', 0.75],
    ['gpt-4o-mini-2024-07-18', 0.75],
    ['gpt-4o', 12.5],
    ['gpt-5-mini', 2.25],
    ['gemini-2.5-flash', 2.8],
    ['gemini-2.5-flash-lite', 0.5],
    ['gemini-2.5-flash-preview-09-2025', 2.8],
  ])('%s is estimated at the list price of in and out together', (model, dollars) => {
    const cost = costOf(model, million, [], true);
    expect(cost?.dollars).toBeCloseTo(dollars, 10);
    expect(cost?.estimated).toBe(true);
  });

  it.each(['gpt-5-pro', 'gpt-4o-audio-preview', 'llama3.1:8b', 'gpt-4o-mini-tts', ''])('%j has none', model => {
    expect(costOf(model, million, [], true)).toBeNull();
  });

  it('is not known where the tokens were not counted', () => {
    expect(costOf('gpt-4o', {inputTokens: null, outputTokens: 3}, [], true)).toBeNull();
  });

  it("that the user gave is used as it is, for exactly that model, also on a server of one's own", () => {
    const own = parsePrices('gpt-4o = 1/2, llama3.1:8b=0.5/0.25,') ?? [];
    expect(costOf('gpt-4o', million, own, true)).toEqual({dollars: 3, estimated: false});
    expect(costOf('llama3.1:8b', million, own, false)).toEqual({dollars: 0.75, estimated: false});
    expect(costOf('gpt-4o-2024-08-06', million, own, true)?.estimated).toBe(true);
    expect(costOf('gpt-4o-2024-08-06', million, own, false)).toBeNull();
  });

  it.each(['gpt-4o', 'gpt-4o=1', 'gpt-4o=1/x', 'gpt-4o=-1/2', '=1/2'])('is not read from %j', text => {
    expect(parsePrices(text)).toBeNull();
  });

  it('is written with the digits that matter', () => {
    expect([0, 0.00001, 0.0042, 0.25, 12.345].map(dollars => formatDollars(dollars, false))).toEqual([
      '$0.00',
      'under $0.0001',
      '$0.0042',
      '$0.25',
      '$12.35',
    ]);
    expect(formatDollars(0.0042, true)).toBe('≈ $0.0042');
  });
});
