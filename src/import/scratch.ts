// What one import makes on its way and must not leave behind: half-made files and its engine.

import {rm} from 'node:fs/promises';
import {extname} from 'node:path';
import type {ImportPhase} from '../core/events.ts';
import {openImportEngine} from '../engine/duckdb.ts';
import type {ImportEngine} from '../engine/import-engine.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {base64Bytes, declaredEncoding, percentBytes} from './base64.ts';
import type {Origin} from './commit.ts';
import type {ImportDeps, ImportOptions, LoadJob} from './job.ts';
import {progress} from './progress.ts';
import type {Stored} from './store.ts';
import {storeUpload} from './store.ts';
import {unpack} from './unpack.ts';

export class Scratch {
  job: LoadJob;
  readonly #workspace: Workspace;
  readonly #files: string[] = [];
  #engine: Promise<ImportEngine> | null = null;
  #tables = 0;
  #phase: ImportPhase = 'read';

  constructor(
    stored: Stored,
    origin: Origin & {shown: string},
    options: ImportOptions & {limitBytes: number},
    {workspace, signal, clock, emit, memoryLimitBytes, threads}: ImportDeps,
  ) {
    this.#workspace = workspace;
    const data = workspace.path('data');
    const tell = progress(origin.shown, {clock, emit});
    this.job = {
      stored,
      extension: extname(origin.name).slice(1).toLowerCase(),
      shown: origin.shown,
      options,
      limitBytes: options.limitBytes,
      signal,
      clock,
      engine: () => {
        this.#engine ??= openImportEngine({
          dataDirectory: data,
          spillDirectory: data,
          uploads: [this.job.stored.path],
          onProgress: share => this.job.progress(this.#phase, share * this.job.stored.sizeBytes),
          ...(memoryLimitBytes === undefined ? {} : {memoryLimitBytes}),
          ...(threads === undefined ? {} : {threads}),
        });
        return this.#engine;
      },
      progress: (phase, readBytes) => {
        this.#phase = phase;
        const {sizeBytes} = this.job.stored;
        tell(phase, Math.min(readBytes, sizeBytes), sizeBytes);
      },
      temporary: suffix => {
        const path = workspace.temporaryPath('data', suffix);
        this.#files.push(path);
        return path;
      },
      tableName: () => `import_${++this.#tables}`,
    };
  }

  /** From here on the job is about the one file inside the packed upload. */
  async unpack(kind: 'gzip' | 'zstd' | 'zip', fileName: string): Promise<void> {
    const {stored, options} = this.job;
    const unpacked = await unpack(stored, kind, fileName, {
      ...this.job,
      workspace: this.#workspace,
      entry: options.sheet,
    });
    this.#files.push(unpacked.stored.path);
    this.job = {...this.job, stored: unpacked.stored, extension: unpacked.extension};
  }

  /** If the upload is declared to be base64 (or is a `data:` URI), from here on the job is about what it stands for. */
  async decode(): Promise<void> {
    const {stored, options, shown, limitBytes, signal} = this.job;
    const declared = declaredEncoding(stored, options.base64 ?? false);
    if (!declared) return;
    const bytes = (declared.isBase64 ? base64Bytes : percentBytes)(stored.path, declared.skipBytes, shown);
    const decoded = await storeUpload(bytes, {
      workspace: this.#workspace,
      limitBytes,
      shown,
      signal,
      onProgress: () => {},
    });
    this.#files.push(decoded.path);
    this.job = {...this.job, stored: decoded, extension: ''};
  }

  async clear(): Promise<void> {
    const engine = await this.#engine?.catch(() => null);
    engine?.close();
    for (const path of this.#files) await rm(path, {force: true});
  }
}
