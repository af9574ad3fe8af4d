// What one import makes on its way and must not leave behind: half-made files and its engine.

import {rm} from 'node:fs/promises';
import {extname} from 'node:path';
import {openImportEngine} from '../engine/duckdb.ts';
import type {ImportEngine} from '../engine/import-engine.ts';
import type {Origin} from './commit.ts';
import type {ImportDeps, ImportOptions, LoadJob} from './job.ts';
import type {Stored} from './store.ts';

export class Scratch {
  readonly job: LoadJob;
  readonly #files: string[] = [];
  #engine: Promise<ImportEngine> | null = null;
  #tables = 0;

  constructor(
    stored: Stored,
    origin: Origin & {shown: string},
    options: ImportOptions & {limitBytes: number},
    {workspace, signal, memoryLimitBytes, threads}: ImportDeps,
  ) {
    const data = workspace.path('data');
    this.job = {
      stored,
      extension: extname(origin.name).slice(1).toLowerCase(),
      shown: origin.shown,
      options,
      limitBytes: options.limitBytes,
      signal,
      engine: () => {
        this.#engine ??= openImportEngine({
          dataDirectory: data,
          spillDirectory: data,
          uploads: [stored.path],
          ...(memoryLimitBytes === undefined ? {} : {memoryLimitBytes}),
          ...(threads === undefined ? {} : {threads}),
        });
        return this.#engine;
      },
      temporary: suffix => {
        const path = workspace.temporaryPath('data', suffix);
        this.#files.push(path);
        return path;
      },
      tableName: () => `import_${++this.#tables}`,
    };
  }

  async clear(): Promise<void> {
    const engine = await this.#engine?.catch(() => null);
    engine?.close();
    for (const path of this.#files) await rm(path, {force: true});
  }
}
