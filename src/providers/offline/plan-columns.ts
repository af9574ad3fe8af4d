// SQL for questions about whole columns: distribution, correlation, missing values, outliers, duplicates.

import type {Column} from '../../core/dataset.ts';
import type {DataIntent} from './intent.ts';
import type {PlannedCall} from './plan.ts';
import {Aliases, conditionSql, ident, numeric, tableSql, textLiteral, whereSql} from './sql.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};

const run = (sql: string, maxRows: number): PlannedCall => ({name: 'run_sql', args: {sql, max_rows: maxRows}});

export const histogramBins = 10;

/** True where each value is shown by itself instead of in bins. */
export const isDiscrete = (column: Column) => column.kind !== 'number' || column.distinctCount <= 12;

/** Numbers: a summary row, then equal bins (or single values when there are few). Anything else: values with their counts. */
export function distributionCalls(intent: Of<'distribution'>): PlannedCall[] {
  const {subject, where, column, drawn} = intent;
  const calls = column.kind === 'number' ? [run(summarySql(intent), 1)] : [];
  calls.push(run(isDiscrete(column) ? valuesSql(intent) : binsSql(intent), 20));
  if (drawn && column.kind === 'number') {
    const name = ident(column.name);
    const sql = `SELECT ${name} FROM ${tableSql(subject)}${whereSql(where, `${name} IS NOT NULL`)}`;
    calls.push({
      name: 'draw_chart',
      args: {mark: 'histogram', sql, x: column.name, title: `Distribution of ${column.name}`},
    });
  }
  return calls;
}

export const summaryNames = ['n', 'missing', 'mean', 'sd', 'min', 'q1', 'median', 'q3', 'max', 'skewness'];

function summarySql({subject, where, column}: Of<'distribution'>): string {
  const value = ident(column.name);
  const quantile = (q: number) => `quantile_cont(${value}, ${q})`;
  const expressions = [
    `count(${value})`,
    `count(*) - count(${value})`,
    `avg(${value})`,
    `stddev_samp(${value})`,
    `min(${value})`,
    quantile(0.25),
    quantile(0.5),
    quantile(0.75),
    `max(${value})`,
    `skewness(${value})`,
  ];
  const aliases = new Aliases(subject);
  const selected = expressions.map((sql, at) => `${sql} AS ${ident(aliases.make(summaryNames[at] ?? ''))}`);
  return `SELECT ${selected.join(', ')} FROM ${tableSql(subject)}${whereSql(where)}`;
}

function valuesSql({subject, where, column}: Of<'distribution'>): string {
  const aliases = new Aliases(subject);
  const value = ident(column.name);
  const order = column.kind === 'number' || column.kind === 'time' ? '1' : '2 DESC, 1';
  return (
    `SELECT ${value}, count(*) AS ${ident(aliases.make('rows'))}, 100.0 * count(*) / sum(count(*)) OVER () AS ` +
    `${ident(aliases.make('percent'))} FROM ${tableSql(subject)}${whereSql(where, `${value} IS NOT NULL`)} ` +
    `GROUP BY 1 ORDER BY ${order} LIMIT 20`
  );
}

/** Equal bins from the smallest to the largest value; the last bin holds its upper end. Infinite values are left out. */
function binsSql({subject, where, column}: Of<'distribution'>): string {
  const value = ident(column.name);
  const bins = histogramBins;
  return (
    `WITH "all values" AS (SELECT CAST(${value} AS DOUBLE) AS x FROM ${tableSql(subject)}${whereSql(where, `${value} IS NOT NULL`)}), ` +
    '"their range" AS (SELECT min(x) AS lo, max(x) AS hi FROM "all values" WHERE isfinite(x)), ' +
    `"in bins" AS (SELECT CASE WHEN hi > lo THEN least(floor((x - lo) / (hi - lo) * ${bins}), ${bins - 1}) ELSE 0 END AS bin ` +
    'FROM "all values", "their range" WHERE isfinite(x)) ' +
    `SELECT lo + (hi - lo) * bin / ${bins} AS bin_from, lo + (hi - lo) * (bin + 1) / ${bins} AS bin_to, count(*) AS "rows" ` +
    'FROM "in bins", "their range" GROUP BY bin, lo, hi ORDER BY bin'
  );
}

/** Pairs with their coefficient over the rows where both are present, and that number of rows. */
export function correlationSql({subject, where, columns, target, method}: Of<'correlation'>): string {
  const pairs = pairsOf(columns, target);
  const from = `${tableSql(subject)}${whereSql(where)}`;
  const lists = {
    a: pairs.map(([a]) => textLiteral(a.name)),
    b: pairs.map(([, b]) => textLiteral(b.name)),
    n: pairs.map(([a, b]) => `count(*) FILTER (WHERE ${both(a, b)})`),
  };
  const order = 'ORDER BY abs(r) DESC NULLS LAST, column_a, column_b';
  if (method === 'spearman') {
    const queries = pairs.map(([a, b]) => spearmanSql(a, b, from, where !== null));
    return `SELECT * FROM (${queries.join(' UNION ALL ')}) ${order}`;
  }
  const r = pairs.map(([a, b]) => `corr(${numeric(a)}, ${numeric(b)})`);
  return (
    `SELECT * FROM (SELECT unnest([${lists.a.join(', ')}]) AS column_a, unnest([${lists.b.join(', ')}]) AS column_b, ` +
    `unnest([${r.join(', ')}]) AS r, unnest([${lists.n.join(', ')}]) AS n FROM ${from}) ${order}`
  );
}

const both = (a: Column, b: Column) => `${ident(a.name)} IS NOT NULL AND ${ident(b.name)} IS NOT NULL`;

