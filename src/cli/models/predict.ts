// `ds-agent predict`: scores a file of any size with a kept model and writes it with the predictions behind its columns.

import {rm, stat} from 'node:fs/promises';
import {relative, resolve} from 'node:path';
import type {Dataset} from '../../core/dataset.ts';
import {formatBytes, formatCount, printable} from '../../core/text.ts';
import {exportFile, writerFor} from '../../import/export-file.ts';
import {importFile} from '../../import/import-file.ts';
import {gapLines, spreadText, withScores} from '../../tools/applying/score-dataset.ts';
import {loadModel} from '../../tools/training/model-file.ts';
import {checkTarget} from '../../workspace/output-file.ts';
import {openWorkspace, type Workspace} from '../../workspace/workspace.ts';
import type {DatasetContext} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import type {PredictedJson} from './json.ts';
import {withModelBench} from './open.ts';

export type PredictRequest = {model: string; file: string; output: string; force: boolean};

/**
 * `file` is a file, or the name of a dataset where there is none.
 * @throws ToolError `model.unknown`, `model.broken`, `model.column_missing`, `model.column_kind`; ImportError for a file
 *   that can't be read or written
 */
export async function runPredict(
  {model, file, output, force}: PredictRequest,
  context: DatasetContext,
): Promise<number> {
  const {shared, output: streams, signal} = context;
  return withModelBench(context, async ({workspace, catalog, context: {emit}}) => {
    const loaded = await loadModel(workspace.path('models'), model);
    // Before the work, not after an hour of it.
    writerFor(output);
    await checkTarget(resolve(output), printable(output, {oneLine: true}), force);
    return withData(
      {file, workspace, dataset: name => catalog.dataset(name), emit},
      context,
      async (dataset, where) => {
        const onProgress = (rows: number) =>
          emit({type: 'work_progress', message: `Scoring: ${formatCount(rows)} rows`});
        const request = {loaded, dataset, workspace: where, select: null, signal, onProgress};
        return withScores(request, async scored => {
          const added = scored.added.map(column => ({
            ...column,
            originalName: column.name,
            nullCount: 0,
            distinctCount: 0,
            min: null,
            max: null,
            topValues: [],
            notes: [],
          }));
          const columns = [...scored.columns, ...added];
          const version = {parquet: relative(where.root, scored.parquet), columns, rows: scored.rows};
          const written = await exportFile({version, output, force}, {workspace: where, signal});
          const {classes, target} = loaded.content;
          if (shared.format === 'text') {
            const lines = [
              `Model ${loaded.id} predicted ${target} for ${formatCount(scored.rows)} rows. ${spreadText(scored, classes)}`,
              ...gapLines(scored, {examples: true}),
              `Written to ${output} (${formatBytes(written.sizeBytes)}), with ${added.map(({name}) => name).join(', ')} behind the columns of ${file}.`,
              ...(written.guardedCells > 0
                ? [`${formatCount(written.guardedCells)} cells that begin like a formula were prefixed with '.`]
                : []),
            ];
            await streams.out(`${lines.map(line => printable(line, {oneLine: true})).join('\n')}\n`);
            return 0;
          }
          const isNumber = classes.length === 0 && scored.rows > 0;
          const json: PredictedJson = {
            schema_version: 1,
            status: 'predicted',
            model: loaded.id,
            target,
            file: written.path,
            format: written.format,
            bytes: written.sizeBytes,
            rows: scored.rows,
            columns: columns.map(({name}) => name),
            counts:
              classes.length > 0 ? Object.fromEntries(classes.map((each, k) => [each, scored.counts[k] ?? 0])) : null,
            mean: isNumber ? scored.mean : null,
            low: isNumber ? scored.low : null,
            high: isNumber ? scored.high : null,
            gaps: scored.gaps,
            guarded_cells: written.guardedCells,
          };
          await streams.out(jsonText(json));
          return 0;
        });
      },
    );
  });
}

type Given = {
  file: string;
  workspace: Workspace;
  dataset(name: string): Promise<Dataset>;
  emit: Parameters<typeof importFile>[1]['emit'];
};

/** The data of `file`, read in a workspace of its own that is gone afterwards: a file that is scored is not kept. */
async function withData(
  {file, workspace, dataset, emit}: Given,
  {config, clock, signal}: DatasetContext,
  use: (dataset: Dataset, workspace: Workspace) => Promise<number>,
): Promise<number> {
  const isFile = (await stat(file).catch(() => null)) !== null;
  const isName = /^[a-z_][a-z0-9_]{0,62}$/.test(file);
  if (!isFile && isName && (await workspace.datasets()).some(({name}) => name === file))
    return use(await dataset(file), workspace);
  const folder = workspace.temporaryPath('uploads');
  try {
    const scratch = await openWorkspace(folder, {clock});
    const quiet: typeof emit = event => {
      if (event.type === 'notice') emit(event);
    };
    const memoryLimitBytes = config.memoryLimitBytes ?? undefined;
    const request = {path: file, limitBytes: Number.MAX_SAFE_INTEGER};
    const {dataset: imported} = await importFile(request, {
      workspace: scratch,
      signal,
      clock,
      emit: quiet,
      memoryLimitBytes,
    });
    return await use(imported, scratch);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
