// /export and /replay: this conversation as a file, and its numbers computed once more.

import {readTranscript} from '../../agent/transcript.ts';
import {formatCount, printable} from '../../core/text.ts';
import {writeFileWhole} from '../../workspace/output-file.ts';
import type {App} from '../app.ts';
import {pathOf} from '../dropped-path.ts';
import {callLines, summary} from '../replay-command.ts';
import {sessionText} from '../sessions/export.ts';
import {findSession} from '../sessions/open-session.ts';
import {replay} from '../sessions/replay.ts';
import type {SlashAnswer} from '../slash.ts';

/** Without a name it goes to reports/ in the workspace, and takes the place of what was written there before. */
export async function exportConversation(args: string, app: App): Promise<SlashAnswer> {
  const {workspace, sessionId} = app;
  const isOurs = args === '';
  const file = isOurs ? workspace.path('reports', `session-${sessionId}.md`) : pathOf(args);
  const {id, events} = await findSession(workspace, sessionId);
  const {text} = await sessionText(file, {id, entries: readTranscript(events)}, workspace);
  await writeFileWhole(file, text, {workspace, force: isOurs});
  const shown = printable(file, {oneLine: true});
  return {text: `Wrote ${shown} (${formatCount(Buffer.byteLength(text))} bytes).`};
}

export async function replayConversation(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {workspace, clock, config, sessionId} = app;
  const {events} = await findSession(workspace, args === '' ? sessionId : args);
  const calls = await replay(readTranscript(events), {
    workspace,
    clock,
    signal,
    memoryLimitBytes: config.memoryLimitBytes,
    uploadLimitBytes: config.uploadLimitBytes,
    data: [],
  });
  return {text: [...calls.flatMap(callLines), summary(calls)].join('\n')};
}
