// Turns what a person names as features into the columns of a regression: categories as 0/1, powers, interactions.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {columnNamed, levelsOf, numberSql, type Reader, type Selection} from './column-values.ts';

/** One column to a power, or 1 where a category has this level. */
export type Factor = {column: string; power: number; level: string | null};
/** A column of the regression: the product of its factors. */
export type Term = {name: string; sql: string; factors: Factor[]};

export type Terms = {terms: Term[]; columns: Column[]; notes: string[]};

/**
 * A feature is a column, `a^2` to the power, `a:b` the product of two, or `a*b` both and their product; a column whose own name looks like
 * that is taken first. Of a category each value but the first becomes a 0/1 column; notes name that reference.
 * @throws ToolError `analysis.*`, `regress.bad_power`, `test.no_variation`
 */
export async function termsOf(
  reader: Reader,
  selection: Selection,
  {columns, features}: {columns: readonly Column[]; features: readonly string[]},
): Promise<Terms> {
  const notes: string[] = [];
  const used = new Map<string, Column>();
  const known = new Map<string, Term[]>();

  async function ofColumn(column: Column, power: number): Promise<Term[]> {
    used.set(column.name, column);
    const key = `${column.name}^${power}`;
    const found = known.get(key) ?? (await single(reader, selection, {column, power, notes}));
    known.set(key, found);
    return found;
  }

  const terms = new Map<string, Term>();
  for (const feature of features)
    for (const parts of partsOf(columns, feature)) {
      const [first = [], ...others] = await Promise.all(parts.map(({column, power}) => ofColumn(column, power)));
      const products = others.reduce((left, right) => left.flatMap(a => right.map(b => product(a, b))), first);
      for (const term of products) terms.set(term.name, term);
    }
  return {terms: [...terms.values()], columns: [...used.values()], notes};
}

type Part = {column: Column; power: number};

/** Each inner list is a product. */
function partsOf(columns: readonly Column[], feature: string): Part[][] {
  const exact = columns.find(column => column.name === feature);
  if (exact) return [[{column: exact, power: 1}]];
  for (const sign of ['*', ':']) {
    const at = splits(feature, sign).find(([a, b]) =>
      [a, b].every(side => columns.some(each => sideName(each.name, side))),
    );
    if (!at) continue;
    const [a, b] = at.map(side => partOf(columns, side));
    if (!a || !b) continue;
    return sign === '*' ? [[a], [b], [a, b]] : [[a, b]];
  }
  return [[partOf(columns, feature)]];
}

function sideName(name: string, side: string): boolean {
  return name === side || name === side.replace(/\s*\^\s*\d+$/, '');
}

function splits(feature: string, sign: string): [string, string][] {
  return [...feature]
    .map((character, i) => (character === sign ? i : -1))
    .filter(i => i > 0)
    .map(i => [feature.slice(0, i).trim(), feature.slice(i + 1).trim()]);
}

function partOf(columns: readonly Column[], text: string): Part {
  const exact = columns.find(column => column.name === text);
  if (exact) return {column: exact, power: 1};
  const [, base, exponent] = /^(.*?)\s*\^\s*(\d+)$/.exec(text) ?? [];
  if (base === undefined) return {column: columnNamed(columns, text), power: 1};
  const power = Number(exponent);
  if (power < 1 || power > 6) throw new ToolError('regress.bad_power', `A power is from 1 to 6, not ${power}.`);
  return {column: columnNamed(columns, base), power};
}

async function single(
  reader: Reader,
  selection: Selection,
  {column, power, notes}: {column: Column; power: number; notes: string[]},
): Promise<Term[]> {
  if (column.kind !== 'text') {
    const value = numberSql(column);
    const name = power === 1 ? column.name : `${column.name}^${power}`;
    const sql = power === 1 ? value : Array.from({length: power}, () => `(${value})`).join(' * ');
    return [{name, sql, factors: [{column: column.name, power, level: null}]}];
  }
  const [base, ...others] = await levelsOf(reader, selection, column);
  if (base === undefined || others.length === 0)
    throw new ToolError(
      'test.no_variation',
      `"${column.name}" ${base === undefined ? 'has no values' : 'does not vary: it has one value only'} in the rows used.`,
    );
  notes.push(`"${column.name}" is compared with "${base}", its first value`);
  const name = quoteName(column.name);
  return others.map(level => ({
    name: `${column.name} = ${level}`,
    sql: `CASE WHEN ${name} IS NOT NULL THEN (${name} = ${quoteText(level)})::INTEGER::DOUBLE END`,
    factors: [{column: column.name, power: 1, level}],
  }));
}

function product(a: Term, b: Term): Term {
  return {name: `${a.name} × ${b.name}`, sql: `(${a.sql}) * (${b.sql})`, factors: [...a.factors, ...b.factors]};
}

/** Values that were given for columns, as numbers or levels. */
export type Settings = ReadonlyMap<string, string>;

/**
 * "age=40" for columns of the fit; what is not given stands at its mean.
 * @throws ToolError `regress.bad_setting`, `analysis.unknown_column`
 */
export function settingsOf(texts: readonly string[], columns: readonly Column[]): Settings {
  const settings = new Map<string, string>();
  for (const text of texts) {
    const at = splits(text, '=').find(([name]) => columns.some(each => each.name === name));
    const [name, value] = at ?? splits(text, '=')[0] ?? ['', ''];
    if (name === '') throw new ToolError('regress.bad_setting', `"${text}" is no setting such as "age=40".`);
    const column = columnNamed(columns, name);
    if (column.kind === 'number' && (value === '' || !Number.isFinite(Number(value))))
      throw new ToolError('regress.bad_setting', `"${column.name}" is a number, "${value}" is none.`);
    settings.set(column.name, value);
  }
  return settings;
}

/** The value of a term under the settings; `meanOf` gives the mean of a whole term where none of its columns is set. */
export function valueUnder(term: Term, settings: Settings, meanOf: (name: string) => number): number {
  if (!term.factors.some(({column}) => settings.has(column))) return meanOf(term.name);
  return term.factors.reduce((value, {column, power, level}) => {
    const given = settings.get(column);
    if (given === undefined) return value * meanOf(level === null ? column : `${column} = ${level}`) ** power;
    if (level !== null) return value * (given === level ? 1 : 0);
    const number = given === 'true' ? 1 : given === 'false' ? 0 : Number(given);
    return value * number ** power;
  }, 1);
}
