// Arithmetic on numbers that are only names: ids, postcodes, account numbers.

import {type Column, currentVersion} from '../../core/dataset.ts';
import {printable} from '../../core/text.ts';
import {isName} from '../semantic-kind.ts';
import type {Check, Finding} from './check.ts';
import {quantitiesIn} from './quantities.ts';
import {
  type Aggregate,
  aggregatesIn,
  columnRef,
  functionName,
  isNode,
  listOf,
  type Node,
  type Select,
  windowsIn,
} from './select.ts';
import {definitionOf} from './sources.ts';

export const meanOfId: Check = {
  code: 'mean_of_id',
  advice:
    'The numbers in this column name things; they do not measure anything, so a mean, sum or correlation of them has no meaning. Count the rows or the different values, or use it to group or join.',
  run(subject) {
    const named = subject.datasets.flatMap(dataset => {
      const {columns, rows} = currentVersion(dataset);
      return columns.filter(column => isNameColumn(column, rows)).map(({name}) => name);
    });
    if (named.length === 0) return [];
    const isNamed = (name: string) => named.some(each => each.toLowerCase() === name.toLowerCase());
    const used = subject.select
      ? inSql(subject.select, isNamed)
      : quantitiesIn(subject.receipt)
          .filter(isNamed)
          .map(name => `${text(name)} is used as a quantity, and it looks like an id or a code.`);
    return used.map((message): Finding => ({severity: 'warn', message}));
  },
};

function isNameColumn({kind, type, name, distinctCount, nullCount}: Column, rows: number): boolean {
  return kind === 'number' && isName({name, type, distinctCount, presentCount: rows - nullCount});
}

function inSql(select: Select, isNamed: (name: string) => boolean): string[] {
  const found = new Set<string>();
  for (const node of select.selects)
    for (const {node: aggregate, name, kind, distinct} of aggregatesOf(node)) {
      if (distinct || !(kind === 'typical' || name === 'sum')) continue;
      const column = listOf(aggregate.children)
        .map(argument => quantityOf(argument, select, node))
        .find(each => each !== null && isNamed(each));
      if (column) found.add(`${name}(${text(column)}) is of ${text(column)}, which looks like an id or a code.`);
    }
  return [...found];
}

/** Those of the SELECT itself, not of the subqueries it reads. */
function aggregatesOf({select_list: list, having}: Node): Aggregate[] {
  return [...aggregatesIn([list, having]), ...windowsIn(list)];
}

const arithmetic = new Set(['*', '+', '-', '/', 'round', 'coalesce']);

/** The column itself, also cast to another type, handed on by a subquery, or put together with constants. */
function quantityOf(argument: Node, select: Select, node: Node): string | null {
  if (argument.class === 'CAST') return isNode(argument.child) ? quantityOf(argument.child, select, node) : null;
  const ref = columnRef(argument);
  if (ref) {
    const defined = definitionOf(select, node, ref);
    return defined && columnRef(defined.expression) ? (columnRef(defined.expression)?.name ?? null) : ref.name;
  }
  if (!arithmetic.has(functionName(argument) ?? '')) return null;
  const [first, ...more] = listOf(argument.children).filter(each => each.class !== 'CONSTANT');
  return first && more.length === 0 ? quantityOf(first, select, node) : null;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
