// Chooses the session of a run: a new one, the last one, or one by its name; holds it so that no other process writes to it.

import {randomBytes} from 'node:crypto';
import {ConfigError, UsageError} from '../../core/errors.ts';
import type {StampedEvent} from '../../core/events.ts';
import {nearest, printable} from '../../core/text.ts';
import {type HeldLock, holderPid, takeLock} from '../../resilience/lock-file.ts';
import type {Workspace} from '../../workspace/workspace.ts';

export type SessionChoice = {type: 'new'} | {type: 'last'} | {type: 'named'; name: string};

/** The name that means the session written to last, wherever a session is named. */
export const lastSession = 'last';

/** `events` are those of earlier runs, none for a new session. `warnings` are for people. */
export type OpenedSession = {id: string; events: StampedEvent[]; warnings: string[]; release(): void};

/**
 * @throws UsageError `session.bad_id`
 * @throws ConfigError `session.in_use` while another process has it open
 */
export async function openSession(workspace: Workspace, choice: SessionChoice, now: number): Promise<OpenedSession> {
  const warnings: string[] = [];
  let id = choice.type === 'named' && choice.name !== lastSession ? choice.name : null;
  if (id === null && choice.type !== 'new') {
    id = await newestId(workspace);
    if (id === null) warnings.push('There is no earlier session to continue; this is a new one.');
  }
  id ??= newSessionId(now);
  const release = await hold(workspace, id);
  try {
    const {events, warning} = await readEvents(workspace, id);
    if (warning !== null) warnings.push(warning);
    return {id, events, warnings, release};
  } catch (error) {
    release();
    throw error;
  }
}

/** Reads a session to look at it. @throws UsageError `session.unknown` with the nearest names */
export async function findSession(
  workspace: Workspace,
  name: string,
): Promise<{id: string; events: StampedEvent[]; warning: string | null}> {
  const id = name === lastSession ? await newestId(workspace) : name;
  const found = id === null ? null : await readEvents(workspace, id);
  if (id !== null && found && found.events.length > 0) return {id, ...found};
  const names = (await workspace.sessions()).map(each => each.id);
  const near = nearest(name, names);
  throw new UsageError('session.unknown', `There is no session "${printable(name, {oneLine: true})}".`, {
    hint:
      names.length === 0
        ? 'No session was kept yet.'
        : `${near.length > 0 ? `Did you mean ${near.join(', ')}? ` : ''}ds-agent sessions lists them; "${lastSession}" is the newest one.`,
  });
}

async function newestId(workspace: Workspace): Promise<string | null> {
  return (await workspace.sessions())[0]?.id ?? null;
}

async function readEvents(workspace: Workspace, id: string): Promise<{events: StampedEvent[]; warning: string | null}> {
  const read = await workspace.readSession(id);
  if (read === null) return {events: [], warning: null};
  // The schema is needed only where there is something to read.
  const {parseEvent} = await import('../../core/event-schema.ts');
  const events: StampedEvent[] = [];
  let unknown = 0;
  for (const line of read.lines) {
    const event = parseEvent(line);
    if (event) events.push(event);
    else unknown += 1;
  }
  const parts = [
    read.brokenLines > 0 ? `${lineCount(read.brokenLines)} that a killed run left half-written` : '',
    unknown > 0 ? `${lineCount(unknown)} this version does not know` : '',
  ].filter(Boolean);
  return {
    events,
    warning: parts.length === 0 ? null : `Session ${id} has ${parts.join(' and ')}; everything else of it is used.`,
  };
}

const lineCount = (count: number): string => `${count} line${count === 1 ? '' : 's'}`;

async function hold(workspace: Workspace, id: string): Promise<() => void> {
  const path = workspace.sessionPath(id).replace(/\.jsonl$/, '.lock');
  let lock: HeldLock | null;
  try {
    lock = await takeLock(path, 0, Number.POSITIVE_INFINITY);
  } catch {
    // On a full or read-only disk nobody writes to the session either; the answer is worth more than its record.
    return () => {};
  }
  if (lock) return lock.release;
  const holder = holderPid(path);
  throw new ConfigError(
    'session.in_use',
    `The session ${id} is open in another ds-agent${holder === null ? '' : ` (process ${holder})`}.`,
    {hint: `End that one first, or take another name: --session ${id}-2. If it is gone, remove ${path}`},
  );
}

/** Sorts by time: 20260131T094512-3fa9. */
function newSessionId(now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}
