// Which rows must not be torn apart by a split: those of one group, or of an identifier that repeats.

import {columnNamed} from '../../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {RawColumn} from '../../models/raw-columns.ts';
import {looksLikeId} from './read-columns.ts';

/** `found` when nobody asked for it. */
export type Together = {column: Column; found: boolean};

const fewestIds = 20;
const leastRowsEach = 1.5;

/** The column asked for ("none" for none), or an identifier that repeats; null when rows stand alone. */
export function togetherOf(
  dataset: Dataset,
  asked: string | undefined,
  not: readonly (string | undefined)[],
): Together | null {
  const {columns, rows} = currentVersion(dataset);
  if (asked !== undefined && asked !== 'none') return {column: columnNamed(columns, asked), found: false};
  if (asked === 'none') return null;
  const ids = columns.filter(
    ({name, kind, type, distinctCount, nullCount}) =>
      looksLikeId(name) &&
      !not.includes(name) &&
      (kind === 'text' || /INT/.test(type)) &&
      nullCount === 0 &&
      distinctCount >= Math.max(fewestIds, 0.02 * rows) &&
      rows >= leastRowsEach * distinctCount,
  );
  const [first] = ids.sort((a, b) => b.distinctCount - a.distinctCount);
  return first ? {column: first, found: true} : null;
}

export function togetherInput({name}: Column) {
  return {name: `group ${name}`, kind: 'category', sql: `${quoteName(name)}::VARCHAR`} as const;
}

/** A number for each group; a row without one is a group of its own. */
export function groupsOf(column: RawColumn): Int32Array {
  if (column.kind === 'number') throw new Error('a group is read as text');
  const {codes, levels} = column;
  let alone = levels.length;
  return codes.map(code => (code < 0 ? alone++ : code));
}
