// `ds-agent report`: everything computed on a dataset or in a session as one file to read, with the source of each number.

import {resolve} from 'node:path';
import type {Clock} from '../core/clock.ts';
import {EventStream} from '../core/events.ts';
import {formatCount, printable} from '../core/text.ts';
import {importFile} from '../import/import-file.ts';
import {checkTarget, writeFileWhole} from '../workspace/output-file.ts';
import {type App, createApp} from './app.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import {warnOnce} from './record-warning.ts';
import {buildReport, type Report} from './report/build-outline.ts';
import {formatOf, startWriter} from './report/write-report.ts';
import type {ReportJson} from './report-json.ts';
import {findSession} from './sessions/open-session.ts';
import {plainSink} from './sinks/plain.ts';
import type {Output} from './streams.ts';

export type ReportRequest = {output: string; force: boolean};
export type ReportContext = {config: Config; shared: Shared; output: Output; clock: Clock; signal: AbortSignal};

/**
 * 0 once the file is whole. What is computed for it becomes part of the session, so `replay` computes it again.
 * @throws UsageError `report.format`, `dataset.none`, `session.unknown`; ImportError for a file that can't be written
 */
export async function runReport({output: file, force}: ReportRequest, context: ReportContext): Promise<number> {
  const {config, shared, output, clock, signal} = context;
  const format = formatOf(file);
  await checkTarget(resolve(file), printable(file, {oneLine: true}), force);
  const events = new EventStream(
    clock,
    warnOnce(message => output.err(`Warning: ${message}`)),
  );
  if (!shared.quiet) events.subscribe(plainSink(line => output.err(line)));
  const app = await createApp(config, {
    clock,
    events,
    approve: async () => shared.yes,
    terminalWidth: () => 80,
    kind: 'script',
    choice: shared.session,
  });
  const writer = startWriter(format, signal);
  try {
    if (shared.session.type === 'named') await findSession(app.workspace, shared.session.name);
    await importData(app, shared, signal);
    const report = await buildReport(app, shared.dataset, signal);
    signal.throwIfAborted();
    const bytes = await writer.write(report.outline);
    signal.throwIfAborted();
    const path = await writeFileWhole(file, bytes, {workspace: app.workspace, force});
    const text = toldText(file, bytes.length, report);
    events.emit({type: 'command_result', line: `/report ${file}`, ok: true, text});
    if (shared.format === 'text') await output.out(`${text}\n`);
    else {
      const made: ReportJson = {
        schema_version: 1,
        status: 'written',
        file: path,
        format,
        bytes: bytes.length,
        session: app.sessionId,
        receipts: report.receipts,
        standard_analysis: report.standard,
        written_by: report.writer ?? 'templates',
        refused_numbers: report.refused,
      };
      await output.out(jsonText(made));
    }
    return 0;
  } finally {
    writer.discard();
    app.close();
  }
}

/** "Wrote sales.pdf (84,120 bytes): 12 results, each number with its source." */
export function toldText(file: string, bytes: number, {receipts, refused, writer}: Report): string {
  const by = writer === null ? 'worded by templates, without a language model' : `worded by ${writer}`;
  const head = `Wrote ${printable(file, {oneLine: true})} (${formatCount(bytes)} bytes): ${formatCount(receipts)} result${receipts === 1 ? '' : 's'}, ${by}.`;
  if (refused.length === 0) return head;
  const shown = refused.slice(0, 12).join(', ');
  const what = refused.length === 1 ? '1 number' : `${formatCount(refused.length)} numbers`;
  return `${head}\nLeft out, since nothing computed stands behind it: ${what} (${printable(shown, {oneLine: true})}${refused.length > 12 ? ' …' : ''}).`;
}

async function importData(app: App, {dataFiles, dataset}: Shared, signal: AbortSignal): Promise<void> {
  const {workspace, catalog, events, config, clock} = app;
  const deps = {workspace, signal, emit: events.emit, clock};
  for (const path of dataFiles)
    catalog.use((await importFile({path, limitBytes: config.uploadLimitBytes}, deps)).dataset.name);
  if (dataset !== null) catalog.use((await catalog.dataset(dataset)).name);
}