/** Spearman's rho: Pearson's r of the ranks, ties at their mean rank. */
function spearmanSql(a: Column, b: Column, from: string, filtered: boolean): string {
  const rank = (name: string) => `rank() OVER (ORDER BY ${name}) + (count(*) OVER (PARTITION BY ${name}) - 1) / 2.0`;
  return (
    `SELECT ${textLiteral(a.name)} AS column_a, ${textLiteral(b.name)} AS column_b, corr(ra, rb) AS r, count(*) AS n FROM ` +
    `(SELECT ${rank('va')} AS ra, ${rank('vb')} AS rb FROM (SELECT ${numeric(a)} AS va, ${numeric(b)} AS vb FROM ` +
    `${from}${filtered ? ' AND ' : ' WHERE '}${both(a, b)}))`
  );
}

export function pairsOf(columns: Column[], target: Column | null): [Column, Column][] {
  if (target) return columns.filter(column => column !== target).map(column => [target, column]);
  return columns.flatMap((a, at) => columns.slice(at + 1).map((b): [Column, Column] => [a, b]));
}

/** Columns with their missing values and per cent of all rows, the most first; also those with none. */
export function missingSql({subject, where, columns}: Of<'missing'>): string {
  const names = columns.map(({name}) => textLiteral(name)).join(', ');
  const counts = columns.map(({name}) => `count(*) - count(${ident(name)})`).join(', ');
  return (
    `SELECT name AS "column", missing, 100.0 * missing / nullif(n, 0) AS percent, n AS "rows" FROM ` +
    `(SELECT unnest([${names}]) AS name, unnest([${counts}]) AS missing, count(*) AS n FROM ` +
    `${tableSql(subject)}${whereSql(where)}) ORDER BY missing DESC, name`
  );
}

/**
 * One row per column: the fences and the values beyond them. IQR: quartiles ∓ 1.5 IQR (Tukey). z: mean ∓ 3 population
 * standard deviations.
 */
export function outliersCalls(intent: Of<'outliers'>): PlannedCall[] {
  const {subject, where, columns} = intent;
  const queries = columns.map(column => outlierSql(intent, column));
  const sql = `SELECT * FROM (${queries.join(' UNION ALL ')}) ORDER BY below + above DESC, "column"`;
  const calls = [run(sql, 100)];
  const [only] = columns;
  if (columns.length === 1 && only) {
    const value = ident(only.name);
    const from = `${tableSql(subject)}${whereSql(where, `${value} IS NOT NULL`)}`;
    const [low, high, middle] = fences(value, intent.rule);
    const aliases = new Aliases(subject);
    const [lo, hi, mid, rows] = ['lo', 'hi', 'mid', 'rows'].map(name => ident(aliases.make(name)));
    calls.push(
      run(
        `WITH "the fences" AS (SELECT ${low} AS ${lo}, ${high} AS ${hi}, ${middle} AS ${mid} FROM ${from}) ` +
          `SELECT ${value}, count(*) AS ${rows} FROM ${tableSql(subject)}, "the fences" WHERE ${value} IS NOT NULL` +
          `${where ? ` AND (${conditionSql(where)})` : ''} AND (${value} < ${lo} OR ${value} > ${hi}) ` +
          `GROUP BY ${value}, ${mid} ORDER BY abs(${value} - ${mid}) DESC, 1 LIMIT 10`,
        10,
      ),
    );
  }
  return calls;
}

function fences(value: string, rule: 'iqr' | 'z'): [string, string, string] {
  const [q1, q3] = [`quantile_cont(${value}, 0.25)`, `quantile_cont(${value}, 0.75)`];
  return rule === 'iqr'
    ? [`${q1} - 1.5 * (${q3} - ${q1})`, `${q3} + 1.5 * (${q3} - ${q1})`, `quantile_cont(${value}, 0.5)`]
    : [`avg(${value}) - 3 * stddev_pop(${value})`, `avg(${value}) + 3 * stddev_pop(${value})`, `avg(${value})`];
}

function outlierSql({subject, where, rule}: Of<'outliers'>, column: Column): string {
  const value = ident(column.name);
  const from = `(SELECT ${value} AS v FROM ${tableSql(subject)}${whereSql(where, `${value} IS NOT NULL`)})`;
  const [low, high] = fences('v', rule);
  return (
    `SELECT ${textLiteral(column.name)} AS "column", count(*) FILTER (WHERE v < lo) AS below, count(*) FILTER (WHERE v > hi) ` +
    `AS above, count(*) AS n, min(lo) AS lower_fence, min(hi) AS upper_fence FROM ${from}, (SELECT ${low} AS lo, ${high} AS hi FROM ${from})`
  );
}

/** Whole rows, or the given columns: how many rows there are, how many differ, and the most repeated ones. */
export function duplicatesCalls({subject, where, columns}: Of<'duplicates'>): PlannedCall[] {
  const list = (columns.length > 0 ? columns : subject.columns).map(({name}) => ident(name)).join(', ');
  const aliases = new Aliases(subject);
  const count = ident(aliases.make('times'));
  const grouped = `SELECT ${list}, count(*) AS ${count} FROM ${tableSql(subject)}${whereSql(where)} GROUP BY ${list}`;
  const calls = [
    run(
      `SELECT coalesce(sum(${count}), 0) AS ${ident(aliases.make('rows'))}, count(*) AS ${ident(aliases.make('different'))}, ` +
        `count(*) FILTER (WHERE ${count} > 1) AS ${ident(aliases.make('repeated'))} FROM (${grouped})`,
      1,
    ),
  ];
  if (columns.length > 0)
    calls.push(run(`${grouped} HAVING count(*) > 1 ORDER BY ${count} DESC, ${list} LIMIT 10`, 10));
  return calls;
}
