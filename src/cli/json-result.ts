// The one JSON object of a script run, the same shape in every outcome.

import type {TurnResult} from '../agent/session.ts';
import type {RouteStatus, Usage} from '../core/chat.ts';
import type {DsAgentError} from '../core/errors.ts';
import type {Gate} from '../privacy/gate.ts';
import type {BreakerJson, ResultJson} from './json-schemas.ts';
import {jsonSafe} from './jsonl-file.ts';
import {errorJson} from './outcome.ts';
import type {RunRecord} from './sinks/run-record.ts';

export type RunStatus = 'answered' | 'failed' | 'limit' | 'aborted';

export type JsonResultParts = {
  /** Null when the run ended before it had one. */
  session: string | null;
  /** The turns of the run in their order; none when it ended before the first. */
  turns: readonly TurnResult[];
  answers: readonly string[];
  /** Of all turns; null when none was begun. */
  usage: Usage | null;
  error: DsAgentError | null;
  record: RunRecord;
  /** Null when the run ended before anything could be sent. */
  gate: Gate | null;
  breakers: readonly RouteStatus[];
  durationMs: number;
};

/**
 * Schema version 1. A field is null where there is nothing to say, never left out. The answers of a batch follow each
 * other after a blank line.
 */
export function jsonResult({
  session,
  turns,
  answers,
  usage,
  error,
  record,
  gate,
  breakers,
  durationMs,
}: JsonResultParts): ResultJson {
  const last = turns.at(-1);
  return {
    schema_version: 1,
    status: statusOf(last, error),
    answer: answers.length > 0 ? answers.join('\n\n') : null,
    error: error === null ? null : errorJson(error),
    provider: last?.provider ?? null,
    model: last?.model ?? null,
    attempts: record.attempts,
    breakers: breakers.map(breakerJson),
    datasets: record.datasets,
    artifacts: record.artifacts,
    receipts: record.receipts.map(({rowsRead, ...receipt}) => ({...receipt, rows_read: rowsRead})),
    cautions: record.cautions,
    grounding: record.grounding,
    privacy: gate && privacyJson(gate),
    usage: {input_tokens: usage?.inputTokens ?? null, output_tokens: usage?.outputTokens ?? null},
    next_steps: record.nextSteps,
    session,
    duration_ms: Math.round(durationMs),
  };
}

/** The level at the end of the run, and what was sent of the data in it. */
function privacyJson(gate: Gate): NonNullable<ResultJson['privacy']> {
  const {rowsSent, cellsSent, bytesSent} = gate.meter();
  return {level: gate.policy().level, rows_sent: rowsSent, cells_sent: cellsSent, bytes_sent: bytesSent};
}

export function breakerJson({
  provider,
  model,
  state,
  failures,
  threshold,
  openUntil,
  cause,
  blocked,
}: RouteStatus): BreakerJson {
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

function statusOf(turn: TurnResult | undefined, error: DsAgentError | null): RunStatus {
  if (error?.kind === 'interrupt' || error?.kind === 'terminate' || error?.kind === 'hangup') return 'aborted';
  if (error?.kind === 'caution') return 'answered';
  if (error?.kind === 'limit') return 'limit';
  if (error) return 'failed';
  return turn ? turn.outcome : 'answered';
}
