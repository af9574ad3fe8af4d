// The conversation and the tools in the words of OpenAI's chat completions.

import type {ChatCompletionMessageParam, ChatCompletionTool} from 'openai/resources/chat/completions';
import type {ChatRequest, ToolSpec} from '../core/chat.ts';
import {type Exchange, exchangesOf} from './history.ts';

export function openAiMessages(request: Pick<ChatRequest, 'system' | 'messages'>): ChatCompletionMessageParam[] {
  const system: ChatCompletionMessageParam[] = request.system ? [{role: 'system', content: request.system}] : [];
  return [...system, ...exchangesOf(request.messages).flatMap(messagesOf)];
}

/** Ids are made anew from the place in the history: those of another service may be too long or repeat. */
function messagesOf(exchange: Exchange, place: number): ChatCompletionMessageParam[] {
  if (exchange.role === 'user') return [{role: 'user', content: exchange.text}];
  const {message, results} = exchange;
  if (results.length === 0) return [{role: 'assistant', content: message.text}];
  const calls = results.map((result, index) => ({...result, id: `call_${place}_${index}`}));
  return [
    {
      role: 'assistant',
      content: message.text || null,
      tool_calls: calls.map(({id, call}) => ({
        id,
        type: 'function',
        function: {name: call.name, arguments: call.argumentsText || '{}'},
      })),
    },
    ...calls.map(({id, text}): ChatCompletionMessageParam => ({role: 'tool', tool_call_id: id, content: text})),
  ];
}

export function openAiTools(tools: readonly ToolSpec[]): ChatCompletionTool[] {
  return tools.map(({name, description, parameters}) => ({
    type: 'function',
    function: {name, description, parameters},
  }));
}
