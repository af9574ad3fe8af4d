// The SQL of what is made of groups first computed: running totals, moving averages, changes, averages of groups, growth.

import type {Column} from '../../core/dataset.ts';
import type {Condition, DataIntent, Key, Measure, PeriodPart, Span} from './intent.ts';
import type {PlannedCall} from './plan.ts';
import {Aliases, conditionSql, ident, keyOrderSql, keySql, measureSql, tableSql, textLiteral, whereSql} from './sql.ts';

type Of<Kind extends DataIntent['kind']> = DataIntent & {kind: Kind};
export type ViewIntent = Of<'series'> | Of<'typical'> | Of<'growth'>;

/** Periods that are read; more are the last ones. */
const mostRows = 10_000;
const mostGroups = 200;

export function planView(intent: ViewIntent): PlannedCall {
  const sql =
    intent.kind === 'series' ? seriesSql(intent) : intent.kind === 'typical' ? typicalSql(intent) : growthSql(intent);
  return {name: 'run_sql', args: {sql, max_rows: intent.kind === 'series' ? mostRows : mostGroups}};
}

const steps: Record<PeriodPart, string> = {
  year: '1 YEAR',
  quarter: '3 MONTH',
  month: '1 MONTH',
  week: '7 DAY',
  day: '1 DAY',
  hour: '1 HOUR',
  weekday: '1 DAY',
  month_of_year: '1 MONTH',
};

/** Parts that follow each other in time; weekdays and months of any year come again. */
export const isStep = (part: PeriodPart) => part !== 'weekday' && part !== 'month_of_year';

/** A period without rows has a total and a number of 0; it has no average. */
export const isNoughtWithoutRows = ({fn}: Measure) => fn === 'sum' || fn === 'count' || fn === 'distinct';

/**
 * The measure of every period between the first and the last one, in each group: pandas' `resample` of the whole range.
 * Relation `filled` with the columns at, of (a group, or 0), value and empty.
 */
function filledSql({subject, where, measure, keys}: Of<'series'> | Of<'typical'>, time: Key): string {
  const [key] = keys;
  const name = ident(time.column.name);
  const part = time.part ?? 'day';
  const known = [name, ...(key ? [ident(key.column.name)] : [])].map(each => `${each} IS NOT NULL`);
  // "on Sundays" leaves the other days out altogether; they are not days without rows.
  const days = partsOfTime(where, time.column).map(part =>
    conditionSql({...part, column: {...part.column, name: 'at'}}),
  );
  const among = days.length > 0 ? ` WHERE ${days.join(' AND ')}` : '';
  const value = isNoughtWithoutRows(measure) ? 'coalesce(v."value", 0)' : 'v."value"';
  return (
    `WITH "in periods" AS (SELECT CAST(date_trunc('${part}', ${name}) AS TIMESTAMP) AS "at", ${key ? keySql(key) : '0'} AS "of", ` +
    `${measureSql(measure)} AS "value" FROM ${tableSql(subject)}${whereSql(where, ...known)} GROUP BY 1, 2), ` +
    `"filled" AS (SELECT p."at", k."of", ${value} AS "value", v."at" IS NULL AS "empty" FROM ` +
    `(SELECT unnest(generate_series(min("at"), max("at"), INTERVAL ${steps[part]})) AS "at" FROM "in periods") p ` +
    `CROSS JOIN (SELECT DISTINCT "of" FROM "in periods") k ` +
    `LEFT JOIN "in periods" v ON v."at" = p."at" AND v."of" = k."of"${among.replaceAll('"at"', 'p."at"')})`
  );
}

/** The conditions on weekdays and months of any year that every row meets. */
function partsOfTime(where: Condition | null, time: Column): Extract<Condition, {kind: 'part'}>[] {
  const conditions = where?.kind === 'and' ? where.conditions : where ? [where] : [];
  return conditions.flatMap(each => (each.kind === 'part' && each.column === time ? [each] : []));
}

/** As the periods of trends are written. */
function periodText(part: PeriodPart): string {
  const forms: Partial<Record<PeriodPart, string>> = {
    year: `strftime("at", '%Y')`,
    quarter: `strftime("at", '%Y') || '-Q' || quarter("at")`,
    month: `strftime("at", '%Y-%m')`,
    hour: `strftime("at", '%Y-%m-%d %H:00')`,
  };
  return forms[part] ?? 'CAST("at" AS DATE)';
}

