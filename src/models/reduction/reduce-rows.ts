// Brings rows of many columns onto two axes, and says what the axes are made of.

import type {Columns} from '../../core/least-squares.ts';
import {rowsOf} from '../clustering/choose-k.ts';
import {Mt19937} from '../mt19937.ts';
import {type Pca, pca, scoresOn} from './pca.ts';

/** All values are finite. */
export type ReduceInput = {columns: Columns; seed: number};

/** `rows` are those of the picture, in order; `x` and `y` are their places on the first two components. */
export type Reduced = {pca: Pca; rows: Uint32Array; x: Float64Array; y: Float64Array};

/** A terminal has no room for more, and one point hides the other. */
export const mostDrawn = 2_000;

export function reduceRows({columns, seed}: ReduceInput): Reduced {
  const found = pca(columns);
  const rows = rowsOf(columns[0]?.length ?? 0, mostDrawn, new Mt19937(seed));
  const drawn = columns.map(column => Float64Array.from(rows, row => column[row] ?? 0));
  return {pca: found, rows, x: scoresOn(found, drawn, 0), y: scoresOn(found, drawn, 1)};
}
