// Google's Gemini through its official SDK.

import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import type {GenerativeModel, GoogleGenerativeAI} from '@google/generative-ai';
import type {ChatChunk, ChatRequest, Provider} from '../core/chat.ts';
import type {Secret} from '../core/secret.ts';
import {isRecord, numberField, textField} from '../core/unknown.ts';
import type {FailureFacts} from '../resilience/classify.ts';
import {type Origin, providerError} from './failure.ts';
import {geminiContents, geminiFunctions} from './gemini-messages.ts';
import {ErrorInStream, type GeminiEnd, GeminiReply} from './gemini-reply.ts';
import {untilFinished} from './until-finished.ts';

export type GeminiSettings = {
  apiKey: Secret;
  model: string;
  baseUrl?: string | undefined;
  onSend?: (body: string) => void;
};

const officialUrl = 'https://generativelanguage.googleapis.com';

/** The SDK is loaded at the first request. */
export function createGeminiProvider(settings: GeminiSettings): Provider {
  const {apiKey, model} = settings;
  const baseUrl = (settings.baseUrl || officialUrl).replace(/\/+(?:v1beta\/*)?$/, '');
  const origin: Origin = {
    provider: 'gemini',
    model,
    apiKey,
    keyVariable: 'GEMINI_API_KEY',
    modelVariable: 'GEMINI_MODEL',
    addressVariable: 'GOOGLE_GEMINI_BASE_URL',
  };

  let client: GoogleGenerativeAI | undefined;

  async function connect(): Promise<GoogleGenerativeAI> {
    const sdk = await import('@google/generative-ai');
    return new sdk.GoogleGenerativeAI(apiKey.reveal());
  }

  function prepare(sdk: GoogleGenerativeAI, request: ChatRequest): GenerativeModel {
    return sdk.getGenerativeModel(
      {
        model,
        ...(request.system ? {systemInstruction: request.system} : {}),
        ...(request.tools.length > 0 ? {tools: [{functionDeclarations: geminiFunctions(request.tools)}]} : {}),
      },
      {baseUrl},
    );
  }

  async function open(sdk: GoogleGenerativeAI, request: ChatRequest, signal: AbortSignal) {
    // The SDK ignores a signal that is aborted already.
    signal.throwIfAborted();
    const prepared = prepare(sdk, request);
    const contents = geminiContents(request, model);
    // The SDK has no place to look at what it sends; this is the same text, made the same way.
    const {generationConfig, safetySettings, tools, toolConfig, systemInstruction} = prepared;
    settings.onSend?.(
      JSON.stringify({generationConfig, safetySettings, tools, toolConfig, systemInstruction, contents}),
    );
    const opened = await prepared.generateContentStream({contents}, {signal});
    // A cut stream rejects this promise as well as the loop; unobserved it would end the process.
    opened.response.catch(() => {});
    return opened.stream;
  }

  async function* stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk> {
    const reply = new GeminiReply();
    const connection = new ConnectionErrors(baseUrl);
    let end: GeminiEnd;
    try {
      if (!client) {
        client = await connect();
        // Loading the SDK takes a while on a busy machine, which is no silence of the service.
        yield {type: 'activity'};
      }
      const chunks = await open(client, request, signal);
      for await (const chunk of untilFinished(chunks, () => reply.isFinished)) yield* reply.add(chunk);
      signal.throwIfAborted();
      end = reply.end();
    } catch (error) {
      if (signal.aborted) throw providerError(origin, {seen: 'aborted', text: 'stopped'});
      throw providerError(origin, {...factsOf(error, reply, connection.last), requestId: reply.responseId});
    } finally {
      connection.close();
    }
    if ('failed' in end) throw providerError(origin, {seen: end.failed, text: end.text, requestId: reply.responseId});
    for (const call of end.calls) yield {type: 'tool_call', call};
    const requestId = reply.responseId;
    yield {type: 'end', stop: end.stop, usage: end.usage, ...(requestId ? {requestId} : {})};
  }

  return {name: 'gemini', model, stream};
}

function factsOf(error: unknown, reply: GeminiReply, cause: unknown): FailureFacts {
  if (error instanceof ErrorInStream) return serviceFacts(error.error);
  const text = error instanceof Error ? error.message : String(error);
  if (isRecord(error) && typeof error.status === 'number') return httpFacts(error, text);
  // The SDK's wrappers drop the cause, so these few are known by their fixed words alone.
  if (/Failed to parse stream/.test(text))
    return reply.hasBegun
      ? {seen: 'stream_cut', text: 'the answer ended before it was finished'}
      : {seen: 'bad_response', text: 'the answer was no event stream'};
  if (/Error parsing JSON response/.test(text)) return {seen: 'bad_response', text: 'the answer was not valid JSON'};
  if (/Error reading from the stream/.test(text)) return {seen: 'network', text: 'the connection broke', thrown: cause};
  const failed = text.replace(/^.*Error fetching from \S+: /s, '');
  const reason = cause instanceof Error ? `${failed} (${textField({...cause}, 'code') ?? cause.message})` : failed;
  return {text: reason, thrown: cause ?? error};
}

/** An error as the service writes it, found inside the stream. */
function serviceFacts(error: Record<string, unknown>): FailureFacts {
  const status = textField(error, 'status');
  return {
    status: numberField(error, 'code'),
    codes: status ? [status] : [],
    details: Array.isArray(error.details) ? error.details : [],
    text: textField(error, 'message') ?? '',
  };
}

/** The SDK's message is: where it went, [status], what the service said, and the details again as JSON. */
function httpFacts(error: Record<string, unknown>, message: string): FailureFacts {
  const details = Array.isArray(error.errorDetails) ? error.errorDetails : [];
  const said = message.replace(/^.*?\[\d{3} [^\]]*\] ?/s, '');
  const tail = ` ${JSON.stringify(details)}`;
  return {
    status: numberField(error, 'status'),
    details,
    text: said.endsWith(tail) ? said.slice(0, -tail.length) : said,
    thrown: error,
  };
}

/** The SDK keeps only the words "fetch failed"; Node itself tells what happened to the connection. */
class ConnectionErrors {
  last: unknown;
  readonly #origin: string | undefined;
  readonly #listen = (message: unknown) => {
    if (!isRecord(message) || !isRecord(message.request)) return;
    if (this.#origin === undefined || message.request.origin === this.#origin) this.last = message.error;
  };

  constructor(baseUrl: string) {
    this.#origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
    subscribe('undici:request:error', this.#listen);
  }

  close(): void {
    unsubscribe('undici:request:error', this.#listen);
  }
}
