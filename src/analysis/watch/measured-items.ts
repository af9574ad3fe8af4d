// Which figures of a SELECT are means or shares, and the expression that counts the rows behind each.

import {currentVersion, type Dataset} from '../../core/dataset.ts';
import {
  type Aggregate,
  aggregateName,
  aggregatesIn,
  columnRef,
  functionName,
  isNode,
  itemName,
  listOf,
  type Node,
  nodesIn,
  type Select,
  selectItems,
  windowsIn,
} from './select.ts';
import {definitionOf} from './sources.ts';

/**
 * `isCommon`: the count is the same for every row of the result, such as that of all rows. `each` is what has a count of its
 * own: a group, or each row where the figure is over a window.
 */
export type Measured = {
  kind: 'typical' | 'share';
  name: string;
  count: Node;
  isCommon: boolean;
  each: 'groups' | 'rows';
};

export async function measuredItems(select: Select, node: Node, datasets: readonly Dataset[]): Promise<Measured[]> {
  const [countValues] = selectItems(await select.pattern('SELECT count(x)'));
  if (!countValues) return [];
  const context = {select, node, datasets, countValues};
  return selectItems(node).flatMap(item => measuredItem(item, context));
}

type Context = {select: Select; node: Node; datasets: readonly Dataset[]; countValues: Node};

function measuredItem(item: Node, context: Context): Measured[] {
  const quotient = quotientIn(item, context);
  if (quotient) return [{...quotient, name: itemName(item), count: {...quotient.count, alias: ''}, each: 'groups'}];
  const ofGroups = aggregatesIn(item).map(aggregate => {
    const [first] = listOf(aggregate.node.children);
    const count = first && {...context.countValues, children: [first], filter: aggregate.node.filter};
    return {aggregate, count, each: 'groups' as const};
  });
  const overParts = windowsIn(item)
    .filter(({node}) => isOverPart(node))
    .map(aggregate => {
      const [first] = listOf(aggregate.node.children);
      const count = first && {...aggregate.node, function_name: 'count', children: [first], alias: ''};
      return {aggregate, count, each: 'rows' as const};
    });
  return [...ofGroups, ...overParts].flatMap(({aggregate, count, each}): Measured[] => {
    const [first] = listOf(aggregate.node.children);
    if (aggregate.kind !== 'typical' || !first || !count) return [];
    const isShare = (aggregate.name === 'avg' || aggregate.name === 'mean') && isYesNo(first, context.datasets);
    return [{kind: isShare ? 'share' : 'typical', name: nameOf(item, aggregate), count, isCommon: false, each}];
  });
}

/** `OVER (PARTITION BY …)` alone: with an order or a frame it is a moving figure, which begins with few values on purpose. */
function isOverPart(node: Node): boolean {
  const isWhole =
    node.start === 'UNBOUNDED_PRECEDING' && /^(?:CURRENT_ROW_RANGE|UNBOUNDED_FOLLOWING)$/.test(String(node.end));
  return listOf(node.partitions).length > 0 && listOf(node.orders).length === 0 && isWhole;
}

function nameOf(item: Node, aggregate: Aggregate): string {
  return typeof item.alias === 'string' && item.alias !== '' ? item.alias : aggregateName(aggregate);
}

/** A division by a count. A share where rows are counted above it, a mean where values are added up there. */
function quotientIn(item: Node, context: Context): Omit<Measured, 'name' | 'each'> | null {
  for (const node of nodesIn(item)) {
    if (functionName(node) !== '/') continue;
    const [above, below] = listOf(node.children);
    const counted = below && countIn(below, context);
    if (!above || !counted) continue;
    if (countsRows(above, context)) return {kind: 'share', ...counted};
    if (!counted.isCommon && aggregatesIn(above).some(({name}) => name === 'sum')) return {kind: 'typical', ...counted};
  }
  return null;
}

/** What a divisor counts: by itself, over a window, in a subquery, or in the subquery that FROM reads. */
function countIn(below: Node, context: Context): Pick<Measured, 'count' | 'isCommon'> | null {
  const isCounted = (node: Node) => isCount(node) || isCountColumn(node, context);
  for (const node of partsOf(below)) {
    if (node.class === 'SUBQUERY' || node.class === 'WINDOW') {
      const inside = [...nodesIn(node)].some(isCounted);
      return inside || node.function_name === 'count' ? {count: node, isCommon: true} : null;
    }
    if (isCount(node)) return {count: node, isCommon: false};
    const [only] = listOf(node.children);
    if (isCountColumn(node, context)) return {count: node, isCommon: true};
    if (only && aggregatesIn(node).length === 1 && isCountColumn(only, context)) return {count: node, isCommon: true};
  }
  return null;
}

/** The node and what is below it, down to windows and subqueries and not into them. */
function* partsOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const each of value) yield* partsOf(each);
    return;
  }
  if (!isNode(value)) return;
  yield value;
  if (value.class === 'SUBQUERY' || value.class === 'WINDOW') return;
  for (const each of Object.values(value)) yield* partsOf(each);
}

function isCountColumn(node: Node, {select, node: from}: Context): boolean {
  const ref = columnRef(node);
  const defined = ref && definitionOf(select, from, ref);
  return defined ? isCount(defined.expression) : false;
}

function isCount(node: Node): boolean {
  const name = functionName(node);
  return (name === 'count' || name === 'count_star') && node.distinct !== true;
}

function countsRows(above: Node, context: Context): boolean {
  if ([...nodesIn(above)].some(node => isCount(node) || isCountColumn(node, context))) return true;
  return aggregatesIn(above).some(
    ({node, name}) =>
      name === 'count_if' ||
      name === 'countif' ||
      (name === 'sum' && isYesNo(listOf(node.children)[0], context.datasets)),
  );
}

const indicatorValues = new Set<unknown>([0, 1, 100, null]);

/** 1 and 0 for yes and no: a comparison as a number, CASE with 1 and 0 (100 and 0), or a column of them. */
export function isYesNo(node: unknown, datasets: readonly Dataset[]): boolean {
  if (!isNode(node)) return false;
  if (node.class === 'COMPARISON' || node.class === 'CONJUNCTION') return true;
  if (node.class === 'CAST') return isYesNo(node.child, datasets);
  const ref = columnRef(node);
  if (ref) return isFlag(ref.name, datasets);
  if (functionName(node) === '*') {
    const [varying, ...more] = listOf(node.children).filter(each => each.class !== 'CONSTANT');
    return more.length === 0 && isYesNo(varying, datasets);
  }
  if (node.class !== 'CASE') return false;
  const results = [...listOf(node.case_checks).map(each => each.then_expr), node.else_expr];
  return results.every(result => isNode(result) && indicatorValues.has(constantOf(result)));
}

function isFlag(name: string, datasets: readonly Dataset[]): boolean {
  const columns = datasets.flatMap(each => currentVersion(each).columns);
  const column = columns.find(each => each.name.toLowerCase() === name.toLowerCase());
  if (column?.kind === 'boolean') return true;
  return column?.kind === 'number' && column.distinctCount === 2 && column.min === 0 && column.max === 1;
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
