// What the cells of each column usually look like, to tell which reading of an odd row is the likeliest.

import type {CellKind} from './cell-kinds.ts';
import {isValueKind, kindOfCell} from './cell-kinds.ts';

const fewValues = 12;
const rowsLookedAt = 300;
const smallest = 0.02;

type Shape = {kinds: Map<CellKind, number>; total: number; values: Set<string> | null; usual: CellKind | null};

/** Learnt from good rows; all numbers are natural logarithms of likelihoods. */
export class ColumnProfile {
  readonly #columns: Shape[];

  constructor(rows: readonly (readonly string[])[], width: number) {
    const some = rows.slice(0, rowsLookedAt);
    this.#columns = Array.from({length: width}, (_, column) => shapeOf(some.map(row => row[column] ?? '')));
  }

  get width(): number {
    return this.#columns.length;
  }

  /** Whether there were enough rows to learn anything. */
  get isKnown(): boolean {
    return (this.#columns[0]?.total ?? 0) >= 4;
  }

  /** How well a cell fits a column: 0 is best. */
  fitCell(cell: string, column: number): number {
    const shape = this.#columns[column];
    if (!shape) return Math.log(smallest);
    const kind = kindOfCell(cell);
    const share = (shape.kinds.get(kind) ?? 0) / Math.max(1, shape.total);
    const known = shape.values === null || shape.values.has(cell.trim()) ? 1 : 0.3;
    return Math.log(Math.max(smallest, share * known));
  }

  fit(cells: readonly string[]): number {
    let sum = 0;
    for (let column = 0; column < this.#columns.length; column++) sum += this.fitCell(cells[column] ?? '', column);
    return sum;
  }

  /** Whether a cell made of several parts can belong to a column: one of values takes only a value. */
  mayHold(cell: string, column: number): boolean {
    const shape = this.#columns[column];
    if (!shape || shape.total < 8) return false;
    const values = [...shape.kinds].reduce((sum, [kind, count]) => sum + (isValueKind(kind) ? count : 0), 0);
    return values <= shape.total * 0.1 || isValueKind(kindOfCell(cell));
  }

  /** True where a column holds values (numbers, dates, times) and the cell is of its kind. */
  isValueOf(cell: string, column: number): boolean {
    const usual = this.#columns[column]?.usual ?? null;
    return usual !== null && (isValueKind(usual) || usual === 'code') && kindOfCell(cell) === usual;
  }
}

function shapeOf(cells: readonly string[]): Shape {
  const kinds = new Map<CellKind, number>();
  const values = new Set<string>();
  for (const cell of cells) {
    const kind = kindOfCell(cell);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    values.add(cell.trim());
  }
  const usual = [...kinds].find(([, count]) => count >= cells.length * 0.7)?.[0] ?? null;
  const isList = cells.length >= 20 && values.size <= Math.min(fewValues, cells.length / 4);
  return {kinds, total: cells.length, values: isList ? values : null, usual};
}
