// Texts in a column where a kept model learnt from numbers or dates: counted, told of, and taken as missing.

import {z} from 'zod';
import type {Cell} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {type Input, triedSql} from '../training/read-columns.ts';

/**
 * What of the rows the model could not take as it is: `unseen` values it never learnt, `missing` ones, and `unreadable` texts
 * where it learnt from numbers or dates (`wanted`), the first different ones as `examples` with their row, counted from 1.
 */
export type Gap = {
  column: string;
  kind: 'unseen' | 'missing' | 'unreadable';
  rows: number;
  wanted?: 'number' | 'date';
  examples?: {text: string; row: number}[];
};

const mostExamples = 3;
const examplesSchema = z.array(z.object({text: z.string(), row: z.coerce.number()}));

/**
 * `from` is a relation, `query` runs a SELECT on it; with `rowSql`, the number of a row from 0, there are examples.
 * @throws ToolError `model.column_kind` when most of the values of a column are none
 */
export async function unreadableIn(
  query: (sql: string) => Promise<readonly (readonly Cell[])[]>,
  from: string,
  inputs: readonly Input[],
  rowSql?: string,
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  const tried = inputs.filter(
    ({column, tries}, at) => tries && inputs.findIndex(each => each.column === column) === at,
  );
  for (const {column, tries: wanted = 'number'} of tried) {
    const name = quoteName(column);
    const bad = `${name} IS NOT NULL AND ${triedSql({name: column}, wanted)} IS NULL`;
    const [[rows, present] = []] = await query(`SELECT count(*) FILTER (WHERE ${bad}), count(${name}) ${from}`);
    const [count, all] = [Number(rows ?? 0), Number(present ?? 0)];
    if (count > all / 2)
      throw new ToolError(
        'model.column_kind',
        `${formatCount(count)} of ${formatCount(all)} values of ${printable(column, {oneLine: true})} are no ${wanted}s; the model learnt from ${wanted}s.`,
        {hint: 'Is it the column that the model learnt from? Clean it first, or choose another dataset.'},
      );
    if (count === 0) continue;
    const examples = rowSql === undefined ? null : await examplesOf(query, from, {name, bad, rowSql});
    gaps.push({column, kind: 'unreadable', rows: count, wanted, ...(examples && {examples})});
  }
  return gaps;
}

async function examplesOf(
  query: (sql: string) => Promise<readonly (readonly Cell[])[]>,
  from: string,
  {name, bad, rowSql}: {name: string; bad: string; rowSql: string},
): Promise<{text: string; row: number}[]> {
  const found = await query(
    `SELECT to_json({text: ${name}, row: min(${rowSql}) + 1})::VARCHAR ${from} WHERE ${bad} GROUP BY ${name} ORDER BY min(${rowSql}) LIMIT ${mostExamples}`,
  );
  return examplesSchema.parse(found.map(([cell]) => JSON.parse(String(cell))));
}

/** A text that can't be read was read as missing, but is told of as what it is. */
export function withUnreadable(gaps: readonly Gap[], unreadable: readonly Gap[]): Gap[] {
  const less = gaps.map(gap => {
    const same = unreadable.find(({column}) => column === gap.column);
    return gap.kind === 'missing' && same ? {...gap, rows: gap.rows - same.rows} : gap;
  });
  return [...unreadable, ...less.filter(({rows}) => rows > 0)];
}

/** What the model could not take as it is, a line each; examples are cells, for the user's eyes only. */
export function gapLines(gaps: readonly Gap[], {examples: isShown = false} = {}): string[] {
  return gaps.map(({column, kind, rows, wanted = 'number', examples = []}) => {
    const name = printable(column, {oneLine: true});
    const count = `${formatCount(rows)} row${rows === 1 ? '' : 's'}`;
    const shown = examples.map(({text, row}) => `"${printable(text, {oneLine: true})}" in row ${formatCount(row)}`);
    if (kind === 'unreadable')
      return `${name}: ${count} with a text that is no ${wanted}, taken as missing${isShown && shown.length > 0 ? ` (${shown.join(', ')})` : ''}.`;
    return kind === 'unseen'
      ? `${name}: ${count} with a value that the model did not learn from.`
      : `${name}: ${count} without a value.`;
  });
}
