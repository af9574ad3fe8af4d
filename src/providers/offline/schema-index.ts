// What the columns of a dataset and their frequent values can be recognised by, made once per dataset version.

import type {Column} from '../../core/dataset.ts';
import type {Subject} from './intent.ts';
import {formsOf, type NameForms, type NameMatch, singular} from './names.ts';

export type ColumnMatch = NameMatch & {column: Column};
export type KnownValue = {column: Column; value: string};

export type SchemaIndex = {columns: {column: Column; forms: NameForms}[]; values: Map<string, KnownValue[]>};

/** What columns and values can be recognised by. Values come from the most frequent ones of text columns only. */
export function indexOf(subject: Subject): SchemaIndex {
  const known = indexes.get(subject.columns);
  if (known) return known;
  const index = makeIndex(subject);
  indexes.set(subject.columns, index);
  return index;
}

// A turn reads the same columns several times (the question, its follow-ups, each next step).
const indexes = new WeakMap<Column[], SchemaIndex>();

function makeIndex(subject: Subject): SchemaIndex {
  const values = new Map<string, KnownValue[]>();
  for (const column of subject.columns) {
    if (column.kind !== 'text') continue;
    for (const value of column.topValues) {
      if (value.length === 0 || value.length > 80) continue;
      for (const form of new Set([valueForm(value), stemForm(value)])) {
        values.set(form, [...(values.get(form) ?? []), {column, value}]);
      }
    }
  }
  for (const [form, known] of sexes(subject)) values.set(form, [...(values.get(form) ?? []), known]);
  return {columns: subject.columns.map(column => ({column, forms: formsOf(column.name)})), values};
}

/** F and M of a column called sex or gender are female and male. */
function sexes({columns}: Subject): [string, KnownValue][] {
  const column = columns.find(({name}) => formsOf(name).concepts.includes('sex'));
  return (column?.topValues ?? []).flatMap((value): [string, KnownValue][] => {
    const form = {f: 'female', m: 'male'}[value.toLowerCase()];
    return column && form && column.kind === 'text' ? [[form, {column, value}]] : [];
  });
}

export const valueForm = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
export const valueSynonyms: Record<string, string> = {
  woman: 'female',
  girl: 'female',
  lady: 'female',
  man: 'male',
  boy: 'male',
  gentleman: 'male',
};
export const stemForm = (text: string) => valueForm(text).split(' ').map(singular).join(' ');
