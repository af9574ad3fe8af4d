// Keeps rows with columns more, as a dataset of its own or as the next version of the one they came from.

import {z} from 'zod';
import {currentVersion, type Dataset} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import type {ToolContext} from '../../core/tool.ts';
import type {Catalog} from '../catalog.ts';
import {refuseOverwrite, saveQuery} from '../sql.ts';

export const saveName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'use lower-case letters, digits and "_", not starting with a digit');

/**
 * Whether a result can be kept as `name`; null for the next version of a dataset.
 * @throws ToolError `dataset.exists`; ConfigError where the workspace can't be written
 */
export async function requireWritable(catalog: Catalog, name: string | null): Promise<void> {
  if (catalog.workspace.unwritable) throw catalog.workspace.unwritable;
  if (name !== null) await refuseOverwrite(catalog, name);
}

export type Kept = {name: string; columns: readonly string[]};

/**
 * Before the work, not after minutes of it.
 * @throws ToolError `dataset.exists`; `explore.column_exists` where the data has such a column already; ConfigError where
 *   the workspace can't be written
 */
export async function requireKeepable(catalog: Catalog, dataset: Dataset, {name, columns}: Kept): Promise<void> {
  await requireWritable(catalog, name === dataset.name ? null : name);
  const taken = currentVersion(dataset).columns.find(each => columns.includes(each.name.toLowerCase()));
  if (taken)
    throw new ToolError('explore.column_exists', `${dataset.name} has a column "${taken.name}" already.`, {
      hint: 'Rename it first: /clean rename COLUMN to NAME (clean_data).',
    });
}

/** Numbers that no SQL gives stand in the text of the statement that keeps them. */
const mostKept = 50_000;

/** @throws ToolError `explore.too_many_to_keep` */
export function requireFewEnough(rows: number): void {
  if (rows <= mostKept) return;
  throw new ToolError(
    'explore.too_many_to_keep',
    `What was computed of ${formatCount(rows)} rows is not kept; at most of ${formatCount(mostKept)}.`,
    {hint: 'Give a condition in where.'},
  );
}

export async function keepAs(
  catalog: Catalog,
  dataset: Dataset,
  {name, columns, sql}: Kept & {sql: string},
  {signal, emit}: ToolContext,
): Promise<string> {
  const saved = await saveQuery(catalog, sql, name, signal, emit, {computed: columns});
  return `${saved} New column${columns.length === 1 ? '' : 's'}: ${columns.join(', ')}.${name === dataset.name ? ' /undo goes back.' : ''}`;
}
