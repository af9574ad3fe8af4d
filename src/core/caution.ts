// What a statistician looking over the shoulder would say beside an answer: a fact with its numbers, never an error.

import type {Table} from './dataset.ts';
import type {Receipt} from './tool.ts';

/**
 * `info` is worth knowing, `warn` can change what the answer means. `message` is one line with the numbers in it;
 * `receipt` names the result it is about; `advice` says what it means and what to do, for who asks.
 */
export type Caution = {
  code: string;
  severity: 'info' | 'warn';
  message: string;
  advice: string;
  receipt: number;
};

/** A tool's result as it is looked over. */
export type Watched = {receipt: Receipt; table?: Table | undefined};

/** Looks at one result. Never rejects, but when the signal fires: what can't be checked gives no caution. */
export type Watcher = (watched: Watched, signal: AbortSignal) => Promise<Caution[]>;
