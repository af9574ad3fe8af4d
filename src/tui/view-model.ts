// What the chat shows, computed from the events alone. Pure: no terminal, no clock, no host.

import type {Caution} from '../core/caution.ts';
import type {Table} from '../core/dataset.ts';
import type {AgentEvent, ImportPhase, PreviewKey, StampedEvent, TurnOutcome} from '../core/events.ts';
import {groundingLine} from '../core/grounding.ts';
import {printable} from '../core/text.ts';
import type {Artifact, NextStep, ToolResult} from '../core/tool.ts';
import {faultWords} from '../core/wording.ts';
import {emptyProse, endProse, feedProse, type Prose, type ProseLine} from './markdown.ts';

/** Something finished, written to the screen once and never touched again. */
export type Entry =
  | {kind: 'line_sent'; text: string}
  /** The host understood the line as this question (a bare number, say). */
  | {kind: 'reading'; text: string}
  | {kind: 'prose'; lines: ProseLine[]}
  /** `tabled`: the table of the result is shown too, because the answer may not repeat it. */
  | {kind: 'tool'; name: string; args: unknown; ms: number; result: ToolResult; tabled: boolean}
  | {kind: 'import'; event: Extract<AgentEvent, {type: 'dataset_added'}>}
  | {kind: 'import_rejected'; file: string; message: string; hint: string | undefined}
  | {kind: 'preview'; lines: string[]; table: Table}
  | {kind: 'command'; ok: boolean; text: string; table: Table | undefined; charts: readonly Artifact[]}
  | {kind: 'caution'; caution: Caution}
  /** A number in the answer above that nothing stands behind. */
  | {kind: 'unsupported'; text: string}
  | {kind: 'notice'; level: 'info' | 'warn'; message: string}
  /** An event of the way to the model: a counted failure, a wait, a breaker, a switch. */
  | {kind: 'resilience'; event: StampedEvent}
  | {kind: 'error'; message: string; hint: string | undefined}
  | {kind: 'approval'; question: string; approved: boolean}
  | {kind: 'stopped'}
  | {kind: 'limit'}
  | {kind: 'next_steps'; steps: NextStep[]};

export type RunningTool = {callId: string; name: string; args: unknown; startedAt: number};
export type Retry = {provider: string; attempt: number; of: number; endsAt: number; cause: string};

/** `finished` holds what the latest event finished, and only that. Times are epoch ms. */
export type View = {
  readonly prose: Prose;
  /** True once text of the current model message has been streamed; the message itself then adds nothing. */
  readonly streamed: boolean;
  readonly tools: readonly RunningTool[];
  /** What the running tool last said of how far it is. */
  readonly progress: string | null;
  readonly retry: Retry | null;
  readonly importing: {
    file: string;
    phase: ImportPhase;
    readBytes: number;
    totalBytes: number;
    startedAt: number;
  } | null;
  readonly approval: {id: number; question: string; askedAt: number} | null;
  /** A file was read on trial, and the import waits for one of `keys`. */
  readonly preview: {id: number; file: string; keys: readonly PreviewKey[]; askedAt: number} | null;
  /** The provider that answers at present; null before the first call. */
  readonly provider: string | null;
  readonly lastLine: string | null;
  /** Why the import of the running command was refused; the command's own result would only say it again. */
  readonly refusal: string | null;
  readonly finished: readonly Entry[];
};

export const emptyView: View = {
  prose: emptyProse,
  streamed: false,
  tools: [],
  progress: null,
  retry: null,
  importing: null,
  approval: null,
  preview: null,
  provider: null,
  lastLine: null,
  refusal: null,
  finished: [],
};

/** The view after a person sent `line`: it is echoed at once as `shown`, before the host has said anything. */
export function lineSent(view: View, line: string, shown = line): View {
  return {...view, lastLine: line, refusal: null, finished: [{kind: 'line_sent', text: shown}]};
}

