// Runs the tool calls of one reply: look up, validate, run, stamp the receipt. The one place that catches a tool's throw.

import type {z} from 'zod';
import type {Watcher} from '../core/caution.ts';
import type {ToolCall} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import {DsAgentError} from '../core/errors.ts';
import type {AgentEvent} from '../core/events.ts';
import {clip, nearest, printable} from '../core/text.ts';
import type {Receipt, Tool, ToolContext, ToolFailure, ToolOutcome, ToolResult} from '../core/tool.ts';

/** Longest text of one result that goes to a model; tools stay far below it themselves. */
const maxSummary = 12_000;

export type RunnerOptions = {
  tools: ReadonlyMap<string, Tool>;
  clock: Clock;
  emit(event: AgentEvent): void;
  nextReceiptId(): number;
  /** Looks over every result before anybody reads it. */
  watch?: Watcher | undefined;
};

/** `invalid`: there is no such tool, or the arguments broke its schema, so nothing ran. */
export type ToolAnswer = {call: ToolCall; result: ToolResult; invalid: boolean};

type Checked = {call: ToolCall} & ({tool: Tool; args: unknown} | {failure: ToolFailure});

/**
 * Answers every call, in the order of `calls`. Parallel tools that stand next to each other run side by side. Rejects
 * only when the signal of `context` is aborted.
 */
export async function runToolCalls(
  calls: readonly ToolCall[],
  context: ToolContext,
  options: RunnerOptions,
): Promise<ToolAnswer[]> {
  const answers: ToolAnswer[] = [];
  let batch: Checked[] = [];
  const flush = async () => {
    let before: Promise<unknown> = Promise.resolve();
    const running = batch.map(each => {
      const answered = answer(each, context, options, before);
      before = answered.catch(() => {});
      return answered;
    });
    batch = [];
    answers.push(...(await Promise.all(running)));
  };
  for (const call of calls) {
    const checked = check(call, options);
    if (isParallel(checked)) {
      batch.push(checked);
      continue;
    }
    await flush();
    answers.push(await answer(checked, context, options));
  }
  await flush();
  return answers;
}

/** Runs one tool with arguments that are already an object, as slash commands do. */
export async function runTool(
  name: string,
  args: unknown,
  callId: string,
  context: ToolContext,
  options: RunnerOptions,
): Promise<ToolResult> {
  const call = {id: callId, name, argumentsText: JSON.stringify(args)};
  return (await answer(check(call, options), context, options)).result;
}

/** Finds the tool and reads the arguments; nothing is run yet. */
function check(call: ToolCall, {tools}: RunnerOptions): Checked {
  const tool = tools.get(call.name);
  if (!tool) {
    const near = nearest(call.name, [...tools.keys()]);
    const message = `There is no tool called "${printable(clip(call.name, 60), {oneLine: true})}".`;
    const hint = `Tools: ${(near.length > 0 ? near : [...tools.keys()]).join(', ')}.`;
    return {call, failure: {ok: false, code: 'tool.unknown', message, hint}};
  }
  const parsed = parseArguments(tool, call.argumentsText);
  return parsed.ok ? {call, tool, args: parsed.args} : {call, failure: parsed};
}

function isParallel(checked: Checked): boolean {
  if ('failure' in checked) return false;
  const {parallel} = checked.tool;
  return typeof parallel === 'function' ? parallel(checked.args) : parallel;
}

/** `before` is the end of the call asked for before this one: results get their numbers in the order of the calls. */
async function answer(
  checked: Checked,
  context: ToolContext,
  options: RunnerOptions,
  before: Promise<unknown> = Promise.resolve(),
): Promise<ToolAnswer> {
  context.signal.throwIfAborted();
  const {call} = checked;
  if ('failure' in checked) return invalid(call, checked.failure, options);

  const {tool, args} = checked;
  options.emit({type: 'tool_start', callId: call.id, name: call.name, args});
  const started = options.clock.monotonic();
  const outcome = await runCaught(tool, args, context);
  const ms = Math.round(options.clock.monotonic() - started);
  await before;
  const result = await watched(stamped(outcome, {tool: tool.name, args, ms}, options), context, options);
  options.emit({type: 'tool_end', callId: call.id, name: call.name, ms, result});
  context.signal.throwIfAborted();
  return {call, result, invalid: false};
}

