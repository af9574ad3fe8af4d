// A cleaning plan: the steps as one SELECT over a dataset, and what each of them would change, before anything is kept.

import type {Cell, TableColumn} from '../../core/dataset.ts';
import type {SqlEngine} from '../../engine/sql-engine.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {compileStep} from './compile.ts';
import {type DataDiff, diffTables} from './diff.ts';
import type {CleaningStep, CompiledStep, Relation} from './step.ts';

/** `changed` counts cells with another value than before, `lost` those that had a value and became missing. */
export type StepEffect = {
  what: string;
  rowsBefore: number;
  rowsAfter: number;
  columnsAfter: number;
  changed: number;
  lost: number;
};

/** `sql` gives the cleaned rows in their old order. `diff` compares them with the rows as they were. */
export type CleaningPlan = {sql: string; steps: StepEffect[]; diff(): Promise<DataDiff>};

/** The place of a row in the dataset, while the plan runs. */
const order = quoteName('__ds_agent_row');

/** @throws ToolError `clean.*`, `analysis.*`, and what the engine says of a condition or an expression */
export async function planCleaning(
  engine: SqlEngine,
  dataset: string,
  steps: readonly CleaningStep[],
  signal?: AbortSignal,
): Promise<CleaningPlan> {
  const parts = [`step_0 AS (SELECT *, row_number() OVER () AS ${order} FROM ${quoteName(dataset)})`];
  const query = async (select: string, maxRows = 1_000) =>
    (await engine.query(`WITH ${parts.join(',\n')}\n${select}`, {maxRows, ...(signal && {signal})})).table;
  const rowsOf = async (select: string, maxRows: number): Promise<Cell[][]> => (await query(select, maxRows)).rows;
  const shapeOf = async (name: string): Promise<TableColumn[]> =>
    (await query(`SELECT * EXCLUDE (${order}) FROM ${name} LIMIT 0`)).columns;
  const ask = async (name: string, select: string) => (await query(`SELECT ${select} FROM ${name}`)).rows[0] ?? [];
  const effects: StepEffect[] = [];
  const before = await shapeOf('step_0');
  let columns = before;
  let rows = Number((await ask('step_0', 'count(*)'))[0]);
  for (const [index, step] of steps.entries()) {
    const name = `step_${index}`;
    const relation: Relation = {name, columns, order, ask: select => ask(name, select), rows: rowsOf, signal};
    const compiled = await compileStep(step, relation);
    const counts = compiled.edits.length > 0 ? (await query(editCounts(name, compiled))).rows[0] : undefined;
    const [changed, lost] = counts ?? [];
    parts.push(`step_${index + 1} AS (${compiled.select})`);
    columns = await shapeOf(`step_${index + 1}`);
    const rowsAfter = Number((await ask(`step_${index + 1}`, 'count(*)'))[0]);
    effects.push({
      what: compiled.what,
      rowsBefore: rows,
      rowsAfter,
      columnsAfter: columns.length,
      changed: Number(changed ?? 0),
      lost: Number(lost ?? 0),
    });
    rows = rowsAfter;
  }
  const end = `step_${steps.length}`;
  const last = `SELECT * EXCLUDE (${order}) FROM ${end} ORDER BY ${order}`;
  const tables = {before: {name: 'step_0', columns: before}, after: {name: end, columns}, order};
  return {
    sql: `WITH ${parts.join(',\n')}\n${last}`,
    steps: effects,
    diff: () => diffTables(tables, select => rowsOf(select, 1)),
  };
}

function editCounts(name: string, {edits, retyped = false, from = name}: CompiledStep): string {
  // Beside each other first, since windows can't stand inside an aggregate.
  const values = edits.map(
    ({column, expression}, i) => `${expression} AS new_${i}, ${name}.${quoteName(column)} AS old_${i}`,
  );
  const sum = (condition: (i: number) => string) =>
    edits.map((_, i) => `count(*) FILTER (${condition(i)})`).join(' + ');
  const lost = sum(i => `new_${i} IS NULL AND old_${i} IS NOT NULL`);
  const differs = retyped ? lost : sum(i => `new_${i} IS DISTINCT FROM old_${i}`);
  return `SELECT ${differs}, ${lost} FROM (SELECT ${values.join(', ')} FROM ${from})`;
}
