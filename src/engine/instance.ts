// Opens a DuckDB that can't reach anything but the folders and files it is given, and can't be talked out of it.

import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {DuckDBConnection} from '@duckdb/node-api';
import {DuckDBInstance} from '@duckdb/node-api';
import {AbortedError} from '../core/errors.ts';
import {globLiteral, quoteText} from './sql-text.ts';

export type InstanceLimits = {spillDirectory: string; memoryLimitBytes: number; threads: number};

export type Reach = {directories: readonly string[]; files: readonly string[]; disabledOptimizers?: string};

/**
 * `first` is the connection the settings were made on; only it tells how far a statement has come. What uses the
 * instance does so inside `hold`: closing refuses what starts later and stops what runs (`closing`), and frees nothing
 * before the last of it has ended. DuckDB freed in the middle of a connect, prepare or query breaks the whole process.
 */
export type LockedInstance = {
  first: DuckDBConnection;
  connect(): Promise<DuckDBConnection>;
  hold<T>(work: () => Promise<T>): Promise<T>;
  closing: AbortSignal;
  close(): void;
  spill: string;
};

export async function openLockedInstance(limits: InstanceLimits, reach: Reach): Promise<LockedInstance> {
  const spill = join(limits.spillDirectory, `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`);
  await mkdir(limits.spillDirectory, {recursive: true, mode: 0o700});
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${limits.memoryLimitBytes}B`,
    threads: String(limits.threads),
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  // DuckDB checks the text it is given, before and after it expands it as a pattern, so both spellings are needed.
  const list = (paths: readonly string[]) => {
    const spellings = new Set(paths.flatMap(path => [path, globLiteral(path)]));
    return `[${[...spellings].map(quoteText).join(', ')}]`;
  };
  await connection.run(
    `SET TimeZone = 'UTC';
     SET enable_progress_bar = true;
     SET enable_progress_bar_print = false;
     SET disabled_optimizers = ${quoteText(reach.disabledOptimizers ?? '')};
     SET allowed_directories = ${list([...reach.directories, spill].map(path => `${path}/`))};
     SET allowed_paths = ${list(reach.files)};
     SET enable_external_access = false;
     SET lock_configuration = true`,
  );
  const ending = new AbortController();
  const closing = ending.signal;
  let held = 0;
  const free = () => {
    connection.closeSync();
    instance.closeSync();
    rmSync(spill, {recursive: true, force: true});
  };
  return {
    spill,
    first: connection,
    connect: () => instance.connect(),
    closing,
    async hold(work) {
      closing.throwIfAborted();
      held++;
      try {
        return await work();
      } finally {
        held--;
        if (held === 0 && closing.aborted) free();
      }
    },
    close() {
      if (closing.aborted) return;
      ending.abort(new AbortedError('The engine is closed.'));
      if (held === 0) free();
    },
  };
}

const interruptEveryMs = 50;

/** Runs `work` on a connection of its own; the signal interrupts what runs there. */
export function withConnection<T>(
  instance: LockedInstance,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return instance.hold(async () => {
    const connection = await instance.connect();
    try {
      return await interruptible(connection, [signal, instance.closing], () => work(connection));
    } finally {
      connection.closeSync();
    }
  });
}

/** Runs `work` on the first connection, one at a time. */
export function withFirstConnection<T>(
  instance: LockedInstance,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return instance.hold(() => interruptible(instance.first, [signal, instance.closing], work));
}

/** Any of the signals interrupts what `work` runs on the connection. */
async function interruptible<T>(
  connection: DuckDBConnection,
  signals: readonly (AbortSignal | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  let again: NodeJS.Timeout | undefined;
  // An interrupt between the check of a statement and its start is lost, so it is repeated until the work has ended.
  const interrupt = () => {
    connection.interrupt();
    again ??= setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  for (const signal of signals) signal?.addEventListener('abort', interrupt, {once: true});
  try {
    for (const signal of signals) signal?.throwIfAborted();
    return await work();
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', interrupt);
    clearInterval(again);
  }
}
