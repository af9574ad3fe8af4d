// Turns an Intent into tool calls with exact SQL. Pure: the same intent gives the same calls, in the same order.

import type {Column} from '../../core/dataset.ts';
import {isAdditive} from './choose.ts';
import type {Condition, DataIntent, Having, Intent, Key, Measure} from './intent.ts';
import {isCalendar, isYearColumn} from './periods.ts';
import {drawCalls} from './plan-chart.ts';
import {correlationSql, distributionCalls, duplicatesCalls, missingSql, outliersCalls} from './plan-columns.ts';
import {rankSql, rowsSql} from './plan-rows.ts';
import {planView} from './plan-views.ts';
import {Aliases, conditionSql, ident, keyOrderSql, keySql, measureSql, tableSql, whereSql} from './sql.ts';

export type PlannedCall = {name: string; args: Record<string, unknown>};

/** Rows a grouped answer shows; the number of all groups is counted beside it. */
export const shownGroups = 20;
export const shownPeriods = 200;
/** Points of one series that are read, so that its first, last and highest are those of all. */
const mostPeriods = 10_000;

/** Groups in an order of their own are all read, so that the highest and the lowest are known. */
export const groupLimit = (order: Groups['order']) => (order === 'key' ? shownPeriods : shownGroups);

export const runSql = (sql: string, maxRows: number): PlannedCall => ({
  name: 'run_sql',
  args: {sql, max_rows: maxRows},
});

export function planCalls(intent: Intent): PlannedCall[] {
  switch (intent.kind) {
    case 'sql':
      return [{name: 'run_sql', args: intent.saveAs ? {sql: intent.sql, save_as: intent.saveAs} : {sql: intent.sql}}];
    case 'import':
      return [{name: 'import_file', args: intent.name ? {path: intent.path, name: intent.name} : {path: intent.path}}];
    case 'tool':
      return [{name: intent.tool, args: intent.args}];
    case 'several':
      return intent.intents.flatMap(planCalls);
    case 'list_datasets':
      return [{name: 'list_datasets', args: {}}];
    case 'help':
    case 'no_dataset':
    case 'no_step':
    case 'refused':
    case 'unclear':
      return [];
    default:
      return planData(intent);
  }
}

function planData(intent: DataIntent): PlannedCall[] {
  const {subject, where} = intent;
  const from = tableSql(subject);
  switch (intent.kind) {
    case 'describe':
    case 'columns':
      return [{name: 'describe_dataset', args: {dataset: subject.name}}];
    case 'column_summary':
      return [{name: 'describe_dataset', args: {dataset: subject.name, columns: intent.columns.map(({name}) => name)}}];
    case 'aggregate':
      return planAggregate(intent);
    case 'trend': {
      const keys = [...intent.keys, {column: intent.time, part: intent.part}];
      return planGroups({...intent, measures: [intent.measure], keys, order: 'key', limit: null});
    }
    case 'rank_rows':
      return [runSql(rankSql(intent), Math.max(intent.limit, 1))];
    case 'share':
      return planShare(intent);
    case 'distribution':
      return distributionCalls(intent);
    case 'quantiles':
      return planAggregate({
        ...intent,
        kind: 'aggregate',
        pick: null,
        measures: intent.quantiles.map(q => ({fn: 'quantile', column: intent.column, q})),
      });
    case 'correlation':
      return [runSql(correlationSql(intent), 200)];
    case 'missing':
      return [runSql(missingSql(intent), 200)];
    case 'outliers':
      return outliersCalls(intent);
    case 'duplicates':
      return duplicatesCalls(intent);
    case 'series':
    case 'typical':
    case 'growth':
      return [planView(intent)];
    case 'compare':
      return planCompare(intent);
    case 'chart':
      return drawCalls(intent);
    case 'distinct': {
      const key: Key = {column: intent.column, part: null};
      const measures: Measure[] = [{fn: 'count', column: null}];
      return planGroups({...intent, measures, keys: [key], order: 'value', limit: shownGroups});
    }
    case 'rows':
      return [
        runSql(rowsSql(intent, from, whereSql(where)), intent.limit),
        ...(where ? [runSql(`SELECT count(*) AS "rows" FROM ${from}${whereSql(where)}`, 1)] : []),
      ];
    default:
      return intent satisfies never;
  }
}

type Groups = {
  subject: DataIntent['subject'];
  where: Condition | null;
  measures: Measure[];
  keys: Key[];
  order: 'key' | 'value' | 'value asc';
  limit: number | null;
  /** So many of the last key in each group of the keys before it. */
  top?: number;
  having?: Having;
};

