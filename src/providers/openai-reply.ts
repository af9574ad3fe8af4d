// Collects the chunks of one OpenAI stream and decides whether they are a whole reply.

import type {ChatChunk, ToolCall, Usage} from '../core/chat.ts';
import type {ProviderFaultClass} from '../core/errors.ts';
import {isRecord, numberField, textField} from '../core/unknown.ts';
import {ToolCallParts} from './openai-tool-calls.ts';

export type FinishedStream =
  | {stop: 'complete' | 'length'; calls: ToolCall[]; usage: Usage}
  | {failed: ProviderFaultClass; text: string};

export class OpenAiReply {
  readonly #calls = new ToolCallParts();
  #text = false;
  #chunks = 0;
  #choices = 0;
  #finish: string | null = null;
  #usage: Usage = {inputTokens: null, outputTokens: null};

  get isFinished(): boolean {
    return this.#finish !== null;
  }

  get hasBegun(): boolean {
    return this.#chunks > 0;
  }

  /** Takes one parsed chunk of unknown shape: servers differ. Tool calls come out whole, at the end. */
  *add(chunk: unknown): Generator<ChatChunk> {
    this.#chunks++;
    if (!isRecord(chunk)) return;
    if (isRecord(chunk.usage)) this.#usage = usageOf(chunk.usage);
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isRecord(choice)) return;
    this.#choices++;
    const delta = isRecord(choice.delta) ? choice.delta : {};
    const text = textField(delta, 'content') ?? textField(delta, 'refusal');
    if (text) {
      this.#text = true;
      yield {type: 'text', delta: text};
    }
    this.#calls.add(delta.tool_calls);
    // The opening chunk, and reasoning that some servers stream, are no text but show that the model is at work. Empty
    // chunks after the first show only that the line is open.
    const begins = this.#choices === 1 && !text;
    if (begins || delta.tool_calls || delta.reasoning_content || delta.reasoning) yield {type: 'activity'};
    const finish = textField(choice, 'finish_reason');
    if (!finish) return;
    this.#finish = finish;
    yield {type: 'activity'};
  }

  end(seen: {doneMark: boolean; isEventStream: boolean}): FinishedStream {
    if (this.#choices === 0) {
      const text = seen.isEventStream
        ? 'the answer was empty'
        : 'the answer was no event stream; is this a chat completions server?';
      return {failed: seen.isEventStream && !seen.doneMark ? 'stream_cut' : 'bad_response', text};
    }
    const finish = this.#finish ?? this.#provenFinish(seen.doneMark);
    if (finish === null) return {failed: 'stream_cut', text: 'the answer ended before it was finished'};
    if (finish === 'content_filter') return {failed: 'safety', text: 'the answer was stopped by the content filter'};
    if (finish === 'error') return {failed: 'server', text: 'the server broke the answer off'};
    return {stop: finish === 'length' ? 'length' : 'complete', calls: this.#calls.toCalls(), usage: this.#usage};
  }

  /** Without a finish reason, the end mark counts only where the content is complete in itself. */
  #provenFinish(doneMark: boolean): string | null {
    if (!doneMark) return null;
    if (this.#calls.count > 0) return this.#calls.areWhole() ? 'tool_calls' : null;
    return this.#text ? 'stop' : null;
  }
}

function usageOf(usage: Record<string, unknown>): Usage {
  return {
    inputTokens: numberField(usage, 'prompt_tokens') ?? null,
    outputTokens: numberField(usage, 'completion_tokens') ?? null,
  };
}
