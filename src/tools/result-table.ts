// Tables that tools compute themselves, from the names and kinds of their columns.

import type {Cell, Table} from '../core/dataset.ts';

const types = {number: 'DOUBLE', text: 'VARCHAR'} as const;

type Kind = 'number' | 'text';
type Pairs = readonly (readonly [name: string, kind: Kind])[];

const isPairs = (columns: Readonly<Record<string, Kind>> | Pairs): columns is Pairs => Array.isArray(columns);

/**
 * Columns whose names come from data are given as pairs: an object puts a name such as "2020" first and holds no name twice,
 * and then the titles stand above other cells.
 */
export function tableOf(columns: Readonly<Record<string, Kind>> | Pairs, rows: Cell[][]): Table {
  const named = isPairs(columns) ? columns : Object.entries(columns);
  return {
    columns: named.map(([name, kind]) => ({name, type: types[kind], kind})),
    rows,
    totalRows: rows.length,
  };
}

/** The columns of an object whose names are ours, as pairs. */
export function pairsOf(columns: Readonly<Record<string, Kind>>): (readonly [string, Kind])[] {
  return Object.entries(columns);
}
