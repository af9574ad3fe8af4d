// A conversation: its history, its context budget, the next steps shown last, and its receipts.

import {z} from 'zod';
import type {Caution, Watcher} from '../core/caution.ts';
import type {ChatRequest, Message, ModelRouter, ToolSpec, Usage} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import type {Dataset} from '../core/dataset.ts';
import type {AgentEvent} from '../core/events.ts';
import type {NextStep, Receipt, Tool, ToolContext, ToolResult} from '../core/tool.ts';
import {fullDatasetsText} from '../privacy/schemas.ts';
import {estimateTokens, fitHistory, messageTokens} from './budget.ts';
import {createGrounder} from './grounding/session-numbers.ts';
import {addUsage, type GivenCall, type LoopResult, runLoop} from './loop.ts';
import {noMemory, type SessionMemory} from './memory.ts';
import {systemRules} from './system-prompt.ts';
import {type RunnerOptions, runTool} from './tool-runner.ts';

export type SessionOptions = {
  router: ModelRouter;
  tools: readonly Tool[];
  clock: Clock;
  emit(event: AgentEvent): void;
  /** The datasets as they are now, and the one the user is working on. */
  datasets(): Promise<{all: Dataset[]; active: string | undefined; chosen?: boolean}>;
  approve(question: string): Promise<boolean>;
  watch?: Watcher | undefined;
  stepLimit: number;
  contextTokens: number;
  /** What an earlier run of this session left. */
  memory?: SessionMemory;
};

const keptResults = 100;

export type TurnResult = Omit<LoopResult, 'messages'> & {durationMs: number};

export interface Session {
  /**
   * Runs one turn to its end; never rejects. Ends with the event `turn_end`, after `final_error` where there is one.
   * `given` are calls that the user's own words stand for: they run first, and the model sees their results.
   */
  prompt(text: string, signal: AbortSignal, given?: readonly GivenCall[]): Promise<TurnResult>;
  /** Runs a tool for the user, without a model; its receipt counts like any other. Rejects only when aborted. */
  runTool(name: string, args: unknown, signal: AbortSignal): Promise<ToolResult>;
  receipt(id: number): Receipt | undefined;
  receipts(): readonly Receipt[];
  /** What the tool gave back, of the latest 100 results. */
  result(id: number): Extract<ToolResult, {ok: true}> | undefined;
  /** Said beside the last answer or command, or about one result. */
  cautions(receipt?: number): readonly Caution[];
  /** The list shown last; a bare number in the chat means one of these. */
  nextSteps(): readonly NextStep[];
  offerNextSteps(steps: readonly NextStep[]): void;
  usage(): Usage;
  /** How full the context was at the last call, 0 to 1; null before the first. */
  contextShare(): number | null;
  clear(): void;
}

