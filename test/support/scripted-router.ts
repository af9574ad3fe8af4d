// A router without providers: each model call of the agent gets the next reply of a script.

import type {ChatRequest, ModelRouter, Reply, ToolCall} from '../../src/core/chat.ts';

export type ScriptedReply =
  | {text?: string; calls?: ToolCall[]; stop?: Reply['stop']}
  | {error: Error}
  | ((request: ChatRequest, signal: AbortSignal) => Promise<{text?: string; calls?: ToolCall[]; stop?: Reply['stop']}>);

export type ScriptedRouter = ModelRouter & {readonly requests: ChatRequest[]};

/** The last reply repeats. Every reply counts 10 tokens in and 5 out. */
export function scriptedRouter(...script: ScriptedReply[]): ScriptedRouter {
  const requests: ChatRequest[] = [];
  return {
    requests,
    beginTurn: ({signal}) => ({
      async complete(request) {
        const step = script[Math.min(requests.length, script.length - 1)];
        requests.push(request);
        if (!step) throw new Error('the script is empty');
        if (typeof step === 'object' && 'error' in step) throw step.error;
        const said = typeof step === 'function' ? await step(request, signal) : step;
        return {
          text: said.text ?? '',
          toolCalls: said.calls ?? [],
          stop: said.stop ?? 'complete',
          usage: {inputTokens: 10, outputTokens: 5},
          provider: 'scripted',
          model: 'scripted-model',
        };
      },
    }),
    status: () => [],
    resetBreakers: async () => {},
  };
}

let lastCall = 0;

export function call(name: string, args: unknown = {}): ToolCall {
  const argumentsText = typeof args === 'string' ? args : JSON.stringify(args);
  return {id: `call-${++lastCall}`, name, argumentsText};
}
