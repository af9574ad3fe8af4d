// Simpson's reversal: one group is ahead overall, and behind it in every part of the data that another column makes.

import {type Column, currentVersion} from '../../core/dataset.ts';
import {formatNumber, printable} from '../../core/text.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {crosstabIn} from './crosstab.ts';
import {
  aggregatesIn,
  baseTables,
  columnsIn,
  functionName,
  groupExpressions,
  isNode,
  listOf,
  type Node,
  nodesIn,
  selectItems,
  ungrouped,
} from './select.ts';
import {shownSelects} from './shown.ts';

const mostRows = 2_000_000;
const mostColumns = 12;
const mostLevels = 10;
const fewestInCell = 5;
/** Differences smaller than this part of a standard deviation reverse by chance. */
const leastDifference = 0.05;

export const simpson: Check = {
  code: 'simpson_reversal',
  advice:
    "The groups are spread differently over the parts, and the parts differ: Simpson's paradox. Compare within the parts, or weight the parts equally; which comparison is the right one depends on what causes what.",
  async run(subject) {
    const asked = (await fromSql(subject)) ?? fromTest(subject);
    return asked ? reversals(asked, subject) : [];
  },
};

/** `sql` gives the rows with the columns g and y, and those in `parts`, numbered p0, p1 and so on. `counted`: y is 1 or 0. */
type Comparison = {sql: string; group: string; parts: string[]; counted?: string};

/** One mean or share by one column of one dataset, or counts that are read as shares. */
async function fromSql({select, datasets}: Subject): Promise<Comparison | null> {
  const [dataset] = datasets;
  if (!select || !dataset || datasets.length > 1) return null;
  const [shown] = shownSelects(select).filter(each => groupExpressions(each.node).length > 0);
  if (!shown) return null;
  const {node} = shown;
  const version = currentVersion(dataset);
  const [only, ...more] = groupExpressions(node);
  const mean = more.length === 0 ? meanIn(selectItems(node)) : null;
  const counts = mean ? null : await crosstabIn(select, node, version.columns);
  const [group, value] = counts ? [counts.group, counts.outcome] : [only, mean];
  if (!group || !value || version.rows > mostRows) return null;
  if (baseTables(node.from_table)?.length !== 1) return null;
  const taken = new Set(columnsIn([group, value]).map(({name}) => name.toLowerCase()));
  const parts = partsOf(version.columns, taken);
  if (parts.length === 0) return null;
  const pattern = await select.pattern(`SELECT ${parts.map((name, i) => `${quoteName(name)} AS p${i}`).join(', ')}`);
  const list = [{...group, alias: 'g'}, {...value, alias: 'y'}, ...selectItems(pattern)];
  const sql = await select.textOf(node, {...ungrouped, select_list: list});
  return {sql, group: columnsIn(group)[0]?.name ?? 'group', parts, ...(counts && {counted: counts.what})};
}

