// /model: what answers, and another provider or model for the rest of the session.

import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {providerTitle} from '../../core/wording.ts';
import type {App} from '../app.ts';
import type {Config, ProviderName} from '../config.ts';
import {isUsable} from '../model-choice.ts';
import type {SlashAnswer} from '../slash.ts';

const providers: readonly ProviderName[] = ['openai', 'gemini', 'offline'];

/** "/model", "/model gpt-4o", "/model gemini", "/model gemini gemini-2.5-pro", "/model openai/gpt-4o". */
export async function model(args: string, {models}: App): Promise<SlashAnswer> {
  const config = models.config();
  const words = args.split(/[\s/]+/).filter(Boolean);
  if (words.length === 0) return {text: list(config)};
  const [first = '', ...rest] = words;
  const named = providers.find(each => each === first.toLowerCase());
  const provider = named ?? ownerOf(first, config);
  // Models of other servers have slashes in their names.
  const name =
    named === undefined
      ? args.trim()
      : rest.length > 0
        ? args
            .trim()
            .slice(first.length + 1)
            .trim()
        : null;
  if (provider === 'offline' && name !== null)
    throw new UsageError('chat.arguments', 'The embedded analyst has no models to choose from.');
  if (name !== null && /\s/.test(name)) throw new UsageError('chat.arguments', 'The name of a model has no blanks.');
  await models.choose(provider, name);
  return {text: `From the next question on:\n${list(models.config())}`};
}

/** A model that names its maker goes there; every other name belongs to the provider that answers now. */
function ownerOf(name: string, config: Config): ProviderName {
  if (/^gemini/i.test(name)) return 'gemini';
  if (/^(gpt|o\d|chatgpt)/i.test(name)) return 'openai';
  const now = config.providers[0] ?? 'offline';
  return now === 'offline' ? 'openai' : now;
}

function list(config: Config): string {
  const line = (provider: ProviderName, place: string) => {
    const name =
      provider === 'offline' ? 'the embedded analyst' : `${providerTitle(provider)} ${config[provider].model}`;
    return `  ${place.padEnd(6)}  ${printable(name, {oneLine: true})}`;
  };
  const idle = providers.filter(each => !config.providers.includes(each));
  return [
    ...config.providers.map((each, index) => line(each, index === 0 ? 'first' : 'then')),
    ...idle.map(each => line(each, isUsable(each, config) ? 'usable' : 'no key')),
    '/model MODEL or /model PROVIDER [MODEL] changes it for this session.',
  ].join('\n');
}
