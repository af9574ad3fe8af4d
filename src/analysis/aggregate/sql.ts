// One aggregation as one SELECT. Pure: a checked request in, SQL out.

import {quoteName, quoteText} from '../../engine/sql-text.ts';
import {aggregateFunctions, valueSql} from './functions.ts';
import type {Checked, Measure} from './request.ts';

/** One row: rows that meet the condition, those with a time, the first and the last period apart in units, groups. */
export function rangeSql({dataset, where, period, keys}: Checked): string {
  const groups =
    keys.length > 0 ? `count(DISTINCT hash(${keys.map(key => quoteName(key.column.name)).join(', ')}))` : '1';
  const facts =
    period === null
      ? '0, 0'
      : `count(*) FILTER (${timeSql(period)} IS NOT NULL), date_diff(${quoteText(period.unit)}, min(${timeSql(period)}), max(${timeSql(period)}))`;
  return `SELECT count(*), ${facts}, ${groups} FROM ${sourceSql(dataset, where)}`;
}

/** Rows (value as text, rows) of the column whose values become columns, in the order of the values. */
export function pivotValuesSql({dataset, where, pivot}: Checked, limit: number): string {
  const name = quoteName(pivot?.name ?? '');
  return `SELECT ${name}::VARCHAR, count(*) FROM ${sourceSql(dataset, where)} GROUP BY ${name} ORDER BY ${name} NULLS LAST LIMIT ${limit}`;
}

export function aggregateSql(checked: Checked): string {
  const {keys, period, measures, add, having, top} = checked;
  const keyNames = keys.map(({name}) => name);
  const names = [...(period ? [period.name] : []), ...keyNames];
  const parts = [`grouped AS (\n${groupedSql(checked)})`];
  let last = 'grouped';
  const then = (name: string, sql: string) => {
    parts.push(`${name} AS (\n${sql})`);
    last = name;
  };
  if (period?.fill) {
    const {spine, filled} = filledSql(checked);
    then('spine', spine);
    then('filled', filled);
  }
  const within = (partition: readonly string[], order = '') => {
    const by = partition.length > 0 ? `PARTITION BY ${partition.map(quoteName).join(', ')}` : '';
    return `OVER (${[by, order].filter(Boolean).join(' ')})`;
  };
  const each = (sql: (measure: string) => string[]) => measures.flatMap(({name}) => sql(name)).join(', ');
  if (add.includes('share')) {
    // With periods and groups a share is that of the group in its period; else it is of everything.
    const whole = within(period && keys.length > 0 ? [period.name] : []);
    const share = (name: string) => [
      `${quoteName(name)} / nullif(sum(${quoteName(name)}) ${whole}, 0) AS ${quoteName(`share_${name}`)}`,
    ];
    then('shared', `SELECT *, ${each(share)} FROM ${last}`);
  }
  if (having !== undefined) then('kept', `SELECT * FROM ${last} WHERE (\n${having}\n)`);
  const order = orderSql(checked, names);
  if (add.includes('running')) {
    const line = period
      ? within(keyNames, `ORDER BY ${quoteName(period.name)} ROWS UNBOUNDED PRECEDING`)
      : within([], `${order} ROWS UNBOUNDED PRECEDING`);
    then(
      'added',
      `SELECT *, ${each(name => [`sum(${quoteName(name)}) ${line} AS ${quoteName(`running_${name}`)}`])} FROM ${last}`,
    );
  }
  if (add.includes('change') && period) {
    const line = within(keyNames, `ORDER BY ${quoteName(period.name)}`);
    const changes = (name: string) => {
      const [now, before] = [quoteName(name), `lag(${quoteName(name)}) ${line}`];
      return [
        `${now} - ${before} AS ${quoteName(`change_${name}`)}`,
        `(${now} - ${before}) / nullif(${before}, 0)::DOUBLE AS ${quoteName(`pct_change_${name}`)}`,
      ];
    };
    then('changed', `SELECT *, ${each(changes)} FROM ${last}`);
  }
  const limit = top === undefined ? '' : `\nLIMIT ${top}`;
  return `WITH ${parts.join(',\n')}\nSELECT * FROM ${last}\n${order}${limit}`;
}

/** Each of `values` of the pivot column as a column; totals are computed from the rows themselves, not from other figures. */
export function pivotSql(checked: Checked, values: readonly (string | null)[], columnNames: readonly string[]): string {
  const {dataset, period, pivot, measures, totals} = checked;
  const name = quoteName(pivot?.name ?? '');
  const from = sourceSql(dataset, whereWithTime(period, checked.where));
  const cells = values.flatMap((value, i) => {
    const filter = ` FILTER (WHERE ${value === null ? `${name} IS NULL` : `${name}::VARCHAR = ${quoteText(value)}`})`;
    return measures.map(
      (measure, j) => `${measureSql(measure, filter)} AS ${quoteName(columnNames[i * measures.length + j] ?? '')}`,
    );
  });
  const all = totals
    ? measures.map(
        (measure, j) =>
          `${measureSql(measure)} AS ${quoteName(columnNames[values.length * measures.length + j] ?? '')}`,
      )
    : [];
  const grouping = groupingOf(checked);
  if (grouping.length === 0) return `SELECT ${[...cells, ...all].join(', ')}\nFROM ${from}`;
  const {select, groupBy, order} = groupingSql(grouping, totals);
  return `SELECT ${[...select, ...cells, ...all].join(',\n  ')}\nFROM ${from}\n${groupBy}\n${order}`;
}

