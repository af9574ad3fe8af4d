// What a resumed session remembers: a history that every provider accepts, its receipts, and the next steps shown last.

import type {Caution} from '../core/caution.ts';
import type {Message, Usage} from '../core/chat.ts';
import type {NextStep, Receipt} from '../core/tool.ts';
import {addUsage} from './loop.ts';
import {callsOf, type Entry, receiptOf, type Turn} from './transcript.ts';

/** `userTexts` is what the user wrote, for the paths named in it. */
export type SessionMemory = {
  history: Message[];
  receipts: Receipt[];
  cautions: Caution[];
  userTexts: string[];
  nextSteps: readonly NextStep[];
  usage: Usage;
};

export const noMemory = (): SessionMemory => ({
  history: [],
  receipts: [],
  cautions: [],
  userTexts: [],
  nextSteps: [],
  usage: {inputTokens: null, outputTokens: null},
});

/** `/clear` forgets the conversation as it did then; receipts keep their numbers through it. */
export function memoryOf(entries: readonly Entry[]): SessionMemory {
  const memory = noMemory();
  for (const entry of entries) {
    for (const call of callsOf(entry)) {
      const receipt = receiptOf(call);
      if (receipt) memory.receipts.push(receipt);
      if (call.result.ok) memory.cautions.push(...(call.result.cautions ?? []));
    }
    if (entry.kind === 'command') {
      if (entry.ok && entry.line?.trim() === '/clear') Object.assign(memory, {history: [], nextSteps: []});
      continue;
    }
    // A model wrote the prompt behind a next step; what the user saw and chose is its label.
    memory.userTexts.push(memory.nextSteps.find(step => step.prompt === entry.prompt)?.label ?? entry.prompt);
    memory.history.push(...messagesOf(entry));
    memory.usage = addUsage(memory.usage, entry.usage);
    if (entry.nextSteps.length > 0) memory.nextSteps = entry.nextSteps;
  }
  return memory;
}

/** Every call has its result and the last word is the assistant's; a turn without a reply is left out whole. */
function messagesOf({prompt, steps, outcome}: Turn): Message[] {
  const said = steps.filter(step => step.text.trim() !== '' || step.calls.length > 0);
  const last = said.at(-1);
  if (!last) return [];
  const messages: Message[] = [{role: 'user', text: prompt}];
  for (const {text, calls, provider, model, usage} of said) {
    const toolCalls = calls.map(({callId, name, args}) => ({
      id: callId,
      name,
      argumentsText: JSON.stringify(args ?? {}),
    }));
    messages.push({role: 'assistant', text, toolCalls, usage, provider, model});
    for (const {callId, name, result} of calls) messages.push({role: 'tool', callId, name, result});
  }
  if (last.calls.length === 0) return messages;
  const {provider, model} = last;
  const text = outcome === 'answered' && last.text.trim() !== '' ? last.text : '(This turn was stopped here.)';
  const usage = {inputTokens: null, outputTokens: null};
  return [...messages, {role: 'assistant', text, toolCalls: [], usage, provider, model}];
}
