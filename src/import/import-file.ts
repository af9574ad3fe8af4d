// The one way a file becomes a dataset: open, copy, look at the bytes, load, type, commit. A failure leaves nothing behind.

import {rm} from 'node:fs/promises';
import {AbortedError, DsAgentError, ImportError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {syncFile} from '../workspace/atomic-write.ts';
import type {CommittedTable, Origin} from './commit.ts';
import {commitTables, knownImport} from './commit.ts';
import {finishTable} from './finish-table.ts';
import {FORMATS} from './formats/registry.ts';
import type {ImportDeps, Imported, ImportOptions, ImportRequest, ImportResult, LoadedTable} from './job.ts';
import {copied} from './progress.ts';
import {MoreLines, readRejects} from './rejects.ts';
import {Scratch} from './scratch.ts';
import {maxReported} from './shape.ts';
import {sniff} from './sniff.ts';
import {openSource} from './source.ts';
import type {Stored} from './store.ts';
import {checkUnchanged, readBlocks, storeUpload} from './store.ts';
import {isPacked} from './unpack.ts';

const defaultLimitBytes = 50 * 2 ** 20;

/**
 * Imports one local file.
 * @throws ImportError for what the user can fix, AbortedError when the signal fires; then the workspace is as before
 */
export async function importFile(request: ImportRequest, deps: ImportDeps): Promise<ImportResult> {
  const shown = printable(request.path, {oneLine: true});
  return withReport(shown, deps, async () => {
    const limitBytes = saneLimit(request.limitBytes);
    const source = await openSource(request.path, limitBytes);
    try {
      const before = await source.handle.stat();
      const stored = await storeUpload(readBlocks(source.handle, source.sizeBytes), {
        ...deps,
        limitBytes,
        shown,
        onProgress: copied(shown, source.sizeBytes, deps),
      });
      const after = await source.handle.stat();
      const check = () => checkUnchanged(before, after, stored.sizeBytes, shown);
      return await importStored(
        stored,
        {name: source.name, path: source.path, shown, check},
        {...request, limitBytes},
        deps,
      );
    } finally {
      await source.handle.close();
    }
  });
}

/** Imports piped data; `name` is what the dataset is called unless the options name it. Same errors as `importFile`. */
export async function importStream(
  bytes: AsyncIterable<Uint8Array>,
  request: Omit<ImportRequest, 'path'>,
  deps: ImportDeps,
): Promise<ImportResult> {
  return withReport('stdin', deps, async () => {
    const limitBytes = saneLimit(request.limitBytes);
    const onProgress = copied('stdin', 0, deps);
    const stored = await storeUpload(bytes, {...deps, limitBytes, shown: 'stdin', onProgress});
    const origin = {name: 'stdin', path: '-', shown: 'stdin', check: () => {}};
    return importStored(stored, origin, {...request, limitBytes}, deps);
  });
}

/** Takes over a stored copy: it is kept with the dataset or removed. */
async function importStored(
  stored: Stored,
  origin: Origin & {shown: string; check(): void},
  options: ImportOptions & {limitBytes: number},
  deps: ImportDeps,
): Promise<ImportResult> {
  const started = deps.clock.monotonic();
  const scratch = new Scratch(stored, origin, options, deps);
  try {
    origin.check();
    const known = knownImport(await deps.workspace.datasets(), stored, origin, options);
    if (known) return withLines(known, deps);
    // The disk takes the copy while it is read; the commit waits for that.
    const synced = options.dryRun ? Promise.resolve() : syncFile(stored.path);
    synced.catch(() => {});
    const {format, tables} = await loadTables(scratch, origin.name);
    const finished: CommittedTable[] = [];
    for (const table of tables) {
      scratch.job.progress('type', 0);
      const done = await finishTable(scratch.job, table);
      const {lines} = done.report;
      if (lines.length === 0) finished.push(done);
      else {
        const rejectsFile = scratch.job.temporary('.jsonl');
        await MoreLines.write(rejectsFile, lines, table.more);
        finished.push({...done, rejectsFile});
      }
    }
    deps.signal.throwIfAborted();
    return await commitTables(finished, {stored, synced, origin, format, started}, options, deps);
  } finally {
    await scratch.clear();
    // Moved away if it was kept.
    await rm(stored.path, {force: true});
  }
}

/** Adds the lines that were repaired or dropped when the file was imported first. */
async function withLines(known: ImportResult, {workspace}: ImportDeps): Promise<ImportResult> {
  const told = async (each: Imported): Promise<Imported> => {
    const {rejectsFile} = each.report;
    if (rejectsFile === undefined) return each;
    return {...each, report: {...each.report, lines: await readRejects(workspace.path(rejectsFile), maxReported)}};
  };
  return {...(await told(known)), others: await Promise.all(known.others.map(told))};
}

async function loadTables(scratch: Scratch, fileName: string): Promise<{format: string; tables: LoadedTable[]}> {
  await scratch.decode();
  const {shown} = scratch.job;
  let sniffed = sniff(scratch.job.stored.head, scratch.job.extension);
  if (isPacked(sniffed.kind)) {
    await scratch.unpack(sniffed.kind, fileName);
    sniffed = sniff(scratch.job.stored.head, scratch.job.extension);
    if (isPacked(sniffed.kind)) sniffed = {kind: 'other', label: 'an archive in an archive'};
  }
  if (sniffed.kind === 'other') {
    throw new ImportError('import.unsupported', `${shown} is ${sniffed.label}, which can't be imported.`, {
      hint: 'Data can come as CSV, TSV, JSON, NDJSON, Parquet, Arrow, Excel (.xlsx) or SQLite, also inside .gz, .zst or .zip.',
    });
  }
  if (sniffed.kind === 'blank' || sniffed.kind === 'empty')
    throw new ImportError('import.blank', `${shown} holds only blanks.`, {hint: 'There is nothing to import.'});
  scratch.job.progress('read', 0);
  const format = FORMATS.find(each => each.kinds.includes(sniffed.kind));
  if (!format) {
    throw new ImportError('import.unsupported', `${shown} is a ${sniffed.kind} file, which can't be imported.`, {
      hint: 'Save it as CSV, JSON or Parquet and import that.',
    });
  }
  const tables = await format.load(scratch.job);
  if (tables.length === 0)
    throw new ImportError('import.blank', `${shown} holds no table.`, {hint: 'There is nothing to import.'});
  return {format: format.name, tables};
}

/** Tells the sinks of a refusal, and makes every failure one of ours. */
async function withReport(shown: string, deps: ImportDeps, work: () => Promise<ImportResult>): Promise<ImportResult> {
  try {
    return await work();
  } catch (reason) {
    const error = importError(reason, shown, deps.signal);
    deps.emit({type: 'import_rejected', file: shown, code: error.code, message: error.message, hint: error.hint});
    throw error;
  }
}

function importError(reason: unknown, shown: string, signal: AbortSignal): DsAgentError {
  if (signal.aborted) return new AbortedError(`The import of ${shown} was stopped; nothing was kept.`);
  if (reason instanceof DsAgentError) return reason;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
  const text = reason instanceof Error ? reason.message : String(reason);
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|disk quota/i.test(text)) {
    return new ImportError(
      'import.disk_full',
      `The disk is full; ${shown} was not imported and nothing of it was kept.`,
      {
        hint: 'Free some space, or choose a workspace elsewhere with --workspace.',
        cause: reason,
      },
    );
  }
  if (/Out of Memory Error/.test(text)) {
    return new ImportError('import.out_of_memory', `${shown} needs more memory than an import may use.`, {
      hint: 'Raise the memory limit, or split the file.',
      cause: reason,
    });
  }
  return new ImportError(
    'import.failed',
    `${shown} could not be imported: ${printable(text.split('\n')[0] ?? '', {oneLine: true})}`,
    {
      hint: 'Save it as plain CSV or Parquet and try again.',
      cause: reason,
    },
  );
}

/** A limit that is no positive number is never "no limit". */
function saneLimit(limitBytes: number): number {
  return Number.isFinite(limitBytes) && limitBytes > 0 ? limitBytes : defaultLimitBytes;
}
