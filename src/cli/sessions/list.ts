// What there is of sessions, newest first, each in a line: enough to know which one to go on with.

import {parseEvent} from '../../core/event-schema.ts';
import type {SessionKind} from '../../core/events.ts';
import {isRecord} from '../../core/unknown.ts';
import type {Workspace} from '../../workspace/workspace.ts';

/**
 * Times are epoch ms. `question` is the first one, or the first command of a session without questions. `datasets` are
 * all that results of it were computed from. `kind` is null where the record does not say.
 */
export type SessionSummary = {
  id: string;
  kind: SessionKind | null;
  startedAt: number;
  updatedAt: number;
  question: string | null;
  turns: number;
  datasets: string[];
};

const told = new Set(['session_opened', 'prompt', 'command_result', 'dataset_added', 'tool_end']);

/** At most `limit` sessions in which something was asked; `more` tells whether there are others. */
export async function summarizeSessions(
  workspace: Workspace,
  limit = Number.POSITIVE_INFINITY,
): Promise<{sessions: SessionSummary[]; more: boolean}> {
  const sessions: SessionSummary[] = [];
  for (const {id, updatedAt} of await workspace.sessions()) {
    const lines = (await workspace.readSession(id).catch(() => null))?.lines ?? [];
    const summary = summaryOf(id, updatedAt, lines);
    if (summary === null) continue;
    if (sessions.length >= limit) return {sessions, more: true};
    sessions.push(summary);
  }
  return {sessions, more: false};
}

/** Null when nothing was asked. */
function summaryOf(id: string, updatedAt: number, lines: readonly unknown[]): SessionSummary | null {
  const summary: SessionSummary = {
    id,
    kind: null,
    startedAt: updatedAt,
    updatedAt,
    question: null,
    turns: 0,
    datasets: [],
  };
  const datasets = new Set<string>();
  let command: string | null = null;
  let isFirst = true;
  for (const line of lines) {
    if (!isRecord(line) || !told.has(String(line.type))) continue;
    const event = parseEvent(line);
    if (!event) continue;
    if (isFirst) summary.startedAt = event.time;
    isFirst = false;
    if (event.type === 'session_opened') summary.kind ??= event.kind;
    else if (event.type === 'dataset_added') datasets.add(event.name);
    else if (event.type === 'command_result') command ??= event.line;
    else if (event.type === 'prompt') {
      summary.turns += 1;
      summary.question ??= event.text;
    } else if (event.type === 'tool_end' && event.result.ok)
      for (const {name} of event.result.receipt.datasets) datasets.add(name);
  }
  if (summary.turns === 0 && command === null) return null;
  return {...summary, question: summary.question ?? command, datasets: [...datasets]};
}

/** "2026-01-31 09:45", in local time. */
export function localTime(time: number): string {
  const date = new Date(time);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
