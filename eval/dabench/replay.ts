// Answers one question from its plan: imports the table, makes the tool calls, reads the answers out of the results.

import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createWatcher} from '../../src/analysis/watch/watch.ts';
import type {Caution} from '../../src/core/caution.ts';
import {systemClock} from '../../src/core/clock.ts';
import type {Table} from '../../src/core/dataset.ts';
import type {ToolContext} from '../../src/core/tool.ts';
import {openQueryEngine} from '../../src/engine/duckdb.ts';
import {importFile} from '../../src/import/import-file.ts';
import {createCatalog} from '../../src/tools/catalog.ts';
import {createTools} from '../../src/tools/index.ts';
import {openWorkspace} from '../../src/workspace/workspace.ts';
import {formatAnswers} from './answer.ts';
import {datasetName, type Plan} from './plan.ts';

const limitBytes = 50 * 2 ** 20;

/** `cautions` are what the watch says beside the results, the same one once. */
export type Replayed = {response: string; cautions: Caution[]};

/**
 * The answers as text in the question's own form. The workspace is a temporary one and is removed.
 * @throws Error when the import or a call fails, or an answer is not where the plan says
 */
export async function replay(plan: Plan, tableFile: string): Promise<Replayed> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ds-agent-eval-'));
  const clock = systemClock;
  const signal = new AbortController().signal;
  const workspace = await openWorkspace(directory, {clock, onWarning: () => {}});
  const catalog = createCatalog(workspace, () =>
    openQueryEngine({
      dataDirectory: workspace.path('data'),
      spillDirectory: workspace.path('data', '.spill'),
    }),
  );
  try {
    const request = {...plan.import, path: tableFile, name: datasetName, limitBytes};
    await importFile(request, {workspace, signal, clock, emit: () => {}});
    const tools = createTools({catalog, limitBytes, terminalWidth: () => 80});
    const context: ToolContext = {signal, clock, emit: () => {}, userNamed: () => false, approve: async () => false};
    const tables: (Table | undefined)[] = [];
    const watch = createWatcher({engine: () => catalog.engine(), datasets: () => catalog.datasets()});
    const cautions = new Map<string, Caution>();
    for (const [index, {tool: name, args}] of plan.calls.entries()) {
      const tool = tools.find(each => each.name === name);
      if (!tool) throw new Error(`there is no tool ${name}`);
      const result = await tool.run(tool.args.parse(args), context);
      if (!result.ok) throw new Error(`${name}: ${result.code}: ${result.message}`);
      tables.push(result.table);
      const receipt = {...result.source, id: index + 1, tool: name, args, ms: 0};
      for (const each of await watch({receipt, table: result.table}, signal)) cautions.set(each.message, each);
    }
    return {response: formatAnswers(plan, tables), cautions: [...cautions.values()]};
  } finally {
    catalog.close();
    await rm(directory, {recursive: true, force: true});
  }
}