function groupedSql(checked: Checked): string {
  const {dataset, where, period, measures} = checked;
  const grouping = groupingOf(checked);
  const computed = measures.map(measure => `${measureSql(measure)} AS ${quoteName(measure.name)}`);
  const from = `FROM ${sourceSql(dataset, whereWithTime(period, where))}`;
  if (grouping.length === 0) return `SELECT ${computed.join(', ')}\n${from}`;
  const {select, groupBy} = groupingSql(grouping, false);
  return `SELECT ${[...select, ...computed].join(', ')}\n${from}\n${groupBy}`;
}

type Grouping = {name: string; sql: string};

function groupingOf({period, keys}: Checked): Grouping[] {
  const byKeys = keys.map(({name, column}) => ({name, sql: valueSql(column, false)}));
  return period ? [{name: period.name, sql: periodSql(period)}, ...byKeys] : byKeys;
}

/** With totals one more row is of all rows; its first key says so, which makes it a text. */
function groupingSql(grouping: readonly Grouping[], totals: boolean) {
  const keys = grouping.map(({sql}) => sql).join(', ');
  const select = grouping.map(({name, sql}, i) =>
    totals && i === 0
      ? `CASE WHEN grouping(${sql}) = 1 THEN 'Total' ELSE ${sql}::VARCHAR END AS ${quoteName(name)}`
      : `${sql} AS ${quoteName(name)}`,
  );
  const [first = {name: '', sql: ''}] = grouping;
  const last = totals ? [`grouping(${first.sql})`] : [];
  return {
    select,
    groupBy: totals ? `GROUP BY GROUPING SETS ((${keys}), ())` : `GROUP BY ${keys}`,
    // Inside of min() it is the column itself: bare, the first key would be its text, in which 10 comes before 2.
    order: `ORDER BY ${[...last, ...grouping.map(({sql}) => `${totals ? `min(${sql})` : sql} NULLS LAST`)].join(', ')}`,
  };
}

function filledSql({period, keys, measures}: Checked): {spine: string; filled: string} {
  const name = quoteName(period?.name ?? '');
  const names = keys.map(key => quoteName(key.name));
  const isDay = isDate(period);
  const step = period?.unit === 'quarter' ? "INTERVAL '3 months'" : `INTERVAL '1 ${period?.unit}'`;
  const series = `unnest(generate_series(min(${name})::TIMESTAMP, max(${name})::TIMESTAMP, ${step}))${isDay ? '::DATE' : ''} AS ${name}`;
  const grouped = names.length > 0 ? ` GROUP BY ${names.join(', ')}` : '';
  const columns = measures.map(each => {
    const value = `g.${quoteName(each.name)}`;
    return `${aggregateFunctions[each.function].isZeroOfNothing ? `coalesce(${value}, 0)` : value} AS ${quoteName(each.name)}`;
  });
  const same = [name, ...names].map(each => `g.${each} IS NOT DISTINCT FROM s.${each}`).join(' AND ');
  return {
    spine: `SELECT ${[series, ...names].join(', ')} FROM grouped${grouped}`,
    filled: `SELECT ${[name, ...names].map(each => `s.${each}`).join(', ')}, ${columns.join(', ')} FROM spine s LEFT JOIN grouped g ON ${same}`,
  };
}

function orderSql({orderBy, ascending, measures, top, period}: Checked, names: readonly string[]): string {
  const keys = names.map(name => `${quoteName(name)} NULLS LAST`);
  const by = orderBy ?? (top !== undefined && !period ? measures[0]?.name : undefined);
  if (by !== undefined) keys.unshift(`${quoteName(by)} ${ascending ? 'ASC' : 'DESC'} NULLS LAST`);
  return keys.length > 0 ? `ORDER BY ${keys.join(', ')}` : 'ORDER BY 1';
}

function measureSql({function: named, column}: Measure, filter = ''): string {
  const {needs, sql} = aggregateFunctions[named];
  const value = sql(aroundZero(named, valueSql(column, needs === 'number'), column), filter);
  // A cell of a pivot that no row falls into has no sum, unlike rows without values.
  return named === 'sum' && filter !== '' ? `CASE WHEN count(*)${filter} > 0 THEN ${value} END` : value;
}

/** The engine's spread of values around 1e9 has 7 digits right; that of the same values less their minimum has all of them. */
function aroundZero(named: Measure['function'], value: string, column: Measure['column']): string {
  const {min, max} = column ?? {};
  if ((named !== 'std' && named !== 'var') || typeof min !== 'number' || typeof max !== 'number') return value;
  return Number.isFinite(min) && max - min < Math.abs(min) / 1000 ? `(${value}::DOUBLE - ${min}::DOUBLE)` : value;
}

type Period = NonNullable<Checked['period']>;

function isDate(period: Checked['period']): boolean {
  return period !== null && period.unit !== 'hour' && period.unit !== 'minute';
}

/** Infinite and missing times have no period. */
function timeSql({column}: Period): string {
  const name = quoteName(column.name);
  const isZoned = column.type === 'TIMESTAMP WITH TIME ZONE';
  return `CASE WHEN isfinite(${name}) THEN ${name}${isZoned ? " AT TIME ZONE 'UTC'" : '::TIMESTAMP'} END`;
}

function periodSql(period: Period): string {
  return `date_trunc(${quoteText(period.unit)}, ${timeSql(period)})${isDate(period) ? '::DATE' : ''}`;
}

function whereWithTime(period: Checked['period'], where: string | undefined): string | undefined {
  if (period === null) return where;
  const hasTime = `isfinite(${quoteName(period.column.name)})`;
  return where === undefined ? hasTime : `${hasTime} AND (\n${where}\n)`;
}

function sourceSql(dataset: string, where: string | undefined): string {
  return `${quoteName(dataset)}${where === undefined ? '' : ` WHERE (\n${where}\n)`}`;
}
