// OpenAI's chat completions, and every server that speaks them, through the official SDK.

import type {OpenAI} from 'openai';
import type {ChatCompletionCreateParamsStreaming} from 'openai/resources/chat/completions';
import type {ChatChunk, ChatRequest, Provider} from '../core/chat.ts';
import type {Secret} from '../core/secret.ts';
import {isRecord, numberField, textField} from '../core/unknown.ts';
import {type Origin, providerError} from './failure.ts';
import {openAiMessages, openAiTools} from './openai-messages.ts';
import {type FinishedStream, OpenAiReply} from './openai-reply.ts';
import {DoneMarks, streamOfWholeReply} from './openai-stream.ts';
import {untilFinished} from './until-finished.ts';

export type OpenAiSettings = {
  apiKey: Secret;
  model: string;
  baseUrl?: string | undefined;
  onSend?: (body: string) => void;
};

const officialUrl = 'https://api.openai.com/v1';

/** Beyond any watchdog of ours; the SDK's own limit does not cover a stream's body anyway. */
const noTimeoutMs = 2_147_483_647;

/** The SDK is loaded at the first request. Servers that reject `stream_options` are asked without it from then on. */
export function createOpenAiProvider(settings: OpenAiSettings): Provider {
  const {apiKey, model} = settings;
  const origin: Origin = {
    provider: 'openai',
    model,
    apiKey,
    keyVariable: 'OPENAI_API_KEY',
    modelVariable: 'OPENAI_MODEL',
    addressVariable: 'OPENAI_BASE_URL',
  };
  const server = {acceptsStreamOptions: true};
  const doneMarks = new DoneMarks();
  let client: OpenAI | undefined;

  async function connect(): Promise<OpenAI> {
    const sdk = await import('openai');
    return new sdk.OpenAI({
      apiKey: apiKey.reveal() || 'none',
      adminAPIKey: null,
      baseURL: settings.baseUrl || officialUrl,
      maxRetries: 0,
      timeout: noTimeoutMs,
      logLevel: 'off',
      async fetch(url, init) {
        if (typeof init?.body === 'string') settings.onSend?.(init.body);
        return doneMarks.watch(await streamOfWholeReply(await fetch(url, init)));
      },
    });
  }

  async function open(sdk: OpenAI, request: ChatRequest, signal: AbortSignal) {
    const opened = await sdk.chat.completions.create(bodyOf(request, model, server), {signal}).withResponse();
    return {stream: opened.data, response: opened.response, requestId: opened.request_id ?? undefined};
  }

  async function openTolerantly(sdk: OpenAI, request: ChatRequest, signal: AbortSignal) {
    try {
      return await open(sdk, request, signal);
    } catch (error) {
      if (!server.acceptsStreamOptions || !isRejectionOf('stream_options', error)) throw error;
      server.acceptsStreamOptions = false;
      return open(sdk, request, signal);
    }
  }

  async function* stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk> {
    const reply = new OpenAiReply();
    let requestId: string | undefined;
    let finished: FinishedStream;
    try {
      if (!client) {
        client = await connect();
        // Loading the SDK takes a while on a busy machine, which is no silence of the service.
        yield {type: 'activity'};
      }
      signal.throwIfAborted();
      const opened = await openTolerantly(client, request, signal);
      requestId = opened.requestId;
      for await (const chunk of untilFinished(opened.stream, () => reply.isFinished)) yield* reply.add(chunk);
      // The SDK ends the loop without an error when it was aborted.
      signal.throwIfAborted();
      finished = reply.end({
        doneMark: doneMarks.seen(opened.response),
        isEventStream: opened.response.headers.get('content-type')?.includes('event-stream') ?? false,
      });
    } catch (error) {
      if (signal.aborted) throw providerError(origin, {seen: 'aborted', text: 'stopped', requestId});
      throw providerError(origin, {...factsOf(error, reply.hasBegun), ...(requestId ? {requestId} : {})});
    }
    if ('failed' in finished)
      throw providerError(origin, {seen: finished.failed, text: finished.text, requestId, status: undefined});
    for (const call of finished.calls) yield {type: 'tool_call', call};
    yield {type: 'end', stop: finished.stop, usage: finished.usage, ...(requestId ? {requestId} : {})};
  }

  return {name: 'openai', model, stream};
}

function bodyOf(
  request: ChatRequest,
  model: string,
  server: {acceptsStreamOptions: boolean},
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: openAiMessages(request),
    stream: true,
    ...(server.acceptsStreamOptions ? {stream_options: {include_usage: true}} : {}),
    ...(request.tools.length > 0 ? {tools: openAiTools(request.tools)} : {}),
  };
}

/** True for a 400 or 422 that names the parameter, in its `param` field or in its words. */
function isRejectionOf(parameter: string, error: unknown): boolean {
  if (!isRecord(error) || (error.status !== 400 && error.status !== 422)) return false;
  return error.param === parameter || (error instanceof Error && error.message.includes(parameter));
}

/** The shape of the SDK's errors is read by its fields: `name` is always "Error", and in a stream only `code` is set. */
function factsOf(error: unknown, begun: boolean): Parameters<typeof providerError>[1] {
  const fields = isRecord(error) ? error : {};
  const body = isRecord(fields.error) ? fields.error : {};
  const text = textField(body, 'message') ?? (error instanceof Error ? error.message : String(error));
  if (error instanceof SyntaxError) return {seen: 'bad_response', text: 'the answer was not valid JSON', thrown: error};
  if (isRejectionOf('tools', error) || /does not support (?:tools|function)/i.test(text))
    return {
      seen: 'bad_request',
      status: numberField(fields, 'status'),
      text: `this server or model cannot use tools (${text})`,
    };
  const codes = [fields.code, fields.type, body.status].filter(code => typeof code === 'string');
  const headers = fields.headers instanceof Headers ? fields.headers : undefined;
  return {
    status: numberField(fields, 'status') ?? httpStatus(fields.code),
    codes,
    headers,
    requestId: textField(fields, 'requestID'),
    text:
      numberField(fields, 'status') === undefined && begun && codes.length === 0
        ? `the connection broke (${text})`
        : text,
    thrown: error,
  };
}

/** Some servers put the HTTP status of an error inside the stream into its `code`. */
function httpStatus(code: unknown): number | undefined {
  const value = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof value === 'number' && value >= 400 && value < 600 ? value : undefined;
}