/** Period, group, measure, then the view; a window that is not full has no value, as in pandas. */
function seriesSql(intent: Of<'series'>): string {
  const {subject, view, part, measure, keys, time} = intent;
  const aliases = new Aliases(subject);
  const inTime = 'PARTITION BY "of" ORDER BY "at"';
  const before = `lag("value") OVER (${inTime})`;
  const views = {
    running: () => [[`sum("value") OVER (${inTime})`, 'running_total']],
    change: () => [
      [`"value" - ${before}`, 'change'],
      [`100.0 * ("value" - ${before}) / nullif(abs(${before}), 0)`, 'percent_change'],
    ],
    moving: () => {
      const {fn, window} = view.kind === 'moving' ? view : {fn: 'average', window: 1};
      const frame = `(${inTime} ROWS BETWEEN ${window - 1} PRECEDING AND CURRENT ROW)`;
      const call = fn === 'sum' ? 'sum' : 'avg';
      return [
        [
          `CASE WHEN count("value") OVER ${frame} = ${window} THEN ${call}("value") OVER ${frame} END`,
          `moving_${fn}_of_${window}`,
        ],
      ];
    },
  };
  const columns = [
    [periodText(part), part],
    ...keys.map(key => ['"of"', aliases.key(key)]),
    ['"value"', aliases.measure(measure)],
    ...views[view.kind](),
  ];
  const selected = columns.map(([sql = '', name = '']) => `${sql} AS ${ident(name)}`);
  return `${filledSql(intent, {column: time, part})} SELECT ${selected.join(', ')} FROM "filled" ORDER BY "at", "of"`;
}

const spread =
  'avg("value") AS "average", quantile_cont("value", 0.5) AS "median", min("value") AS "lowest", max("value") AS "highest", ' +
  'count("value") AS "n"';

/** The group, then what its periods or groups have on average; for periods also the first, the last and the empty ones. */
function typicalSql(intent: Of<'typical'>): string {
  const {subject, where, measure, per, keys} = intent;
  const [key] = keys;
  const by = key ? `"of" AS ${ident(new Aliases(subject).key(key))}, ` : '';
  const end = key ? ' GROUP BY "of" ORDER BY "average" DESC NULLS LAST, "of"' : '';
  if (per.part !== null && isStep(per.part)) {
    const text = periodText(per.part);
    const ends = ['min', 'max'].map(end => text.replaceAll('"at"', `${end}("at")`));
    return `${filledSql(intent, per)} SELECT ${by}${spread}, count(*) FILTER (WHERE "empty") AS "without_rows", ${ends[0]} AS "first", ${ends[1]} AS "last" FROM "filled"${end}`;
  }
  const names = [per, ...keys].map(({column}) => `${ident(column.name)} IS NOT NULL`);
  const groups =
    `SELECT ${key ? keySql(key) : '0'} AS "of", ${keySql(per)} AS "at", ${measureSql(measure)} AS "value" ` +
    `FROM ${tableSql(subject)}${whereSql(where, ...names)} GROUP BY 1, 2`;
  return `SELECT ${by}${spread} FROM (${groups})${end}`;
}

/** Both spans side by side in each group, the difference, and it in per cent of the first. */
function growthSql({subject, where, measure, key, time, before, after, by, direction}: Of<'growth'>): string {
  const name = ident(time.name);
  const within = ({from, until}: Span) =>
    `${name} >= DATE ${textLiteral(from)} AND ${name} < DATE ${textLiteral(until)}`;
  const value = (span: Span) => {
    const sql = `${measureSql(measure)} FILTER (WHERE ${within(span)})`;
    return isNoughtWithoutRows(measure) ? `coalesce(${sql}, 0)` : sql;
  };
  const present = [`(${within(before)}) OR (${within(after)})`, `${ident(key.column.name)} IS NOT NULL`];
  const groups =
    `SELECT ${keySql(key)} AS "of", ${value(before)} AS "before", ${value(after)} AS "after", ` +
    `${keyOrderSql(key) ?? '0'} AS "place" FROM ${tableSql(subject)}${whereSql(where, ...present)} GROUP BY 1`;
  const change = `"after" - "before" AS "change", 100.0 * ("after" - "before") / nullif(abs("before"), 0) AS "percent_change"`;
  const order = `${by === 'percent' ? '5' : '4'} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST, "place", 1`;
  const alias = ident(new Aliases(subject).key(key));
  return `SELECT "of" AS ${alias}, "before", "after", ${change} FROM (${groups}) ORDER BY ${order} LIMIT ${mostGroups}`;
}
