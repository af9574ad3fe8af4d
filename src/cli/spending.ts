// Adds up what the session's calls cost, model by model.

import type {Entry} from '../agent/transcript.ts';
import type {Usage} from '../core/chat.ts';
import type {EventStream} from '../core/events.ts';
import {costOf} from '../core/prices.ts';
import type {Config} from './config.ts';

/**
 * `dollars` is the sum over the calls with a price; `estimated` when a list price took part in it. `unpriced` names the
 * models that were used and have no price.
 */
export type Spending = {dollars: number; estimated: boolean; unpriced: string[]};

/** Counts the calls of `earlier` and every call from now on; a server of one's own has no list price. */
export function countSpending(events: EventStream, earlier: readonly Entry[], config: Config): () => Spending {
  let dollars = 0;
  let estimated = false;
  const unpriced = new Set<string>();
  const add = (provider: string, model: string, usage: Usage) => {
    if (provider === 'offline' || provider === 'ds-agent') return;
    const isOwn = (provider === 'openai' ? config.openai : config.gemini).baseUrl !== null;
    const cost = costOf(model, usage, config.prices, !isOwn);
    if (cost === null) {
      unpriced.add(model);
      return;
    }
    dollars += cost.dollars;
    estimated ||= cost.estimated;
  };
  for (const entry of earlier)
    if (entry.kind === 'turn') for (const {provider, model, usage} of entry.steps) add(provider, model, usage);
  events.subscribe(event => {
    if (event.type === 'message') add(event.provider, event.model, event.usage);
  });
  return () => ({dollars, estimated, unpriced: [...unpriced]});
}
