// How a run ends: its exit code, and the one line (with a hint) that says why.

import {type DsAgentError, exitCodes} from '../core/errors.ts';
import {formatDuration, printable} from '../core/text.ts';
import type {ErrorJson} from './json-schemas.ts';

/** "message hint", safe to print; a hint stands on a line of its own. */
export function errorText(error: Pick<DsAgentError, 'message' | 'hint' | 'retryAfterMs'>): string {
  const lines = [printable(error.message)];
  if (error.retryAfterMs !== undefined && !/retry in/i.test(error.message))
    lines[0] += ` Retry in ${formatDuration(error.retryAfterMs)}.`;
  if (error.hint) lines.push(printable(error.hint));
  return lines.join('\n');
}

export function errorJson(error: DsAgentError): ErrorJson {
  const {code, kind, message, hint, retryAfterMs} = error;
  return {code, kind, message, hint: hint ?? null, retry_after_ms: retryAfterMs ?? null};
}

export function exitCodeOf(error: DsAgentError | null): number {
  return error === null ? exitCodes.answered : error.exitCode;
}
