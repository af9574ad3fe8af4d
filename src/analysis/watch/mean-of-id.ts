// Arithmetic on numbers that are only names: ids, postcodes, account numbers.

import {type Column, currentVersion} from '../../core/dataset.ts';
import {printable} from '../../core/text.ts';
import {isName} from '../semantic-kind.ts';
import type {Check, Finding, Subject} from './check.ts';
import {aggregatesIn, columnRef, isNode, listOf, type Node} from './select.ts';

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
    const used = subject.select ? inSql(subject, isNamed) : inArguments(subject.receipt.args, isNamed);
    return used.map((message): Finding => ({severity: 'warn', message}));
  },
};

function isNameColumn({kind, type, name, distinctCount, nullCount}: Column, rows: number): boolean {
  return kind === 'number' && isName({name, type, distinctCount, presentCount: rows - nullCount});
}

function inSql({select}: Subject, isNamed: (name: string) => boolean): string[] {
  const found = new Set<string>();
  for (const {node, name, kind, distinct} of aggregatesIn(select?.selects ?? [])) {
    if (distinct || !(kind === 'typical' || name === 'sum')) continue;
    const column = listOf(node.children)
      .map(plainColumn)
      .find(each => each !== null && isNamed(each));
    if (column) found.add(`${name}(${text(column)}) is of ${text(column)}, which looks like an id or a code.`);
  }
  return [...found];
}

/** The column itself, or cast to another type. */
function plainColumn(node: Node): string | null {
  if (node.class === 'CAST') return isNode(node.child) ? plainColumn(node.child) : null;
  return columnRef(node)?.name ?? null;
}

/** Where the statistical tools take a column as a quantity. */
function inArguments(args: unknown, isNamed: (name: string) => boolean): string[] {
  if (!isNode(args)) return [];
  const {value, target, features, paired_with: pairedWith} = args;
  const names = [value, target, pairedWith, ...(Array.isArray(features) ? features : [])];
  const found = [...new Set(names.filter(each => typeof each === 'string').filter(isNamed))];
  return found.map(name => `${text(name)} is used as a quantity, and it looks like an id or a code.`);
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
