// `ds-agent replay SESSION`: computes a session's results again without a model and says what changed.

import {readTranscript} from '../agent/transcript.ts';
import type {Clock} from '../core/clock.ts';
import type {Cell} from '../core/dataset.ts';
import {exitCodes} from '../core/errors.ts';
import {clip, formatCell, formatCount, printable} from '../core/text.ts';
import {openWorkspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import type {ReplayJson} from './json-schemas.ts';
import type {Change} from './sessions/compare.ts';
import {findSession} from './sessions/open-session.ts';
import {type ReplayedCall, replay} from './sessions/replay.ts';
import type {Output} from './streams.ts';

export type ReplayContext = {config: Config; shared: Shared; output: Output; clock: Clock; signal: AbortSignal};

const shownChanges = 5;

/** The exit code of drift that `--verify` asks for. */
const driftCode = 1;

/**
 * 0, also where numbers changed; 9 when a call could not be run again. With `verify` either is 1.
 * @throws UsageError for an unknown session, and what `replay` throws
 */
export async function runReplay(
  {session, verify}: {session: string; verify: boolean},
  {config, shared, output, clock, signal}: ReplayContext,
): Promise<number> {
  const workspace = await openWorkspace(config.workspace, {
    clock,
    readOnly: true,
    onWarning: message => output.err(`Warning: ${printable(message)}`),
  });
  const {id, events, warning} = await findSession(workspace, session);
  if (warning !== null && !shared.quiet) output.err(`Warning: ${printable(warning)}`);
  const calls = await replay(readTranscript(events), {
    workspace,
    clock,
    signal,
    memoryLimitBytes: config.memoryLimitBytes,
    uploadLimitBytes: config.uploadLimitBytes,
    data: shared.dataFiles,
  });
  if (shared.format === 'text') await output.out(`${[...calls.flatMap(callLines), summary(calls)].join('\n')}\n`);
  else await output.out(jsonText(replayJson(id, calls)));
  const isSame = calls.every(({status}) => status === 'same');
  if (verify) return isSame ? exitCodes.answered : driftCode;
  return calls.some(({status}) => status === 'failed') ? exitCodes.tool : exitCodes.answered;
}

function replayJson(session: string, calls: readonly ReplayedCall[]): ReplayJson {
  const counts = countsOf(calls);
  const status = counts.failed > 0 ? 'failed' : counts.changed > 0 ? 'changed' : 'same';
  return {schema_version: 1, status, session, counts, calls: calls.map(callJson)};
}

function callJson({changes, ...call}: ReplayedCall): ReplayJson['calls'][number] {
  const plain = (cell: Cell) => (typeof cell === 'bigint' ? cell.toString() : cell);
  return {
    ...call,
    changes: changes.map(each => ({...each, before: plain(each.before), after: plain(each.after)})),
  };
}

function countsOf(calls: readonly ReplayedCall[]) {
  const count = (wanted: ReplayedCall['status']) => calls.filter(({status}) => status === wanted).length;
  return {same: count('same'), changed: count('changed'), failed: count('failed')};
}

/** "changed  #2 run_sql  average price by region", then its changes. */
export function callLines({id, tool, question, status, changes, message}: ReplayedCall): string[] {
  const head = `${status.padEnd(7)}  #${id} ${tool}  ${clip(printable(question, {oneLine: true}), 80)}`.trimEnd();
  const more = changes.length - shownChanges;
  return [
    head,
    ...changes.slice(0, shownChanges).map(change => `         ${changeText(change)}`),
    ...(more > 0 ? [`         … and ${formatCount(more)} more`] : []),
    ...(message === null ? [] : [`         ${printable(message, {oneLine: true})}`]),
  ];
}

function changeText({where, column, before, after}: Change): string {
  const place = printable(column === null ? where : `${where}, ${column}`, {oneLine: true});
  return `${clip(place, 120)}: ${clip(formatCell(before), 80)} → ${clip(formatCell(after), 80)}`;
}

/** "3 results: 2 same, 1 changed." */
export function summary(calls: readonly ReplayedCall[]): string {
  if (calls.length === 0) return 'Nothing was computed in this session, so there is nothing to run again.';
  const counts = Object.entries(countsOf(calls)).filter(([, count]) => count > 0);
  const parts = counts.map(([status, count]) => `${formatCount(count)} ${status}`);
  return `${formatCount(calls.length)} result${calls.length === 1 ? '' : 's'}: ${parts.join(', ')}.`;
}
