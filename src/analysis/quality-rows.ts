// Missing values and their patterns, rows that repeat, columns that identify a row.

import type {Column} from '../core/dataset.ts';
import {formatCount} from '../core/text.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {duplicatesSql} from './profile-sql.ts';
import {type Finding, inBatches, type Subject} from './quality-finding.ts';

const placeholders = [
  '?',
  '-',
  '--',
  '.',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'missing',
  'tbd',
];
const idName = /(^|[_\s])(id|uuid|guid|key)$|[a-z]Id$|^id([_\s]|$)/i;

export async function missingFindings({reader, dataset, rows, columns}: Subject): Promise<Finding[]> {
  const found: Finding[] = [];
  const gappy: {column: Column; count: number}[] = [];
  for (const batch of inBatches(columns, 50)) {
    const sql = batch.map(column => `count(*) FILTER (${missingSql(column)}), ${stoodInSql(column)}`);
    const [cells = []] = await reader.rows(`SELECT ${sql.join(', ')} FROM ${quoteName(dataset)}`);
    batch.forEach((column, index) => {
      const [count, blank, placeholder] = cells.slice(index * 3, index * 3 + 3).map(Number);
      if (count) {
        gappy.push({column, count});
        found.push({check: 'missing', column: column.name, count, detail: `of ${formatCount(rows)} rows`});
      }
      if (blank) found.push({check: 'missing', column: column.name, count: blank, detail: 'empty or blank texts'});
      if (placeholder)
        found.push({
          check: 'missing',
          column: column.name,
          count: placeholder,
          detail: 'texts such as "?" or "unknown"',
        });
    });
  }
  if (gappy.length > 1) found.push(...(await patterns(reader, dataset, gappy)));
  return found;
}

function missingSql({name, type}: Column): string {
  const quoted = quoteName(name);
  return type === 'DOUBLE' || type === 'FLOAT' ? `${quoted} IS NULL OR isnan(${quoted})` : `${quoted} IS NULL`;
}

function stoodInSql({name, kind}: Column): string {
  if (kind !== 'text') return '0, 0';
  const value = `lower(trim(${quoteName(name)}::VARCHAR))`;
  const list = placeholders.map(quoteText).join(', ');
  return `count(*) FILTER (${value} = ''), count(*) FILTER (${value} IN (${list}))`;
}

/** Which columns are missing together; at most five patterns over the forty columns with most gaps. */
async function patterns(
  reader: Subject['reader'],
  dataset: string,
  gappy: readonly {column: Column; count: number}[],
): Promise<Finding[]> {
  const columns = [...gappy].sort((a, b) => b.count - a.count).slice(0, 40);
  const flags = columns.map(({column}) => `CASE WHEN ${missingSql(column)} THEN '1' ELSE '0' END`).join(' || ');
  const sql = `SELECT ${flags} AS pattern, count(*) AS n FROM ${quoteName(dataset)} GROUP BY 1 ORDER BY n DESC, pattern LIMIT 20`;
  const together = (await reader.rows(sql)).filter(([pattern]) => String(pattern).replaceAll('0', '').length > 1);
  return together.slice(0, 5).map(([pattern, count]): Finding => {
    const names = columns.filter((_, i) => String(pattern)[i] === '1').map(({column}) => column.name);
    const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
    return {check: 'missing', column: null, count: Number(count), detail: `missing together: ${shown}`};
  });
}

export async function duplicateFindings({reader, dataset, rows}: Subject): Promise<Finding[]> {
  const [[distinct] = []] = await reader.rows(duplicatesSql(dataset));
  const count = rows - Number(distinct ?? rows);
  if (count === 0) return [];
  return [{check: 'duplicates', column: null, count, detail: 'rows repeat an earlier row in every column'}];
}

/** Columns that identify a row, those that nearly do, and when there is none a pair that does. */
export async function keyFindings(subject: Subject): Promise<Finding[]> {
  const {reader, dataset, rows, columns, signal} = subject;
  if (rows < 2) return [];
  const found: Finding[] = [];
  // The count of distinct values is an estimate in large tables; the exact count follows.
  const likely = columns.filter(
    each => each.kind !== 'nested' && (each.distinctCount >= 0.9 * rows || isIdNamed(each, rows)),
  );
  for (const column of likely.slice(0, 30)) {
    signal?.throwIfAborted();
    const name = quoteName(column.name);
    const groups = `SELECT count(*) AS n FROM ${quoteName(dataset)} WHERE ${name} IS NOT NULL GROUP BY ${name}`;
    const [[distinct, repeated, extra] = []] = await reader.rows(
      `SELECT count(*), count(*) FILTER (n > 1), sum(n - 1) FROM (${groups})`,
    );
    if (Number(distinct) === rows)
      found.push({check: 'key', column: column.name, count: rows, detail: 'identifies a row'});
    else if (Number(repeated) > 0 && idName.test(column.name))
      found.push({
        check: 'duplicates',
        column: column.name,
        count: Number(extra),
        detail: `${formatCount(Number(repeated))} values of this id stand in more than one row`,
      });
  }
  return found.some(each => each.check === 'key') ? found : [...found, ...(await pairKeys(subject))];
}

function isIdNamed({name, distinctCount}: Column, rows: number): boolean {
  return idName.test(name) && distinctCount >= 0.5 * rows;
}

async function pairKeys({reader, dataset, rows, columns, signal}: Subject): Promise<Finding[]> {
  const parts = columns
    .filter(each => (each.kind === 'text' || each.kind === 'time' || /INT/.test(each.type)) && each.distinctCount > 1)
    .sort((a, b) => b.distinctCount - a.distinctCount)
    .slice(0, 6);
  for (const [index, a] of parts.entries())
    for (const b of parts.slice(index + 1)) {
      if (a.distinctCount * b.distinctCount < rows) continue;
      signal?.throwIfAborted();
      const [x, y] = [quoteName(a.name), quoteName(b.name)];
      const sql = `SELECT count(*) FROM (SELECT 1 FROM ${quoteName(dataset)} WHERE ${x} IS NOT NULL AND ${y} IS NOT NULL GROUP BY ${x}, ${y})`;
      const [[distinct] = []] = await reader.rows(sql);
      if (Number(distinct) === rows)
        return [{check: 'key', column: `${a.name}, ${b.name}`, count: rows, detail: 'together identify a row'}];
    }
  return [];
}
