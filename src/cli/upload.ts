// `ds-agent upload`: imports files and says one line (or one JSON object) about each.

import type {Clock} from '../core/clock.ts';
import {type DsAgentError, ImportError, toDsAgentError} from '../core/errors.ts';
import {EventStream} from '../core/events.ts';
import {printable, sizeWords} from '../core/text.ts';
import {importFile, importStream} from '../import/import-file.ts';
import type {ImportDeps, Imported, ImportOptions, ImportResult} from '../import/job.ts';
import {openWorkspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import {importJson} from './import-json.ts';
import type {ImportFlags, Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import type {UploadJson} from './json-schemas.ts';
import {errorJson, errorText, exitCodeOf} from './outcome.ts';
import {addedLine, plainLine} from './sinks/plain.ts';
import {progressSink} from './sinks/progress.ts';
import {bytesOfStdin, type Output} from './streams.ts';

export type UploadRequest = {files: readonly string[]; options: ImportFlags; shared: Shared};
export type UploadContext = {config: Config; clock: Clock; output: Output; signal: AbortSignal};

/** Gives the exit code: that of the first file that failed, else 0. Goes on with the next file after a failure. */
export async function runUpload(
  {files, options, shared}: UploadRequest,
  {config, clock, output, signal}: UploadContext,
): Promise<number> {
  const isText = shared.format === 'text';
  const events = new EventStream(clock);
  if (output.status && !shared.quiet) events.subscribe(progressSink(output.status));
  events.subscribe(event => {
    if (event.type === 'dataset_added') {
      if (isText) void output.out(`${addedLine(event)}\n`);
    } else if (event.type === 'notice' && !shared.quiet) output.err(plainLine(event) ?? '');
  });
  const results: UploadJson['files'] = [];
  let failure: DsAgentError | null = null;
  try {
    const workspace = await openWorkspace(config.workspace, {
      clock,
      onWarning: message => output.err(`Warning: ${printable(message)}`),
    });
    for (const message of config.warnings)
      events.emit({type: 'notice', level: 'warn', code: 'config.bad_value', message});
    const deps = {workspace, signal, emit: events.emit, clock};
    const request = importOptions(options, config.uploadLimitBytes);
    for (const file of files) {
      try {
        const outcome =
          file === '-' ? await importStdin(request, deps) : await importFile({...request, path: file}, deps);
        if (isText && (outcome.alreadyKnown || options.dryRun))
          await output.out(`${knownLine(file, outcome, options.dryRun)}\n`);
        for (const each of [outcome, ...outcome.others]) results.push(importJson(file, each));
      } catch (thrown) {
        const error = toDsAgentError(signal.aborted ? signal.reason : thrown);
        failure ??= error;
        if (isText) output.err(rejection(file, error));
        results.push({file, status: 'rejected', error: errorJson(error)});
        if (signal.aborted) break;
      }
    }
  } catch (thrown) {
    failure = toDsAgentError(thrown);
    if (isText) output.err(errorText(failure));
  }
  output.status?.clear();
  if (!isText) {
    const status = failure === null ? 'imported' : signal.aborted ? 'aborted' : 'failed';
    await output.out(
      jsonText({
        schema_version: 1,
        status,
        files: results,
        error: failure === null ? null : errorJson(failure),
      } satisfies UploadJson),
    );
  }
  return exitCodeOf(failure);
}

/** Standard input; an empty one is refused like an empty file. */
export async function importStdin(
  request: ImportOptions & {limitBytes: number},
  deps: ImportDeps,
  example = 'ds-agent upload -',
): Promise<ImportResult> {
  const bytes = await bytesOfStdin(deps.signal, () => {});
  if (bytes === null)
    throw new ImportError('import.empty', 'Standard input is empty.', {
      hint: `Pipe a file in: cat data.csv | ${example}`,
    });
  return importStream(bytes, {...request, name: request.name ?? 'stdin'}, deps);
}

/** The pipeline's options from the command line's. */
export function importOptions(flags: ImportFlags, limitBytes: number): ImportOptions & {limitBytes: number} {
  const {na, limitMb, ...rest} = flags;
  return {
    ...rest,
    limitBytes: limitMb === undefined ? limitBytes : Math.round(limitMb * 1024 * 1024),
    ...(na.length > 0 ? {na} : {}),
  };
}

function knownLine(file: string, {dataset, version, alreadyKnown}: Imported, dryRun: boolean): string {
  const size = sizeWords(version.rows, version.columns.length);
  if (alreadyKnown)
    return printable(`Already imported: ${file} is ${dataset.name} v${version.version}, ${size}`, {oneLine: true});
  return printable(dryRun ? `Would import: ${file} as ${dataset.name}, ${size}` : `${file}: ${size}`, {oneLine: true});
}

function rejection(file: string, error: DsAgentError): string {
  const shown = printable(file, {oneLine: true});
  const text = errorText(error);
  if (error.kind !== 'input') return text;
  const named = text.includes(shown) ? text : `${shown}: ${text}`;
  return text.includes('Upload rejected') ? named : `Upload rejected: ${named}`;
}
