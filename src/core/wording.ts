// How the state of the providers is put into words: the log, plain mode and the chat all say it the same way.

import type {ProviderFaultClass} from './errors.ts';
import type {StampedEvent} from './events.ts';
import {formatDuration} from './text.ts';

const titles: Record<string, string> = {openai: 'OpenAI', gemini: 'Gemini', offline: 'Offline analyst'};

/** A provider's name as people write it. */
export function providerTitle(name: string): string {
  return titles[name] ?? name;
}

/** Each class of failure in a word or two. */
export const faultWords: Record<ProviderFaultClass, string> = {
  aborted: 'stopped',
  deadline: 'time limit of the turn',
  rate_limit: 'rate limit',
  quota_long: 'long quota',
  quota_billing: 'billing',
  overloaded: 'overload',
  server: 'server error',
  timeout: 'timeout',
  network: 'network error',
  offline: 'no network',
  stream_cut: 'cut answer',
  bad_response: 'unusable answer',
  auth: 'authentication',
  no_model: 'unknown model',
  context: 'context too long',
  bad_request: 'refused request',
  safety: 'safety block',
  unknown: 'unknown error',
};

const countedWords = new Set<string>(Object.values(faultWords));

/** One line for the log and for people, or null when the event is not about providers or has nothing to say. */
export function describeResilienceEvent(event: StampedEvent): string | null {
  switch (event.type) {
    case 'breaker_count':
      return describeCount(event);
    case 'breaker_change':
      return describeChange(event);
    case 'retry_scheduled':
      return describeRetry(event);
    case 'provider_switch':
      return `Switched to ${providerTitle(event.to)} after ${providerTitle(event.from)} ${event.reason}.`;
    case 'route_blocked':
      return `${providerTitle(event.provider)} is not used any more in this session: ${event.message}`;
    case 'retry_success':
      return `Success after ${event.retries} ${event.retries === 1 ? 'retry' : 'retries'}`;
    case 'attempt_discarded':
      return `Discarded ${event.chars} characters of an unfinished answer from ${providerTitle(event.provider)}.`;
    default:
      return null;
  }
}

function describeCount(event: Extract<StampedEvent, {type: 'breaker_count'}>): string | null {
  // Beyond the threshold the breaker is open already, and the ladder of the last route says enough.
  if (event.cause === null || event.failures > event.threshold) return null;
  const what = faultWords[event.cause];
  return `${providerTitle(event.provider)} ${what} detected (failure ${event.failures}/${event.threshold})`;
}

function describeChange(event: Extract<StampedEvent, {type: 'breaker_change'}>): string {
  const name = `${providerTitle(event.provider)} circuit breaker`;
  if (event.to === 'half_open') return `${name} HALF-OPEN: trying one request.`;
  if (event.to === 'closed')
    return event.from === 'half_open'
      ? `${name} CLOSED: Cooldown period elapsed.`
      : `${name} CLOSED: it answers again.`;
  const openForMs = (event.openUntil ?? event.time) - event.time;
  if (openForMs <= 0) return `${name} OPEN: the trial request was not finished; the next one tries again.`;
  const counted = event.cause === null || countedWords.has(event.cause);
  const why = counted ? `${event.failures} ${event.failures === 1 ? 'failure' : 'failures'}` : event.cause;
  return `${name} OPEN: ${why}. Disabling for ${spokenDuration(openForMs)}.`;
}

function describeRetry(event: Extract<StampedEvent, {type: 'retry_scheduled'}>): string {
  const what =
    event.cause === 'rate_limit' ? 'Rate limit hit' : `${providerTitle(event.provider)} ${faultWords[event.cause]}`;
  return `${what} (attempt ${event.attempt}/${event.of}). Retrying in ${retrySeconds(event.delayMs)}...`;
}

function retrySeconds(delayMs: number): string {
  return delayMs < 60_000 ? `${(delayMs / 1000).toFixed(delayMs < 10_000 ? 1 : 0)}s` : formatDuration(delayMs);
}

/** 300000 → "5 minutes", 34000 → "34 seconds", 90000 → "1:30". */
export function spokenDuration(durationMs: number): string {
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  const count = (amount: number, unit: string) => `${amount} ${unit}${amount === 1 ? '' : 's'}`;
  if (seconds < 60) return count(seconds, 'second');
  if (seconds % 3600 === 0) return count(seconds / 3600, 'hour');
  return seconds % 60 === 0 ? count(seconds / 60, 'minute') : formatDuration(durationMs);
}
