// What a model costs, so that a session can tell its money: at the prices the user gave, else about, at old list prices.

import type {Usage} from './chat.ts';

/** US dollars for a million tokens. */
export type Price = {model: string; input: number; output: number};

/** The year of the list prices below. They change, and cached or very long prompts cost otherwise: what they give is an estimate. */
export const listPricesOf = 2025;

/** For text, as OpenAI and Google published them. Longest name first decides. */
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

/**
 * What a call cost. `own` are the prices of the user, for exactly these models; others are estimated from the list unless
 * `listed` is false, as on a server of one's own. Null for a model without a price, and where the tokens were not counted.
 */
export function costOf(
  model: string,
  {inputTokens, outputTokens}: Usage,
  own: readonly Price[],
  listed: boolean,
): {dollars: number; estimated: boolean} | null {
  if (inputTokens === null || outputTokens === null) return null;
  const given = own.find(price => price.model === model);
  if (given) return {dollars: (inputTokens * given.input + outputTokens * given.output) / 1e6, estimated: false};
  // A name may go on with a date (gpt-4o-2024-08-06), but not with another model's word (gpt-5-pro, gpt-4o-audio).
  const price = dollarsPerMillion.find(
    ([name]) => model === name || /^-(\d|latest|preview-\d)/.test(rest(model, name)),
  );
  if (!listed || !price) return null;
  return {dollars: (inputTokens * price[1] + outputTokens * price[2]) / 1e6, estimated: true};
}

/** "gpt-4o-mini=0.15/0.6,llama3.1:8b=0/0": dollars for a million tokens in and out. Null when it is written otherwise. */
export function parsePrices(text: string): Price[] | null {
  const prices: Price[] = [];
  for (const part of text.split(',').map(each => each.trim())) {
    if (part === '') continue;
    const found = /^(\S+?)\s*=\s*(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(part);
    if (!found) return null;
    const [, model = '', input, output] = found;
    prices.push({model, input: Number(input), output: Number(output)});
  }
  return prices;
}

function rest(model: string, name: string): string {
  return model.startsWith(name) ? model.slice(name.length) : '';
}

/** "$1.23", "$0.0042", "under $0.0001", and "≈ $1.23" for an estimate. */
export function formatDollars(dollars: number, estimated: boolean): string {
  if (dollars > 0 && dollars < 0.0001) return 'under $0.0001';
  return `${estimated ? '≈ ' : ''}$${dollars.toFixed(dollars < 0.1 && dollars > 0 ? 4 : 2)}`;
}
