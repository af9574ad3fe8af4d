// /report: what this conversation computed, or a standard analysis, as a file.

import {writeFileWhole} from '../../workspace/output-file.ts';
import type {App} from '../app.ts';
import {pathOf} from '../dropped-path.ts';
import {buildReport} from '../report/build-outline.ts';
import {formatOf, reportBytes} from '../report/write-report.ts';
import {toldText} from '../report.ts';
import type {SlashAnswer} from '../slash.ts';

/** Without a name it goes to reports/ in the workspace as PDF, and takes the place of what was written there before. */
export async function writeReport(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {workspace, sessionId} = app;
  const isOurs = args === '';
  const file = isOurs ? workspace.path('reports', `report-${sessionId}.pdf`) : pathOf(args);
  const format = formatOf(file);
  const report = await buildReport(app, null, signal);
  const bytes = await reportBytes(report.outline, format, signal);
  signal.throwIfAborted();
  await writeFileWhole(file, bytes, {workspace, force: isOurs});
  return {text: toldText(file, bytes.length, report)};
}
