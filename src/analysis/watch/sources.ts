// Where the rows of a SELECT come from when that is another SELECT: a subquery in FROM, or a name of a WITH clause.

import {columnRef, isNode, listOf, type Node, type Select, sameName, selectItems} from './select.ts';

const deepest = 6;

type Source = {alias: string; inner: Node};

/** The subqueries and names of a WITH clause in FROM that are plain SELECTs, in their order. */
export function sourcesOf(select: Select, node: Node): Source[] {
  return leavesOf(node.from_table).flatMap(leaf => {
    const inner = innerOf(select, node, leaf);
    const alias = typeof leaf.alias === 'string' && leaf.alias !== '' ? leaf.alias : String(leaf.table_name ?? '');
    return inner ? [{alias, inner}] : [];
  });
}

/** What stands in a FROM clause, apart from the joins between. */
export function leavesOf(from: unknown): Node[] {
  if (!isNode(from)) return [];
  return from.type === 'JOIN' ? [...leavesOf(from.left), ...leavesOf(from.right)] : [from];
}

function innerOf(select: Select, node: Node, leaf: Node): Node | null {
  const query = leaf.type === 'SUBQUERY' ? leaf.subquery : namedQuery(select, node, leaf);
  const inner = isNode(query) ? query.node : null;
  return isNode(inner) && inner.type === 'SELECT_NODE' ? inner : null;
}

function namedQuery(select: Select, node: Node, {type, table_name: table}: Node): unknown {
  if (type !== 'BASE_TABLE') return null;
  for (const {cte_map: map} of [node, select.select]) {
    const entry = listOf(isNode(map) ? map.map : []).find(each => sameName(each.key, String(table)));
    if (isNode(entry?.value)) return entry.value.query;
  }
  return null;
}

/**
 * The expression that a column of `node` stands for in the SELECT it comes from, followed as far down as it is only handed on, and the
 * SELECT where that stands. Null for a column of a dataset, and where it is not certain.
 */
export function definitionOf(
  select: Select,
  node: Node,
  {name, table}: {name: string; table: string | null},
  depth = 0,
): {expression: Node; inner: Node} | null {
  if (depth > deepest) return null;
  const found = sourcesOf(select, node)
    .filter(({alias}) => table === null || sameName(alias, table))
    .flatMap(({inner}) => {
      const item = selectItems(inner).find(each => sameName(each.alias, name) || isColumn(each, name));
      if (!item) {
        const passes = selectItems(inner).some(each => each.class === 'STAR');
        return passes ? (definitionOf(select, inner, {name, table: null}, depth + 1) ?? []) : [];
      }
      const ref = columnRef(item);
      const deeper = ref && definitionOf(select, inner, ref, depth + 1);
      return deeper ?? {expression: item, inner};
    });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isColumn(item: Node, name: string): boolean {
  return (typeof item.alias !== 'string' || item.alias === '') && sameName(columnRef(item)?.name, name);
}
