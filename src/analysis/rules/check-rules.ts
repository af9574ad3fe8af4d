// Checks rules against datasets: how many rows break each of them, and a few of these rows.

import {type Cell, type Column, currentVersion, type Dataset, isMoment} from '../../core/dataset.ts';
import {DsAgentError, ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import type {SqlEngine} from '../../engine/sql-engine.ts';
import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {columnNamed} from '../column-values.ts';
import {literal} from '../profile-sql.ts';
import type {Rule} from './rules.ts';

const shownExamples = 5;
const shownColumns = 20;

/**
 * `failing` of `rows` rows break the rule (for rules of a whole dataset 1 when it is broken); null when it could not be checked,
 * and `problem` says why. `examples` are at most five of them.
 */
export type RuleResult = {
  rule: Rule;
  dataset: string;
  title: string;
  status: 'passed' | 'failed' | 'not_checked';
  failing: number | null;
  rows: number | null;
  detail: string;
  examples: Record<string, Cell>[];
  problem: {code: string; message: string; hint: string | null} | null;
  sql: string;
};

export type RuleDeps = {
  engine: SqlEngine;
  /** @throws ToolError `dataset.unknown` */
  dataset(name: string): Promise<Dataset>;
  /** Milliseconds since 1970, for freshness. */
  now: number;
  signal?: AbortSignal | undefined;
};

/** The broken rows as a condition on the dataset's own columns, and which columns show why. */
type Broken = {condition: string; show: readonly string[]; from?: string};

export async function checkRule(rule: Rule, datasetName: string, deps: RuleDeps): Promise<RuleResult> {
  const base = {rule, dataset: datasetName, title: rule.name ?? titleOf(rule), examples: [], problem: null};
  try {
    return {...base, ...(await checked(rule, await deps.dataset(datasetName), deps))};
  } catch (error) {
    if (deps.signal?.aborted || !(error instanceof DsAgentError) || error.kind !== 'tool') throw error;
    const problem = {code: error.code, message: error.message, hint: error.hint ?? null};
    return {...base, status: 'not_checked', failing: null, rows: null, detail: error.message, problem, sql: ''};
  }
}

type Verdict = Pick<RuleResult, 'status' | 'failing' | 'rows' | 'detail' | 'sql'> & {examples?: Record<string, Cell>[]};

async function checked(rule: Rule, dataset: Dataset, deps: RuleDeps): Promise<Verdict> {
  const {columns} = currentVersion(dataset);
  const source = `${quoteName(dataset.name)}${rule.where === undefined ? '' : ` WHERE (\n${rule.where}\n)`}`;
  switch (rule.check) {
    case 'row_count':
      return rowCount(rule, source, deps);
    case 'type':
      return typeOf(rule, columnNamed(columns, rule.column));
    case 'freshness':
      return freshness(rule, columnNamed(columns, rule.column), source, deps);
    default: {
      const {condition, show, from} = await broken(rule, columns, deps);
      const rows = `(SELECT * FROM ${source}) AS t`;
      const relation = from ? `(SELECT t.*${from} FROM ${rows}) AS t` : rows;
      const sql = `SELECT count(*), count(*) FILTER (${condition}) FROM ${relation}`;
      const [[total, failing] = []] = (await read(sql, 1, deps)).rows;
      const detail = `${formatCount(Number(failing ?? 0))} of ${formatCount(Number(total ?? 0))} rows`;
      const verdict = {failing: Number(failing ?? 0), rows: Number(total ?? 0), detail, sql};
      if (verdict.failing === 0) return {...verdict, status: 'passed'};
      const names = show.slice(0, shownColumns).map(quoteName).join(', ');
      const examples = `SELECT ${names} FROM ${relation} WHERE ${condition} LIMIT ${shownExamples}`;
      const table = await read(examples, shownExamples, deps);
      const found = table.rows.map(row => Object.fromEntries(table.columns.map(({name}, i) => [name, row[i] ?? null])));
      return {...verdict, status: 'failed', examples: found, sql: `${sql};\n${examples}`};
    }
  }
}

type RowRule = Exclude<Rule, {check: 'row_count' | 'type' | 'freshness'}>;

/** Missing values break only `not_null`: a rule on values is about those that are there, as SQL's own CHECK is. */
async function broken(rule: RowRule, columns: readonly Column[], deps: RuleDeps): Promise<Broken> {
  switch (rule.check) {
    case 'not_null': {
      const found = rule.columns.map(name => columnNamed(columns, name));
      return {condition: found.map(isMissing).join(' OR '), show: keyed(columns, found)};
    }
    case 'unique': {
      const found = rule.columns.map(name => columnNamed(columns, name));
      const keys = found.map(({name}) => quoteName(name)).join(', ');
      const from = `, CASE WHEN ${found.map(({name}) => `${quoteName(name)} IS NOT NULL`).join(' AND ')} THEN count(*) OVER (PARTITION BY ${keys}) END AS "__ds_agent_n"`;
      return {condition: '"__ds_agent_n" > 1', show: found.map(({name}) => name), from};
    }
    case 'range': {
      const column = columnNamed(columns, rule.column);
      const sides = [
        ...(rule.min === undefined ? [] : [`${quoteName(column.name)} < ${boundSql(rule.min, column)}`]),
        ...(rule.max === undefined ? [] : [`${quoteName(column.name)} > ${boundSql(rule.max, column)}`]),
      ];
      return {
        condition: `coalesce(NOT (${isMissing(column)}) AND (${sides.join(' OR ')}), false)`,
        show: keyed(columns, [column]),
      };
    }
    case 'set': {
      const column = columnNamed(columns, rule.column);
      const value = column.kind === 'number' ? quoteName(column.name) : `${quoteName(column.name)}::VARCHAR`;
      const list = rule.values.map(each =>
        column.kind === 'number' ? boundSql(String(each), column) : quoteText(String(each)),
      );
      return {condition: `coalesce(${value} NOT IN (${list.join(', ')}), false)`, show: keyed(columns, [column])};
    }
    case 'regex': {
      const column = columnNamed(columns, rule.column);
      const matches = `regexp_matches(${quoteName(column.name)}::VARCHAR, ${quoteText(rule.pattern)})`;
      return {condition: `coalesce(NOT ${matches}, false)`, show: keyed(columns, [column])};
    }
    case 'foreign_key':
      return foreignKey(rule, columns, deps);
    case 'sql':
      return {condition: `coalesce(NOT (\n${rule.condition}\n), false)`, show: columns.map(({name}) => name)};
    default:
      return rule satisfies never;
  }
}

async function foreignKey(
  rule: Extract<Rule, {check: 'foreign_key'}>,
  columns: readonly Column[],
  deps: RuleDeps,
): Promise<Broken> {
  const {references} = rule;
  const other = await deps.dataset(references.dataset);
  const theirs = references.columns.map(name => columnNamed(currentVersion(other).columns, name));
  const ours = rule.columns.map(name => columnNamed(columns, name));
  if (ours.length !== theirs.length)
    throw new ToolError(
      'rules.key_width',
      `${ours.length} columns refer to ${theirs.length} of ${references.dataset}.`,
    );
  const same = ours.map((column, i) => `r.${quoteName(theirs[i]?.name ?? '')} = t.${quoteName(column.name)}`);
  const present = ours.map(({name}) => `t.${quoteName(name)} IS NOT NULL`);
  const exists = `EXISTS (SELECT 1 FROM ${quoteName(other.name)} r WHERE ${same.join(' AND ')})`;
  // A correlated EXISTS can't stand in a FILTER, so it is a column first.
  const orphan = `(${present.join(' AND ')}) AND NOT ${exists}`;
  return {
    condition: '"__ds_agent_orphan"',
    show: ours.map(({name}) => name),
    from: `, (${orphan}) AS "__ds_agent_orphan"`,
  };
}

async function rowCount(rule: Extract<Rule, {check: 'row_count'}>, source: string, deps: RuleDeps): Promise<Verdict> {
  const sql = `SELECT count(*) FROM ${source}`;
  const rows = Number((await read(sql, 1, deps)).rows[0]?.[0] ?? 0);
  const isBroken = (rule.min !== undefined && rows < rule.min) || (rule.max !== undefined && rows > rule.max);
  const wanted = [
    rule.min === undefined ? '' : `at least ${formatCount(rule.min)}`,
    rule.max === undefined ? '' : `at most ${formatCount(rule.max)}`,
  ];
  const detail = `${formatCount(rows)} rows; ${wanted.filter(Boolean).join(' and ')} wanted`;
  return {status: isBroken ? 'failed' : 'passed', failing: isBroken ? 1 : 0, rows, detail, sql};
}

function typeOf(rule: Extract<Rule, {check: 'type'}>, column: Column): Verdict {
  const wanted = rule.type.toLowerCase();
  const isRight = column.kind === wanted || column.type.toLowerCase() === wanted;
  const detail = isRight ? column.type : `${column.type} (${column.kind}), not ${rule.type}`;
  return {status: isRight ? 'passed' : 'failed', failing: isRight ? 0 : 1, rows: null, detail, sql: ''};
}

async function freshness(
  rule: Extract<Rule, {check: 'freshness'}>,
  column: Column,
  source: string,
  deps: RuleDeps,
): Promise<Verdict> {
  if (!isMoment(column))
    throw new ToolError('rules.not_time', `"${column.name}" is ${column.type}, not a date or a time stamp.`);
  const now = `${quoteText(new Date(deps.now).toISOString().slice(0, 19).replace('T', ' '))}::TIMESTAMP`;
  const newest = `max(CASE WHEN isfinite(${quoteName(column.name)}) THEN ${quoteName(column.name)}::TIMESTAMP END)`;
  const sql = `SELECT ${newest} AS newest, coalesce(${newest} < ${now} - INTERVAL ${quoteText(rule.max_age)}, true) AS stale FROM ${source}`;
  const [[found, stale] = []] = (await read(sql, 1, deps)).rows;
  const detail = `newest ${found ?? 'is missing'}; at most ${rule.max_age} old wanted`;
  return {status: stale ? 'failed' : 'passed', failing: stale ? 1 : 0, rows: null, detail, sql};
}

function read(sql: string, maxRows: number, {engine, signal}: RuleDeps) {
  return engine.query(sql, {maxRows, ...(signal && {signal})}).then(({table}) => table);
}

function isMissing({name, type}: Column): string {
  const quoted = quoteName(name);
  return type === 'DOUBLE' || type === 'FLOAT' ? `(${quoted} IS NULL OR isnan(${quoted}))` : `${quoted} IS NULL`;
}

function boundSql(bound: number | string, column: Column): string {
  if (typeof bound === 'number') return literal(bound);
  return `CAST(${quoteText(bound)} AS ${column.kind === 'number' ? 'DOUBLE' : column.type})`;
}

/** The columns of the rule, behind the dataset's first one, which most often names the row. */
function keyed(columns: readonly Column[], found: readonly Column[]): string[] {
  return [...new Set([...columns.slice(0, 1), ...found].map(({name}) => name))];
}

function titleOf(rule: Rule): string {
  switch (rule.check) {
    case 'not_null':
    case 'unique':
      return `${rule.check}: ${rule.columns.join(', ')}`;
    case 'foreign_key':
      return `foreign_key: ${rule.columns.join(', ')} in ${rule.references.dataset} (${rule.references.columns.join(', ')})`;
    case 'range': {
      const sides = [rule.min === undefined ? '' : `from ${rule.min}`, rule.max === undefined ? '' : `to ${rule.max}`];
      return `range: ${rule.column} ${sides.filter(Boolean).join(' ')}`;
    }
    case 'set':
      return `set: ${rule.column} in ${rule.values.slice(0, 5).join(', ')}${rule.values.length > 5 ? ', …' : ''}`;
    case 'regex':
      return `regex: ${rule.column} like ${rule.pattern}`;
    case 'type':
      return `type: ${rule.column} is ${rule.type}`;
    case 'freshness':
      return `freshness: ${rule.column} within ${rule.max_age}`;
    case 'row_count':
      return 'row_count';
    case 'sql':
      return `sql: ${rule.condition}`;
    default:
      return rule satisfies never;
  }
}
