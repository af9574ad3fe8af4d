// A workspace of its own for each test, and imports into it.

import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {systemClock} from '../../src/core/clock.ts';
import type {Cell} from '../../src/core/dataset.ts';
import type {AgentEvent} from '../../src/core/events.ts';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import {importFile} from '../../src/import/import-file.ts';
import type {ImportOptions, ImportResult} from '../../src/import/job.ts';
import type {Workspace} from '../../src/workspace/workspace.ts';
import {openWorkspace} from '../../src/workspace/workspace.ts';

export const limitBytes = 50 * 2 ** 20;

export class Importing {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly events: AgentEvent[] = [];

  private constructor(folder: string, workspace: Workspace) {
    this.folder = folder;
    this.workspace = workspace;
  }

  static async start(): Promise<Importing> {
    const folder = mkdtempSync(join(tmpdir(), 'ds-agent-import-'));
    return new Importing(folder, await openWorkspace(join(folder, 'workspace')));
  }

  deps(signal: AbortSignal = new AbortController().signal) {
    const emit = (event: AgentEvent) => this.events.push(event);
    return {workspace: this.workspace, signal, clock: systemClock, emit, threads: 1};
  }

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  import(path: string, options: ImportOptions & {limitBytes?: number} = {}): Promise<ImportResult> {
    return importFile({limitBytes, ...options, path}, this.deps());
  }

  /** Imports a text under a name. */
  text(content: string | Uint8Array, options: ImportOptions = {}, name = 'data.csv'): Promise<ImportResult> {
    return this.import(this.file(name, content), options);
  }

  async rows({version}: ImportResult, sql = 'FROM t'): Promise<Cell[][]> {
    const data = this.workspace.path('data');
    const engine = await openQueryEngine({dataDirectory: data, spillDirectory: data, threads: 1});
    try {
      await engine.addDataset('t', this.workspace.path(version.parquet));
      return (await engine.query(sql, {maxRows: 1_000_000})).table.rows;
    } finally {
      engine.close();
    }
  }

  /** Every file in the workspace, relative to it. */
  left(): string[] {
    const root = this.workspace.root;
    return readdirSync(root, {recursive: true, encoding: 'utf8'})
      .filter(name => statSync(join(root, name)).isFile())
      .sort();
  }

  stop(): void {
    // What a killed shell had just started may still be making a file.
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
  }
}
