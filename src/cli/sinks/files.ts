// The two files a run leaves: its session (everything said and computed) and the log (what a person debugging wants).

import type {AgentEvent, EventSink, StampedEvent} from '../../core/events.ts';
import type {LogLevel} from '../config.ts';
import type {JsonlFile} from '../jsonl-file.ts';

/**
 * Everything but the deltas, which the whole message repeats. A finished turn or command is on the disk. Nothing is
 * written before something has happened, so that a chat that was only opened leaves no session.
 */
export function sessionSink(file: JsonlFile): EventSink {
  let held: StampedEvent[] | null = [];
  return event => {
    if (event.type === 'text_delta' || event.type === 'work_progress' || event.type === 'import_progress') return;
    if (held && (event.type === 'session_opened' || event.type === 'notice')) {
      held.push(event);
      return;
    }
    for (const each of held ?? []) file.append(each);
    held = null;
    file.append(event);
    if (event.type === 'turn_end' || event.type === 'command_result') file.sync();
  };
}

const ranks: Record<LogLevel, number> = {error: 0, warn: 1, info: 2, debug: 3};

/** Writes the events that `level` asks for, one JSON object a line, with the line a person reads in `text`. */
export function logSink(file: JsonlFile, level: LogLevel, describe: (event: StampedEvent) => string | null): EventSink {
  return event => {
    if (ranks[levelOf(event)] > ranks[level]) return;
    const text = describe(event);
    file.append({level: levelOf(event), ...event, ...(text === null ? {} : {text})});
  };
}

function levelOf(event: AgentEvent): LogLevel {
  switch (event.type) {
    case 'final_error':
      return 'error';
    case 'route_blocked':
    case 'breaker_change':
    case 'breaker_count':
    case 'retry_scheduled':
    case 'import_rejected':
      return 'warn';
    case 'notice':
      return event.level;
    case 'caution':
      return event.caution.severity;
    case 'grounding':
      return event.unsupported.length > 0 ? 'warn' : 'debug';
    case 'attempt_end':
      return event.outcome === 'ok' ? 'debug' : 'warn';
    case 'tool_end':
      return event.result.ok ? 'info' : 'warn';
    case 'attempt_discarded':
    case 'provider_switch':
    case 'retry_success':
    case 'retry_cancelled':
    case 'dataset_added':
    case 'turn_end':
    case 'prompt':
      return 'info';
    case 'session_opened':
    case 'text_delta':
    case 'message':
    case 'attempt_start':
    case 'tool_start':
    case 'work_progress':
    case 'import_progress':
    case 'command_result':
    case 'approval_request':
    case 'import_preview':
    case 'approval_answer':
      return 'debug';
    default:
      return event satisfies never;
  }
}
