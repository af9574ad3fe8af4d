// Keeps the request inside the model's context: old turns go first, whole; what they computed stays as one line each.

import type {Message, ToolMessage} from '../core/chat.ts';
import {clip} from '../core/text.ts';

/** An estimate good enough to cut by: about 3.5 characters a token for English, SQL and JSON. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.5);
}

export function messageTokens(message: Message): number {
  switch (message.role) {
    case 'user':
      return estimateTokens(message.text) + 4;
    case 'assistant':
      return (
        estimateTokens(message.text) +
        message.toolCalls.reduce((sum, call) => sum + estimateTokens(call.argumentsText) + 12, 4)
      );
    case 'tool':
      return estimateTokens(resultText(message)) + 8;
    default:
      return message satisfies never;
  }
}

/** `earlier` are the results of the turns left out. */
export type Fitted = {messages: Message[]; earlier: ToolMessage[]; droppedTurns: number; shortenedResults: number};

/**
 * The newest messages that fit `maxTokens`, cut only where a turn begins. When the last turn
 * alone is too long, its older tool results are shortened.
 */
export function fitHistory(messages: readonly Message[], maxTokens: number): Fitted {
  const starts = messages.flatMap((message, index) => (message.role === 'user' ? [index] : []));
  const total = (from: number) => messages.slice(from).reduce((sum, message) => sum + messageTokens(message), 0);
  const firstKept = starts.find(start => total(start) <= maxTokens) ?? starts.at(-1) ?? 0;
  const kept = messages.slice(firstKept);
  const droppedTurns = starts.filter(start => start < firstKept).length;
  const earlier = messages.slice(0, firstKept).filter(message => message.role === 'tool');
  if (total(firstKept) <= maxTokens) return {messages: kept, earlier, droppedTurns, shortenedResults: 0};
  return {...shortenResults(kept, maxTokens), earlier, droppedTurns};
}

/** Halves the room of each tool result until the messages fit, down to 200 characters a result. */
function shortenResults(messages: Message[], maxTokens: number): {messages: Message[]; shortenedResults: number} {
  let current = messages;
  let shortened = new Set<number>();
  for (let room = 8_000; room >= 200; room = Math.floor(room / 2)) {
    shortened = new Set();
    current = messages.map((message, index) => {
      if (message.role !== 'tool' || !message.result.ok || message.result.summary.length <= room) return message;
      shortened.add(index);
      const summary = `${clip(message.result.summary, room)}\n(Shortened to fit the context; run the tool again for the rest.)`;
      return {...message, result: {...message.result, summary}};
    });
    if (current.reduce((sum, message) => sum + messageTokens(message), 0) <= maxTokens) break;
  }
  return {messages: current, shortenedResults: shortened.size};
}

/** The text of a tool's answer as a model reads it. */
export function resultText(message: Extract<Message, {role: 'tool'}>): string {
  const {result} = message;
  return result.ok ? result.summary : `ERROR ${result.code}: ${result.message}${result.hint ? ` ${result.hint}` : ''}`;
}
