// Scores the rows of a dataset into a file of its own, which is shown, kept as a dataset, or written where a user wants it.

import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {fromSql} from '../../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import {temporaryName} from '../../workspace/atomic-write.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import type {KeptModel} from '../training/model-file.ts';
import {type Input, inputsAgain} from '../training/read-columns.ts';
import {type Scored, scoreFile} from './score-file.ts';

export type DatasetScores = Scored & {inputs: Input[]; columns: readonly Column[]};

export type ScoreDataset = {
  kept: KeptModel;
  dataset: Dataset;
  /** Where the data of `dataset` and the scored file are. */
  workspace: Workspace;
  /** Writes the rows that are asked for to a Parquet file; null scores all of them. */
  select: ((sql: string, parquet: string) => Promise<unknown>) | null;
  where?: string | undefined;
  signal: AbortSignal;
  onProgress?(rows: number): void;
};

/**
 * Runs `use` on the scored file, which is removed afterwards unless `use` moved it away.
 * @throws ToolError `model.column_missing`, `model.column_kind`
 */
export async function withScores<T>(
  {kept, dataset, workspace, select, where, signal, onProgress}: ScoreDataset,
  use: (scored: DatasetScores) => Promise<T>,
): Promise<T> {
  const version = currentVersion(dataset);
  const inputs = inputsAgain(kept.content.inputs, version.columns, dataset.name, {texts: true});
  // A workspace that can only be read has no place for a half-made file but that of the engine.
  const directory = workspace.unwritable ? workspace.spillDirectory : workspace.path('data');
  const chosen = join(directory, temporaryName('.parquet'));
  const doomed = [chosen];
  try {
    if (select) await select(`SELECT * ${fromSql({dataset: dataset.name, where})}`, chosen);
    const source = select ? chosen : workspace.path(version.parquet);
    const target = join(directory, temporaryName('.parquet'));
    doomed.push(target);
    const request = {
      source,
      target,
      directory,
      columns: version.columns,
      inputs,
      signal,
      ...(onProgress && {onProgress}),
    };
    const scored = await scoreFile(kept, request, {workspace});
    return await use({...scored, inputs, columns: version.columns});
  } finally {
    for (const path of doomed) await rm(path, {force: true});
  }
}

/** "Predicted no: 12, yes: 30.", and from which probability on where it is not half; or where the predicted numbers lie. */
export function spreadText({rows, counts, mean, low, high}: Scored, {classes, decision}: KeptModel['content']): string {
  if (rows === 0) return 'There are no rows.';
  if (classes.length === 0) return `From ${formatNumber(low)} to ${formatNumber(high)}, mean ${formatNumber(mean)}.`;
  const names = classes.map(name => printable(name, {oneLine: true}));
  const counted = `Predicted ${names.map((name, k) => `${name}: ${formatCount(counts[k] ?? 0)}`).join(', ')}.`;
  const threshold = decision?.threshold ?? null;
  return threshold === null
    ? counted
    : `${counted} ${names[1]} is predicted from a probability of ${threshold.toFixed(3)} on.`;
}
