// `ds-agent datasets`, `export` and `undo`: what can be done with datasets without asking a question.

import {createInterface} from 'node:readline/promises';
import type {Clock} from '../core/clock.ts';
import {currentVersion, type Dataset} from '../core/dataset.ts';
import {DsAgentError, ToolError} from '../core/errors.ts';
import {counted, formatCount, printable, sizeWords} from '../core/text.ts';
import {exportFile} from '../import/export-file.ts';
import {openWorkspace, type Workspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import type {DatasetJson, DatasetsJson, ExportedJson, MovedJson, RemovedJson} from './json-schemas.ts';
import type {Output} from './streams.ts';

export type DatasetContext = {config: Config; shared: Shared; output: Output; clock: Clock; signal: AbortSignal};

/** Lists the datasets, or removes one after asking (with --yes without asking). */
export async function runDatasets(remove: string | null, context: DatasetContext): Promise<number> {
  const workspace = await openForCommand(context);
  if (remove !== null) return removeDataset(workspace, remove, context);
  const {output, shared} = context;
  const found = await workspace.datasets();
  if (shared.format !== 'text') {
    const list: DatasetsJson = {schema_version: 1, workspace: workspace.root, datasets: found.map(datasetJson)};
    await output.out(jsonText(list));
    return 0;
  }
  if (found.length === 0) output.err('No dataset is imported yet. Import one: ds-agent upload FILE');
  for (const dataset of found) await output.out(`${listLine(dataset)}\n`);
  return 0;
}

/** @throws ImportError for a file that can't be written, ToolError for an unknown dataset */
export async function runExport(
  request: {dataset: string; output: string; force: boolean},
  context: DatasetContext,
): Promise<number> {
  const workspace = await openForCommand(context);
  const dataset = await workspace.dataset(request.dataset);
  const version = currentVersion(dataset);
  const result = await exportFile(
    {version, output: request.output, force: request.force},
    {workspace, signal: context.signal},
  );
  const {path, format, rows, sizeBytes, guardedCells} = result;
  if (context.shared.format !== 'text') {
    await context.output.out(
      jsonText({
        schema_version: 1,
        status: 'exported',
        dataset: dataset.name,
        version: version.version,
        file: path,
        format,
        rows,
        bytes: sizeBytes,
        guarded_cells: guardedCells,
      } satisfies ExportedJson),
    );
    return 0;
  }
  const guarded =
    guardedCells > 0 ? `, ${formatCount(guardedCells)} cells that begin like a formula were prefixed with '` : '';
  await context.output.out(
    `Exported ${dataset.name} v${version.version} to ${printable(request.output, {oneLine: true})} (${counted(rows, 'row')}, ${formatCount(sizeBytes)} bytes${guarded})\n`,
  );
  return 0;
}

/** Moves the pointer of a dataset to an earlier (or the given) version. */
export async function runUndo(
  {dataset: name, to}: {dataset: string; to: number | null},
  context: DatasetContext,
): Promise<number> {
  const workspace = await openForCommand(context);
  const moved = await undo(workspace, name, to);
  if (context.shared.format !== 'text')
    await context.output.out(jsonText({schema_version: 1, status: 'moved', ...datasetJson(moved)} satisfies MovedJson));
  else await context.output.out(`Now: ${listLine(moved)}\n`);
  return 0;
}

/** @throws ToolError `dataset.nothing_to_undo` when the current version is the first */
export async function undo(workspace: Workspace, name: string, to: number | null): Promise<Dataset> {
  const dataset = await workspace.dataset(name);
  const before = dataset.versions
    .map(each => each.version)
    .filter(version => version < dataset.current)
    .at(-1);
  const target = to ?? before;
  if (target === undefined)
    throw new ToolError(
      'dataset.nothing_to_undo',
      `${dataset.name} v${dataset.current} is its first version; there is nothing to go back to.`,
    );
  return workspace.setCurrent(dataset.name, target);
}

async function removeDataset(workspace: Workspace, name: string, {shared, output}: DatasetContext): Promise<number> {
  const dataset = await workspace.dataset(name);
  const what = `${dataset.name} (${dataset.versions.length} version${dataset.versions.length === 1 ? '' : 's'})`;
  if (!shared.yes && !(await confirmed(`Remove ${what}? This can't be undone. [y/N] `))) {
    throw new DsAgentError('denied', 'dataset.rm_denied', `${what} was not removed.`, {
      hint: 'Add --yes to remove it without being asked.',
    });
  }
  await workspace.removeDataset(dataset.name);
  if (shared.format !== 'text')
    await output.out(jsonText({schema_version: 1, status: 'removed', dataset: dataset.name} satisfies RemovedJson));
  else await output.out(`Removed ${what}\n`);
  return 0;
}

/** Without a terminal the answer is no. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const reader = createInterface({input: process.stdin, output: process.stderr});
  try {
    return /^y(es)?$/i.test((await reader.question(question)).trim());
  } finally {
    reader.close();
  }
}

/** The workspace of a command; one that can only be read is opened too. */
export function openForCommand({config, clock, output}: DatasetContext): Promise<Workspace> {
  return openWorkspace(config.workspace, {
    clock,
    readOnly: true,
    onWarning: message => output.err(`Warning: ${printable(message)}`),
  });
}

function datasetJson(dataset: Dataset): DatasetJson {
  const {version, rows, columns, sha256, createdAt, source, warnings} = currentVersion(dataset);
  const versions = dataset.versions.map(each => each.version);
  return {
    name: dataset.name,
    version,
    versions,
    rows,
    columns: columns.length,
    sha256,
    created_at: createdAt,
    source,
    warnings,
  };
}

function listLine(dataset: Dataset): string {
  const {version, rows, columns, source} = currentVersion(dataset);
  const origin =
    source.kind === 'file' ? source.originalName : `query on ${source.parents.map(each => each.name).join(', ')}`;
  return `${dataset.name}  v${version}  ${sizeWords(rows, columns.length)}  ${printable(origin, {oneLine: true})}`;
}
