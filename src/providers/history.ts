// Makes a history acceptable to every service: each tool call has its result right behind it, and data is fenced as data.

import type {Message, ToolCall} from '../core/chat.ts';
import type {ToolResult} from '../core/tool.ts';

export type AssistantMessage = Extract<Message, {role: 'assistant'}>;

/** An assistant message together with the results of its calls, in the order of the calls. */
export type Exchange =
  | {role: 'user'; text: string}
  | {role: 'assistant'; message: AssistantMessage; results: {call: ToolCall; text: string; ok: boolean}[]};

const noResult: ToolResult = {
  ok: false,
  code: 'tool.not_finished',
  message: 'The call was stopped before it gave a result.',
};

/**
 * Results are looked up only right behind their calls: some servers use the same id in every reply. A result without a
 * call is dropped; a call without a result gets one that says so.
 */
export function exchangesOf(messages: readonly Message[]): Exchange[] {
  return messages.flatMap((message, index): Exchange[] => {
    if (message.role === 'user') return [message];
    if (message.role === 'tool') return [];
    const results = resultsBehind(messages, index);
    const answered = message.toolCalls.map(call => {
      const result = results.get(call.id) ?? noResult;
      return {call, text: resultText(call.name, result), ok: result.ok};
    });
    return [{role: 'assistant', message, results: answered}];
  });
}

function resultsBehind(messages: readonly Message[], index: number): Map<string, ToolResult> {
  const results = new Map<string, ToolResult>();
  for (const message of messages.slice(index + 1)) {
    if (message.role !== 'tool') break;
    results.set(message.callId, message.result);
  }
  return results;
}

/** What a model reads of a result. Cell contents cannot close the fence. */
export function resultText(tool: string, result: ToolResult): string {
  if (result.ok) {
    const cautions = (result.cautions ?? []).map(({message}) => `\nCaution: ${message}`).join('');
    return `<data tool="${tool}">\n${inFence(`${result.summary}${cautions}`)}\n</data>`;
  }
  const hint = result.hint ? `\nhint: ${result.hint}` : '';
  return `<error tool="${tool}" code="${result.code}">\n${inFence(`${result.message}${hint}`)}\n</error>`;
}

const inFence = (text: string): string => text.replace(/<(?=\/?(?:data|error)\b)/gi, '‹');

/** The arguments as an object, for services that want one; what is no JSON object becomes `{}`. */
export function argumentsObject(call: ToolCall): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.argumentsText);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? {...value} : {};
  } catch {
    return {};
  }
}
