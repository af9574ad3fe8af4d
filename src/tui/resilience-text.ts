// Says in one line what happened on the way to a model.

import type {AgentEvent} from '../core/events.ts';
import {formatDuration} from '../core/text.ts';

/** A line for people, or null when the event has nothing to say to them. The result still needs printable(). */
export function describeResilience(event: AgentEvent): string | null {
  switch (event.type) {
    case 'attempt_end': {
      if (event.outcome === 'ok' || event.outcome === 'aborted') return null;
      const status = event.status === undefined ? '' : ` (HTTP ${event.status})`;
      return `${title(event.provider)} ${event.outcome.replaceAll('_', ' ')}${status} on attempt ${event.attempt}`;
    }
    case 'attempt_discarded':
      return `The ${event.chars} characters above from ${title(event.provider)} were cut off and do not count; asking again.`;
    case 'retry_scheduled': {
      const what = event.cause === 'rate_limit' ? 'Rate limit hit' : `${title(event.provider)} did not answer`;
      return `${what} (attempt ${event.attempt}/${event.of}). Retrying in ${seconds(event.delayMs)}...`;
    }
    case 'breaker_change':
      return describeBreaker(event);
    case 'provider_switch':
      return `Switched to ${title(event.to)} after ${title(event.from)} ${event.reason}.`;
    case 'route_blocked':
      return `${title(event.provider)} is not used any more in this session: ${event.message}`;
    case 'retry_success':
      return `Success after ${event.retries} ${event.retries === 1 ? 'retry' : 'retries'}`;
    default:
      return null;
  }
}

function describeBreaker(event: Extract<AgentEvent, {type: 'breaker_change'}>): string {
  const name = `${title(event.provider)} circuit breaker`;
  if (event.to === 'half_open') return `${name} HALF-OPEN: trying one request.`;
  if (event.to === 'closed') return `${name} CLOSED.`;
  const cause = event.cause === null ? `${event.failures} failures` : event.cause;
  return `${name} OPEN: ${cause}.`;
}

function seconds(durationMs: number): string {
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)}s` : formatDuration(durationMs);
}

function title(provider: string): string {
  const known: Record<string, string> = {openai: 'OpenAI', gemini: 'Gemini', offline: 'Offline analyst'};
  return known[provider] ?? provider;
}
