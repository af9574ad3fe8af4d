// Writes DuckDB SQL from conditions, measures and keys. Every identifier is quoted and every literal escaped, here only.

import type {Column} from '../../core/dataset.ts';
import {clip} from '../../core/text.ts';
import type {Condition, Key, Literal, Measure, PeriodPart, Subject} from './intent.ts';

/** `a"b` → `"a""b"`. A NUL would end the text inside the engine, so it is dropped. */
export function ident(name: string): string {
  return `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`;
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
}

/** Plain digits where that is exact, else the exponent form; both are read by DuckDB as they stand. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) return 'NULL';
  return Number.isSafeInteger(value) || !/e/.test(String(value)) ? String(value) : `CAST('${value}' AS DOUBLE)`;
}

export function literalSql(literal: Literal): string {
  switch (literal.kind) {
    case 'number':
      return numberLiteral(literal.value);
    case 'text':
      return textLiteral(literal.value);
    case 'date':
      return `DATE ${textLiteral(literal.value)}`;
    case 'boolean':
      return literal.value ? 'true' : 'false';
    case 'column':
      return ident(literal.column.name);
    default:
      return literal satisfies never;
  }
}

const lowered = (column: Column) => `lower(CAST(${ident(column.name)} AS VARCHAR))`;

/** The quoted column of a condition on one column; joined conditions have none of their own. */
function nameIn(condition: Condition): string {
  return condition.kind === 'not' || condition.kind === 'and' || condition.kind === 'or'
    ? ''
    : ident(condition.column.name);
}

export function conditionSql(condition: Condition): string {
  const name = nameIn(condition);
  switch (condition.kind) {
    case 'compare':
      return condition.ignoreCase && condition.value.kind === 'text'
        ? `${lowered(condition.column)} ${condition.op} ${textLiteral(condition.value.value.toLowerCase())}`
        : `${name} ${condition.op} ${literalSql(condition.value)}`;
    case 'between':
      return `${name} BETWEEN ${literalSql(condition.from)} AND ${literalSql(condition.to)}`;
    case 'in': {
      const values = condition.values.map(textLiteral);
      return values.length === 1 ? `${name} = ${values[0]}` : `${name} IN (${values.join(', ')})`;
    }
    case 'match': {
      const call = {contains: 'contains', 'starts with': 'starts_with', 'ends with': 'ends_with'}[condition.how];
      return `${call}(${lowered(condition.column)}, ${textLiteral(condition.text.toLowerCase())})`;
    }
    case 'missing':
      return `${name} IS NULL`;
    case 'within':
      return `${name} >= DATE ${textLiteral(condition.from)} AND ${name} < DATE ${textLiteral(condition.until)}`;
    case 'part': {
      const part = condition.part === 'month' ? `month(${name})` : `isodow(${name})`;
      return `${part} IN (${condition.values.map(numberLiteral).join(', ')})`;
    }
    case 'not':
      return condition.condition.kind === 'missing'
        ? `${ident(condition.condition.column.name)} IS NOT NULL`
        : `NOT (${conditionSql(condition.condition)})`;
    case 'and':
    case 'or':
      return condition.conditions
        .map(part => `(${conditionSql(part)})`)
        .join(condition.kind === 'and' ? ' AND ' : ' OR ');
    default:
      return condition satisfies never;
  }
}

/** The columns a condition looks at. */
export function conditionColumns(condition: Condition | null): Column[] {
  if (!condition) return [];
  if (condition.kind === 'not') return conditionColumns(condition.condition);
  if (condition.kind === 'and' || condition.kind === 'or') return condition.conditions.flatMap(conditionColumns);
  return [condition.column];
}

/** ` WHERE …` of all given conditions, or nothing. */
export function whereSql(...conditions: (Condition | string | null)[]): string {
  const parts = conditions
    .filter(condition => condition !== null)
    .map(condition => (typeof condition === 'string' ? condition : conditionSql(condition)));
  if (parts.length === 0) return '';
  return ` WHERE ${parts.length === 1 ? parts[0] : parts.map(part => `(${part})`).join(' AND ')}`;
}

/** A yes/no column as 1 and 0, any other as it is. */
export function numeric(column: Column): string {
  return column.kind === 'boolean' ? `CAST(${ident(column.name)} AS INTEGER)` : ident(column.name);
}

