// What a model costs at the list price, so that a session can tell its money. A model that is not listed has no price.

import type {Usage} from './chat.ts';

/** US dollars for a million tokens, as OpenAI and Google published them for text in 2025. Longest name first decides. */
const dollarsPerMillion: readonly [prefix: string, input: number, output: number][] = [
  ['gpt-4.1-nano', 0.1, 0.4],
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1', 2, 8],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4o', 2.5, 10],
  ['gpt-5-nano', 0.05, 0.4],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5', 1.25, 10],
  ['o4-mini', 1.1, 4.4],
  ['o3-mini', 1.1, 4.4],
  ['o3', 2, 8],
  ['gemini-2.5-flash-lite', 0.1, 0.4],
  ['gemini-2.5-flash', 0.3, 2.5],
  ['gemini-2.5-pro', 1.25, 10],
  ['gemini-2.0-flash-lite', 0.075, 0.3],
  ['gemini-2.0-flash', 0.1, 0.4],
];

/** Null for a model without a list price here, and where the provider did not count its tokens. */
export function dollarsOf(model: string, {inputTokens, outputTokens}: Usage): number | null {
  if (inputTokens === null || outputTokens === null) return null;
  // A name may go on with a date (gpt-4o-2024-08-06), but not with another model's word (gpt-5-pro, gpt-4o-audio).
  const price = dollarsPerMillion.find(
    ([name]) => model === name || /^-(\d|latest|preview-\d)/.test(rest(model, name)),
  );
  return price ? (inputTokens * price[1] + outputTokens * price[2]) / 1e6 : null;
}

function rest(model: string, name: string): string {
  return model.startsWith(name) ? model.slice(name.length) : '';
}

/** "$1.23", "$0.0042", "under $0.0001". */
export function formatDollars(dollars: number): string {
  if (dollars > 0 && dollars < 0.0001) return 'under $0.0001';
  return `$${dollars.toFixed(dollars < 0.1 && dollars > 0 ? 4 : 2)}`;
}
