// The one JSON object of a script run, the same shape in every outcome.

import type {TurnResult} from '../agent/session.ts';
import type {RouteStatus, Usage} from '../core/chat.ts';
import type {DsAgentError} from '../core/errors.ts';
import {jsonSafe} from './jsonl-file.ts';
import {errorJson} from './outcome.ts';
import type {RunRecord} from './sinks/run-record.ts';

export type RunStatus = 'answered' | 'failed' | 'limit' | 'aborted';

export type JsonResultParts = {
  turn: TurnResult | null;
  error: DsAgentError | null;
  record: RunRecord;
  breakers: readonly RouteStatus[];
  durationMs: number;
};

/** Schema version 1; a field is null where there is nothing to say, never left out. */
export function jsonResult({turn, error, record, breakers, durationMs}: JsonResultParts) {
  return {
    schema_version: 1,
    status: statusOf(turn, error),
    answer: turn?.answer ?? null,
    error: error === null ? null : errorJson(error),
    provider: turn?.provider ?? null,
    model: turn?.model ?? null,
    attempts: record.attempts,
    breakers: breakers.map(breakerJson),
    datasets: record.datasets,
    artifacts: record.artifacts,
    receipts: record.receipts.map(({rowsRead, ...receipt}) => ({...receipt, rows_read: rowsRead})),
    usage: usageJson(turn?.usage),
    next_steps: record.nextSteps,
    duration_ms: Math.round(durationMs),
  };
}

export function breakerJson({provider, model, state, failures, threshold, openUntil, cause, blocked}: RouteStatus) {
  return {
    provider,
    model,
    state,
    failures,
    threshold,
    open_until: openUntil === null ? null : new Date(openUntil).toISOString(),
    cause,
    blocked,
  };
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, jsonSafe)}\n`;
}

function statusOf(turn: TurnResult | null, error: DsAgentError | null): RunStatus {
  if (error?.kind === 'interrupt' || error?.kind === 'terminate' || error?.kind === 'hangup') return 'aborted';
  if (error?.kind === 'limit') return 'limit';
  if (error) return 'failed';
  return turn ? turn.outcome : 'answered';
}

function usageJson(usage: Usage | undefined) {
  return {input_tokens: usage?.inputTokens ?? null, output_tokens: usage?.outputTokens ?? null};
}