async function runCaught(tool: Tool, args: unknown, context: ToolContext): Promise<ToolOutcome> {
  try {
    return await tool.run(args, context);
  } catch (error) {
    if (context.signal.aborted) return {ok: false, code: 'aborted', message: 'Stopped by the user.'};
    return failureOf(error);
  }
}

/** A list of next steps is no result that anybody asks the origin of, so it takes no number of the sequence. */
function stamped(
  outcome: ToolOutcome,
  facts: Pick<Receipt, 'tool' | 'args' | 'ms'>,
  {nextReceiptId}: RunnerOptions,
): ToolResult {
  if (!outcome.ok) return outcome;
  const {source, ...rest} = outcome;
  const receipt = {...source, ...facts, id: rest.nextSteps ? 0 : nextReceiptId()};
  return {...rest, summary: bounded(rest.summary), receipt};
}

/** The time this takes is no part of the tool's own. */
async function watched(result: ToolResult, {signal}: ToolContext, {watch}: RunnerOptions): Promise<ToolResult> {
  if (!result.ok || result.nextSteps || !watch || signal.aborted) return result;
  const cautions = await watch(result, signal).catch(() => []);
  return cautions.length === 0 ? result : {...result, cautions};
}

/** A DsAgentError keeps its code and hint; anything else is a bug in the tool and says so. */
export function failureOf(error: unknown): ToolFailure {
  if (error instanceof DsAgentError)
    return {
      ok: false,
      kind: error.kind,
      code: error.code,
      message: error.message,
      ...(error.hint ? {hint: error.hint} : {}),
    };
  const message = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    code: 'tool.crashed',
    message: `The tool broke: ${clip(printable(message, {oneLine: true}), 300)}`,
    hint: 'This is a bug in ds-agent.',
  };
}

function bounded(summary: string): string {
  if (summary.length <= maxSummary) return summary;
  return `${clip(summary, maxSummary)}\n(${summary.length - maxSummary} characters left out. Ask for less: aggregate, or add a LIMIT.)`;
}

function parseArguments(tool: Tool, text: string): {ok: true; args: unknown} | ToolFailure {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      code: 'tool.arguments_not_json',
      message: `The arguments of ${tool.name} are not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}.`,
      hint: 'Nothing was run. Send the call again with valid JSON.',
    };
  }
  const parsed = tool.args.safeParse(value);
  if (parsed.success) return {ok: true, args: parsed.data};
  return {
    ok: false,
    code: 'tool.arguments_invalid',
    message: `The arguments of ${tool.name} are not right: ${faultsText(parsed.error)}.`,
    hint: 'Nothing was run. Send the call again, corrected.',
  };
}

/** For people too, who can type such arguments behind a slash command: "steps must be at least 1". */
function faultsText({issues}: z.ZodError): string {
  const faults = issues.map(issue => {
    const place = issue.path.join('.');
    const isNumber = 'origin' in issue && (issue.origin === 'number' || issue.origin === 'int');
    if (isNumber && issue.code === 'too_small') return `${place} must be at least ${issue.minimum}`;
    if (isNumber && issue.code === 'too_big') return `${place} must be at most ${issue.maximum}`;
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  return faults.join('; ');
}

function invalid(call: ToolCall, failure: ToolFailure, options: RunnerOptions): ToolAnswer {
  options.emit({type: 'tool_start', callId: call.id, name: call.name, args: {}});
  options.emit({type: 'tool_end', callId: call.id, name: call.name, ms: 0, result: failure});
  return {call, result: failure, invalid: true};
}
