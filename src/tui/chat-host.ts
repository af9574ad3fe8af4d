// What the chat view needs from the program: one way to submit a line, and facts to show. Everything else comes as events.

import type {RouteStatus, Usage} from '../core/chat.ts';
import type {EventSink, PreviewKey} from '../core/events.ts';
import type {GridSource} from './grid/grid-source.ts';

/** `insert` replaces the text from `start` to the cursor. */
export type Completion = {label: string; detail: string; insert: string; start: number};

/** Facts of the status bar. `contextShare` is 0 to 1; `routes` is empty only before start-up has finished. */
export type ChatStatus = {
  routes: RouteStatus[];
  dataset: {name: string; version: number; rows: number; columns: number} | null;
  /** The last result was of a sample of the rows; null before the first. */
  sampled: boolean | null;
  usage: Usage;
  /** `unpriced`: models without a list price were used. Null where nothing is paid for. */
  money: {dollars: number; estimated: boolean; unpriced: boolean} | null;
  contextShare: number | null;
  /** What may go to a model and what went in this session; null where nothing is ever sent. */
  privacy: {level: string; rowsSent: number; bytesSent: number} | null;
};

/** What a line leads to: the next one, the end, or a grid of data to look at. */
export type LineEnd = 'continue' | 'quit' | {grid: GridSource};

export interface ChatHost {
  /** Replays nothing: a sink gets the events emitted from now on. Returns the way to stop. */
  subscribe(sink: EventSink): () => void;
  /** Runs one line (a question, a /command or the number of a next step) to its end; never rejects. */
  submit(line: string, signal: AbortSignal): Promise<LineEnd>;
  /** Imports a table that was pasted, as the dataset `pasted`; never rejects. */
  importPasted(text: string, signal: AbortSignal): Promise<'continue' | 'quit'>;
  status(): ChatStatus;
  complete(line: string, cursor: number): Completion[];
  answerApproval(id: number, approved: boolean): void;
  /** Answers the preview of an import; an outdated id means nothing. */
  answerPreview(id: number, key: PreviewKey): void;
  /** Earlier lines of this workspace, oldest first. */
  history(): string[];
  remember(line: string): void;
  /** Lines shown once above the first prompt (version, dataset, next steps), already printable. */
  greeting(): string[];
  /** A first line to run as if it had been typed. */
  firstLine: string | null;
}
