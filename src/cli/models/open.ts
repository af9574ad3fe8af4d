// What the commands that work with models share: the workspace, its engine, and the data they were given.

import {EventStream} from '../../core/events.ts';
import type {ToolContext} from '../../core/tool.ts';
import {openQueryEngine} from '../../engine/duckdb.ts';
import {importFile} from '../../import/import-file.ts';
import {type Catalog, createCatalog} from '../../tools/catalog.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import {type DatasetContext, openForCommand} from '../dataset-commands.ts';
import {plainLine} from '../sinks/plain.ts';
import {progressSink} from '../sinks/progress.ts';

export type ModelBench = {
  workspace: Workspace;
  catalog: Catalog;
  /** For a tool that is run by the command itself. */
  context: ToolContext;
  /** The name of the dataset imported last by --data. */
  imported: string | null;
};

/** Imports the files of --data first; what happens is said on standard error, how far it is only on a terminal. */
export async function withModelBench<T>(context: DatasetContext, use: (bench: ModelBench) => Promise<T>): Promise<T> {
  const {config, shared, output, clock, signal} = context;
  const workspace = await openForCommand(context);
  const {spillDirectory} = workspace;
  const memory = config.memoryLimitBytes === null ? {} : {memoryLimitBytes: config.memoryLimitBytes};
  const catalog = createCatalog(workspace, () =>
    openQueryEngine({dataDirectory: workspace.path('data'), spillDirectory, ...memory}),
  );
  const events = new EventStream(clock);
  if (output.status && !shared.quiet) events.subscribe(progressSink(output.status));
  events.subscribe(event => {
    if (shared.quiet || event.type !== 'notice') return;
    output.err(plainLine(event) ?? '');
  });
  const {emit} = events;
  try {
    let imported: string | null = null;
    for (const path of shared.dataFiles) {
      const {dataset} = await importFile({path, limitBytes: config.uploadLimitBytes}, {workspace, signal, emit, clock});
      imported = dataset.name;
    }
    const approve = async () => shared.yes;
    return await use({workspace, catalog, imported, context: {signal, clock, emit, userNamed: () => true, approve}});
  } finally {
    catalog.close();
  }
}
