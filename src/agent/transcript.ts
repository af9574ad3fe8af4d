// A session read back from its events: what was asked, what was computed and what was said, turn by turn.

import type {Usage} from '../core/chat.ts';
import type {Table} from '../core/dataset.ts';
import type {StampedEvent, TurnOutcome} from '../core/events.ts';
import type {NextStep, Receipt, ToolResult} from '../core/tool.ts';

/** `added` are the dataset versions that came to be while the call ran. */
export type Call = {
  callId: string;
  name: string;
  args: unknown;
  result: ToolResult;
  added: {name: string; version: number}[];
};

/** One message of the model and the calls it asked for. */
export type Step = {text: string; calls: Call[]; provider: string; model: string; usage: Usage};

/** `at` is epoch ms. `outcome` is null where the process ended in the middle of the turn. */
export type Turn = {
  kind: 'turn';
  prompt: string;
  at: number;
  steps: Step[];
  outcome: TurnOutcome | null;
  error: {code: string; message: string; hint?: string | undefined} | null;
  nextSteps: NextStep[];
  usage: Usage;
};

/** A slash command; `line` is null where the process ended before it was done. */
export type Command = {
  kind: 'command';
  line: string | null;
  at: number;
  ok: boolean;
  text: string;
  table: Table | undefined;
  calls: Call[];
};

export type Entry = Turn | Command;

const unknownUsage: Usage = {inputTokens: null, outputTokens: null};
const cutResult: ToolResult = {ok: false, code: 'aborted', message: 'Stopped before it ran to its end.'};

/** The entries in their order; whatever a killed run left open is closed where it stopped. */
export function readTranscript(events: readonly StampedEvent[]): Entry[] {
  const entries: Entry[] = [];
  const open = new Map<string, Call>();
  let turn: Turn | null = null;
  let loose: Call[] = [];
  let at = 0;

  const closeCut = () => {
    open.clear();
    if (turn) entries.push(turn);
    if (loose.length > 0)
      entries.push({kind: 'command', line: null, at, ok: false, text: '', table: undefined, calls: loose});
    turn = null;
    loose = [];
  };

  for (const event of events) {
    switch (event.type) {
      case 'session_opened':
        closeCut();
        break;
      case 'prompt':
        closeCut();
        turn = newTurn(event.text, event.time);
        break;
      case 'message': {
        const {text, provider, model, usage} = event;
        turn?.steps.push({text, provider, model, usage, calls: []});
        break;
      }
      case 'tool_start': {
        const {callId, name, args} = event;
        const call: Call = {callId, name, args, result: cutResult, added: []};
        open.set(callId, call);
        (lastStep(turn)?.calls ?? (turn ? givenStep(turn).calls : loose)).push(call);
        at = event.time;
        break;
      }
      case 'dataset_added':
        [...open.values()].at(-1)?.added.push({name: event.name, version: event.version});
        break;
      case 'tool_end': {
        const call = open.get(event.callId);
        if (call) call.result = event.result;
        open.delete(event.callId);
        break;
      }
      case 'command_result': {
        const {line, ok, text, table, time} = event;
        entries.push({kind: 'command', line, at: time, ok, text, table, calls: loose});
        loose = [];
        break;
      }
      case 'final_error':
        if (turn) turn.error = {code: event.code, message: event.message, hint: event.hint};
        break;
      case 'turn_end':
        if (!turn) break;
        entries.push({...turn, outcome: event.outcome, nextSteps: event.nextSteps, usage: event.usage});
        turn = null;
        break;
      default:
        break;
    }
  }
  closeCut();
  return entries;
}

function newTurn(prompt: string, at: number): Turn {
  return {kind: 'turn', prompt, at, steps: [], outcome: null, error: null, nextSteps: [], usage: unknownUsage};
}

/** Calls before the first message are those that the user's words stood for. */
function givenStep(turn: Turn): Step {
  const step: Step = {text: '', provider: 'ds-agent', model: '', usage: unknownUsage, calls: []};
  turn.steps.push(step);
  return step;
}

function lastStep(turn: Turn | null): Step | undefined {
  return turn?.steps.at(-1);
}

/** The words that ended the turn; null when the model said none. */
export function answerOf(turn: Turn): string | null {
  return turn.steps.findLast(step => step.text.trim() !== '')?.text ?? null;
}

export function callsOf(entry: Entry): Call[] {
  return entry.kind === 'command' ? entry.calls : entry.steps.flatMap(step => step.calls);
}

/** The receipt of a call that computed something; null for a failure and for a list of next steps. */
export function receiptOf({result}: Call): Receipt | null {
  return result.ok && !result.nextSteps ? result.receipt : null;
}

/** The dataset the user worked on last: one chosen, imported or asked about. */
export function lastDataset(events: readonly StampedEvent[]): string | undefined {
  let name: string | undefined;
  for (const event of events) {
    if (event.type === 'dataset_added' && event.format !== 'query') name = event.name;
    else if (event.type === 'tool_end' && event.result.ok && !event.result.nextSteps)
      name = event.result.receipt.datasets[0]?.name ?? name;
    else if (event.type === 'command_result' && event.ok) name = /^\/use\s+(\S+)$/.exec(event.line.trim())?.[1] ?? name;
  }
  return name;
}
