// The privacy level of a session that goes on: what was kept back stays back, unless the command line says otherwise.

import type {StampedEvent} from '../../core/events.ts';
import {isPrivacyLevel, type PrivacyLevel, privacyLevels} from '../../core/privacy.ts';

/** The level at which the session was left; null where it does not say. */
function levelLeft(events: readonly StampedEvent[]): PrivacyLevel | null {
  let left: PrivacyLevel | null = null;
  for (const event of events) {
    if (event.type === 'session_opened') left = event.privacy ?? left;
    const word =
      event.type === 'command_result' && event.ok ? /^\/privacy\s+(\w+)\s*$/.exec(event.line.trim())?.[1] : undefined;
    const level = word?.toLowerCase();
    if (level !== undefined && isPrivacyLevel(level)) left = level;
  }
  return left;
}

/**
 * The stricter of the configured level and the one at which the session was left: results of earlier turns are sent
 * again with each request, so a level that was wished for them still holds. `insisted`: named on the command line.
 */
export function levelOfSession(
  events: readonly StampedEvent[],
  configured: PrivacyLevel,
  insisted: boolean,
): PrivacyLevel {
  const left = levelLeft(events);
  if (insisted || left === null) return configured;
  return privacyLevels.indexOf(left) > privacyLevels.indexOf(configured) ? left : configured;
}
