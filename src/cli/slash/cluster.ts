// /cluster: groups of similar rows by plain arguments.

import {UsageError} from '../../core/errors.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {namedData, readClauses, type Word} from './words.ts';

const usage = '/cluster [COLUMN …] [k NUMBER] [in DATASET] [to NAME] [where CONDITION]';

export async function cluster(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args);
  const data = await namedData(clauses, app);
  const {columns, k} = readHead(clauses.head, word => data.isColumn(word));
  const [name, ...more] = clauses.after.get('to') ?? [];
  if (more.length > 0) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  const asked = {
    dataset: data.dataset.name,
    ...(columns.length > 0 && {columns: columns.map(word => data.column(word).name)}),
    ...(k !== null && {k}),
    ...(clauses.where && {where: clauses.where}),
    ...(name && {save_as: name.text}),
  };
  return inWords('cluster', asked, app, signal);
}

/** "k 4", unless k is a column. */
function readHead(head: readonly Word[], isColumn: (word: Word) => boolean): {columns: Word[]; k: number | null} {
  const at = head.findIndex(word => !word.quoted && word.text.toLowerCase() === 'k' && !isColumn(word));
  if (at < 0) return {columns: [...head], k: null};
  const k = Number(head[at + 1]?.text);
  if (!Number.isInteger(k)) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  return {columns: head.filter((_, i) => i !== at && i !== at + 1), k};
}
