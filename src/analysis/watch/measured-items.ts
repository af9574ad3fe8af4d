// Which figures of a SELECT are means or shares, and the expression that counts the rows behind each.

import {
  type Aggregate,
  aggregateName,
  aggregatesIn,
  functionName,
  isNode,
  itemName,
  listOf,
  type Node,
  nodesIn,
  type Select,
  selectItems,
} from './select.ts';

/** `overAll`: the share is of all groups together, so their counts add up. */
export type Measured = {kind: 'typical' | 'share'; name: string; count: Node; overAll: boolean};

export async function measuredItems(select: Select, node: Node): Promise<Measured[]> {
  const items = selectItems(node);
  if (!items.some(item => aggregatesIn(item).length > 0)) return [];
  const [countValues, countRows] = selectItems(await select.pattern('SELECT count(x), count(*)'));
  if (!countValues || !countRows) return [];
  return items.flatMap(item => measuredItem(item, {countValues, countRows}));
}

type Patterns = {countValues: Node; countRows: Node};

function measuredItem(item: Node, {countValues, countRows}: Patterns): Measured[] {
  const share = shareOf(item);
  if (share) return [{kind: 'share', name: itemName(item), count: share.count ?? countRows, overAll: share.overAll}];
  return aggregatesIn(item).flatMap(aggregate => {
    if (aggregate.kind !== 'typical') return [];
    const {node} = aggregate;
    const [first] = listOf(node.children);
    if (!first) return [];
    const count = {...countValues, children: [first], filter: node.filter};
    const kind = aggregate.name === 'avg' && isIndicator(first) ? 'share' : 'typical';
    return [{kind, name: nameOf(item, aggregate), count, overAll: false}];
  });
}

function nameOf(item: Node, aggregate: Aggregate): string {
  return typeof item.alias === 'string' && item.alias !== '' ? item.alias : aggregateName(aggregate);
}

/** A division of counts: what the divisor counts is what the share is of. */
function shareOf(item: Node): {count: Node | null; overAll: boolean} | null {
  for (const node of nodesIn(item)) {
    if (functionName(node) !== '/') continue;
    const [above, below] = listOf(node.children);
    if (!above || !below || !countsRows(above)) continue;
    const parts = [...nodesIn(below)];
    if (parts.some(part => part.class === 'SUBQUERY')) return null;
    if (parts.some(part => part.class === 'WINDOW') && parts.some(part => isCount(part)))
      return {count: null, overAll: true};
    const count = parts.find(part => isCount(part));
    if (count) return {count: {...count, alias: ''}, overAll: false};
  }
  return null;
}

function isCount(node: Node): boolean {
  const name = functionName(node);
  return (name === 'count' || name === 'count_star') && node.distinct !== true;
}

function countsRows(above: Node): boolean {
  return aggregatesIn(above).some(
    ({node, name}) => isCount(node) || (name === 'sum' && isIndicator(listOf(node.children)[0])),
  );
}

const indicatorValues = new Set<unknown>([0, 1, 100, null]);

/** 1 and 0 for yes and no: a comparison as a number, or CASE with 1 and 0 (100 and 0). */
function isIndicator(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.class === 'COMPARISON' || node.class === 'CONJUNCTION') return true;
  if (node.class === 'CAST') return isIndicator(node.child);
  if (node.class !== 'CASE') return false;
  const results = [...listOf(node.case_checks).map(each => each.then_expr), node.else_expr];
  return results.every(result => isNode(result) && indicatorValues.has(constantOf(result)));
}

function constantOf(node: Node): number | null | undefined {
  if (node.class === 'CAST' && isNode(node.child)) return constantOf(node.child);
  if (node.class !== 'CONSTANT' || !isNode(node.value)) return undefined;
  if (node.value.is_null === true) return null;
  const {value, type} = node.value;
  if (typeof value !== 'number') return undefined;
  const scale = isNode(type) && isNode(type.type_info) ? Number(type.type_info.scale ?? 0) : 0;
  return value / 10 ** scale;
}