/** The view after `event`. */
export function reduce(view: View, event: StampedEvent): View {
  const quiet: View = view.finished.length === 0 ? view : {...view, finished: []};
  switch (event.type) {
    case 'prompt': {
      const same = event.text.trim() === (view.lastLine ?? '').trim();
      return finish({...quiet, streamed: false}, same ? [] : [{kind: 'reading', text: event.text}]);
    }
    case 'text_delta': {
      const fed = feedProse(view.prose, event.delta);
      return finish({...quiet, prose: fed.prose, streamed: true}, proseEntry(fed.lines));
    }
    case 'message': {
      const text = view.streamed ? '' : event.text;
      const fed = feedProse(view.prose, text);
      const lines = [...fed.lines, ...endProse(fed.prose)];
      return finish({...quiet, prose: emptyProse, streamed: false, provider: event.provider}, proseEntry(lines));
    }
    case 'attempt_start':
      return {...quiet, retry: null, provider: event.provider};
    case 'attempt_end':
    case 'session_opened':
      return quiet;
    case 'attempt_discarded': {
      const shown = endProse(view.prose);
      return finish({...quiet, prose: emptyProse, streamed: false}, [
        ...proseEntry(shown),
        {kind: 'resilience', event},
      ]);
    }
    case 'retry_scheduled': {
      const {provider, attempt, of, endsAt} = event;
      const cause = event.status === undefined ? faultWords[event.cause] : String(event.status);
      return finish({...quiet, retry: {provider, attempt, of, endsAt, cause}}, [{kind: 'resilience', event}]);
    }
    case 'retry_cancelled':
      return {...quiet, retry: null};
    case 'breaker_count':
    case 'breaker_change':
    case 'route_blocked':
    case 'retry_success':
      return finish(quiet, [{kind: 'resilience', event}]);
    case 'provider_switch':
      return finish({...quiet, retry: null, provider: event.to}, [{kind: 'resilience', event}]);
    case 'tool_start': {
      const {callId, name, args, time} = event;
      if (name === 'suggest_next_steps') return quiet;
      return endText({...quiet, tools: [...view.tools, {callId, name, args, startedAt: time}]});
    }
    case 'tool_end': {
      const started = view.tools.find(tool => tool.callId === event.callId);
      const tools = view.tools.filter(tool => tool !== started);
      const {name, ms, result} = event;
      const ended = {...quiet, tools, progress: null, importing: null};
      // A command shows its own result, and the steps are shown at the end of the turn.
      if (isCommand(view.lastLine) || (name === 'suggest_next_steps' && result.ok)) return ended;
      const tabled = view.provider !== embeddedAnalyst;
      return finish(ended, [{kind: 'tool', name, args: started?.args, ms, result, tabled}]);
    }
    case 'work_progress':
      return {...quiet, progress: event.message};
    case 'import_progress': {
      const {file, phase, readBytes, totalBytes, time} = event;
      const startedAt = view.importing?.file === file ? view.importing.startedAt : time;
      return {...quiet, preview: null, importing: {file, phase, readBytes, totalBytes, startedAt}};
    }
    case 'import_preview': {
      const {id, file, lines, table, keys, time} = event;
      const preview = {id, file, keys, askedAt: time};
      return finish({...quiet, importing: null, preview}, [{kind: 'preview', lines, table}]);
    }
    case 'dataset_added':
      return finish({...quiet, importing: null, preview: null}, [{kind: 'import', event}]);
    case 'import_rejected': {
      const {file, message, hint} = event;
      const ended = {...quiet, importing: null, preview: null};
      // A tool tells its failure itself, and that it was stopped is said of the whole command or turn.
      if (view.tools.length > 0 || event.code === 'aborted') return ended;
      return finish({...ended, refusal: printable(message)}, [{kind: 'import_rejected', file, message, hint}]);
    }
    case 'command_result': {
      const {ok, text, table, charts = []} = event;
      const isTold = !ok && view.refusal !== null && text.startsWith(view.refusal);
      const ended = {...quiet, importing: null, preview: null, refusal: null};
      return finish(ended, isTold ? [] : [{kind: 'command', ok, text, table, charts}]);
    }
    case 'approval_request':
      return {...quiet, approval: {id: event.id, question: event.question, askedAt: event.time}};
    case 'approval_answer': {
      if (view.approval?.id !== event.id) return quiet;
      const {question} = view.approval;
      return finish({...quiet, approval: null}, [{kind: 'approval', question, approved: event.approved}]);
    }
    case 'caution':
      return withText(quiet, [{kind: 'caution', caution: event.caution}]);
    case 'grounding': {
      const text = groundingLine(event);
      return withText(quiet, text === null ? [] : [{kind: 'unsupported', text}]);
    }
    case 'notice':
      return finish(quiet, [{kind: 'notice', level: event.level, message: event.message}]);
    case 'final_error':
      return withText({...quiet, retry: null}, [{kind: 'error', message: event.message, hint: event.hint}]);
    case 'turn_end': {
      const steps: Entry[] = event.nextSteps.length > 0 ? [{kind: 'next_steps', steps: event.nextSteps}] : [];
      const ended: View = {
        ...quiet,
        retry: null,
        tools: [],
        progress: null,
        importing: null,
        approval: null,
        preview: null,
        streamed: false,
        provider: event.provider ?? view.provider,
      };
      return withText(ended, [...endingEntry(event.outcome), ...steps]);
    }
    default:
      event satisfies never;
      return quiet;
  }
}

/** Its answers hold every table it asked for. */
const embeddedAnalyst = 'offline';

function isCommand(line: string | null): boolean {
  return line?.trimStart().startsWith('/') ?? false;
}

function finish(view: View, finished: Entry[]): View {
  return finished.length === 0 ? view : {...view, finished};
}

/** Text that was still waiting goes out before whatever comes now. */
function withText(view: View, entries: Entry[]): View {
  return finish({...view, prose: emptyProse}, [...proseEntry(endProse(view.prose)), ...entries]);
}

function endText(view: View): View {
  return withText(view, []);
}

function proseEntry(lines: ProseLine[]): Entry[] {
  return lines.length === 0 ? [] : [{kind: 'prose', lines}];
}

function endingEntry(outcome: TurnOutcome): Entry[] {
  switch (outcome) {
    case 'answered':
    case 'failed':
      return [];
    case 'aborted':
      return [{kind: 'stopped'}];
    case 'limit':
      return [{kind: 'limit'}];
    default:
      outcome satisfies never;
      return [];
  }
}
