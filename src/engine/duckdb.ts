// The door to DuckDB. Its native library is loaded by the first engine that opens, or when a chat has nothing else to do.

import {availableParallelism, totalmem} from 'node:os';
import type {ImportEngine} from './import-engine.ts';
import type {SqlEngine} from './sql-engine.ts';

/**
 * `dataDirectory` holds the Parquet files; `spillDirectory` takes what does not fit into memory, in a folder of its own
 * per engine. The memory limit is `defaultMemoryLimitBytes` unless given.
 */
export type EngineOptions = {
  dataDirectory: string;
  spillDirectory: string;
  memoryLimitBytes?: number;
  threads?: number;
};

/**
 * Loads the library ahead of the first question: 40 ms in one piece, in which no key is read. A failure is the first
 * engine's to report.
 */
export async function preloadEngine(): Promise<void> {
  await import('./query-engine.ts').catch(() => {});
}

/** The engine for what a user or a model wrote: it reads datasets and nothing else. */
export async function openQueryEngine(options: EngineOptions): Promise<SqlEngine> {
  const {DuckDbQueryEngine} = await import('./query-engine.ts');
  return DuckDbQueryEngine.open(withDefaults(options));
}

/** The engine for our own statements of one import: it reads `uploads` (exact files) and writes into the data directory. */
export async function openImportEngine(
  options: EngineOptions & {uploads: readonly string[]; onProgress?: (share: number) => void},
): Promise<ImportEngine> {
  const {openLockedImportEngine} = await import('./import-engine.ts');
  const {uploads, onProgress} = options;
  return openLockedImportEngine({...withDefaults(options), uploads, ...(onProgress ? {onProgress} : {})});
}

/** 70 % of the machine's memory, or of what a container allows where that is less; 0 of `allowed` is no limit. */
export function defaultMemoryLimitBytes(machine = totalmem(), allowed = process.constrainedMemory()): number {
  return Math.floor((allowed > 0 ? Math.min(machine, allowed) : machine) * 0.7);
}

function withDefaults(options: EngineOptions): Required<EngineOptions> {
  return {
    ...options,
    memoryLimitBytes: options.memoryLimitBytes ?? defaultMemoryLimitBytes(),
    threads: options.threads ?? availableParallelism(),
  };
}