/** What the only mean of a SELECT is of: `avg(y)`, `sum(y) / count(*)`, `count_if(y) / count(*)`, `count(*) FILTER (y) / count(*)`. */
function meanIn(items: readonly Node[]): Node | null {
  const found = items.flatMap(item => {
    const aggregates = aggregatesIn(item);
    const means = aggregates.filter(({name, node}) => (name === 'avg' || name === 'mean') && !isNode(node.filter));
    if (means.length > 0) return means.map(({node}) => listOf(node.children)[0]);
    const [above, below] = aggregates;
    const isQuotient = [...nodesIn(item)].some(node => functionName(node) === '/');
    if (!isQuotient || !above || aggregates.length !== 2 || below?.name.startsWith('count') !== true) return [];
    if (isNode(below.node.filter) || below.distinct || above.distinct) return [];
    if (isNode(above.node.filter)) return above.name.startsWith('count') ? [above.node.filter] : [];
    return above.name === 'sum' || above.name === 'count_if' ? [listOf(above.node.children)[0]] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** A test of a number by a group. */
function fromTest({receipt, datasets}: Subject): Comparison | null {
  const [dataset] = datasets;
  if (receipt.tool !== 'test_hypothesis' || !dataset || !isNode(receipt.args)) return null;
  const {value, group, where} = receipt.args;
  const version = currentVersion(dataset);
  const column = version.columns.find(({name}) => name === value);
  if (typeof group !== 'string' || !column || version.rows > mostRows) return null;
  const outcome = outcomeOf(column);
  if (outcome === null) return null;
  const parts = partsOf(version.columns, new Set([group.toLowerCase(), column.name.toLowerCase()]));
  if (parts.length === 0) return null;
  const list = parts.map((name, i) => `${quoteName(name)} AS p${i}`).join(', ');
  const condition = typeof where === 'string' ? ` WHERE (\n${where}\n)` : '';
  const sql = `SELECT ${quoteName(group)} AS g, ${outcome} AS y, ${list} FROM ${quoteName(dataset.name)}${condition}`;
  return {sql, group, parts};
}

/** A number as it is; of two texts, whether it is the later one. */
function outcomeOf({name, kind, distinctCount, max}: Column): string | null {
  if (kind === 'number' || kind === 'boolean') return quoteName(name);
  return kind === 'text' && distinctCount === 2 ? `(${quoteName(name)} = ${quoteText(String(max))})` : null;
}

/** Categories of the same rows that could stand behind a difference. */
function partsOf(columns: ReturnType<typeof currentVersion>['columns'], taken: ReadonlySet<string>): string[] {
  return columns
    .filter(({kind}) => kind === 'text' || kind === 'boolean')
    .filter(
      ({name, distinctCount}) => distinctCount >= 2 && distinctCount <= mostLevels && !taken.has(name.toLowerCase()),
    )
    .map(({name}) => name)
    .slice(0, mostColumns);
}

type Cell = {level: string; group: string; n: number; mean: number};

/** At most one: the largest reversal between the group with the highest mean and the one with the lowest. */
async function reversals({sql, group, parts, counted}: Comparison, {rows}: Subject): Promise<Finding[]> {
  const data = `SELECT g::VARCHAR AS g, CAST(y AS DOUBLE) AS y, ${parts.map((_, i) => `p${i}::VARCHAR AS p${i}`).join(', ')} FROM (\n${sql}\n)`;
  const overall = await rows(
    `SELECT g, count(y), avg(y), (SELECT stddev_samp(y) FROM (\n${data}\n)) FROM (\n${data}\n) WHERE y IS NOT NULL AND g IS NOT NULL GROUP BY g ORDER BY 3, 1 LIMIT 50`,
  );
  const sd = Number(overall[0]?.[3] ?? 0);
  const large = overall.filter(([, n]) => Number(n) >= 2 * fewestInCell);
  const [low, high] = [large.at(0), large.at(-1)];
  if (!low || !high || low === high || !(sd > 0)) return [];
  const difference = Number(high[2]) - Number(low[2]);
  if (!(difference >= leastDifference * sd)) return [];
  const pair = `(${quoteText(String(low[0]))}, ${quoteText(String(high[0]))})`;
  const sets = parts.map((_, i) => `(g, p${i})`).join(', ');
  const keys = parts.map((_, i) => `p${i}`).join(', ');
  const cells = await rows(
    `SELECT ${parts.map((_, i) => `grouping(p${i})`).join(', ')}, g, coalesce(${keys}), count(y), avg(y) FROM (\n${data}\n) WHERE y IS NOT NULL AND g IN ${pair} GROUP BY GROUPING SETS (${sets})`,
  );
  const found = parts.flatMap((part, i) => {
    const own = cells.filter(row => row[i] === 0 || row[i] === 0n);
    const table = own.map((row): Cell => {
      const [g, level, n, mean] = row.slice(parts.length);
      return {group: String(g), level: String(level), n: Number(n), mean: Number(mean)};
    });
    const reversed = reversedIn(table, {low: String(low[0]), high: String(high[0])});
    return reversed === null || reversed.size < leastDifference * sd ? [] : [{part, ...reversed}];
  });
  const worst = found.sort((a, b) => b.size - a.size)[0];
  if (!worst) return [];
  const names = [String(high[0]), String(low[0])].map(name => text(name));
  if (counted !== undefined)
    return [
      {
        severity: 'info',
        message: `Simpson's reversal in these counts: overall the share of ${text(counted)} is higher in ${names[0]} than in ${names[1]} (${percent(high[2])} against ${percent(low[2])}), but lower within each of the ${worst.levels} values of ${text(worst.part)}.`,
      },
    ];
  return [
    {
      severity: 'warn',
      message: `Simpson's reversal: overall ${names[0]} is above ${names[1]} in ${text(group)} (${number(high[2])} against ${number(low[2])}), but below it within each of the ${worst.levels} values of ${text(worst.part)}.`,
    },
  ];
}

/**
 * When the group that is low overall is above the other in every level, the mean of those differences, weighted by the
 * rows of each level. Null otherwise, and when a level is too small to say or the levels hold less than 90 % of the rows.
 */
function reversedIn(
  cells: readonly Cell[],
  {low, high}: {low: string; high: string},
): {size: number; levels: number} | null {
  const levels = [...new Set(cells.map(({level}) => level))];
  const total = cells.reduce((sum, {n}) => sum + n, 0);
  let weight = 0;
  let sum = 0;
  let compared = 0;
  for (const level of levels) {
    const at = (group: string) => cells.find(cell => cell.level === level && cell.group === group);
    const [a, b] = [at(low), at(high)];
    if (!a || !b || a.n < fewestInCell || b.n < fewestInCell) continue;
    if (a.mean <= b.mean) return null;
    compared += 1;
    weight += a.n + b.n;
    sum += (a.n + b.n) * (a.mean - b.mean);
  }
  return compared >= 2 && weight >= 0.9 * total ? {size: sum / weight, levels: compared} : null;
}

function percent(value: unknown): string {
  return `${number(100 * Number(value))} %`;
}

function number(value: unknown): string {
  return formatNumber(Number(Number(value).toPrecision(4)));
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
