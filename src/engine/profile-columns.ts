// The facts kept about each column of a dataset version, computed over all rows of a relation.

import type {Cell, Table, TableColumn} from '../core/dataset.ts';
import {quoteName} from './sql-text.ts';

export type ColumnFacts = {nullCount: number; distinctCount: number; min: Cell; max: Cell; topValues: string[]};

const exactUpTo = 10_000;
const listedUpTo = 1_000;
const topCount = 20;
/** The planner's time and memory grow faster than the number of columns in one statement. */
const columnsAtOnce = 32;

/**
 * Facts of `columns` of `relation` (what stands after FROM), in their order; see Column for what they mean. `run` reads
 * all rows of one SELECT.
 */
export async function profileColumns(
  run: (sql: string) => Promise<Table>,
  relation: string,
  columns: readonly TableColumn[],
): Promise<ColumnFacts[]> {
  const facts: ColumnFacts[] = [];
  for (let start = 0; start < columns.length; start += columnsAtOnce) {
    facts.push(...(await profileSome(run, relation, columns.slice(start, start + columnsAtOnce))));
  }
  return facts;
}

async function profileSome(
  run: (sql: string) => Promise<Table>,
  relation: string,
  columns: readonly TableColumn[],
): Promise<ColumnFacts[]> {
  const first = columns.flatMap(({name, kind}) => {
    const column = quoteName(name);
    const edges = kind === 'nested' ? ['NULL', 'NULL'] : [`min(${column})`, `max(${column})`];
    return [`count(${column})`, `approx_count_distinct(${column})`, ...edges];
  });
  const [basic = []] = (await run(`SELECT count(*), ${first.join(', ')} FROM ${relation}`)).rows;
  const rows = Number(basic[0]);
  const facts = columns.map((_, index): ColumnFacts => {
    const at = 1 + index * 4;
    const distinctCount = Math.min(Number(basic[at + 1]), Number(basic[at]));
    const nullCount = rows - Number(basic[at]);
    return {nullCount, distinctCount, min: basic[at + 2] ?? null, max: basic[at + 3] ?? null, topValues: []};
  });
  // The estimate is off by a few per cent, so the border is checked from above.
  const few = facts.flatMap((fact, index) => (fact.distinctCount <= exactUpTo * 1.1 ? [index] : []));
  const nameAt = (index: number) => quoteName(columns[index]?.name ?? '');
  if (few.length > 0) {
    const exact = few.map(index => `count(DISTINCT ${nameAt(index)})`);
    const [counts = []] = (await run(`SELECT ${exact.join(', ')} FROM ${relation}`)).rows;
    few.forEach((index, at) => {
      const fact = facts[index];
      if (fact) fact.distinctCount = Number(counts[at]);
    });
  }
  const listed = few.filter(
    index => (facts[index]?.distinctCount ?? 0) <= listedUpTo && columns[index]?.kind !== 'nested',
  );
  if (listed.length > 0) {
    const parts = listed.map(
      index =>
        `(SELECT ${index} AS i, ${nameAt(index)}::VARCHAR AS v, count(*) AS n FROM ${relation} ` +
        `WHERE ${nameAt(index)} IS NOT NULL GROUP BY ALL ORDER BY n DESC, v LIMIT ${topCount})`,
    );
    const top = await run(`SELECT i, v FROM (${parts.join(' UNION ALL ')}) ORDER BY i, n DESC, v`);
    for (const [index, value] of top.rows) facts[Number(index)]?.topValues.push(String(value));
  }
  return facts;
}