export function createSession(options: SessionOptions): Session {
  const {clock, emit} = options;
  const tools = new Map(options.tools.map(tool => [tool.name, tool]));
  const offers = options.tools.map(tool => ({spec: toSpec(tool), isOffered: tool.offered}));
  const {receipts, userTexts, cautions: everyCaution, ...earlier} = options.memory ?? noMemory();
  let {history, nextSteps, usage} = earlier;
  const results = new Map<number, Extract<ToolResult, {ok: true}>>();
  const grounder = createGrounder();
  let contextShare: number | null = null;
  let receiptId = Math.max(0, ...receipts.map(receipt => receipt.id));
  let commandId = 0;
  let cautions: Caution[] = [];

  const runner: RunnerOptions = {
    tools,
    clock,
    nextReceiptId: () => ++receiptId,
    watch: options.watch,
    emit(event) {
      if (event.type === 'tool_end' && event.result.ok && event.result.cautions) {
        cautions.push(...unsaid(event.result.cautions, cautions));
        everyCaution.push(...event.result.cautions);
      }
      if (event.type === 'tool_end' && event.result.ok && !event.result.nextSteps) {
        receipts.push(event.result.receipt);
        results.set(event.result.receipt.id, event.result);
        results.delete(event.result.receipt.id - keptResults);
      }
      emit(event);
    },
  };

  const contextOf = (signal: AbortSignal): ToolContext => ({
    signal,
    clock,
    emit,
    userNamed: path => userTexts.some(text => names(text, path)),
    approve: options.approve,
  });

  async function request(messages: readonly Message[], compact: boolean): Promise<ChatRequest> {
    const {all, active, chosen} = await options.datasets();
    const specs = await offeredNow(offers);
    const system = systemRules(new Date(clock.now()).toISOString().slice(0, 10));
    const fixed =
      estimateTokens(system) + estimateTokens(fullDatasetsText(all, active)) + estimateTokens(JSON.stringify(specs));
    const room = Math.max(1_000, options.contextTokens * 0.8 - fixed);
    // The server's own limit is smaller than we thought, so a compacted request is at most half of the one that failed.
    const size = messages.reduce((sum, message) => sum + messageTokens(message), 0);
    const fitted = fitHistory(messages, compact ? Math.min(room, size) / 2 : room);
    if (compact || fitted.droppedTurns > 0 || fitted.shortenedResults > 0)
      tellCompaction(compact, fitted.droppedTurns, fitted.shortenedResults);
    contextShare =
      (fixed + fitted.messages.reduce((sum, message) => sum + messageTokens(message), 0)) / options.contextTokens;
    const {messages: kept, earlier} = fitted;
    return {system, earlier, messages: kept, tools: specs, datasets: all, activeDataset: active, chosen};
  }

  /** What of the numbers in an answer nothing stands behind, of this turn or an earlier one. */
  async function tellGrounding(answer: string): Promise<void> {
    const spoken = history.flatMap(message => (message.role === 'tool' ? [message.result] : []));
    const {all} = await options.datasets().catch(() => ({all: []}));
    const found = grounder.ground(answer, {
      results: [...spoken, ...results.values()],
      questions: userTexts,
      datasets: all,
    });
    if (found.numbers > 0) emit({type: 'grounding', ...found});
  }

  let told = '';
  function tellCompaction(compact: boolean, turns: number, results: number): void {
    const what = [
      turns > 0 ? `${turns} earlier turn${turns === 1 ? '' : 's'} left out` : '',
      results > 0 ? `${results} tool result${results === 1 ? '' : 's'} shortened` : '',
    ].filter(Boolean);
    const message = `${compact ? 'The conversation is too long for this model' : 'The conversation is long'}: ${what.join(', ') || 'nothing could be left out'}.`;
    if (message === told) return;
    told = message;
    emit({type: 'notice', level: 'info', code: 'context.compacted', message});
  }

  return {
    async prompt(text, signal, given = []) {
      const started = clock.monotonic();
      // A model wrote the prompt behind a next step; what the user saw and chose is its label.
      userTexts.push(nextSteps.find(step => step.prompt === text)?.label ?? text);
      cautions = [];
      emit({type: 'prompt', text});
      const context = contextOf(signal);
      const turn = options.router.beginTurn({signal, emit});
      const {messages, ...result} = await runLoop(history, text, {
        ...runner,
        turn,
        context,
        request,
        given,
        stepLimit: options.stepLimit,
      });
      history = [...history, ...messages];
      usage = addUsage(usage, result.usage);
      if (result.nextSteps.length > 0) nextSteps = result.nextSteps;
      if (result.error && result.error.code !== 'question.not_answered') {
        const {kind, code, message, hint, retryAfterMs} = result.error;
        emit({
          type: 'final_error',
          kind,
          code,
          message,
          hint,
          attempts: attemptsOf(result.error),
          retryAfterMs: retryAfterMs ?? null,
        });
      }
      if (result.answer !== null) await tellGrounding(result.answer);
      for (const caution of cautions) emit({type: 'caution', caution});
      const durationMs = Math.round(clock.monotonic() - started);
      const {outcome, provider, model} = result;
      emit({type: 'turn_end', outcome, usage: result.usage, durationMs, nextSteps: result.nextSteps, provider, model});
      return {...result, durationMs};
    },
    runTool(name, args, signal) {
      cautions = [];
      return runTool(name, args, `command-${++commandId}`, {...contextOf(signal), userNamed: () => true}, runner);
    },
    receipt: id => receipts.find(receipt => receipt.id === id),
    receipts: () => receipts,
    result: id => results.get(id),
    cautions: id => (id === undefined ? cautions : everyCaution.filter(({receipt}) => receipt === id)),
    nextSteps: () => nextSteps,
    offerNextSteps(steps) {
      nextSteps = steps;
    },
    usage: () => usage,
    contextShare: () => contextShare,
    clear() {
      history = [];
      nextSteps = [];
      contextShare = null;
    },
  };
}

/** A model that computes the same thing twice hears and shows its cautions once. */
function unsaid(found: readonly Caution[], said: readonly Caution[]): Caution[] {
  return found.filter(({code, message}) => !said.some(each => each.code === code && each.message === message));
}

/** True when `path` stands in `text` whole, not as a part of a longer word or path. */
function names(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + path.length);
    if (/(^|[\s"'`([<@=:,;])$/.test(before) && /^($|[\s"'`)\]>,;:!?]|\.(\s|$))/.test(after)) return true;
  }
  return false;
}

function attemptsOf(error: Error): number {
  return 'attempts' in error && typeof error.attempts === 'number' ? error.attempts : 0;
}

type Offer = {spec: ToolSpec; isOffered: Tool['offered']};

/** A tool that can't say whether it has anything to work on is offered: calling it tells. */
async function offeredNow(offers: readonly Offer[]): Promise<ToolSpec[]> {
  const wanted = await Promise.all(offers.map(async ({isOffered}) => isOffered?.().catch(() => true) ?? true));
  return offers.flatMap(({spec}, at) => (wanted[at] ? [spec] : []));
}

function toSpec(tool: Tool): ToolSpec {
  const {$schema: _, ...parameters} = z.toJSONSchema(tool.args, {io: 'input'}) as Record<string, unknown>;
  return {name: tool.name, description: tool.description, parameters};
}
