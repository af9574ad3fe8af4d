// How long to wait before a retry: the ladder, or what the server asked for if that is longer, plus upward jitter.

import type {DelaySource} from '../core/errors.ts';
import type {RetryHint} from './retry-hint.ts';

/** No step of the ladder is longer than this, and no wait a server asks for beyond it is sat out. */
export const longestWaitMs = 60_000;

export type Backoff = {
  /** Before jitter. */
  wantedMs: number;
  /** With jitter, what to sleep. */
  delayMs: number;
  source: DelaySource;
};

/**
 * The wait before retry `retry` (1, 2, …): max(base · 2^(retry − 1), hint) · (1 + U(0, jitter)). Jitter only adds, so a
 * delay is never shorter than the ladder or than the server asked for. `random` gives values in [0, 1).
 */
export function backoff(
  retry: number,
  hint: RetryHint | undefined,
  settings: {retryBaseMs: number; retryJitter: number},
  random: () => number,
): Backoff {
  const ladderMs = Math.min(settings.retryBaseMs * 2 ** (retry - 1), longestWaitMs);
  const hinted = hint !== undefined && hint.delayMs > ladderMs;
  const wantedMs = hinted ? hint.delayMs : ladderMs;
  return {wantedMs, delayMs: wantedMs * (1 + random() * settings.retryJitter), source: hinted ? hint.source : 'ladder'};
}
