// What both sides of the soak know: the right answer, the settings, the report.

import type {RouterSettings} from '../src/resilience/router.ts';

export const soakAnswer = 'The average price is 42.';

/** Times are short so that two thousand turns with every kind of fault end in about a minute. */
export const soakSettings: RouterSettings = {
  maxRetries: 4,
  timeoutMs: 150,
  breakerThreshold: 3,
  breakerCooldownMs: 40,
  retryBaseMs: 1,
  retryJitter: 0.2,
  turnDeadlineMs: 20_000,
};

export type SoakReport = {
  turns: number;
  answered: number;
  failed: number;
  attempts: number;
  wrong: string[];
  unhandled: number;
  firstQuarterBytes: number;
  lastQuarterBytes: number;
  handles: string[];
};
