// A lock between processes as a file that names its holder, so that a dead holder cannot keep it.

import {randomBytes} from 'node:crypto';
import {linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';

/** A lock whose holder cannot be asked (another machine on a shared disk) is taken over after this long. */
const defaultAbandonedAfterMs = 10_000;

/** A name with our process id that is not among these was given by an earlier process that had the same id. */
const ownNames = new Set<string>();

/** Names this process (and one use of the name) to others: host, process id and a random part. */
export function holderName(): string {
  const name = `${hostname()}:${process.pid}:${randomBytes(6).toString('hex')}`;
  ownNames.add(name);
  return name;
}

/** False only when the holder's process is known to be gone; a holder on another machine counts as alive. */
export function isHolderAlive(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname() || !pid) return true;
  if (Number(pid) === process.pid) return ownNames.has(holder);
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

export type HeldLock = {
  /** False when the lock was taken over meanwhile, as after a long suspension: then nothing may be written. */
  isMine(): boolean;
  release(): void;
};

/**
 * Waits up to `patienceMs` of real time; null when the lock was not to be had. A lock that is held for hours by design
 * is taken over from a dead process only: `abandonedAfterMs` is Infinity then.
 * @throws system errors of the folder
 */
export async function takeLock(
  path: string,
  patienceMs: number,
  abandonedAfterMs = defaultAbandonedAfterMs,
): Promise<HeldLock | null> {
  const token = holderName();
  const giveUpAt = performance.now() + patienceMs;
  while (!createWhole(path, token)) {
    if (removeIfAbandoned(path, abandonedAfterMs)) continue;
    if (performance.now() >= giveUpAt) {
      ownNames.delete(token);
      return null;
    }
    await sleep(1 + Math.random() * 8);
  }
  const isMine = () => readHolder(path) === token;
  return {
    isMine,
    release: () => {
      if (isMine()) rmSync(path, {force: true});
      ownNames.delete(token);
    },
  };
}

/** The file appears with its content, so nobody ever reads a lock without a holder. */
function createWhole(path: string, token: string): boolean {
  const draft = `${path}.${token.replaceAll(':', '-')}`;
  writeFileSync(draft, token, {flag: 'wx', mode: 0o600});
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return createDirectly(path, token);
  } finally {
    rmSync(draft, {force: true});
  }
}

/** For file systems without hard links. */
function createDirectly(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, {flag: 'wx', mode: 0o600});
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock, where it can be read. */
export function holderPid(path: string): number | null {
  const pid = Number(readHolder(path)?.split(':')[1]);
  return Number.isInteger(pid) ? pid : null;
}

function readHolder(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Takes a dead holder's lock away. Of two processes that try, the second could move the first one's new lock: so what was
 * moved is looked at again, and put back when it is not the dead one's. True when it is worth trying to create at once.
 */
function removeIfAbandoned(path: string, abandonedAfterMs: number): boolean {
  const holder = readHolder(path);
  if (holder === null || !isAbandoned(path, holder, abandonedAfterMs)) return false;
  const grave = `${path}.dead-${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, grave);
  } catch {
    return true;
  }
  const moved = readHolder(grave);
  if (moved !== holder) putBack(grave, path);
  rmSync(grave, {force: true});
  return true;
}

function isAbandoned(path: string, holder: string, abandonedAfterMs: number): boolean {
  if (holder !== '' && !isHolderAlive(holder)) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > abandonedAfterMs;
  } catch {
    return false;
  }
}

/** A live lock was moved by mistake in the moment between look and rename. Its holder checks before it writes. */
function putBack(grave: string, path: string): void {
  try {
    linkSync(grave, path);
  } catch {
    // Somebody holds the lock already; the mistaken holder sees that it is not his and tries again.
  }
}
