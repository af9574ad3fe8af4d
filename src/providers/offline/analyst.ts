// The embedded analyst: answers plain questions with the same tools and the same loop as a model, by rules instead of a network.

import type {ChatChunk, ChatRequest, Message, Provider, StopReason, ToolCall, Usage} from '../../core/chat.ts';
import type {Dataset} from '../../core/dataset.ts';
import {ProviderError} from '../../core/errors.ts';
import type {NextStep, ToolResult} from '../../core/tool.ts';
import {subjectOf} from './datasets.ts';
import type {Intent, Surroundings} from './intent.ts';
import {firstSteps, nextSteps} from './next-steps.ts';
import {phraseAnswer, phraseResults} from './phrase.ts';
import {type PlannedCall, planCalls} from './plan.ts';
import {sayHelp} from './self-description.ts';
import {understand} from './understand.ts';

const noUsage: Usage = {inputTokens: null, outputTokens: null};
const suggest = 'suggest_next_steps';

/** The provider used when no key is set. It needs no network, and gives the same answer to the same request every time. */
export function createOfflineProvider(): Provider {
  return {
    name: 'offline',
    model: 'analyst',
    async *stream(request, signal): AsyncGenerator<ChatChunk> {
      const {text, calls, stop} = reply(request);
      if (signal.aborted) {
        const fault = {class: 'aborted', provider: 'offline', model: 'analyst'} as const;
        throw new ProviderError(fault, 'Stopped before the answer was written.');
      }
      if (text !== '') yield {type: 'text', delta: text};
      for (const call of calls) yield {type: 'tool_call', call};
      yield {type: 'end', stop, usage: noUsage};
    },
  };
}

type Turn = {prompts: string[]; calls: ToolCall[]; results: Map<string, ToolResult>};

/** The last user message with what has happened since. */
function currentTurn(messages: Message[]): Turn {
  const start = messages.findLastIndex(({role}) => role === 'user');
  const prompts = messages.slice(0, start + 1).flatMap(message => (message.role === 'user' ? [message.text] : []));
  const since = messages.slice(start + 1);
  const calls = since.flatMap(message => (message.role === 'assistant' ? message.toolCalls : []));
  const results = new Map(
    since.flatMap(message => (message.role === 'tool' ? [[message.callId, message.result] as const] : [])),
  );
  return {prompts, calls, results};
}

/** Intents that answer no question about data although one was asked. */
const unanswered: readonly Intent['kind'][] = ['no_dataset', 'no_step', 'refused', 'unclear'];

/** One step of a turn: first the tool calls, then, with their results, the answer, or why there is none. */
export function reply(request: ChatRequest): {text: string; calls: ToolCall[]; stop: StopReason} {
  const turn = currentTurn(request.messages);
  const {datasets, activeDataset, chosen = false} = request;
  const surroundings: Surroundings = {datasets, activeDataset, chosen};
  const intent = offered(understand(turn.prompts, surroundings), request);
  const planned = available(planCalls(intent), request);
  const stop = unanswered.includes(intent.kind) ? 'unanswered' : 'complete';
  if (turn.calls.length === 0) {
    const steps = stepsCall(intent, surroundings, request);
    const calls = [...planned, ...(steps && intent.kind !== 'import' ? [steps] : [])];
    if (calls.length > 0) return {text: '', calls: numbered(calls, request), stop: 'complete'};
    return {text: finalText(intent, [], surroundings), calls: [], stop};
  }
  const added = afterImport(intent, turn, request);
  if (added) return {text: '', calls: numbered([added], request), stop: 'complete'};
  return {text: answer(intent, planned, turn, surroundings), calls: [], stop};
}

function answer(intent: Intent, planned: PlannedCall[], turn: Turn, surroundings: Surroundings): string {
  const asked = turn.calls.filter(({name}) => name !== suggest);
  const results = asked.map(({id}) => turn.results.get(id)).filter(result => result !== undefined);
  const same = asked.length === planned.length && asked.every((call, at) => isSame(call, planned[at]));
  if (same && results.length === planned.length) return finalText(intent, results, surroundings);
  // The history was cut or the data changed in between: report what the tools said, and nothing more.
  const failed = results.find(result => !result.ok);
  if (failed && !failed.ok) return `${failed.message}${failed.hint ? ` ${failed.hint}` : ''}`;
  return phraseResults(results.filter(result => result.ok));
}

function isSame(call: ToolCall, planned: PlannedCall | undefined): boolean {
  return planned !== undefined && call.name === planned.name && call.argumentsText === JSON.stringify(planned.args);
}

