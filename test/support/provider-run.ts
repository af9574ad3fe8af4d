// Runs one call of a provider to its end and gives what came: chunks, text, calls, or the error.

import type {ChatChunk, ChatRequest, Message, Provider, ToolCall} from '../../src/core/chat.ts';
import {ProviderError} from '../../src/core/errors.ts';
import type {ToolResult} from '../../src/core/tool.ts';

export const runSqlSpec = {
  name: 'run_sql',
  description: 'Runs one SELECT.',
  parameters: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      sql: {type: 'string', minLength: 1},
      max_rows: {type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991},
    },
    required: ['sql'],
    additionalProperties: false,
  },
};

export function requestOf(messages: Message[] | string, tools: ChatRequest['tools'] = []): ChatRequest {
  const list: Message[] = typeof messages === 'string' ? [{role: 'user', text: messages}] : messages;
  return {system: 'You analyse data.', messages: list, tools, datasets: []};
}

export const assistant = (text: string, toolCalls: ToolCall[] = []): Message => ({
  role: 'assistant',
  text,
  toolCalls,
  usage: {inputTokens: null, outputTokens: null},
  provider: 'gemini',
  model: 'm',
});

export const okResult = (summary: string): ToolResult => ({
  ok: true,
  summary,
  receipt: {id: 1, tool: 'run_sql', args: {}, datasets: [], rowsRead: 1, sampled: false, ms: 1},
});

export type Run = {
  chunks: ChatChunk[];
  text: string;
  calls: ToolCall[];
  end: Extract<ChatChunk, {type: 'end'}> | undefined;
  error: ProviderError | undefined;
};

/** Errors that are no ProviderError are thrown on: a provider may not throw them. */
export async function run(
  provider: Provider,
  request: ChatRequest = requestOf('hello'),
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> {
  const chunks: ChatChunk[] = [];
  let error: ProviderError | undefined;
  try {
    for await (const chunk of provider.stream(request, signal)) chunks.push(chunk);
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    error = thrown;
  }
  return {
    chunks,
    text: chunks.map(chunk => (chunk.type === 'text' ? chunk.delta : '')).join(''),
    calls: chunks.flatMap(chunk => (chunk.type === 'tool_call' ? [chunk.call] : [])),
    end: chunks.find(chunk => chunk.type === 'end'),
    error,
  };
}
