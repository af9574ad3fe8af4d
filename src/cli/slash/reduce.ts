// /reduce: principal components, or UMAP, by plain arguments.

import {UsageError} from '../../core/errors.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {namedData, readClauses, type Word} from './words.ts';

const usage = '/reduce [umap] [COLUMN …] [by CATEGORY] [in DATASET] [to NAME] [where CONDITION]';

export async function reduce(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['by', 'in', 'to', 'where']);
  const data = await namedData(clauses, app);
  const isMethod = (word: Word) => !word.quoted && word.text.toLowerCase() === 'umap' && !data.isColumn(word);
  const [method, ...repeated] = clauses.head.filter(isMethod);
  const named = clauses.head.filter(word => !isMethod(word));
  const columns = named.map(word => data.column(word).name);
  const [by, ...others] = clauses.after.get('by') ?? [];
  const [name, ...more] = clauses.after.get('to') ?? [];
  if (repeated.length > 0 || others.length > 0 || more.length > 0 || columns.length === 1)
    throw new UsageError('chat.arguments', `Usage: ${usage}`, {
      hint: 'Name two columns at least, or none for all numbers.',
    });
  const asked = {
    dataset: data.dataset.name,
    ...(method && {method: 'umap'}),
    ...(columns.length > 0 && {columns}),
    ...(by && {by: data.column(by).name}),
    ...(clauses.where && {where: clauses.where}),
    ...(name && {save_as: name.text}),
  };
  return inWords('reduce', asked, app, signal);
}
