// A session over a scripted router and small tools, with everything it did at hand.

import {z} from 'zod';
import {createSession, type Session, type SessionOptions} from '../../src/agent/session.ts';
import type {Message} from '../../src/core/chat.ts';
import {EventStream, type StampedEvent} from '../../src/core/events.ts';
import {defineTool, type Tool, type ToolOutcome} from '../../src/core/tool.ts';
import {FakeClock} from '../support/fake-clock.ts';
import {type ScriptedReply, type ScriptedRouter, scriptedRouter} from '../support/scripted-router.ts';

export type Bench = {
  session: Session;
  router: ScriptedRouter;
  events: StampedEvent[];
  clock: FakeClock;
  questions: string[];
  /** The messages of the request number `index`, from 0. */
  sent(index: number): Message[];
};

export function startBench(
  script: ScriptedReply[],
  tools: Tool[] = [],
  options: Partial<SessionOptions> & {approved?: boolean} = {},
): Bench {
  const {approved = false, ...rest} = options;
  const clock = new FakeClock();
  const stream = new EventStream(clock);
  const events: StampedEvent[] = [];
  stream.subscribe(event => events.push(event));
  const router = scriptedRouter(...script);
  const questions: string[] = [];
  const session = createSession({
    router,
    tools,
    clock,
    emit: stream.emit,
    datasets: async () => ({all: [], active: undefined}),
    approve: async question => {
      questions.push(question);
      return approved;
    },
    stepLimit: 25,
    contextTokens: 100_000,
    ...rest,
  });
  return {session, router, events, clock, questions, sent: index => router.requests[index]?.messages ?? []};
}

export const neverAborted = new AbortController().signal;

export const done = (summary: string): ToolOutcome => ({
  ok: true,
  summary,
  source: {datasets: [], rowsRead: 0, sampled: false},
});

/** A tool `name` with one argument `n`; what it was called with is in `calls`. */
export function numberTool(
  name: string,
  run: (n: number, context: Parameters<Tool['run']>[1]) => Promise<ToolOutcome> = async n => done(`${name} ${n}`),
  parallel: boolean | ((args: {n: number}) => boolean) = true,
): Tool & {calls: number[]} {
  const calls: number[] = [];
  const tool = defineTool({
    name,
    description: `The tool ${name}.`,
    parallel,
    args: z.object({n: z.number()}),
    run: ({n}, context) => {
      calls.push(n);
      return run(n, context);
    },
  });
  return {...tool, calls};
}

/** What every server demands: each call of an assistant is answered, right after it, before anyone else speaks. */
export function historyProblems(messages: readonly Message[]): string[] {
  const problems: string[] = [];
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.callId)) problems.push(`message ${index} answers a call nobody made`);
      continue;
    }
    if (open.size > 0) problems.push(`message ${index} comes before ${open.size} calls are answered`);
    if (message.role === 'user' && messages[index - 1]?.role === 'user') problems.push(`two prompts at ${index}`);
    open = new Set(message.role === 'assistant' ? message.toolCalls.map(each => each.id) : []);
    if (message.role === 'assistant')
      for (const each of message.toolCalls) {
        try {
          JSON.parse(each.argumentsText);
        } catch {
          problems.push(`message ${index} holds arguments that are no JSON`);
        }
      }
  }
  if (open.size > 0) problems.push(`${open.size} calls stay open`);
  return problems;
}
