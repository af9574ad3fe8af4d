// `ds-agent predict`: scores a file of any size with a kept model and writes it with the predictions behind its columns.

import {type FileHandle, mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {type Column, type Dataset, refOf, type TableColumn} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {counted, formatBytes, formatCount, printable} from '../../core/text.ts';
import {type ExportResult, exportCsvHandle, exportFile, writerFor} from '../../import/export-file.ts';
import {importFile} from '../../import/import-file.ts';
import {type DatasetScores, spreadText, withScores} from '../../tools/applying/score-dataset.ts';
import {gapLines} from '../../tools/applying/unreadable.ts';
import {type KeptModel, keptModel} from '../../tools/training/model-file.ts';
import {copyVersion} from '../../workspace/copy-version.ts';
import {checkTarget} from '../../workspace/output-file.ts';
import {openWorkspace, type Workspace} from '../../workspace/workspace.ts';
import type {DatasetContext} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import {importStdin} from '../upload.ts';
import type {PredictedJson} from './json.ts';
import {withModelBench} from './open.ts';

const bytesAtOnce = 256 * 1024;

/** `output` is null for standard output, as CSV. */
export type PredictRequest = {model: string; file: string; output: string | null; force: boolean};

/**
 * `file` is a file, the name of a dataset where there is none, or - for standard input. What is written to standard output is the rows alone; what
 * there is to say of them then goes to standard error.
 * @throws ToolError `model.unknown`, `model.broken`, `model.column_missing`, `model.column_kind`; ImportError for a file
 *   that can't be read or written; UsageError `usage.output`
 */
export async function runPredict(
  {model, file, output, force}: PredictRequest,
  context: DatasetContext,
): Promise<number> {
  const {shared, output: streams, signal} = context;
  if (output === null) refuseOtherFormats(shared.format);
  const rows = await withModelBench(context, async ({workspace, catalog, context: {emit}}) => {
    const kept = await keptModel(workspace.path('models'), model);
    // Before the work, not after an hour of it.
    if (output !== null) {
      writerFor(output);
      await checkTarget(resolve(output), printable(output, {oneLine: true}), force);
    }
    const named = {file, workspace, dataset: (name: string) => catalog.dataset(name), emit};
    return withData(named, context, async (dataset, where) => {
      const onProgress = (count: number) => emit({type: 'work_progress', message: `Scoring: ${counted(count, 'row')}`});
      const request = {kept, dataset, workspace: where, select: null, signal, onProgress};
      return withScores(request, async scored => {
        const added = scored.added.map(factless);
        const columns = [...scored.columns, ...added];
        const version = {parquet: relative(where.root, scored.parquet), columns, rows: scored.rows};
        const said = {kept, scored, columns, file, added: added.map(({name}) => name)};
        if (output === null) {
          const {handle, guardedCells} = await exportCsvHandle(version, {workspace: where, signal});
          if (!shared.quiet) streams.err(textOf(said, 'standard output', guardedCells));
          return handle;
        }
        const written = await exportFile({version, output, force}, {workspace: where, signal});
        const place = `${output} (${formatBytes(written.sizeBytes)})`;
        await streams.out(
          shared.format === 'text' ? `${textOf(said, place, written.guardedCells)}\n` : jsonText(jsonOf(said, written)),
        );
        return null;
      });
    });
  });
  // Nothing of the work is left on the disk by now, so that a reader that goes away leaves nothing behind either.
  if (rows) await pour(rows, streams, signal);
  return 0;
}

function refuseOtherFormats(format: DatasetContext['shared']['format']): void {
  if (format !== 'text')
    throw new UsageError('usage.output', 'With --json the rows need a file: standard output holds one JSON object.', {
      hint: 'ds-agent predict MODEL FILE -o scored.parquet --json',
    });
}

async function pour(handle: FileHandle, {out}: DatasetContext['output'], signal: AbortSignal): Promise<void> {
  try {
    for await (const part of handle.createReadStream({
      encoding: 'utf8',
      highWaterMark: bytesAtOnce,
      autoClose: false,
    })) {
      signal.throwIfAborted();
      await out(String(part));
    }
  } finally {
    await handle.close();
  }
}

function factless(column: TableColumn): Column {
  const {name} = column;
  const unknown = {nullCount: 0, distinctCount: 0, min: null, max: null, topValues: [], notes: []};
  return {...column, originalName: name, ...unknown};
}

type Said = {kept: KeptModel; scored: DatasetScores; columns: readonly Column[]; added: string[]; file: string};

function textOf({kept, scored, added, file}: Said, place: string, guardedCells: number): string {
  const {target} = kept.content;
  const lines = [
    `Model ${kept.id} predicted ${target} for ${formatCount(scored.rows)} row${scored.rows === 1 ? '' : 's'}. ${spreadText(scored, kept.content)}`,
    ...gapLines(scored.gaps, {examples: true}),
    `Written to ${place}, with ${added.join(', ')} behind the columns of ${file === '-' ? 'standard input' : file}.`,
    ...(guardedCells > 0 ? [`${formatCount(guardedCells)} cells that begin like a formula were prefixed with '.`] : []),
  ];
  return lines.map(line => printable(line, {oneLine: true})).join('\n');
}

function jsonOf({kept, scored, columns}: Said, written: ExportResult): PredictedJson {
  const {classes, target} = kept.content;
  const isNumber = classes.length === 0 && scored.rows > 0;
  return {
    schema_version: 1,
    status: 'predicted',
    model: kept.id,
    target,
    file: written.path,
    format: written.format,
    bytes: written.sizeBytes,
    rows: scored.rows,
    columns: columns.map(({name}) => name),
    counts: classes.length > 0 ? Object.fromEntries(classes.map((each, k) => [each, scored.counts[k] ?? 0])) : null,
    mean: isNumber ? scored.mean : null,
    low: isNumber ? scored.low : null,
    high: isNumber ? scored.high : null,
    gaps: scored.gaps.map(({column, kind, rows, examples}) => ({
      column,
      kind,
      rows,
      ...(examples && {examples: examples.map(({text}) => text), example_rows: examples.map(({row}) => row)}),
    })),
    guarded_cells: written.guardedCells,
  };
}

type Given = {
  file: string;
  workspace: Workspace;
  dataset(name: string): Promise<Dataset>;
  emit: Parameters<typeof importFile>[1]['emit'];
};

/** The data of `file`, read in a workspace of its own that is gone afterwards: a file that is scored is not kept. A dataset needs one only where its own can't be written. */
async function withData<T>(
  {file, workspace, dataset, emit}: Given,
  {config, clock, signal}: DatasetContext,
  use: (dataset: Dataset, workspace: Workspace) => Promise<T>,
): Promise<T> {
  const isFile = (await stat(file).catch(() => null)) !== null;
  const isName = /^[a-z_][a-z0-9_]{0,62}$/.test(file);
  const isDataset = !isFile && isName && (await workspace.datasets()).some(({name}) => name === file);
  if (isDataset && !workspace.unwritable) return use(await dataset(file), workspace);
  // A workspace that can only be read has no place for it; nothing of the data is to stay there anyway.
  const folder = workspace.unwritable
    ? await mkdtemp(join(tmpdir(), 'ds-agent-scored-'))
    : workspace.temporaryPath('uploads');
  try {
    const scratch = await openWorkspace(folder, {clock});
    if (isDataset) {
      await copyVersion(workspace, scratch, refOf(await dataset(file)));
      return await use(await scratch.dataset(file), scratch);
    }
    const quiet: typeof emit = event => {
      if (event.type === 'notice') emit(event);
    };
    const deps = {
      workspace: scratch,
      signal,
      clock,
      emit: quiet,
      memoryLimitBytes: config.memoryLimitBytes ?? undefined,
    };
    const limitBytes = Number.MAX_SAFE_INTEGER;
    const {dataset: imported} =
      file === '-'
        ? await importStdin({limitBytes, name: 'stdin'}, deps, 'ds-agent predict MODEL -')
        : await importFile({path: file, limitBytes}, deps);
    return await use(imported, scratch);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