/**
 * One aggregate over the rows of a group. Deviation and variance are of a sample (n − 1), quantiles are linear (type 7);
 * missing values are skipped by all of them.
 */
export function measureSql({fn, column, q}: Measure): string {
  if (!column) return fn === 'share' ? '100.0 * count(*) / sum(count(*)) OVER ()' : 'count(*)';
  const value = numeric(column);
  switch (fn) {
    case 'count':
      return `count(${ident(column.name)})`;
    case 'average':
      return `avg(${value})`;
    case 'sum':
      return `sum(${value})`;
    case 'min':
      return `min(${ident(column.name)})`;
    case 'max':
      return `max(${ident(column.name)})`;
    case 'median':
      return `quantile_cont(${value}, 0.5)`;
    case 'quantile':
      return `quantile_cont(${value}, ${numberLiteral(q ?? 0.5)})`;
    case 'stddev':
      return `stddev_samp(${value})`;
    case 'variance':
      return `var_samp(${value})`;
    case 'distinct':
      return `count(DISTINCT ${ident(column.name)})`;
    case 'missing':
      return `count(*) - count(${ident(column.name)})`;
    case 'share':
      return `100.0 * sum(${value}) / nullif(sum(sum(${value})) OVER (), 0)`;
    case 'rate':
      return `100.0 * avg(${value})`;
    default:
      return fn satisfies never;
  }
}

const aliasOf: Record<Measure['fn'], string> = {
  count: 'count',
  average: 'average',
  sum: 'total',
  min: 'min',
  max: 'max',
  median: 'median',
  stddev: 'sd',
  variance: 'variance',
  distinct: 'distinct',
  quantile: 'quantile',
  missing: 'missing',
  share: 'percent',
  rate: 'percent',
};

/** Names for result columns that no column of the dataset has, so that no name in the SQL means two things. */
export class Aliases {
  readonly #taken: Set<string>;

  constructor(subject: Subject) {
    this.#taken = new Set(subject.columns.map(column => column.name.toLowerCase()));
  }

  make(wanted: string): string {
    const base = clip(wanted.replaceAll('\0', ''), 60);
    let name = base;
    for (let nth = 2; this.#taken.has(name.toLowerCase()); nth++) name = `${base}_${nth}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }

  measure({fn, column, q}: Measure): string {
    if (!column) return this.make(fn === 'share' ? 'percent' : 'rows');
    return this.make(
      fn === 'quantile' ? `p${Math.round((q ?? 0.5) * 100)}_${column.name}` : `${aliasOf[fn]}_${column.name}`,
    );
  }

  key({column, part}: Key): string {
    return part === null ? column.name : this.make(part);
  }
}

/** The expression that is grouped by. Periods are text that sorts in time: 2020, 2020-Q1, 2020-01; weeks are their Monday. */
export function keySql({column, part}: Key): string {
  const name = ident(column.name);
  if (part === null) return name;
  const forms: Record<PeriodPart, string> = {
    year: `strftime(${name}, '%Y')`,
    quarter: `strftime(${name}, '%Y') || '-Q' || quarter(${name})`,
    month: `strftime(${name}, '%Y-%m')`,
    week: `CAST(date_trunc('week', ${name}) AS DATE)`,
    day: `CAST(${name} AS DATE)`,
    hour: `hour(${name})`,
    weekday: `dayname(${name})`,
    month_of_year: `monthname(${name})`,
  };
  return forms[part];
}

/** The expression that puts periods in their natural order where their text does not. */
export function keyOrderSql(key: Key): string | null {
  if (key.part === 'weekday') return `min(isodow(${ident(key.column.name)}))`;
  if (key.part === 'month_of_year') return `min(month(${ident(key.column.name)}))`;
  return null;
}

/** The start of the period as a date, for the axis of a chart. */
export function keyDateSql({column, part}: Key): string {
  const name = ident(column.name);
  if (part === 'hour') return `hour(${name})`;
  return part === null ? name : `CAST(date_trunc('${part}', ${name}) AS DATE)`;
}

/** The dataset as it stands in FROM, with the columns that a question computes first. */
export function tableSql({name, derived = []}: Subject): string {
  if (derived.length === 0) return ident(name);
  return `(SELECT *, ${derived.map(each => `${each.sql} AS ${ident(each.name)}`).join(', ')} FROM ${ident(name)})`;
}
