import {describe, expect, it} from 'vitest';
import {dollarsOf, formatDollars} from '../../src/core/prices.ts';

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
  ])('%s is the list price of in and out together', (model, dollars) => {
    expect(dollarsOf(model, million)).toBeCloseTo(dollars, 10);
  });

  it.each(['gpt-5-pro', 'gpt-4o-audio-preview', 'llama3.1:8b', 'gpt-4o-mini-tts', ''])('%j has none', model => {
    expect(dollarsOf(model, million)).toBeNull();
  });

  it('is not known where the tokens were not counted', () => {
    expect(dollarsOf('gpt-4o', {inputTokens: null, outputTokens: 3})).toBeNull();
  });

  it('is written with the digits that matter', () => {
    expect([0, 0.00001, 0.0042, 0.25, 12.345].map(formatDollars)).toEqual([
      '$0.00',
      'under $0.0001',
      '$0.0042',
      '$0.25',
      '$12.35',
    ]);
  });
});
