// Reads how long a service asks us to wait: from headers, from Google's RetryInfo, or from the words of the message.

import type {DelaySource} from '../core/errors.ts';
import {isRecord, textField} from '../core/unknown.ts';

export type ResponseHeaders = {get(name: string): string | null};

/** A service that asks for longer is taken to mean a day. */
const longestHintMs = 24 * 3_600_000;

export type RetryHint = {delayMs: number; source: Exclude<DelaySource, 'ladder'>};

/** The first valid of: retry-after-ms, retry-after (seconds, or a date), RetryInfo, "try again in 1h2m3.4s|900ms". */
export function findRetryHint(
  facts: {headers?: ResponseHeaders | undefined; details?: readonly unknown[]; text: string},
  now: number,
): RetryHint | null {
  const hint = (delayMs: number, source: RetryHint['source']) => ({delayMs: Math.min(delayMs, longestHintMs), source});
  const fromHeaders = headerDelay(facts.headers, now);
  if (fromHeaders !== null) return hint(fromHeaders, 'header');
  const fromDetails = retryInfoDelay(facts.details ?? []);
  if (fromDetails !== null) return hint(fromDetails, 'retry_info');
  const fromText = textDelay(facts.text);
  return fromText === null ? null : hint(fromText, 'text');
}

function headerDelay(headers: ResponseHeaders | undefined, now: number): number | null {
  if (!headers) return null;
  const milliseconds = plainNumber(headers.get('retry-after-ms'));
  if (milliseconds !== null) return milliseconds;
  const value = headers.get('retry-after');
  const seconds = plainNumber(value);
  if (seconds !== null) return seconds * 1000;
  // A date needs the server's own clock: ours may be wrong by more than the delay.
  const until = httpDate(value);
  return until === null ? null : positive(until - (httpDate(headers.get('date')) ?? now));
}

function plainNumber(value: string | null): number | null {
  return value !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : null;
}

/** Only the three-letter day names that HTTP dates begin with: Date.parse alone takes "-5" for a date. */
function httpDate(value: string | null): number | null {
  if (value === null || !/^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

const positive = (delayMs: number): number | null => (delayMs >= 0 ? delayMs : null);

function retryInfoDelay(details: readonly unknown[]): number | null {
  for (const detail of details) {
    if (!isRecord(detail)) continue;
    const match = /^(\d+(?:\.\d+)?)s$/.exec(textField(detail, 'retryDelay') ?? '');
    if (match) return Number(match[1]) * 1000;
  }
  return null;
}

const unitMs: Record<string, number> = {h: 3_600_000, m: 60_000, s: 1000, ms: 1};

function textDelay(text: string): number | null {
  const match = /\b(?:try again|retry) in ((?:\d+(?:\.\d+)?\s*(?:ms|h|m|s)(?![a-z])\s*)+)/i.exec(spellUnits(text));
  if (!match?.[1]) return null;
  let delayMs = 0;
  for (const [, amount, unit] of match[1].matchAll(/(\d+(?:\.\d+)?)\s*(ms|h|m|s)/gi))
    delayMs += Number(amount) * (unitMs[(unit ?? 's').toLowerCase()] ?? 0);
  return delayMs;
}

/** "20 seconds" → "20 s", and units glued to the next number are parted: "1h2m3.4s" → "1h 2m 3.4s". */
function spellUnits(text: string): string {
  return text
    .replace(/(\d)\s*(hour|minute|second|millisecond)s?\b/gi, (_, digit: string, unit: string) =>
      unit.toLowerCase() === 'millisecond' ? `${digit} ms` : `${digit} ${unit[0]?.toLowerCase()}`,
    )
    .replace(/(\d(?:ms|h|m|s))(?=\d)/gi, '$1 ');
}
