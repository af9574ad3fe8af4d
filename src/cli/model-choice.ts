// The router of a session, and the way to change its provider or model while the session goes on.

import type {ModelRouter} from '../core/chat.ts';
import {UsageError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import type {Config, ProviderName} from './config.ts';

/** What can answer: `models` in the order they are tried. */
export type ModelChoice = {
  router: ModelRouter;
  /** The settings as they are now. */
  config(): Config;
  /** Puts a provider first, with its model changed where one is given. @throws UsageError `model.unusable` */
  choose(provider: ProviderName, model: string | null): Promise<void>;
};

const keyNames = {openai: 'OPENAI_API_KEY', gemini: 'GEMINI_API_KEY'} as const;

/** A turn that runs keeps its router; the next one gets the new one. Breakers are shared by their keys and stay. */
export async function createModelChoice(
  initial: Config,
  build: (config: Config) => Promise<ModelRouter>,
): Promise<ModelChoice> {
  let config = initial;
  let router = await build(config);
  return {
    router: {
      beginTurn: turn => router.beginTurn(turn),
      status: () => router.status(),
      resetBreakers: () => router.resetBreakers(),
    },
    config: () => config,
    async choose(provider, model) {
      if (!isUsable(provider, config)) {
        const name = keyNames[provider as keyof typeof keyNames];
        throw new UsageError('model.unusable', `${printable(provider)} can't be used: ${name} is not set.`, {
          hint: `Set ${name} and start again.`,
        });
      }
      // The analyst stands behind a model only where it was put there; without a key it merely stood in.
      const others = config.providers.filter(
        each => each !== provider && (each !== 'offline' || initial.providers.length > 1),
      );
      const next = {...config, providers: provider === 'offline' ? (['offline'] as const) : [provider, ...others]};
      const chosen =
        provider === 'offline' || model === null ? next : {...next, [provider]: {...config[provider], model}};
      router = await build(chosen);
      config = chosen;
    },
  };
}

export function isUsable(provider: ProviderName, {openai, gemini}: Config): boolean {
  if (provider === 'openai') return openai.apiKey !== null || openai.baseUrl !== null;
  return provider === 'offline' || gemini.apiKey !== null;
}
