// Keeps the breakers of all routes in one small file shared by every ds-agent process of this user, or in memory.

import {randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {isRecord} from '../core/unknown.ts';
import {type Breaker, newBreaker} from './circuit-breaker.ts';
import {takeLock} from './lock-file.ts';

export interface BreakerStore {
  /** The breaker of a route as last written by anybody. */
  read(key: string): Breaker;
  /**
   * Replaces the breaker by `change` of it, with no other process in between, and gives the result. `change` is pure and
   * may be called again; returning the same object means that nothing is to be written.
   */
  change(key: string, change: (breaker: Breaker) => Breaker): Promise<Breaker>;
  /** Says once why state is not kept, or that it was damaged; null when there is nothing to say. */
  takeWarning(): string | null;
}

const version = 1;
const lockPatienceMs = 2000;
const longestStateMs = 24 * 3_600_000;

/** `directory` null keeps everything in memory, on purpose and without a warning. Never throws for the disk's sake. */
export function openBreakerStore(directory: string | null): BreakerStore {
  return directory === null ? new MemoryStore() : new FileStore(directory);
}

class MemoryStore implements BreakerStore {
  readonly #breakers: Map<string, Breaker>;

  constructor(breakers: Iterable<[string, Breaker]> = []) {
    this.#breakers = new Map(breakers);
  }

  read(key: string): Breaker {
    return this.#breakers.get(key) ?? newBreaker;
  }

  async change(key: string, change: (breaker: Breaker) => Breaker): Promise<Breaker> {
    const next = change(this.read(key));
    this.#breakers.set(key, next);
    return next;
  }

  takeWarning(): string | null {
    return null;
  }
}

type Content = {breakers: Map<string, Breaker>; problem: 'none' | 'broken' | 'newer'};

class FileStore implements BreakerStore {
  readonly #directory: string;
  readonly #path: string;
  #fallback: MemoryStore | null = null;
  #warning: string | null = null;
  #lastRead = new Map<string, Breaker>();
  #isBroken = false;
  #saidBroken = false;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, 'breakers.json');
  }

  read(key: string): Breaker {
    return this.#fallback?.read(key) ?? this.#load().get(key) ?? newBreaker;
  }

  async change(key: string, change: (breaker: Breaker) => Breaker): Promise<Breaker> {
    const current = this.read(key);
    // Most calls change nothing (closed before, closed after): they need no lock.
    if (!this.#fallback && change(current) === current) return current;
    if (!this.#fallback) {
      const written = await this.#changeFile(key, change).catch(error => this.#giveUp(reasonOf(error)));
      if (written) return written;
    }
    return (this.#fallback ?? new MemoryStore()).change(key, change);
  }

  takeWarning(): string | null {
    const warning = this.#warning;
    this.#warning = null;
    return warning;
  }

  async #changeFile(key: string, change: (breaker: Breaker) => Breaker): Promise<Breaker | null> {
    makeFolders(resolve(this.#directory));
    const giveUpAt = performance.now() + lockPatienceMs;
    while (performance.now() < giveUpAt) {
      const lock = await takeLock(`${this.#path}.lock`, giveUpAt - performance.now());
      if (!lock) break;
      try {
        const breakers = new Map(this.#load());
        if (this.#fallback) return null;
        const current = breakers.get(key) ?? newBreaker;
        const next = change(current);
        if (next === current) return next;
        breakers.set(key, next);
        if (this.#write(breakers, () => lock.isMine())) return next;
      } finally {
        lock.release();
      }
    }
    return this.#giveUp(`no lock on ${this.#path} within ${lockPatienceMs / 1000} s`);
  }

  /** False when the lock was lost before the moment of the rename: then nothing was changed. */
  #write(breakers: Map<string, Breaker>, isMine: () => boolean): boolean {
    const draft = `${this.#path}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(draft, `${JSON.stringify({version, breakers: Object.fromEntries(breakers)}, null, 1)}\n`, {
        mode: 0o600,
      });
      if (!isMine()) return false;
      if (this.#isBroken) renameSync(this.#path, `${this.#path}.broken`);
      renameSync(draft, this.#path);
      return true;
    } finally {
      rmSync(draft, {force: true});
    }
  }

  #load(): Map<string, Breaker> {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing) this.#giveUp(reasonOf(error));
      return new Map();
    }
    const {breakers, problem} = parseContent(text);
    if (problem === 'newer') this.#giveUp(`${this.#path} was written by a newer ds-agent`);
    this.#isBroken = problem === 'broken';
    if (this.#isBroken && !this.#saidBroken) {
      this.#saidBroken = true;
      this.#warning = `${this.#path} is damaged; breaker states start afresh and the old file is kept as ${this.#path}.broken.`;
    }
    this.#lastRead = breakers;
    return breakers;
  }

  /** From now on this process keeps its breakers to itself, beginning with what was last read. */
  #giveUp(reason: string): null {
    if (this.#fallback) return null;
    this.#fallback = new MemoryStore(this.#lastRead);
    this.#warning = `Breaker states are kept in memory only: ${reason}.`;
    return null;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseContent(text: string): Content {
  const broken: Content = {breakers: new Map(), problem: 'broken'};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken;
  }
  if (!isRecord(value) || typeof value.version !== 'number') return broken;
  if (value.version > version) return {breakers: new Map(), problem: 'newer'};
  if (!isRecord(value.breakers)) return broken;
  const breakers = new Map<string, Breaker>();
  for (const [key, entry] of Object.entries(value.breakers)) {
    const breaker = parseBreaker(entry);
    if (!breaker) return broken;
    breakers.set(key, breaker);
  }
  return {breakers, problem: 'none'};
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function parseBreaker(value: unknown): Breaker | null {
  if (!isRecord(value)) return null;
  const {state, epoch, failures, lastFailureAt, cause, since, forMs, holder} = value;
  if (!isCount(epoch) || !isCount(failures)) return null;
  if (lastFailureAt !== null && typeof lastFailureAt !== 'number') return null;
  if (cause !== null && typeof cause !== 'string') return null;
  const common = {epoch, failures, lastFailureAt, cause};
  if (state === 'closed') return {...common, state};
  if (typeof since !== 'number' || typeof forMs !== 'number' || !(forMs >= 0)) return null;
  const timed = {...common, since, forMs: Math.min(forMs, longestStateMs)};
  if (state === 'open') return {...timed, state};
  return state === 'half_open' && typeof holder === 'string' ? {...timed, state, holder} : null;
}

/** Level by level: Node's own recursive mkdir never ends where a file system answers ENOENT for a folder it can't make. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path, {mode: 0o700});
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}
