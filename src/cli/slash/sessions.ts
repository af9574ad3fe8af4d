// /sessions: the conversations kept in this workspace.

import type {Table} from '../../core/dataset.ts';
import {clip} from '../../core/text.ts';
import type {App} from '../app.ts';
import {localTime, summarizeSessions} from '../sessions/list.ts';
import type {SlashAnswer} from '../slash.ts';

const shown = 20;

export async function listSessions(_: string, app: App): Promise<SlashAnswer> {
  const {sessions, more} = await summarizeSessions(app.workspace, shown);
  if (sessions.length === 0) return {text: 'No session is kept yet; this one is, from its first question on.'};
  const table: Table = {
    columns: [
      {name: 'session', type: 'VARCHAR', kind: 'text'},
      {name: 'kind', type: 'VARCHAR', kind: 'text'},
      {name: 'last used', type: 'TIMESTAMP', kind: 'time'},
      {name: 'questions', type: 'INTEGER', kind: 'number'},
      {name: 'datasets', type: 'VARCHAR', kind: 'text'},
      {name: 'first question', type: 'VARCHAR', kind: 'text'},
    ],
    rows: sessions.map(({id, kind, updatedAt, turns, datasets, question}) => [
      id === app.sessionId ? `${id} (this one)` : id,
      kind,
      localTime(updatedAt),
      turns,
      datasets.join(', '),
      question === null ? null : clip(question, 80),
    ]),
    totalRows: more ? null : sessions.length,
  };
  const note = more ? `The newest ${shown}; ds-agent sessions --json lists all. ` : '';
  return {text: `${note}ds-agent --session NAME goes on with one, ds-agent -c with the last.`, table};
}