function planAggregate(intent: DataIntent & {kind: 'aggregate'}): PlannedCall[] {
  if (intent.keys.length === 0) return [runSql(totalSql(intent), 1)];
  const {pick} = intent;
  if (pick?.within)
    return planGroups({
      ...intent,
      order: pick.direction === 'asc' ? 'value asc' : 'value',
      limit: shownPeriods,
      top: pick.limit,
    });
  const order = pick ? (pick.direction === 'asc' ? 'value asc' : 'value') : orderOf(intent.keys);
  return planGroups({...intent, order, limit: Math.max(pick?.limit ?? 0, groupLimit(order))});
}

/** Groups by something that has an order of its own are shown in it; the others by value, the largest first. */
export function orderOf(keys: Key[]): 'key' | 'value' {
  return keys.length > 1 || keys.some(isOrdered) ? 'key' : 'value';
}

export function isOrdered({column, part}: Key): boolean {
  return part !== null || isCalendar(column) || isYearColumn(column) || column.kind === 'number';
}

/** The one column that all measures are of; its count stands beside the values. */
export function measuredColumn(measures: Measure[]): Column | null {
  const columns = new Set(measures.filter(({fn}) => fn !== 'missing').map(measure => measure.column));
  const [only] = columns;
  const counted = measures.every(({fn}) => fn === 'count' || fn === 'distinct');
  return columns.size === 1 && only && !counted ? only : null;
}

/** True when the rows of each group are counted beside several measured columns. */
export const countsRowsBeside = (measures: Measure[]) =>
  measuredColumn(measures) === null && !measures.some(({fn, column}) => fn === 'count' && column === null);

/** Ungrouped: the measures, then n and the missing values of the measured column, or the rows. */
function totalSql({subject, where, measures}: DataIntent & {kind: 'aggregate'}): string {
  const aliases = new Aliases(subject);
  const selected = measures.map(measure => `${measureSql(measure)} AS ${ident(aliases.measure(measure))}`);
  const column = measuredColumn(measures);
  if (column) {
    selected.push(`count(${ident(column.name)}) AS ${ident(aliases.make('n'))}`);
    selected.push(`count(*) - count(${ident(column.name)}) AS ${ident(aliases.make('missing'))}`);
  } else if (countsRowsBeside(measures)) selected.push(`count(*) AS ${ident(aliases.make('rows'))}`);
  return `SELECT ${selected.join(', ')} FROM ${tableSql(subject)}${whereSql(where)}`;
}

const known = (keys: Key[]) => keys.map(({column}) => `${ident(column.name)} IS NOT NULL`);

/** A second query for what the groups cannot tell: rows without key or value, and the number of groups. */
export function needsCoverage({measures, keys, limit}: Pick<Groups, 'measures' | 'keys' | 'limit'>): boolean {
  const column = measuredColumn(measures);
  const groups = keys.reduce((product, key) => product * Math.max(1, key.column.distinctCount), 1);
  return (
    keys.some(key => key.column.nullCount > 0) || (column?.nullCount ?? 0) > 0 || (limit !== null && groups > limit)
  );
}

function planGroups(groups: Groups): PlannedCall[] {
  const calls = [runSql(groupSql(groups), groups.limit ?? (groups.keys.length === 1 ? mostPeriods : shownPeriods))];
  if (groups.having || needsCoverage(groups)) calls.push(runSql(coverageSql(groups), 1));
  return calls;
}

function groupSql({subject, where, measures, keys, order, limit, top, having}: Groups): string {
  const aliases = new Aliases(subject);
  const selected = keys.map(key => `${keySql(key)} AS ${ident(aliases.key(key))}`);
  selected.push(...measures.map(measure => `${measureSql(measure)} AS ${ident(aliases.measure(measure))}`));
  const column = measuredColumn(measures);
  if (column) selected.push(`count(${ident(column.name)}) AS ${ident(aliases.make('n'))}`);
  else if (countsRowsBeside(measures)) selected.push(`count(*) AS ${ident(aliases.make('rows'))}`);
  const places = keys.map((_, at) => String(at + 1));
  const byKey = keys.map((key, at) => keyOrderSql(key) ?? `${at + 1}`);
  const direction = order === 'value asc' ? 'ASC' : 'DESC';
  const byValue = [`${keys.length + 1} ${direction} NULLS LAST`, ...byKey];
  const [first = ''] = measures.map(measureSql);
  const outer = keys.slice(0, -1).map(keySql);
  const ranked = `ORDER BY ${first} ${direction} NULLS LAST, ${keys.slice(-1).map(keySql).join('')}`;
  const within =
    top === undefined ? '' : ` QUALIFY row_number() OVER (PARTITION BY ${outer.join(', ')} ${ranked}) <= ${top}`;
  const inOrder = top === undefined ? byValue : [...byKey.slice(0, -1), ...byValue];
  return (
    `SELECT ${selected.join(', ')} FROM ${tableSql(subject)}${whereSql(where, ...known(keys))}` +
    ` GROUP BY ${places.join(', ')}${havingSql(having)}${within} ORDER BY ${(order === 'key' ? byKey : inOrder).join(', ')}` +
    (limit === null ? '' : ` LIMIT ${limit}`)
  );
}

