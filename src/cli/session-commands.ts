// `ds-agent sessions`: lists the conversations of a workspace and writes one to a file.

import {readTranscript} from '../agent/transcript.ts';
import type {Clock} from '../core/clock.ts';
import {clip, formatCount, printable} from '../core/text.ts';
import {writeFileWhole} from '../workspace/output-file.ts';
import {openWorkspace, type Workspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import type {SessionExportedJson, SessionsJson} from './json-schemas.ts';
import {sessionText} from './sessions/export.ts';
import {localTime, type SessionSummary, summarizeSessions} from './sessions/list.ts';
import {findSession} from './sessions/open-session.ts';
import type {Output} from './streams.ts';

/** `list`, or a session to write: to `output`, or as Markdown to standard output. */
export type SessionsRequest =
  | {action: 'list'}
  | {action: 'export'; session: string; output: string | null; force: boolean};

export type SessionsContext = {config: Config; shared: Shared; output: Output; clock: Clock; signal: AbortSignal};

const shownInText = 50;

/** @throws UsageError for an unknown session or format, ImportError for a file that can't be written */
export async function runSessions(request: SessionsRequest, context: SessionsContext): Promise<number> {
  const workspace = await open(context);
  return request.action === 'list' ? list(workspace, context) : exportSession(request, workspace, context);
}

/** The sessions in which something was asked, newest first; as text at most 50 of them. */
async function list(workspace: Workspace, {shared, output}: SessionsContext): Promise<number> {
  const isText = shared.format === 'text';
  const {sessions, more} = await summarizeSessions(workspace, isText ? shownInText : undefined);
  if (!isText) {
    const found: SessionsJson = {schema_version: 1, workspace: workspace.root, sessions: sessions.map(sessionJson)};
    await output.out(jsonText(found));
    return 0;
  }
  if (sessions.length === 0) output.err('No session is kept yet. Ask something: ds-agent -p "QUESTION"');
  const width = Math.max(...sessions.map(({id}) => id.length));
  for (const each of sessions) await output.out(`${listLine(each, width)}\n`);
  if (more) output.err(`The newest ${shownInText}; --json lists all.`);
  return 0;
}

async function exportSession(
  {session, output: file, force}: Extract<SessionsRequest, {action: 'export'}>,
  workspace: Workspace,
  {shared, output}: SessionsContext,
): Promise<number> {
  const {id, events, warning} = await findSession(workspace, session);
  if (warning !== null && !shared.quiet) output.err(`Warning: ${printable(warning)}`);
  const {text, format} = await sessionText(file ?? 'session.md', {id, entries: readTranscript(events)}, workspace);
  if (file === null) {
    await output.out(text);
    return 0;
  }
  const path = await writeFileWhole(file, text, {workspace, force});
  const bytes = Buffer.byteLength(text);
  const exported: SessionExportedJson = {schema_version: 1, status: 'exported', session: id, file: path, format, bytes};
  if (shared.format !== 'text') await output.out(jsonText(exported));
  else
    await output.out(
      `Exported the session ${id} to ${printable(file, {oneLine: true})} (${formatCount(bytes)} bytes)\n`,
    );
  return 0;
}

function sessionJson({
  id,
  kind,
  startedAt,
  updatedAt,
  question,
  turns,
  datasets,
}: SessionSummary): SessionsJson['sessions'][number] {
  return {
    id,
    kind,
    started_at: new Date(startedAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    first_question: question,
    turns,
    datasets,
  };
}

function listLine({id, kind, updatedAt, question, turns, datasets}: SessionSummary, width: number): string {
  const count = `${turns} question${turns === 1 ? '' : 's'}`;
  const facts = [id.padEnd(width), localTime(updatedAt), (kind ?? '').padEnd(6), count.padEnd(12), datasets.join(', ')];
  return `${facts.join('  ')}  ${clip(printable(question ?? '', {oneLine: true}), 80)}`.trimEnd();
}

function open({config, clock, output}: SessionsContext): Promise<Workspace> {
  return openWorkspace(config.workspace, {
    clock,
    readOnly: true,
    onWarning: message => output.err(`Warning: ${printable(message)}`),
  });
}
