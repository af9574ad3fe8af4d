// Everything that happens, as one closed union, and the stream that tells every sink of it.

import type {Caution} from './caution.ts';
import type {BreakerState, Usage} from './chat.ts';
import type {Clock} from './clock.ts';
import type {Table} from './dataset.ts';
import type {DelaySource, ErrorKind, ProviderFaultClass} from './errors.ts';
import type {Grounding} from './grounding.ts';
import type {PrivacyLevel} from './privacy.ts';
import type {Artifact, NextStep, ToolResult} from './tool.ts';

/** What a person can say to a preview: keep it, read the file in another way, or leave it. */
export type PreviewKey = 'import' | 'delimiter' | 'header' | 'date_order' | 'cancel';

export type SessionKind = 'chat' | 'script';

export type TurnOutcome = 'answered' | 'aborted' | 'failed' | 'limit';

/** Times named `…At` and `…Until` are epoch milliseconds, `…Ms` are durations. */
/** Copied and hashed; parsed; typed and written; looked at column by column. */
export type ImportPhase = 'copy' | 'read' | 'type' | 'describe';

export type AgentEvent =
  /** The first event of a run that has a session; `resumed` when the session holds earlier turns. */
  | {type: 'session_opened'; id: string; kind: SessionKind; resumed: boolean; privacy?: PrivacyLevel | undefined}
  | {type: 'prompt'; text: string}
  | {type: 'text_delta'; delta: string}
  /** A whole assistant message entered the history; `final` when no tool calls follow. */
  | {type: 'message'; text: string; final: boolean; provider: string; model: string; usage: Usage}
  | {type: 'attempt_start'; provider: string; model: string; attempt: number}
  | {
      type: 'attempt_end';
      provider: string;
      model: string;
      attempt: number;
      outcome: 'ok' | ProviderFaultClass;
      status?: number | undefined;
      requestId?: string | undefined;
      message?: string | undefined;
      ms: number;
    }
  | {type: 'attempt_discarded'; provider: string; chars: number}
  | {
      type: 'retry_scheduled';
      provider: string;
      attempt: number;
      of: number;
      delayMs: number;
      source: DelaySource;
      endsAt: number;
      cause: ProviderFaultClass;
      status?: number | undefined;
    }
  | {type: 'retry_cancelled'; provider: string}
  | {
      type: 'breaker_change';
      provider: string;
      model: string;
      from: BreakerState;
      to: BreakerState;
      failures: number;
      threshold: number;
      openUntil: number | null;
      cause: string | null;
    }
  /** A countable failure that left the breaker's state as it was, or a success that reset the count. */
  | {
      type: 'breaker_count';
      provider: string;
      model: string;
      failures: number;
      threshold: number;
      cause: ProviderFaultClass | null;
    }
  | {type: 'provider_switch'; from: string; to: string; reason: string}
  | {type: 'route_blocked'; provider: string; cause: ProviderFaultClass; message: string}
  | {type: 'retry_success'; provider: string; retries: number}
  | {type: 'tool_start'; callId: string; name: string; args: unknown}
  | {type: 'tool_end'; callId: string; name: string; ms: number; result: ToolResult}
  /** How far a long computation is, in words; each message takes the place of the one before. */
  | {type: 'work_progress'; message: string}
  /** `totalBytes` is 0 for a stream. `readBytes` starts anew with each phase. */
  | {type: 'import_progress'; file: string; phase: ImportPhase; readBytes: number; totalBytes: number}
  | {
      type: 'dataset_added';
      name: string;
      version: number;
      rows: number;
      columns: number;
      sizeBytes: number;
      format: string;
      storedName: string;
      warnings: string[];
    }
  | {type: 'import_rejected'; file: string; code: string; message: string; hint?: string | undefined}
  /** What a slash command showed; it did not go through a model. `text` is already printable; `charts` stand above it. */
  | {
      type: 'command_result';
      line: string;
      ok: boolean;
      text: string;
      table?: Table | undefined;
      charts?: Artifact[] | undefined;
    }
  | {type: 'approval_request'; id: number; question: string}
  | {type: 'approval_answer'; id: number; approved: boolean}
  /** How a file would be read; the import waits for one of `keys`. `lines` are printable, `table` holds the first rows. */
  | {type: 'import_preview'; id: number; file: string; lines: string[]; table: Table; keys: PreviewKey[]}
  /** Said once, after the answer it belongs to. */
  | {type: 'caution'; caution: Caution}
  /** After the last message of a turn whose answer holds numbers. */
  | ({type: 'grounding'} & Grounding)
  | {type: 'notice'; level: 'info' | 'warn'; code: string; message: string}
  | {
      type: 'final_error';
      kind: ErrorKind;
      code: string;
      message: string;
      hint?: string | undefined;
      attempts: number;
      retryAfterMs: number | null;
    }
  | {
      type: 'turn_end';
      outcome: TurnOutcome;
      usage: Usage;
      durationMs: number;
      nextSteps: NextStep[];
      provider: string | null;
      model: string | null;
    };

export type StampedEvent = AgentEvent & {v: 1; seq: number; time: number};

export type EventSink = (event: StampedEvent) => void;

/** Stamps and delivers events in order. A sink that throws is reported once through `onSinkError` and never stops a turn. */
export class EventStream {
  #seq = 0;
  readonly #sinks = new Set<EventSink>();
  readonly #failed = new WeakSet<EventSink>();
  readonly #clock: Clock;
  readonly #onSinkError: (error: unknown) => void;

  constructor(clock: Clock, onSinkError: (error: unknown) => void = () => {}) {
    this.#clock = clock;
    this.#onSinkError = onSinkError;
  }

  readonly emit = (event: AgentEvent): void => {
    const stamped: StampedEvent = {v: 1, seq: ++this.#seq, time: this.#clock.now(), ...event};
    for (const sink of this.#sinks) {
      try {
        sink(stamped);
      } catch (error) {
        if (this.#failed.has(sink)) continue;
        this.#failed.add(sink);
        this.#onSinkError(error);
      }
    }
  };

  subscribe(sink: EventSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }
}
