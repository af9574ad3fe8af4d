// A kept model on the rows of a dataset, for what evaluates and explains it: its inputs in memory.

import {columnNamed, createReader, fromSql, type Reader, type Selection} from '../../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {type RawColumn, rowsOf} from '../../models/raw-columns.ts';
import type {Catalog} from '../catalog.ts';
import {originOf} from '../disclose.ts';
import {classSql, presentSql} from '../training/goal.ts';
import {type KeptModel, keptModel} from '../training/model-file.ts';
import {type Input, inputsAgain} from '../training/read-columns.ts';
import {readInputs} from '../training/read-inputs.ts';
import {type Gap, unreadableIn} from './unreadable.ts';

export type Applied = {
  kept: KeptModel;
  dataset: Dataset;
  reader: Reader;
  selection: Selection;
  inputs: Input[];
  columns: RawColumn[];
  rows: number;
  /** The columns that were asked for beside the inputs, as texts. */
  others: RawColumn[];
  /** Null where it was not asked for. `values[i]` as in `Scores.predicted`. */
  target: {column: Column; values: Float64Array} | null;
  /** Texts where the model learnt from numbers or dates, which were taken as missing. */
  gaps: Gap[];
  /** What the result is made of. */
  from: string[];
};

export type ApplyRequest = {
  model: string;
  dataset: string;
  where?: string | undefined;
  needsTarget: boolean;
  others?: readonly string[];
};

/**
 * Reads what the model needs. With `needsTarget` only the rows that have a target which the model can know.
 * @throws ToolError `model.unknown`, `model.broken`, `model.column_missing`, `model.column_kind`, `model.no_target`,
 *   `model.no_rows`, `analysis.too_many_values`
 */
export async function applyModel(catalog: Catalog, request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
  const kept = await keptModel(catalog.workspace.path('models'), request.model);
  const {content} = kept;
  const dataset = await catalog.dataset(request.dataset);
  const {columns: available} = currentVersion(dataset);
  const inputs = inputsAgain(content.inputs, available, dataset.name, {texts: true});
  const targetColumn = request.needsTarget ? targetOf(kept, dataset) : null;
  const others = (request.others ?? []).map(name => columnNamed(available, name));
  const reader = createReader(await catalog.engine(), signal);
  const conditions = [request.where, targetColumn && knownTarget(kept, targetColumn)].filter(each => each);
  const selection = {
    dataset: dataset.name,
    where: conditions.length > 0 ? conditions.map(each => `(\n${each}\n)`).join(' AND ') : undefined,
  };
  const gaps = await unreadableIn(sql => reader.rows(sql), fromSql(selection), inputs);
  const asText = ({name}: Column) => ({name, kind: 'category', sql: `${quoteName(name)}::VARCHAR`}) as const;
  const wanted = [
    ...inputs,
    ...others.map(asText),
    ...(targetColumn ? [content.classes.length > 0 ? classInput(targetColumn) : numberInput(targetColumn)] : []),
  ];
  const read = await readInputs(reader, selection, wanted);
  const columns = read.slice(0, inputs.length);
  const last = targetColumn ? read.at(-1) : undefined;
  // A baseline that had no column still says something of each row.
  const [first] = read;
  const [ones] = first ? [] : await reader.numbers(selection, ['1::DOUBLE']);
  const rows = first ? rowsOf(first) : (ones?.length ?? 0);
  if (rows === 0)
    throw new ToolError('model.no_rows', `No row of ${dataset.name} is left to look at.`, {
      hint: request.needsTarget ? `A row needs a value of ${content.target} that the model knows.` : 'Widen the where.',
    });
  const learnt = `${content.data.name}.${content.target}`;
  const names = [...content.inputs.map(({column}) => column), ...others.map(({name}) => name)];
  return {
    kept,
    dataset,
    reader,
    selection,
    inputs,
    columns,
    rows,
    gaps,
    others: read.slice(inputs.length, inputs.length + others.length),
    target: targetColumn && last ? {column: targetColumn, values: targetValues(last, content.classes)} : null,
    from: [...originOf(dataset, targetColumn ? [...names, targetColumn.name] : names), learnt],
  };
}

function targetOf({content}: KeptModel, dataset: Dataset): Column {
  const found = currentVersion(dataset).columns.find(({name}) => name === content.target);
  if (!found)
    throw new ToolError('model.no_target', `${dataset.name} has no column "${content.target}" to compare with.`, {
      hint: 'Evaluate on data where the outcome is known; predict needs none.',
    });
  if (content.classes.length === 0 && found.kind !== 'number')
    throw new ToolError(
      'model.column_kind',
      `${dataset.name}.${found.name} is ${found.type}; the model predicts a number.`,
    );
  return found;
}

const classInput = (column: Column) => ({name: column.name, kind: 'category', sql: classSql(column)}) as const;

const numberInput = ({name}: Column) => ({name, kind: 'number', sql: `${quoteName(name)}::DOUBLE`}) as const;

function knownTarget({content}: KeptModel, column: Column): string {
  if (content.classes.length === 0) return presentSql(column);
  const list = content.classes.map(each => `'${each.replaceAll("'", "''")}'`).join(', ');
  return `${classSql(column)} IN (${list})`;
}

function targetValues(column: RawColumn, classes: readonly string[]): Float64Array {
  if (column.kind === 'number') return column.values;
  const numbers = column.levels.map(level => classes.indexOf(level));
  return Float64Array.from(column.codes, code => numbers[code] ?? -1);
}
