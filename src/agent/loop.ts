// One prompt to a finished turn: ask the model, run what it chose, ask again, until it answers or a bound is reached.

import type {ChatRequest, Message, ModelTurn, Reply, ToolCall, Usage} from '../core/chat.ts';
import {AbortedError, DsAgentError, LimitError, ProviderError, ToolError, toDsAgentError} from '../core/errors.ts';
import type {TurnOutcome} from '../core/events.ts';
import type {NextStep, Receipt, ToolContext, ToolFailure} from '../core/tool.ts';
import {isJson} from '../core/unknown.ts';
import {type RunnerOptions, runToolCalls} from './tool-runner.ts';

export type LoopOptions = RunnerOptions & {
  turn: ModelTurn;
  context: ToolContext;
  /** Builds the request for the messages so far; `compact` asks for the smallest request that still makes sense. */
  request(messages: readonly Message[], compact: boolean): Promise<ChatRequest>;
  /** Run before the model is asked; it sees them as calls that have been made. */
  given?: readonly GivenCall[];
  stepLimit: number;
};

export type GivenCall = {name: string; args: unknown};

/** `messages` are the ones this turn adds to the history, always valid: every tool call has its result. */
export type LoopResult = {
  outcome: TurnOutcome;
  answer: string | null;
  error: DsAgentError | null;
  messages: Message[];
  receipts: Receipt[];
  nextSteps: NextStep[];
  usage: Usage;
  provider: string | null;
  model: string | null;
};

/** Never rejects: every ending is an outcome. */
export async function runLoop(history: readonly Message[], prompt: string, options: LoopOptions): Promise<LoopResult> {
  const state: State = {
    messages: [{role: 'user', text: prompt}],
    receipts: [],
    nextSteps: [],
    usage: {inputTokens: null, outputTokens: null},
    last: null,
    compact: false,
    invalidReplies: 0,
    silentReplies: 0,
    lastFailure: null,
  };
  try {
    await runGiven(state, options);
    for (let step = 0; step < options.stepLimit; step++) {
      const reply = await completeOrCompact(history, state, options);
      takeReply(state, reply, options);
      if (reply.toolCalls.length === 0) {
        if (isSilent(reply) && !takeWordsBefore(state, options)) continue;
        return answered(state, {...reply, text: lastWords(state) ?? reply.text});
      }
      if (reply.stop === 'length') answerCutCalls(state, reply.toolCalls, options);
      else await answerCalls(state, reply.toolCalls, options);
    }
    throw new LimitError('agent.step_limit', `Stopped after ${options.stepLimit} steps without a final answer.`, {
      hint: 'What was computed so far is kept; ask for the rest, or for something smaller.',
    });
  } catch (error) {
    return stopped(state, options.context.signal.aborted ? new AbortedError() : toDsAgentError(error));
  }
}

type State = {
  messages: Message[];
  receipts: Receipt[];
  nextSteps: NextStep[];
  usage: Usage;
  last: Reply | null;
  compact: boolean;
  invalidReplies: number;
  silentReplies: number;
  lastFailure: ToolFailure | null;
};

async function runGiven(state: State, options: LoopOptions): Promise<void> {
  const {given = []} = options;
  if (given.length === 0) return;
  const toolCalls = given.map(({name, args}, index) => ({
    id: `given-${index + 1}`,
    name,
    argumentsText: JSON.stringify(args),
  }));
  const usage = {inputTokens: null, outputTokens: null};
  state.messages.push({role: 'assistant', text: '', toolCalls, usage, provider: 'ds-agent', model: ''});
  await answerCalls(state, toolCalls, options);
}

/** A prompt that overflows the model's context is made smaller once; a second overflow is final. */
async function completeOrCompact(history: readonly Message[], state: State, options: LoopOptions): Promise<Reply> {
  try {
    return await options.turn.complete(await options.request([...history, ...state.messages], state.compact));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault.class !== 'context' || state.compact) throw error;
    state.compact = true;
    return options.turn.complete(await options.request([...history, ...state.messages], true));
  }
}

function takeReply(state: State, reply: Reply, options: LoopOptions): void {
  state.last = reply;
  state.usage = addUsage(state.usage, reply.usage);
  const {text, usage, provider, model, outside} = reply;
  // A call whose arguments are no JSON is answered with that error; the history itself must stay valid for every server.
  const toolCalls = reply.toolCalls.map(call => (isJson(call.argumentsText) ? call : {...call, argumentsText: '{}'}));
  state.messages.push({role: 'assistant', text, toolCalls, usage, provider, model, outside});
  options.emit({type: 'message', text, final: toolCalls.length === 0, provider, model, usage});
}

const isSilent = (reply: Reply): boolean => reply.stop === 'complete' && reply.text.trim() === '';

/**
 * A last reply without a word: what the model said beside its next steps is the answer then. Otherwise the reply is
 * forgotten and false says that the model is to be asked once more.
 * @throws ToolError `agent.no_answer` the second time
 */
function takeWordsBefore(state: State, {tools}: LoopOptions): boolean {
  const silent = state.messages.pop();
  const before = state.messages.findLast(message => message.role === 'assistant');
  if (silent?.role === 'assistant' && before?.role === 'assistant') {
    const {text, toolCalls} = before;
    if (text.trim() !== '' && toolCalls.every(each => tools.get(each.name)?.aside)) {
      state.messages.push({...silent, text});
      return true;
    }
  }
  state.silentReplies += 1;
  if (state.silentReplies > 1) {
    throw new ToolError('agent.no_answer', `${state.last?.model ?? 'The model'} ended twice without an answer.`, {
      hint: 'Ask again in other words, or use another model.',
    });
  }
  return false;
}

