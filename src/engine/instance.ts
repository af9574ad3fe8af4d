// Opens a DuckDB that can't reach anything but the folders and files it is given, and can't be talked out of it.

import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {DuckDBConnection} from '@duckdb/node-api';
import {DuckDBInstance} from '@duckdb/node-api';
import {globLiteral, quoteText} from './sql-text.ts';

export type InstanceLimits = {spillDirectory: string; memoryLimitBytes: number; threads: number};

export type Reach = {directories: readonly string[]; files: readonly string[]; disabledOptimizers?: string};

/** `first` is the connection the settings were made on; only it tells how far a statement has come. */
export type LockedInstance = {
  first: DuckDBConnection;
  connect(): Promise<DuckDBConnection>;
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
  return {
    spill,
    first: connection,
    connect: () => instance.connect(),
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(spill, {recursive: true, force: true});
    },
  };
}

const interruptEveryMs = 50;

/** Runs `work` on a connection of its own; the signal interrupts what runs there. */
export async function withConnection<T>(
  instance: LockedInstance,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  try {
    return await interruptible(connection, signal, () => work(connection));
  } finally {
    connection.closeSync();
  }
}

/** The signal interrupts what `work` runs on the connection. */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let again: NodeJS.Timeout | undefined;
  // An interrupt between the check of a statement and its start is lost, so it is repeated until the work has ended.
  const interrupt = () => {
    connection.interrupt();
    again = setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  signal?.addEventListener('abort', interrupt, {once: true});
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(again);
  }
}
