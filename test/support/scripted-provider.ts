// A provider without any network: each call plays the next step of a script.

import type {ChatChunk, ChatRequest, Provider, ToolCall} from '../../src/core/chat.ts';
import type {Clock} from '../../src/core/clock.ts';
import {ProviderError, type ProviderFault, type ProviderFaultClass} from '../../src/core/errors.ts';

export type PlayedStep =
  | {text: string; calls?: ToolCall[]; stop?: 'complete' | 'length'}
  | {fault: Partial<ProviderFault> & {class: ProviderFaultClass}; afterText?: string}
  /** Says nothing more; ends only when stopped. */
  | {hang: true; afterText?: string}
  /** Pieces with a pause before each. */
  | {pieces: string[]; gapMs: number; clock: Clock}
  /** Ends without an `end` chunk. */
  | {cut: string}
  | {bug: Error};

export type ScriptedProvider = Provider & {readonly requests: ChatRequest[]; script: PlayedStep[]};

const usage = {inputTokens: 1, outputTokens: 1};

/** The last step repeats. */
export function scriptedProvider(name: string, ...script: PlayedStep[]): ScriptedProvider {
  const requests: ChatRequest[] = [];
  return {
    name,
    model: `${name}-model`,
    requests,
    script,
    async *stream(request, signal): AsyncGenerator<ChatChunk> {
      const step = this.script[Math.min(requests.length, this.script.length - 1)];
      requests.push(request);
      if (!step) throw new Error('the script is empty');
      if ('bug' in step) throw step.bug;
      const before = 'text' in step ? step.text : 'cut' in step ? step.cut : 'afterText' in step ? step.afterText : '';
      if (before) yield {type: 'text', delta: before};
      if ('cut' in step) return;
      if ('fault' in step) throw faultOf(name, step.fault);
      if ('hang' in step)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if ('pieces' in step)
        for (const delta of step.pieces) {
          await step.clock.sleep(step.gapMs, signal);
          yield {type: 'text', delta};
        }
      if ('text' in step) for (const call of step.calls ?? []) yield {type: 'tool_call', call};
      yield {type: 'end', stop: ('text' in step && step.stop) || 'complete', usage, requestId: `${name}-request`};
    },
  };
}

function faultOf(name: string, fault: Partial<ProviderFault> & {class: ProviderFaultClass}): ProviderError {
  return new ProviderError({provider: name, model: `${name}-model`, ...fault}, `${name} failed: ${fault.class}`);
}
