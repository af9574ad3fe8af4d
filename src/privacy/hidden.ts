// Which columns must never leave: those a pattern means, and every column of a query result that was made of them.

import type {Column, Dataset} from '../core/dataset.ts';
import {isMeant, type PrivacyPolicy} from '../core/privacy.ts';

export interface Hidden {
  /** `origin` is "dataset.column". */
  has(origin: string): boolean;
  column(dataset: string, column: Column): boolean;
  /** Names of columns that hold a value which must stay, as "city_Paris" after coding categories; the longest first. */
  readonly valueNames: readonly string[];
  /** True when a version of the dataset holds a hidden column, and for a dataset that is not known any more. */
  inDataset(name: string): boolean;
}

export function hiddenColumns({level, neverSend}: PrivacyPolicy, datasets: readonly Dataset[]): Hidden {
  const names = new Set<string>();
  const places = datasets.flatMap(({name, versions}) =>
    versions.flatMap(({columns, source}) => columns.map(column => ({name, column, queried: source.kind === 'query'}))),
  );
  const isNamed = (dataset: string, column: string) => neverSend.some(pattern => isMeant(pattern, dataset, column));
  const has = (origin: string) => {
    const dot = origin.indexOf('.');
    return names.has(origin) || isNamed(origin.slice(0, dot), origin.slice(dot + 1));
  };
  if (neverSend.length > 0) {
    for (const {name, column} of places)
      if (isNamed(name, column.name) || isNamed(name, column.originalName)) names.add(`${name}.${column.name}`);
    // Results kept before origins were recorded could hold anything.
    for (const {name, column, queried} of places)
      if (queried && (column.from === undefined || column.from.some(has))) names.add(`${name}.${column.name}`);
  }
  const touched = new Set([...names].map(name => name.slice(0, name.indexOf('.'))));
  const texts = new Set(
    places.filter(({column}) => column.kind === 'text').map(each => `${each.name}.${each.column.name}`),
  );
  const valueNames = places.flatMap(({column, queried}) => {
    const coded = (column.from ?? []).filter(origin =>
      column.name.startsWith(`${origin.slice(origin.indexOf('.') + 1)}_`),
    );
    const isValue = coded.some(origin => has(origin) || (level !== 'rows' && texts.has(origin)));
    return queried && isValue ? [column.name] : [];
  });
  const known = new Set(datasets.map(dataset => dataset.name));
  return {
    has,
    valueNames: [...new Set(valueNames)].sort((a, b) => b.length - a.length),
    column: (dataset, column) => names.has(`${dataset}.${column.name}`),
    inDataset: name => touched.has(name) || (neverSend.length > 0 && !known.has(name)),
  };
}