/** Ids differ within a conversation, because its messages only grow. */
function numbered(calls: PlannedCall[], {messages}: ChatRequest): ToolCall[] {
  return calls.map(({name, args}, at) => ({
    id: `offline_${messages.length}_${at + 1}`,
    name,
    argumentsText: JSON.stringify(args),
  }));
}

const offers = ({tools}: ChatRequest, name: string) => tools.length === 0 || tools.some(tool => tool.name === name);

const noNumbers = 'That compares rows by their numbers, and no dataset here has two number columns with values.';
/** Why a tool is not offered where that is by its data. */
const lacking: Partial<Record<string, string>> = {
  cluster: noNumbers,
  reduce: noNumbers,
  evaluate_model: 'No model is kept here yet; “predict COLUMN” trains one.',
  explain_model: 'No model is kept here yet; “predict COLUMN” trains one.',
  forecast: 'A forecast goes along a date or time column, and no dataset here has one.',
};

/** A question for a tool that is not there is not answered, and says so. */
function offered(intent: Intent, request: ChatRequest): Intent {
  if (intent.kind !== 'tool' || offers(request, intent.tool)) return intent;
  const dataset = request.datasets.find(({name}) => name === intent.args.dataset);
  const reason = lacking[intent.tool] ?? `That needs the tool ${intent.tool}, which is not offered here.`;
  return dataset ? {kind: 'unclear', subject: subjectOf(dataset), reason, suggestions: []} : {kind: 'refused', reason};
}

/** Calls to tools that exist here; a chart that cannot be drawn becomes the query of its numbers. */
function available(calls: PlannedCall[], request: ChatRequest): PlannedCall[] {
  return calls.flatMap((call): PlannedCall[] => {
    if (offers(request, call.name)) return [call];
    return call.name === 'draw_chart' ? [{name: 'run_sql', args: {sql: call.args.sql, max_rows: 50}}] : [];
  });
}

function stepsCall(intent: Intent, surroundings: Surroundings, request: ChatRequest): PlannedCall | null {
  if (!offers(request, suggest)) return null;
  const {datasets, activeDataset} = surroundings;
  const about = intent.kind === 'tool' ? intent.args.dataset : activeDataset;
  const active = datasets.find(({name}) => name === about) ?? datasets[0];
  const general =
    /^(help|list_datasets|sql|no_step|refused|tool)$/.test(intent.kind) && active
      ? firstSteps(subjectOf(active)).slice(0, 4)
      : [];
  const thanks = intent.kind === 'help' && intent.tone === 'thanks';
  const offered = general.length > 0 && !thanks ? general : nextSteps(intent);
  // A step that would ask the same again is no step.
  const asked = JSON.stringify(planCalls(intent));
  const steps = offered
    .filter(({prompt}) => JSON.stringify(planCalls(understand([prompt], surroundings))) !== asked)
    .slice(0, 4)
    .map(step => named(step, intent, activeDataset));
  return steps.length > 0 ? {name: suggest, args: {steps}} : null;
}

/** Steps about another dataset than the active one say which. */
function named(step: NextStep, intent: Intent, activeDataset: string | undefined): NextStep {
  const name =
    'subject' in intent ? intent.subject.name : intent.kind === 'tool' ? String(intent.args.dataset) : activeDataset;
  if (!name || name === activeDataset || step.prompt.includes(name)) return step;
  return {...step, prompt: `${step.prompt} in ${name}`};
}

/** A file that came in a moment ago gets its first questions, made from its columns. */
function afterImport(intent: Intent, turn: Turn, request: ChatRequest): PlannedCall | null {
  const [call] = turn.calls;
  if (intent.kind !== 'import' || turn.calls.length !== 1 || !call || !offers(request, suggest)) return null;
  const result = turn.results.get(call.id);
  if (!result?.ok) return null;
  const added = importedDataset(result, request);
  return added ? {name: suggest, args: {steps: firstSteps(subjectOf(added)).slice(0, 4)}} : null;
}

function importedDataset(
  {receipt}: Extract<ToolResult, {ok: true}>,
  {datasets, activeDataset}: ChatRequest,
): Dataset | undefined {
  const name = receipt.datasets[0]?.name ?? activeDataset;
  return datasets.find(dataset => dataset.name === name);
}

function finalText(intent: Intent, results: ToolResult[], surroundings: Surroundings): string {
  switch (intent.kind) {
    case 'help':
    case 'no_dataset':
    case 'no_step':
    case 'refused':
    case 'unclear':
      return sayHelp(intent, surroundings);
    default:
      return phraseAnswer(intent, results);
  }
}
