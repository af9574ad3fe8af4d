// Steps that write values another way: blanks, case, replacements, categories.

import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {likelySlips, variantGroups} from '../quality-texts.ts';
import {type Compile, constant, edited, missing, needed, needText, oneOf, type Relation, selected} from './step.ts';

const mostLevels = 1_000;

export const trim: Compile = input => {
  const texts = input.all.filter(column => column.kind === 'text');
  if (texts.length === 0) return selected('no texts to trim', `SELECT * FROM ${input.relation.name}`);
  return edited(
    input,
    'trim blanks; empty texts become missing',
    texts,
    column => `nullif(regexp_replace(trim(${quoteName(column.name)}), '\\s+', ' ', 'g'), '')`,
  );
};

export const changeCase: Compile = input => {
  const wanted = oneOf({...input.step, value: needed(input.step, 'value')}, ['lower', 'upper']);
  return edited(input, `write ${input.listed} in ${wanted} case`, input.chosen, column => {
    needText(column);
    return `${wanted}(${quoteName(column.name)})`;
  });
};

export const replace: Compile = input => {
  const value = needed(input.step, 'value');
  const {to} = input.step;
  return edited(input, `replace ${value} by ${to ?? 'missing'} in ${input.listed}`, input.chosen, column => {
    const name = quoteName(column.name);
    return `CASE WHEN ${name}::VARCHAR = ${quoteText(value)} THEN ${constant(column, to)} ELSE ${name} END`;
  });
};

export const mapValues: Compile = input => {
  const {step, chosen, listed} = input;
  const {map = []} = step;
  if (map.length === 0) throw missing(step, 'map');
  const shown = map.slice(0, 6).map(({from, to}) => `${from} → ${to ?? 'missing'}`);
  const what = `map ${listed}: ${shown.join(', ')}${map.length > 6 ? ', …' : ''}`;
  return edited(input, what, chosen, column => mapped(quoteName(column.name), map, to => constant(column, to)));
};

function mapped(
  name: string,
  map: readonly {from: string; to?: string | undefined}[],
  value: (to: string | undefined) => string,
): string {
  const cases = map.map(({from, to}) => `WHEN ${quoteText(from)} THEN ${value(to)}`);
  return `CASE ${name}::VARCHAR ${cases.join(' ')} ELSE ${name} END`;
}

/** Each way of writing becomes the commonest one of its group: by case, blanks and Unicode form, and what looks like a slip. */
export const mergeSpellings: Compile = async input => {
  const {relation, chosen, step} = input;
  if (chosen.length === 0) throw missing(step, 'columns');
  const byColumn = new Map<string, {from: string; to: string}[]>();
  for (const column of chosen) {
    needText(column);
    const levels = (await levelsOf(relation, column.name)).map(([text, count]) => ({text, count}));
    const merged = new Map(
      variantGroups(levels).flatMap(([best, ...others]) => others.map(each => [each.text, best?.text ?? each.text])),
    );
    const left = levels.filter(({text}) => !merged.has(text));
    for (const [best, slip] of likelySlips(left)) if (best && slip) merged.set(slip.text, best.text);
    // A way of writing may lead to one that is itself a slip of another.
    const end = (text: string): string => (merged.has(text) ? end(merged.get(text) ?? text) : text);
    byColumn.set(
      column.name,
      [...merged.keys()].map(from => ({from, to: end(from)})),
    );
  }
  const pairs = [...byColumn.values()].flat();
  const shown = pairs.slice(0, 6).map(({from, to}) => `${JSON.stringify(from)} → ${JSON.stringify(to)}`);
  const what = `merge spellings in ${input.listed}: ${shown.join(', ') || 'none differ'}${pairs.length > 6 ? `, … (${pairs.length})` : ''}`;
  return edited(input, what, chosen, column => {
    const map = byColumn.get(column.name) ?? [];
    return map.length === 0 ? quoteName(column.name) : mapped(quoteName(column.name), map, to => constant(column, to));
  });
};

/** Values rarer than a share (below 1) or a count become one; missing values stay missing. */
export const lumpRare: Compile = async input => {
  const {relation, chosen, step, listed} = input;
  if (chosen.length === 0) throw missing(step, 'columns');
  const least = Number(step.value ?? 0.05);
  if (!(least > 0))
    throw new ToolError('clean.bad_value', `The least share or count is a number above 0, not "${step.value}".`);
  const to = step.to ?? 'other';
  const kept = new Map<string, string[]>();
  for (const column of chosen) {
    needText(column);
    const levels = await levelsOf(relation, column.name);
    const total = levels.reduce((sum, [, n]) => sum + n, 0);
    const wanted = least < 1 ? least * total : least;
    kept.set(
      column.name,
      levels.filter(([, n]) => n >= wanted).map(([text]) => text),
    );
  }
  const what = `values of ${listed} below ${least < 1 ? `${Number((least * 100).toPrecision(6))} %` : `${formatCount(Math.ceil(least))} rows`} become ${to}`;
  return edited(input, what, chosen, column => {
    const name = quoteName(column.name);
    const list = (kept.get(column.name) ?? []).map(quoteText).join(', ');
    const isRare = list === '' ? 'true' : `${name} NOT IN (${list})`;
    return `CASE WHEN ${name} IS NULL THEN NULL WHEN ${isRare} THEN ${constant(column, to)} ELSE ${name} END`;
  });
};

/** The values of a column with their counts, the commonest first. @throws ToolError `clean.too_many_levels` above 1,000 */
export async function levelsOf(relation: Relation, column: string): Promise<[text: string, count: number][]> {
  const name = quoteName(column);
  const sql = `SELECT ${name}::VARCHAR AS v, count(*) AS n FROM ${relation.name} WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostLevels + 1}`;
  const rows = await relation.rows(sql, mostLevels + 1);
  if (rows.length > mostLevels)
    throw new ToolError(
      'clean.too_many_levels',
      `"${column}" has more than ${formatCount(mostLevels)} different values.`,
    );
  return rows.map(([text, count]) => [String(text), Number(count)]);
}