function havingSql(having: Having | undefined): string {
  if (!having) return '';
  const {op, count, of, some, measure} = having;
  const counted = (condition: Condition) => `count(*) FILTER (WHERE ${conditionSql(condition)})`;
  const rows = measure && measure !== 'first' ? measureSql(measure) : of ? counted(of) : 'count(*)';
  return ` HAVING ${rows} ${op} ${count}${some ? ` AND ${counted(some)} > 0` : ''}`;
}

function coverageSql({subject, where, measures, keys, having}: Groups): string {
  const aliases = new Aliases(subject);
  const column = measuredColumn(measures);
  const from = tableSql(subject);
  const lacking = keys.map(({column: {name}}) => `${ident(name)} IS NULL`).join(' OR ');
  const hasKeys = known(keys).join(' AND ');
  const valueMissing = column ? `count(*) FILTER (WHERE ${hasKeys} AND ${ident(column.name)} IS NULL)` : '0';
  const chosen = keys.map(keySql).join(', ');
  const rows = `FROM ${from}${whereSql(where, ...known(keys))}`;
  const groups = having
    ? `SELECT 1 ${rows} GROUP BY ${chosen}${havingSql(having)}`
    : `SELECT DISTINCT ${chosen} ${rows}`;
  return (
    `SELECT count(*) AS ${ident(aliases.make('rows'))}, count(*) FILTER (WHERE ${lacking}) AS ${ident(aliases.make('without_group'))}, ` +
    `${valueMissing} AS ${ident(aliases.make('without_value'))}, (SELECT count(*) FROM (${groups})) AS ${ident(aliases.make('groups'))} ` +
    `FROM ${from}${whereSql(where)}`
  );
}

/** Matching rows, all rows, per cent, and the rows where the condition cannot be decided. */
function planShare({subject, where, of, keys}: DataIntent & {kind: 'share'}): PlannedCall[] {
  const aliases = new Aliases(subject);
  const matches = `count(*) FILTER (WHERE ${conditionSql(of)})`;
  const selected = [
    ...keys.map(key => `${keySql(key)} AS ${ident(aliases.key(key))}`),
    `100.0 * ${matches} / nullif(count(*), 0) AS ${ident(aliases.make('percent'))}`,
    `${matches} AS ${ident(aliases.make('matching'))}`,
    `count(*) AS ${ident(aliases.make('rows'))}`,
    `count(*) FILTER (WHERE (${conditionSql(of)}) IS NULL) AS ${ident(aliases.make('undecided'))}`,
  ];
  const sql = `SELECT ${selected.join(', ')} FROM ${tableSql(subject)}${whereSql(where, ...known(keys))}`;
  if (keys.length === 0) return [runSql(sql, 1)];
  const byKey = keys.map((key, at) => keyOrderSql(key) ?? String(at + 1));
  const order = orderOf(keys) === 'key' ? byKey : [`${keys.length + 1} DESC NULLS LAST`, ...byKey];
  const groups = keys.map((_, at) => at + 1).join(', ');
  return [runSql(`${sql} GROUP BY ${groups} ORDER BY ${order.join(', ')} LIMIT ${shownPeriods}`, shownPeriods)];
}

/** The total is told where adding up makes sense. */
export const compareMeasures = (column: Column): Measure['fn'][] => [
  'average',
  'median',
  'stddev',
  'min',
  'max',
  ...(isAdditive(column) ? (['sum'] as const) : []),
];

function planCompare({subject, where, measure, key}: DataIntent & {kind: 'compare'}): PlannedCall[] {
  const measures = compareMeasures(measure).map((fn): Measure => ({fn, column: measure}));
  return planGroups({subject, where, measures, keys: [key], order: orderOf([key]), limit: shownPeriods});
}
