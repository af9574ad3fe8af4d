// The plain syntax of commands about data: words, column names in quotes where they have blanks, and a few keywords.

import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {nearest, printable} from '../../core/text.ts';
import type {App} from '../app.ts';

/** A quoted word is never a keyword. */
export type Word = {text: string; quoted: boolean};

/** `head` are the words before the first keyword, `after` those behind each; `where` is SQL to the end of the line. */
export type Clauses = {head: Word[]; after: ReadonlyMap<string, Word[]>; where: string | undefined};

const keywords = ['by', 'with', 'in', 'mu', 'of', 'to', 'where'] as const;
export type Keyword = (typeof keywords)[number];

/** Other keywords than those the command `takes` are words like any other, so that none is passed over in silence. */
export function readClauses(args: string, takes: readonly Keyword[]): Clauses {
  const head: Word[] = [];
  const after = new Map<string, Word[]>();
  let current = head;
  let where: string | undefined;
  for (const match of args.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+|"/g)) {
    const text = match[1]?.replaceAll('""', '"') ?? match[0];
    const quoted = match[1] !== undefined;
    const keyword = quoted ? '' : text.toLowerCase();
    const isTaken = takes.some(each => each === keyword);
    if (isTaken && keyword === 'where') {
      where = args.slice(match.index + match[0].length).trim();
      break;
    }
    if (isTaken && !after.has(keyword)) {
      current = [];
      after.set(keyword, current);
    } else current.push({text, quoted});
  }
  if (where === '') throw new UsageError('chat.arguments', 'There is no condition behind "where".');
  // Passed over in silence it would look as if it had been heeded.
  for (const [keyword, words] of after)
    if (words.length === 0)
      throw new UsageError('chat.arguments', `There is nothing behind "${keyword}".`, {
        hint: `A column of that name stands in quotes: "${keyword}".`,
      });
  return {head, after, where};
}

/** The dataset that a command is about, and its columns by what was typed. */
export type Named = {dataset: Dataset; column(word: Word): Column; isColumn(word: Word): boolean};

/** The dataset behind `in`, the one that a word such as sales.price names, or the one worked on. @throws UsageError */
export async function namedData({head, after}: Clauses, app: App): Promise<Named> {
  const all = await app.catalog.datasets();
  const words = [head, ...after.values()].flat();
  const mentioned = words.map(({text}) => all.find(({name}) => plain(text).startsWith(`${name}.`))).find(Boolean);
  const [named, ...others] = after.get('in') ?? [];
  if (others.length > 0) throw new UsageError('chat.arguments', 'One dataset only stands behind "in".');
  const dataset = named ? await app.catalog.dataset(named.text) : (mentioned ?? (await activeDataset(app)));
  const {columns} = currentVersion(dataset);
  const find = (word: Word) => {
    const text = plain(word.text);
    const names = [text, ...(text.startsWith(`${dataset.name}.`) ? [text.slice(dataset.name.length + 1)] : [])];
    return (
      columns.find(({name}) => names.includes(name)) ??
      columns.find(({name}) => names.some(each => each.toLowerCase() === name.toLowerCase()))
    );
  };
  return {
    dataset,
    isColumn: word => find(word) !== undefined,
    column(word) {
      const found = find(word);
      if (found) return found;
      const names = columns.map(({name}) => name);
      const near = nearest(word.text, names);
      const shown = (near.length > 0 ? near : names.slice(0, 12)).map(quoted).join(', ');
      throw new UsageError('chat.unknown_column', `${dataset.name} has no column ${printable(quoted(word.text))}.`, {
        hint: `${near.length > 0 ? 'Did you mean' : 'Its columns:'} ${printable(shown)}${near.length > 0 ? '?' : ''}`,
      });
    },
  };
}

/** The dataset worked on. @throws UsageError `dataset.none` */
export async function activeDataset(app: App): Promise<Dataset> {
  const name = await app.catalog.active();
  if (name === undefined)
    throw new UsageError('dataset.none', 'No dataset is imported yet.', {hint: 'Import one: /upload FILE'});
  return app.catalog.dataset(name);
}

/** A name as it has to be typed. */
export function quoted(name: string): string {
  return /^[\p{L}\p{N}_.-]+$/u.test(name) && !isKeyword(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function isKeyword(name: string): boolean {
  return keywords.some(each => each === name.toLowerCase());
}

/** Completion writes @dataset.column. */
function plain(text: string): string {
  return text.replace(/^@/, '');
}
