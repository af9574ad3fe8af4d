// Which dataset a question is about: named in it, else the active one, else the one whose columns fit best.

import {currentVersion, type Dataset} from '../../core/dataset.ts';
import type {Subject, Surroundings} from './intent.ts';
import {formsOf, matchName} from './names.ts';
import type {Token} from './tokens.ts';

export function subjectOf(dataset: Dataset): Subject {
  const {rows, columns} = currentVersion(dataset);
  return {name: dataset.name, rows, columns};
}

/** Datasets named in the question, longest name first; a dataset named like a word of another's name gives way. */
export function namedDatasets(tokens: Token[], datasets: Dataset[]): Dataset[] {
  const named = datasets.filter(dataset => {
    const forms = formsOf(dataset.name);
    const longest = Math.max(1, forms.pieces.length);
    return tokens.some((_, at) =>
      [...Array(longest).keys()].some(extra => {
        const text = tokens.slice(at, at + extra + 1).map(token => token.text);
        return text.length === extra + 1 && matchName(formsOf(text.join(' ')), forms, true) !== null;
      }),
    );
  });
  return named.sort((a, b) => b.name.length - a.name.length);
}

/** The datasets to try in turn, the likeliest first. */
export function candidateSubjects(tokens: Token[], {datasets, activeDataset, chosen}: Surroundings): Subject[] {
  const named = namedDatasets(tokens, datasets);
  const active = datasets.filter(dataset => dataset.name === activeDataset);
  // "which weather …" means the column of the active dataset, "in weather" the dataset.
  const isColumn = (name: string) =>
    active.some(dataset => currentVersion(dataset).columns.some(column => column.name.toLowerCase() === name));
  const behind = (name: string, words: RegExp) =>
    tokens.some(({lower}, at) => lower === name && words.test(tokens[at - 1]?.lower ?? ''));
  const spoken = (name: string) => behind(name, /^(in|from|describe|profile|dataset|table|summarize|use)$/);
  const rest = [...datasets].sort((a, b) => fit(tokens, b) - fit(tokens, a));
  if (chosen) {
    // "how many visits" means the dataset of that name, unless it is a column of the chosen one.
    const meant = named.filter(({name}) => spoken(name) || (!isColumn(name) && behind(name, /^(of|many|count)$/)));
    return [...new Set([...meant, ...active, ...named, ...rest])].map(subjectOf);
  }
  return [...new Set([...named.filter(({name}) => !isColumn(name) || spoken(name)), ...active, ...rest])].map(
    subjectOf,
  );
}

/** How many words of the question are names of the dataset's columns. */
function fit(tokens: Token[], dataset: Dataset): number {
  const columns = currentVersion(dataset)
    .columns.slice(0, 500)
    .map(column => formsOf(column.name));
  return tokens
    .slice(0, 60)
    .filter(token => token.kind !== 'sign' && token.lower.length > 2)
    .reduce((sum, token) => {
      const forms = formsOf(token.text);
      const scores = columns.map(column => matchName(forms, column, true)?.score ?? 0);
      return sum + Math.max(0, ...scores);
    }, 0);
}
