// /cluster and /anomalies: groups of similar rows, and rows like no others, by plain arguments.

import {UsageError} from '../../core/errors.ts';
import {CLUSTER_METHODS} from '../../models/clustering/cluster-rows.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {type Clauses, type Named, namedData, readClauses, type Word} from './words.ts';

const clusterUsage = '/cluster [METHOD] [COLUMN …] [k NUMBER] [in DATASET] [to NAME] [where CONDITION]';

export async function cluster(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['in', 'to', 'where']);
  const data = await namedData(clauses, app);
  const {words, k} = withoutK(clauses.head, word => data.isColumn(word));
  const asked = askedOf({...clauses, head: words}, data, CLUSTER_METHODS, clusterUsage);
  return inWords('cluster', {...asked, ...(k !== null && {k})}, app, signal);
}

const anomalyUsage = '/anomalies [lof] [COLUMN …] [in DATASET] [to NAME] [where CONDITION]';

export async function anomalies(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['in', 'to', 'where']);
  const asked = askedOf(clauses, await namedData(clauses, app), ['lof'], anomalyUsage);
  return inWords('cluster', {method: 'isolation_forest', ...asked}, app, signal);
}

/** A word that names a method and no column is the method. */
function askedOf({head, after, where}: Clauses, data: Named, methods: readonly string[], usage: string) {
  const isMethod = (word: Word) => !word.quoted && !data.isColumn(word) && methods.includes(word.text.toLowerCase());
  const [method, ...others] = head.filter(isMethod);
  const [name, ...more] = after.get('to') ?? [];
  if (others.length > 0 || more.length > 0) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  const columns = head.filter(word => !isMethod(word)).map(word => data.column(word).name);
  return {
    dataset: data.dataset.name,
    ...(method && {method: method.text.toLowerCase()}),
    ...(columns.length > 0 && {columns}),
    ...(where && {where}),
    ...(name && {save_as: name.text}),
  };
}

const groupNouns = ['clusters', 'groups', 'segments'];

/** "k 4" or "into 4 groups", unless the word is a column. */
function withoutK(head: readonly Word[], isColumn: (word: Word) => boolean): {words: Word[]; k: number | null} {
  const isWord = (word: Word | undefined, texts: readonly string[]) =>
    word !== undefined && !word.quoted && texts.includes(word.text.toLowerCase()) && !isColumn(word);
  const at = head.findIndex(word => isWord(word, ['k', 'into']));
  if (at < 0) return {words: [...head], k: null};
  const k = Number(head[at + 1]?.text);
  if (!Number.isInteger(k)) throw new UsageError('chat.arguments', `Usage: ${clusterUsage}`);
  const end = isWord(head[at + 2], groupNouns) ? at + 3 : at + 2;
  return {words: [...head.slice(0, at), ...head.slice(end)], k};
}
