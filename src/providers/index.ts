// The ways to a model. A new one is its own file and one line here.

import {createHash} from 'node:crypto';
import type {Provider} from '../core/chat.ts';
import type {Secret} from '../core/secret.ts';

/** `baseUrl` undefined means the service's own address. The offline provider uses none of it. */
export type ProviderSettings = {
  apiKey: Secret;
  model: string;
  baseUrl?: string | undefined;
  /** Gets the text of each request as it goes to the network. */
  onSend?: (body: string) => void;
};

/** Each module, and with it each SDK, is loaded only when it is used. */
export const PROVIDERS = {
  openai: async (settings: ProviderSettings) => (await import('./openai.ts')).createOpenAiProvider(settings),
  gemini: async (settings: ProviderSettings) => (await import('./gemini.ts')).createGeminiProvider(settings),
  offline: async (_settings: ProviderSettings) => (await import('./offline/analyst.ts')).createOfflineProvider(),
} satisfies Record<string, (settings: ProviderSettings) => Promise<Provider>>;

export type ProviderName = keyof typeof PROVIDERS;

/**
 * Tells routes apart in the state that is kept on disk: the same provider with another key, model or address is another
 * route. A hash of 128 bits; the key cannot be found from it.
 */
export function routeKey(provider: ProviderName, {apiKey, model, baseUrl}: ProviderSettings): string {
  const identity = [provider, model, baseUrl ?? '', apiKey.reveal()].join('\n');
  return `${provider}-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
}
