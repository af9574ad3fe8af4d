// `ds-agent sessions`: lists the conversations of a workspace and writes one to a file.

import type {Clock} from '../core/clock.ts';
import {clip, printable} from '../core/text.ts';
import {openWorkspace, type Workspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonText} from './json-result.ts';
import type {SessionsJson} from './json-schemas.ts';
import {localTime, type SessionSummary, summarizeSessions} from './sessions/list.ts';
import type {Output} from './streams.ts';

export type SessionsContext = {config: Config; shared: Shared; output: Output; clock: Clock; signal: AbortSignal};

const shownInText = 50;

/** Lists the sessions in which something was asked, newest first; as text at most 50 of them. */
export async function runSessions(context: SessionsContext): Promise<number> {
  const {shared, output} = context;
  const workspace = await open(context);
  const isText = shared.format === 'text';
  const {sessions, more} = await summarizeSessions(workspace, isText ? shownInText : undefined);
  if (!isText) {
    const list: SessionsJson = {schema_version: 1, workspace: workspace.root, sessions: sessions.map(sessionJson)};
    await output.out(jsonText(list));
    return 0;
  }
  if (sessions.length === 0) output.err('No session is kept yet. Ask something: ds-agent -p "QUESTION"');
  const width = Math.max(...sessions.map(({id}) => id.length));
  for (const each of sessions) await output.out(`${listLine(each, width)}\n`);
  if (more) output.err(`The newest ${shownInText}; --json lists all.`);
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
  return openWorkspace(config.workspace, {clock, onWarning: message => output.err(`Warning: ${printable(message)}`)});
}
