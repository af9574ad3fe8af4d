// Collects the chunks of one Gemini stream and decides whether they are a whole reply.

import {randomBytes} from 'node:crypto';
import type {ChatChunk, ToolCall, Usage} from '../core/chat.ts';
import type {ProviderFaultClass} from '../core/errors.ts';
import {isRecord, numberField, textField} from '../core/unknown.ts';

export type GeminiEnd =
  | {stop: 'complete' | 'length'; calls: ToolCall[]; usage: Usage}
  | {failed: ProviderFaultClass; text: string};

/** An error object that came inside the stream as a normal chunk. */
export class ErrorInStream extends Error {
  readonly error: Record<string, unknown>;

  constructor(error: Record<string, unknown>) {
    super(textField(error, 'message') ?? 'an error without a message');
    this.error = error;
  }
}

const blockedFinishes = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
]);
const unusableFinishes = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'OTHER',
  'FINISH_REASON_UNSPECIFIED',
]);

export class GeminiReply {
  readonly #calls: ToolCall[] = [];
  #chunks = 0;
  #finish: string | null = null;
  #blocked: string | null = null;
  #usage: Usage = {inputTokens: null, outputTokens: null};
  responseId: string | undefined;

  get isFinished(): boolean {
    return this.#finish !== null;
  }

  get hasBegun(): boolean {
    return this.#chunks > 0;
  }

  /** Takes one parsed chunk of unknown shape. @throws {ErrorInStream} */
  *add(chunk: unknown): Generator<ChatChunk> {
    if (!isRecord(chunk)) return;
    if (isRecord(chunk.error)) throw new ErrorInStream(chunk.error);
    this.#chunks++;
    this.responseId ??= textField(chunk, 'responseId');
    if (isRecord(chunk.usageMetadata)) this.#usage = usageOf(chunk.usageMetadata);
    if (isRecord(chunk.promptFeedback)) this.#blocked ??= textField(chunk.promptFeedback, 'blockReason') ?? null;
    const candidate: unknown = Array.isArray(chunk.candidates) ? chunk.candidates[0] : undefined;
    if (!isRecord(candidate)) return;
    const parts = isRecord(candidate.content) ? candidate.content.parts : undefined;
    if (Array.isArray(parts)) for (const part of parts) if (isRecord(part)) yield* this.#addPart(part);
    const finish = textField(candidate, 'finishReason');
    if (!finish) return;
    this.#finish = finish;
    yield {type: 'activity'};
  }

  *#addPart(part: Record<string, unknown>): Generator<ChatChunk> {
    if (isRecord(part.functionCall)) {
      this.#calls.push(toolCall(part.functionCall, textField(part, 'thoughtSignature')));
      yield {type: 'activity'};
    }
    const text = textField(part, 'text');
    // A part marked as thought is the model thinking aloud, not its answer.
    if (text) yield part.thought === true ? {type: 'activity'} : {type: 'text', delta: text};
  }

  end(): GeminiEnd {
    if (this.#blocked !== null) return {failed: 'safety', text: `the prompt was blocked (${this.#blocked})`};
    if (this.#finish === null)
      return this.hasBegun
        ? {failed: 'stream_cut', text: 'the answer ended before it was finished'}
        : {failed: 'bad_response', text: 'the answer was empty or no event stream'};
    if (blockedFinishes.has(this.#finish)) return {failed: 'safety', text: `the answer was blocked (${this.#finish})`};
    if (unusableFinishes.has(this.#finish))
      return {failed: 'bad_response', text: `the model ended with ${this.#finish}`};
    const stop = this.#finish === 'MAX_TOKENS' ? 'length' : 'complete';
    return {stop, calls: this.#calls, usage: this.#usage};
  }
}

function toolCall(call: Record<string, unknown>, signature: string | undefined): ToolCall {
  return {
    id: `call_${randomBytes(8).toString('hex')}`,
    name: textField(call, 'name') ?? '',
    argumentsText: JSON.stringify(call.args ?? {}),
    ...(signature ? {signature: {provider: 'gemini', value: signature}} : {}),
  };
}

function usageOf(usage: Record<string, unknown>): Usage {
  const answer = numberField(usage, 'candidatesTokenCount');
  const thoughts = numberField(usage, 'thoughtsTokenCount');
  const outputTokens = answer === undefined && thoughts === undefined ? null : (answer ?? 0) + (thoughts ?? 0);
  return {inputTokens: numberField(usage, 'promptTokenCount') ?? null, outputTokens};
}