function lastWords({messages}: State): string | null {
  const said = messages.findLast(message => message.role === 'assistant' && message.text.trim() !== '');
  return said?.role === 'assistant' ? said.text : null;
}

async function answerCalls(state: State, calls: readonly ToolCall[], options: LoopOptions): Promise<void> {
  const answers = await runToolCalls(calls, options.context, options);
  for (const {call, result} of answers) {
    state.messages.push({role: 'tool', callId: call.id, name: call.name, result});
    if (!result.ok) {
      if (!options.tools.get(call.name)?.aside) state.lastFailure = result;
      continue;
    }
    if (result.nextSteps) {
      state.nextSteps = result.nextSteps;
      continue;
    }
    state.lastFailure = null;
    state.receipts.push(result.receipt);
  }
  state.invalidReplies = answers.some(each => each.invalid) ? state.invalidReplies + 1 : 0;
  const bad = answers.find(each => each.invalid);
  if (bad && !bad.result.ok && state.invalidReplies > 1) {
    throw new ToolError(
      'tool.arguments_invalid_twice',
      `${state.last?.model ?? 'The model'} sent unusable tool arguments twice. ${bad.result.message}`,
      {
        hint: 'Ask again in other words, or use another model.',
      },
    );
  }
}

/** The reply ended at the token limit in the middle of a call: half arguments are never run. */
function answerCutCalls(state: State, calls: readonly ToolCall[], options: LoopOptions): void {
  state.invalidReplies += 1;
  if (state.invalidReplies > 1) {
    throw new LimitError(
      'provider.reply_cut',
      'The reply was cut at the token limit twice in the middle of a tool call.',
      {
        hint: 'Ask for something smaller, or use a model with a larger output limit.',
      },
    );
  }
  for (const call of calls) {
    const result: ToolFailure = {
      ok: false,
      code: 'reply.cut',
      message: 'Your reply was cut at the token limit, so this call was not run.',
      hint: 'Send it again, shorter.',
    };
    options.emit({type: 'tool_start', callId: call.id, name: call.name, args: {}});
    options.emit({type: 'tool_end', callId: call.id, name: call.name, ms: 0, result});
    state.messages.push({role: 'tool', callId: call.id, name: call.name, result});
  }
}

function answered(state: State, reply: Reply): LoopResult {
  const failure = state.lastFailure;
  if (reply.stop === 'unanswered')
    return finish(state, 'failed', null, new ToolError('question.not_answered', reply.text));
  if (reply.stop === 'length') {
    const error = new LimitError('provider.reply_cut', 'The answer was cut at the token limit of the model.', {
      hint: 'Ask it to go on, or for a shorter answer.',
    });
    return finish(state, 'limit', reply.text, error);
  }
  if (failure) {
    const details = failure.hint ? {hint: failure.hint} : {};
    const error = new DsAgentError(failure.kind ?? 'tool', failure.code, failure.message, details);
    return finish(state, 'failed', reply.text, error);
  }
  return finish(state, 'answered', reply.text, null);
}

function stopped(state: State, error: DsAgentError): LoopResult {
  const outcome = error.kind === 'interrupt' ? 'aborted' : error.kind === 'limit' ? 'limit' : 'failed';
  const said = lastWords(state);
  closeMessages(state);
  return finish(state, outcome, outcome === 'limit' ? said : null, error);
}

/** After a stop in the middle: open calls get a result, and the turn ends with a word of the assistant, or is left out whole. */
function closeMessages(state: State): void {
  const last = state.messages.findLast(message => message.role === 'assistant');
  if (last?.role !== 'assistant') {
    state.messages = [];
    return;
  }
  const done = new Set(state.messages.flatMap(message => (message.role === 'tool' ? [message.callId] : [])));
  for (const call of last.toolCalls) {
    if (done.has(call.id)) continue;
    state.messages.push({
      role: 'tool',
      callId: call.id,
      name: call.name,
      result: {ok: false, code: 'aborted', message: 'Stopped before it ran to its end.'},
    });
  }
  const {provider, model} = last;
  const usage = {inputTokens: null, outputTokens: null};
  state.messages.push({
    role: 'assistant',
    text: '(This turn was stopped here.)',
    toolCalls: [],
    usage,
    provider,
    model,
  });
}

function finish(state: State, outcome: TurnOutcome, answer: string | null, error: DsAgentError | null): LoopResult {
  const {messages, receipts, nextSteps, usage, last} = state;
  return {
    outcome,
    answer,
    error,
    messages,
    receipts,
    nextSteps,
    usage,
    provider: last?.provider ?? null,
    model: last?.model ?? null,
  };
}

/** Sums what is known; null only where neither side said anything. */
export function addUsage(a: Usage, b: Usage): Usage {
  const add = (x: number | null, y: number | null) => (x === null && y === null ? null : (x ?? 0) + (y ?? 0));
  return {inputTokens: add(a.inputTokens, b.inputTokens), outputTokens: add(a.outputTokens, b.outputTokens)};
}
