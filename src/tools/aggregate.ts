// Groups, periods and pivots by plain arguments: the SQL is ours, and stands in the receipt.

import {z} from 'zod';
import {aggregate} from '../analysis/aggregate/aggregate.ts';
import {functionNames} from '../analysis/aggregate/functions.ts';
import {additions, timeUnits} from '../analysis/aggregate/request.ts';
import {currentVersion, type Table} from '../core/dataset.ts';
import {formatCount} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, discloseQuery, originOf} from './disclose.ts';
import {tableText} from './sql.ts';

const mostRows = 10_000;
const belowZeroNote =
  'Where the value before is below 0, pct_change has the sign that pandas gives it: a rise stands there as negative.';

const args = z.object({
  dataset: z.string(),
  measures: z
    .array(z.object({function: z.enum(functionNames), column: z.string().optional()}))
    .min(1)
    .max(20)
    .describe('count without column counts rows'),
  group_by: z.array(z.string()).max(10).optional(),
  time_column: z.string().optional().describe('also group by its unit'),
  unit: z.enum(timeUnits).optional().describe('default month'),
  fill_gaps: z.boolean().optional().describe('list periods without rows (default)'),
  where: z.string().min(1).optional().describe('SQL condition'),
  having: z.string().min(1).optional().describe('SQL condition on result columns, such as sum_price > 10'),
  order_by: z.string().optional().describe('result column'),
  ascending: z.boolean().optional(),
  top: z.int().min(1).max(mostRows).optional(),
  add: z.array(z.enum(additions)).optional().describe('of total; cumulative; to the period before, also in %'),
  pivot: z.string().optional().describe('column whose values become columns'),
  totals: z.boolean().optional(),
});

export function aggregateTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'aggregate',
    description:
      'Group, resample by time, pivot, top N, shares, running totals, change per period; as pandas computes them.',
    parallel: true,
    args,
    async run(given, {signal}) {
      const dataset = await catalog.dataset(given.dataset);
      const {columns} = currentVersion(dataset);
      const time =
        given.time_column === undefined ? undefined : {column: given.time_column, unit: given.unit ?? 'month'};
      const {measures, where, having, ascending, top, add, pivot, totals} = given;
      const asked = {measures, where, having, ascending, top, add, pivot, totals, time, dataset: dataset.name};
      const request = {...asked, groupBy: given.group_by, fill: given.fill_gaps, orderBy: given.order_by};
      const {table, sql, statement, rows, timeless} = await aggregate(await catalog.engine(), columns, request, {
        maxRows: mostRows,
        signal,
      });
      const notes = [
        ...(where === undefined ? [] : [`${formatCount(rows)} rows meet the condition.`]),
        ...(startsBelowZero(table) ? [belowZeroNote] : []),
        ...(timeless > 0 ? [`Left out: ${formatCount(timeless)} rows without ${given.time_column}.`] : []),
      ];
      const summary = [tableText(table), ...notes].join('\n');
      const named = [...measures.flatMap(each => each.column ?? []), ...(given.group_by ?? []), time?.column, pivot];
      const from = originOf(
        dataset,
        named.filter(each => each !== undefined),
      );
      const {rows: groups} = await discloseQuery(catalog, statement, table, signal);
      const source = await catalog.sourceOf([dataset.name], sql);
      // The columns of a pivot are named by values, so it goes whole or not at all.
      if (pivot !== undefined) {
        const n = groups.length > 0 ? Math.min(...groups.map(each => each.n)) : 0;
        return {ok: true, ...disclosed([{text: summary, about: {kind: 'group', from, n}}]), table, source};
      }
      const exposed = table.columns.map(() => ({kind: 'group' as const, from}));
      const disclosure = {columns: exposed, rows: groups, bare: notes.join('\n')};
      return {ok: true, summary, table, source, disclosure};
    },
  });
}

/** True where a change in percent starts from a value below 0. */
function startsBelowZero({columns, rows}: Table): boolean {
  const places = columns.flatMap(({name}, at) => {
    const change = columns.findIndex(each => name === `pct_${each.name}`);
    return change >= 0 ? [[change, at] as const] : [];
  });
  // A change and its share of the value before have different signs only where that value is below 0.
  return rows.some(row => places.some(([change, share]) => Number(row[change] ?? 0) * Number(row[share] ?? 0) < 0));
}
