// What is wrong or doubtful in a dataset, over all rows: missing values, duplicates, keys, outliers, spellings, gaps.

import type {DatasetVersion} from '../core/dataset.ts';
import type {Reader} from './column-values.ts';
import type {Finding} from './quality-finding.ts';
import {duplicateFindings, keyFindings, missingFindings} from './quality-rows.ts';
import {spellingFindings} from './quality-texts.ts';
import {gapFindings} from './quality-time.ts';
import {impossibleFindings, outlierFindings} from './quality-values.ts';

/** The findings, by check, within a check by column. Nothing is found in a table without rows. */
export async function checkQuality(
  reader: Reader,
  dataset: string,
  version: DatasetVersion,
  {now, signal}: {now: number; signal?: AbortSignal},
): Promise<Finding[]> {
  const subject = {reader, dataset, rows: version.rows, columns: version.columns, now, signal};
  if (subject.rows === 0) return [];
  const found: Finding[] = [];
  const checks = [missingFindings, duplicateFindings, keyFindings, impossibleFindings, outlierFindings];
  for (const check of [...checks, spellingFindings, gapFindings]) {
    signal?.throwIfAborted();
    found.push(...(await check(subject)));
  }
  return found;
}
