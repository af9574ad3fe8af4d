// Takes the answers of a plan out of the tools' results and writes them in the questions' own form: @name[value].

import type {Cell, Table} from '../../src/core/dataset.ts';
import type {Answer, CellAnswer, ChoiceAnswer, Condition, DictAnswer, ListAnswer, PartsAnswer, Plan} from './plan.ts';
import {roundHalfEven} from './rounding.ts';

/** `@name[value]` for each answer of the plan, one a line. */
export function formatAnswers(plan: Plan, tables: readonly (Table | undefined)[]): string {
  return Object.entries(plan.answers)
    .map(([name, answer]) => `@${name}[${answerText(answer, tables)}]`)
    .join('\n');
}

/** @throws Error naming the call, row or column that a result does not have */
export function answerText(answer: Answer, tables: readonly (Table | undefined)[]): string {
  if ('choose' in answer) return choiceText(answer, tables);
  if ('parts' in answer) return partsText(answer, tables);
  if ('list' in answer) return listText(answer, tables);
  if ('key' in answer) return dictText(answer, tables);
  return cellText(findCell(answer, tables), answer.digits);
}

function choiceText({choose}: ChoiceAnswer, tables: readonly (Table | undefined)[]): string {
  const found = choose.find(({when}) => when.every(condition => holds(condition, tables)));
  if (!found) throw new Error('no choice of the plan holds');
  return found.say;
}

function holds(condition: Condition, tables: readonly (Table | undefined)[]): boolean {
  const value = numberOf(findCell(condition, tables));
  const size = condition.absolute ? Math.abs(value) : value;
  const {below, atLeast, above, atMost} = condition;
  return (
    (below === undefined || size < below) &&
    (atLeast === undefined || size >= atLeast) &&
    (above === undefined || size > above) &&
    (atMost === undefined || size <= atMost)
  );
}

function partsText({parts, join}: PartsAnswer, tables: readonly (Table | undefined)[]): string {
  return parts.map(part => cellText(findCell(part, tables), part.digits)).join(join ?? ', ');
}

function listText(answer: ListAnswer, tables: readonly (Table | undefined)[]): string {
  const table = tableOf(answer.call, tables);
  const column = columnIndex(table, answer.list);
  const items = table.rows.map(row => cellText(row[column] ?? null, answer.digits));
  return `${answer.open ?? ''}${items.join(answer.join ?? ', ')}${answer.close ?? ''}`;
}

function dictText(answer: DictAnswer, tables: readonly (Table | undefined)[]): string {
  const table = tableOf(answer.call, tables);
  const [key, value] = [columnIndex(table, answer.key), columnIndex(table, answer.value)];
  const items = table.rows.map(row => {
    const cell = row[value] ?? null;
    const shown =
      answer.digits === undefined ? String(cell) : pythonFloat(roundHalfEven(numberOf(cell), answer.digits));
    return `'${row[key]}': ${shown}`;
  });
  return `{${items.join(', ')}}`;
}

function findCell({call, row = 0, column}: CellAnswer, tables: readonly (Table | undefined)[]): Cell {
  const table = tableOf(call, tables);
  const wanted = columnIndex(table, column);
  if (typeof row === 'number') {
    const found = table.rows[row];
    if (!found) throw new Error(`row ${row} of a result of ${table.rows.length} rows is asked for`);
    return found[wanted] ?? null;
  }
  const conditions = Object.entries(row).map(([name, value]) => ({index: columnIndex(table, name), value}));
  const found = table.rows.find(cells =>
    conditions.every(({index, value}) =>
      typeof value === 'number' ? Number(cells[index]) === value : String(cells[index]) === value,
    ),
  );
  if (!found) throw new Error(`no row has ${JSON.stringify(row)}`);
  return found[wanted] ?? null;
}

function tableOf(call: number | undefined, tables: readonly (Table | undefined)[]): Table {
  const table = tables[call ?? 0];
  if (!table) throw new Error(`call ${call ?? 0} gave no table`);
  return table;
}

function columnIndex(table: Table, name: string): number {
  const index = table.columns.findIndex(column => column.name === name);
  const names = table.columns.map(column => column.name).join(', ');
  if (index < 0) throw new Error(`no column ${name} in a result with ${names}`);
  return index;
}

/** A missing value is "nan", as pandas prints it. */
function cellText(cell: Cell, digits: number | undefined): string {
  if (cell === null) return 'nan';
  if (digits === undefined) return Number.isNaN(cell) ? 'nan' : String(cell);
  const value = numberOf(cell);
  return Number.isFinite(value) ? roundHalfEven(value, digits).toFixed(digits) : String(value).toLowerCase();
}

function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint' || (typeof cell === 'string' && cell.trim() !== '')) return Number(cell);
  return Number.NaN;
}

/** A whole number keeps its ".0". */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
