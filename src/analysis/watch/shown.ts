// Which SELECTs of a statement the rows of the answer come from, and the statement with more columns of one of them.

import {
  aggregatesIn,
  columnsIn,
  groupExpressions,
  isNode,
  listOf,
  type Node,
  type Select,
  sameName,
  selectItems,
} from './select.ts';
import {sourcesOf} from './sources.ts';

const deepest = 4;

/** `way` leads from the outermost SELECT down to `node`, that one left out: each hands rows on without putting them together. */
export type Shown = {node: Node; way: readonly Node[]};

/** The outermost SELECT, and those below it whose rows it passes on as they are, filtered, sorted or cut off. */
export function shownSelects(select: Select): Shown[] {
  const found: Shown[] = [];
  const visit = (node: Node, way: readonly Node[]) => {
    found.push({node, way});
    if (way.length === deepest || puts(node)) return;
    for (const {inner} of sourcesOf(select, node)) if (inner !== node) visit(inner, [...way, node]);
  };
  visit(select.select, []);
  return found;
}

/** True where rows are put together. */
function puts(node: Node): boolean {
  return (
    groupExpressions(node).length > 0 ||
    selectItems(node).some(item => aggregatesIn(item).length > 0) ||
    listOf(node.modifiers).some(({type}) => type === 'DISTINCT_MODIFIER')
  );
}

/** True where the answer has the column that `node` calls `name`. */
export function isShown({way}: Shown, name: string): boolean {
  return way.every(
    node =>
      selectItems(node).some(item => item.class === 'STAR') ||
      columnsIn(node.select_list).some(each => sameName(each.name, name)),
  );
}

/** The SQL of the whole statement, whose rows carry `columns` of `node` too. */
export async function withColumns(select: Select, {node, way}: Shown, columns: readonly Node[]): Promise<string> {
  const names = columns.map(({alias}) => String(alias));
  const pattern = await select.pattern(`SELECT ${names.map(name => `"${name}"`).join(', ')}`);
  const more = new Map<Node, readonly Node[]>([
    ...way.map(each => [each, selectItems(pattern)] as const),
    [node, columns],
  ]);
  const changed = added(select.select, more);
  return select.textOf(select.select, isNode(changed) ? changed : {});
}

function added(value: unknown, more: ReadonlyMap<Node, readonly Node[]>): unknown {
  if (Array.isArray(value)) return value.map(each => added(each, more));
  if (!isNode(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, added(each, more)]));
  const columns = more.get(value);
  return columns ? {...copy, select_list: [...listOf(copy.select_list), ...columns]} : copy;
}
