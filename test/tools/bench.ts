// The real tools over a real workspace and engine, in a folder of its own.

import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createSession, type Session} from '../../src/agent/session.ts';
import {systemClock} from '../../src/core/clock.ts';
import {EventStream, type StampedEvent} from '../../src/core/events.ts';
import type {Tool, ToolFailure, ToolResult} from '../../src/core/tool.ts';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import {importFile} from '../../src/import/import-file.ts';
import {type Catalog, createCatalog} from '../../src/tools/catalog.ts';
import {createTools} from '../../src/tools/index.ts';
import {openWorkspace, type Workspace} from '../../src/workspace/workspace.ts';
import {type ScriptedReply, scriptedRouter} from '../support/scripted-router.ts';

export type ToolBench = {
  folder: string;
  workspace: Workspace;
  catalog: Catalog;
  tools: Tool[];
  session: Session;
  events: StampedEvent[];
  /** Writes a file beside the workspace and gives its path. */
  file(name: string, content: string): Promise<string>;
  /** Imports text as the dataset `name`. */
  data(name: string, csv: string): Promise<void>;
  /** Runs a tool as a command of the user. */
  run(name: string, args: unknown): Promise<ToolResult>;
  close(): Promise<void>;
};

export async function openToolBench(script: ScriptedReply[] = [], approved = false): Promise<ToolBench> {
  const folder = await mkdtemp(join(tmpdir(), 'ds-agent-tools-'));
  const clock = systemClock;
  const workspace = await openWorkspace(join(folder, 'workspace'), {clock});
  const catalog = createCatalog(workspace, () =>
    openQueryEngine({
      dataDirectory: workspace.path('data'),
      spillDirectory: workspace.path('data', '.spill'),
      threads: 2,
    }),
  );
  const stream = new EventStream(clock);
  const events: StampedEvent[] = [];
  stream.subscribe(event => events.push(event));
  const tools = createTools({catalog, limitBytes: 50 * 1024 * 1024, terminalWidth: () => 80});
  const session = createSession({
    router: scriptedRouter(...script),
    tools,
    clock,
    emit: stream.emit,
    datasets: async () => ({all: await catalog.datasets(), active: await catalog.active()}),
    approve: async () => approved,
    stepLimit: 25,
    contextTokens: 100_000,
  });
  const {signal} = new AbortController();
  const file = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    folder,
    workspace,
    catalog,
    tools,
    session,
    events,
    file,
    async data(name, csv) {
      const path = await file(`${name}.csv`, csv);
      await importFile({path, name, limitBytes: 10_000_000}, {workspace, signal, emit: stream.emit, clock});
    },
    run: (name, args) => session.runTool(name, args, signal),
    async close() {
      catalog.close();
      await rm(folder, {recursive: true, force: true});
    },
  };
}

export type Success = Extract<ToolResult, {ok: true}>;

/** The result, or a failed test that shows what the tool said. */
export function success(result: ToolResult): Success {
  if (!result.ok) throw new Error(`${result.code}: ${result.message} ${result.hint ?? ''}`);
  return result;
}

export function failure(result: ToolResult): ToolFailure {
  if (result.ok) throw new Error(`did not fail: ${result.summary}`);
  return result;
}

export const salesCsv = [
  'region,product name,price,sold on',
  'north,apple,1.5,2024-01-01',
  'north,pear,2.5,2024-01-02',
  'south,apple,4,2024-01-03',
  'south,"fig, dried",,2024-01-04',
  'west,apple,8,2024-02-01',
].join('\n');
