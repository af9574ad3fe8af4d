// Whether a model learnt from the rows it is measured on, which flatters every figure.

import {fromSql} from '../../analysis/column-values.ts';
import {currentVersion} from '../../core/dataset.ts';
import {DsAgentError, ToolError} from '../../core/errors.ts';
import {formatCount, formatNumber} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Catalog} from '../catalog.ts';
import type {Applied} from './apply-model.ts';

/** A line that says so, or none. */
export async function alreadySeen(
  catalog: Catalog,
  {loaded, dataset, reader, selection, rows}: Applied,
): Promise<string[]> {
  const {data, holdout, inputs, target} = loaded.content;
  if (currentVersion(dataset).sha256 === data.sha256) {
    const held = Object.entries(holdout.winner).map(
      ([name, value]) => `${name} ${value === null ? '–' : formatNumber(value)}`,
    );
    return [
      `The model was fitted on these very rows, so the figures flatter it. On ${formatCount(holdout.rows)} rows held out while training it had ${held.join(', ')}.`,
    ];
  }
  const known = (await catalog.datasets()).find(each => currentVersion(each).sha256 === data.sha256);
  const names = [...new Set([...inputs.map(({column}) => column), target])];
  const columns = known ? currentVersion(known).columns : [];
  if (!known || names.some(name => !columns.some(each => each.name === name))) return [];
  const list = names.map(name => `${quoteName(name)}::VARCHAR`).join(', ');
  const same = `SELECT ${list} ${fromSql(selection)} INTERSECT ALL SELECT ${list} FROM ${quoteName(known.name)}`;
  try {
    const [[count] = []] = await reader.rows(`SELECT count(*) FROM (${same})`);
    const seen = Number(count ?? 0);
    if (seen === 0) return [];
    return [
      `${formatCount(seen)} of the ${formatCount(rows)} rows are like rows of ${known.name} in all columns of the model and the target; it was fitted on those, which flatters the figures.`,
    ];
  } catch (error) {
    if (error instanceof DsAgentError && !(error instanceof ToolError)) throw error;
    return [];
  }
}
