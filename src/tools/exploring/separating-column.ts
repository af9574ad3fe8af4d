// Where one table holds several series, such as the days of many stores: which column tells them apart.

import {fromSql, type Reader, type Selection} from '../../analysis/column-values.ts';
import type {Column} from '../../core/dataset.ts';
import {quoteName} from '../../engine/sql-text.ts';

const mostSeries = 1_000;
const mostTried = 5;

/**
 * The column with the fewest values with which no time stands twice, while its values have at least half of the times each on average (a
 * number of a few values would else pass for one). Null where there is none, or where times hardly repeat. Rows without either are left out.
 */
export async function separatingColumn(
  reader: Reader,
  selection: Selection,
  columns: readonly Column[],
  used: {time: Column; value: Column | null},
): Promise<{name: string; series: number} | null> {
  const tried = columns
    .filter(each => each.name !== used.time.name && each.name !== used.value?.name && canSeparate(each))
    .sort((a, b) => a.distinctCount - b.distinctCount)
    .slice(0, mostTried);
  if (tried.length === 0) return null;
  const time = quoteName(used.time.name);
  const counts = tried.map(({name}) => {
    const both = `FILTER (${time} IS NOT NULL AND ${quoteName(name)} IS NOT NULL)`;
    return `count(*) ${both}, count(DISTINCT (${time}, ${quoteName(name)})) ${both}, count(DISTINCT ${quoteName(name)}) ${both}`;
  });
  const [row = []] = await reader.rows(`SELECT count(DISTINCT ${time}), ${counts.join(', ')} ${fromSql(selection)}`);
  const [times = 0, ...rest] = row.map(Number);
  for (const [c, {name}] of tried.entries()) {
    const [rows = 0, pairs = 0, series = 0] = rest.slice(3 * c, 3 * c + 3);
    if (series > 1 && pairs === rows && rows > 1.2 * times && rows >= (series * times) / 2) return {name, series};
  }
  return null;
}

function canSeparate({kind, type, distinctCount}: Column): boolean {
  const isCode = kind === 'text' || kind === 'boolean' || (kind === 'number' && /INT/.test(type));
  return isCode && distinctCount > 1 && distinctCount <= mostSeries;
}
