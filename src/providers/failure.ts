// Turns what an SDK threw into the one error a provider may throw, in words that are safe to show.

import {ProviderError, type ProviderFaultClass} from '../core/errors.ts';
import type {Secret} from '../core/secret.ts';
import {clip, printable} from '../core/text.ts';
import {faultWords, providerTitle} from '../core/wording.ts';
import {classify, type FailureFacts} from '../resilience/classify.ts';

/** Where a request went; `keyVariable` and `modelVariable` name the settings a hint can point to. */
export type Origin = {
  provider: string;
  model: string;
  apiKey: Secret;
  keyVariable: string;
  modelVariable: string;
  addressVariable: string;
};

export function providerError(origin: Origin, facts: FailureFacts): ProviderError {
  const {provider, model} = origin;
  const fault = classify(facts, {provider, model}, Date.now());
  const hint = hintFor(fault.class, origin);
  const status = facts.status === undefined ? '' : ` (HTTP ${facts.status})`;
  const said = safeText(facts.text, origin.apiKey);
  const message = `${providerTitle(provider)}: ${fault.cause ?? faultWords[fault.class]}${status}${said ? `: ${said}` : ''}`;
  return new ProviderError(fault, message, {...(hint ? {hint} : {}), cause: withoutSecrets(facts.thrown)});
}

/** One short line without keys, markup or control characters. A page of HTML says nothing to a user. */
export function safeText(text: string, apiKey: Secret): string {
  if (/<(?:!doctype|html|head|body|title|h1)\b/i.test(text)) return 'the server sent an HTML page';
  const key = apiKey.reveal();
  const hidden = (key ? text.replaceAll(key, '•••') : text).replace(/\b(?:sk|pk|AIza)[-_\w*.]{5,}/g, '•••');
  return clip(printable(hidden.replace(/\s+/g, ' ').trim(), {oneLine: true}), 300);
}

/** The SDKs hang request and response on their errors; only the kind of the error is kept for the log. */
function withoutSecrets(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.constructor.name : undefined;
}

function hintFor(kind: ProviderFaultClass, origin: Origin): string | undefined {
  switch (kind) {
    case 'auth':
      return `Check ${origin.keyVariable}; the key was refused or may not be used for ${printable(origin.model)}.`;
    case 'quota_billing':
      return 'Check the billing page of the provider: the account has no credit or the plan has no quota left.';
    case 'no_model':
      return `Check ${origin.modelVariable} (now ${printable(origin.model)}) and ${origin.addressVariable}.`;
    case 'context':
      return 'Start a new session or ask about fewer columns.';
    default:
      return undefined;
  }
}
