// Counts that a reader turns into shares: a table of two columns, or rows counted under two conditions, by one group.

import type {Column} from '../../core/dataset.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {
  type Aggregate,
  aggregatesIn,
  columnRef,
  groupExpressions,
  isNode,
  listOf,
  type Node,
  type Select,
  selectItems,
} from './select.ts';

/** `group` is compared, `outcome` is 1 or 0 in each row (or nothing where the row is counted in neither), `what` names its yes. */
export type Crosstab = {group: Node; outcome: Node; what: string};

export async function crosstabIn(select: Select, node: Node, columns: readonly Column[]): Promise<Crosstab | null> {
  const counts = selectItems(node).flatMap(item => aggregatesIn(item));
  if (counts.length === 0 || !counts.every(isRowCount)) return null;
  const groups = groupExpressions(node);
  const [first, second] = groups;
  if (first && second && groups.length === 2) {
    return counts.every(({node: each}) => !isNode(each.filter)) ? ofTwoColumns(select, [first, second], columns) : null;
  }
  return first && groups.length === 1 ? ofConditions(select, first, counts) : null;
}

const isRowCount = ({name, distinct}: Aggregate) =>
  !distinct && (name === 'count' || name === 'count_star' || name === 'count_if' || name === 'countif');

/** Of two columns the one with two values is the outcome, the second where both have two. */
async function ofTwoColumns(select: Select, pair: [Node, Node], columns: readonly Column[]): Promise<Crosstab | null> {
  for (const outcome of [...pair].reverse()) {
    const ref = columnRef(outcome);
    const column = columns.find(({name}) => name.toLowerCase() === ref?.name.toLowerCase());
    const yes = column && yesOf(column);
    const group = pair.find(each => each !== outcome);
    if (!column || yes === null || yes === undefined || !group || !columnRef(group)) continue;
    const [condition] = selectItems(await select.pattern(`SELECT ${quoteName(column.name)} = ${yes}`));
    if (condition) return {group, outcome: condition, what: `${column.name} = ${String(column.max)}`};
  }
  return null;
}

/** The value that counts as yes of a column of two, as SQL. */
function yesOf({kind, distinctCount, max}: Column): string | null {
  if (distinctCount !== 2 || max === null) return null;
  return kind === 'text' ? quoteText(String(max)) : kind === 'boolean' || kind === 'number' ? String(max) : null;
}

/** Two counts, at least one of them under a condition: its rows against the other rows, or against those of the other condition. */
async function ofConditions(select: Select, group: Node, counts: readonly Aggregate[]): Promise<Crosstab | null> {
  const conditions = counts.map(conditionOf);
  const [yes, no, ...more] = conditions.filter(condition => condition !== null);
  if (!yes || more.length > 0 || counts.length !== 2) return null;
  const what = 'the rows counted';
  if (!no) return {group, outcome: yes, what};
  const [pattern] = selectItems(await select.pattern('SELECT CASE WHEN a THEN 1 WHEN b THEN 0 END'));
  const checks = listOf(pattern?.case_checks);
  const outcome = {
    ...pattern,
    case_checks: [
      {...checks[0], when_expr: yes},
      {...checks[1], when_expr: no},
    ],
  };
  return {group, outcome, what};
}

function conditionOf({name, node}: Aggregate): Node | null {
  if (isNode(node.filter)) return node.filter;
  const [first] = name === 'count_if' || name === 'countif' ? listOf(node.children) : [];
  return first ?? null;
}
