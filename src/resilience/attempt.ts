// One request to one provider: a whole reply, or one ProviderError that says what kind of failure it was.

import type {ChatChunk, ChatRequest, Provider, Reply, ToolCall} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import {ProviderError, type ProviderFaultClass} from '../core/errors.ts';
import type {AgentEvent} from '../core/events.ts';
import {formatDuration} from '../core/text.ts';
import {providerTitle} from '../core/wording.ts';
import {StoppedListening, watched} from './watchdog.ts';

export type AttemptLimits = {clock: Clock; idleMs: number; deadlineAt: number; signal: AbortSignal};

export type AttemptHooks = {
  emit(event: AgentEvent): void;
  /** Called for every chunk, so that a probe can keep its lease. */
  onChunk(): void;
};

/**
 * Streams one reply, telling of its text as it comes. `attempt` counts from 1 and only labels the events.
 * @throws {ProviderError} on every failure of the service or the way to it, and when stopped; other errors are bugs.
 */
export async function runAttempt(
  provider: Provider,
  request: ChatRequest,
  attempt: number,
  limits: AttemptLimits,
  hooks: AttemptHooks,
): Promise<Reply> {
  const {name, model} = provider;
  const startedAt = limits.clock.monotonic();
  const label = {provider: name, model, attempt};
  let shown = 0;
  hooks.emit({type: 'attempt_start', ...label});
  try {
    const collected = new ReplyParts();
    for await (const chunk of watched(signal => provider.stream(request, signal), limits)) {
      hooks.onChunk();
      collected.add(chunk);
      if (chunk.type !== 'text' || chunk.delta === '') continue;
      shown += chunk.delta.length;
      hooks.emit({type: 'text_delta', delta: chunk.delta});
    }
    const {end, text, toolCalls} = collected;
    if (!end) throw cutOff(provider);
    const ms = Math.round(limits.clock.monotonic() - startedAt);
    hooks.emit({type: 'attempt_end', ...label, outcome: 'ok', requestId: end.requestId, ms});
    return {text, toolCalls, stop: end.stop, usage: end.usage, provider: name, model, outside: end.outside};
  } catch (thrown) {
    const error = thrown instanceof StoppedListening ? stopped(provider, thrown, limits) : thrown;
    if (shown > 0) hooks.emit({type: 'attempt_discarded', provider: name, chars: shown});
    if (!(error instanceof ProviderError)) throw error;
    const {class: outcome, status, requestId} = error.fault;
    const ms = Math.round(limits.clock.monotonic() - startedAt);
    hooks.emit({type: 'attempt_end', ...label, outcome, status, requestId, message: error.message, ms});
    throw error;
  }
}

class ReplyParts {
  text = '';
  readonly toolCalls: ToolCall[] = [];
  end: Extract<ChatChunk, {type: 'end'}> | null = null;

  add(chunk: ChatChunk): void {
    if (chunk.type === 'text') this.text += chunk.delta;
    else if (chunk.type === 'tool_call') this.toolCalls.push(chunk.call);
    else if (chunk.type === 'end') this.end = chunk;
  }
}

const fault = (provider: Provider, kind: ProviderFaultClass) => ({
  class: kind,
  provider: provider.name,
  model: provider.model,
});

function cutOff(provider: Provider): ProviderError {
  return new ProviderError(
    fault(provider, 'stream_cut'),
    `${providerTitle(provider.name)} ended its answer before it was finished`,
  );
}

function stopped(provider: Provider, {reason}: StoppedListening, limits: AttemptLimits): ProviderError {
  const title = providerTitle(provider.name);
  const message = {
    aborted: 'Stopped.',
    deadline: `The time limit of the turn was reached while ${title} was answering`,
    timeout: `${title} sent nothing for ${formatDuration(limits.idleMs)}`,
  }[reason];
  return new ProviderError(fault(provider, reason), message);
}
