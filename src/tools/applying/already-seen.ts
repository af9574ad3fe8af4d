// Whether a model learnt from the rows it is measured on, which flatters every figure.

import {fromSql} from '../../analysis/column-values.ts';
import {currentVersion} from '../../core/dataset.ts';
import {DsAgentError, ToolError} from '../../core/errors.ts';
import {formatCount, formatNumber} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Catalog} from '../catalog.ts';
import type {Applied} from './apply-model.ts';

/** `share` of the rows were in the fit, as far as that can be told; `text` says so, null where there are none. */
export type Seen = {share: number; text: string | null};

const unseen: Seen = {share: 0, text: null};

export async function alreadySeen(catalog: Catalog, {kept, dataset, reader, selection, rows}: Applied): Promise<Seen> {
  const {data, holdout, inputs, target} = kept.content;
  if (currentVersion(dataset).sha256 === data.sha256) {
    const held = Object.entries(holdout.winner).map(
      ([name, value]) => `${name} ${value === null ? '–' : formatNumber(value)}`,
    );
    const text = `The model was fitted on these very rows, so the figures flatter it. On ${formatCount(holdout.rows)} rows held out while training it had ${held.join(', ')}.`;
    return {share: 1, text};
  }
  const known = (await catalog.datasets()).find(each => currentVersion(each).sha256 === data.sha256);
  const names = [...new Set([...inputs.map(({column}) => column), target])];
  const columns = known ? currentVersion(known).columns : [];
  if (!known || names.some(name => !columns.some(each => each.name === name))) return unseen;
  const list = names.map(name => `${quoteName(name)}::VARCHAR`).join(', ');
  const same = `SELECT ${list} ${fromSql(selection)} INTERSECT ALL SELECT ${list} FROM ${quoteName(known.name)}`;
  try {
    const [[count] = []] = await reader.rows(`SELECT count(*) FROM (${same})`);
    const seen = Number(count ?? 0);
    if (seen === 0) return unseen;
    const text = `${formatCount(seen)} of the ${formatCount(rows)} rows are like rows of ${known.name} in all columns of the model and the target; it was fitted on those, which flatters the figures.`;
    return {share: seen / rows, text};
  } catch (error) {
    if (error instanceof DsAgentError && !(error instanceof ToolError)) throw error;
    return unseen;
  }
}
