// Tables that tools compute themselves, from the names and kinds of their columns.

import type {Cell, Table} from '../core/dataset.ts';

const types = {number: 'DOUBLE', text: 'VARCHAR'} as const;

export function tableOf(columns: Readonly<Record<string, 'number' | 'text'>>, rows: Cell[][]): Table {
  return {
    columns: Object.entries(columns).map(([name, kind]) => ({name, type: types[kind], kind})),
    rows,
    totalRows: rows.length,
  };
}
