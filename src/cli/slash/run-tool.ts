// What slash commands share: running a tool for the user, and how its result becomes an answer.

import {DsAgentError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Artifact, ToolFailure, ToolResult} from '../../core/tool.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';

/** @throws DsAgentError what the tool failed with, so that every command reports failures the same way */
export async function toolResult(
  tool: string,
  args: unknown,
  app: App,
  signal: AbortSignal,
): Promise<Extract<ToolResult, {ok: true}>> {
  const result = await app.session.runTool(tool, args, signal);
  if (!result.ok) throw failureOf(result);
  return result;
}

/** The table of the result where it has one, else its text. */
export async function viaTool(tool: string, args: unknown, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {table, summary, receipt} = await toolResult(tool, args, app, signal);
  const note = noteOf(receipt);
  return table ? {text: '', table, note} : {text: summary, note};
}

/** The charts of the result, then what it says in words; for tools whose table is only the numbers of those words. */
export async function inWords(tool: string, args: unknown, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {summary, artifacts = [], receipt} = await toolResult(tool, args, app, signal);
  return {charts: chartsOf(artifacts), text: printable(summary), note: noteOf(receipt)};
}

/** The charts as text, each with an empty line below. */
export function chartLines(artifacts: readonly Artifact[] = []): string[] {
  return artifacts.flatMap(({preview}) => (preview === undefined ? [] : [`${preview}\n`]));
}

/** The charts of the result alone. */
export async function drawn(args: unknown, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {artifacts = [], receipt} = await toolResult('draw_chart', args, app, signal);
  const {pathLines} = await import('./chart.ts');
  return {charts: chartsOf(artifacts), text: '', note: [...pathLines(artifacts), noteOf(receipt)].join('\n')};
}

/** Those of what a tool made that are to be looked at here. */
export function chartsOf(artifacts: readonly Artifact[]): Artifact[] {
  return artifacts.filter(({preview}) => preview !== undefined);
}

export function needed(args: string, usage: string): string {
  if (args === '') throw new UsageError('chat.arguments', `Usage: ${usage}`);
  return args;
}

function noteOf({id, ms}: {id: number; ms: number}): string {
  return `#${id} · ${ms} ms · /why ${id}`;
}

function failureOf({kind, code, message, hint}: ToolFailure): DsAgentError {
  return new DsAgentError(kind ?? 'tool', code, message, hint ? {hint} : {});
}
