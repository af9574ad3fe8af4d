// One row explained in a sentence, with what every column adds as a table.

import {fromSql} from '../../analysis/column-values.ts';
import type {Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {clip, formatCell, formatCount, formatNumber} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Line} from '../disclose.ts';
import {runApart} from '../exploring/run-apart.ts';
import {tableOf} from '../result-table.ts';
import type {Applied} from './apply-model.ts';
import type {Contributions} from './contributions.ts';

const toldColumns = 4;

/** `row` counts from 1 in the order of the dataset. @throws ToolError `model.no_row` */
export async function explainRow(
  applied: Applied,
  row: number,
  {seed, signal}: {seed: number; signal: AbortSignal},
): Promise<{table: Table; lines: Line[]}> {
  const {kept, dataset, rows, columns, reader, selection, from} = applied;
  if (row > rows)
    throw new ToolError('model.no_row', `${dataset.name} has ${formatCount(rows)} rows; there is no row ${row}.`);
  const {classes, target, inputs} = kept.content;
  const asked = {kept, columns, rows, row: row - 1, seed};
  const {answer, likely, found} = await runApart('row', asked, {signal, onProgress: () => {}});
  const names = [...new Set(inputs.map(({column}) => column))];
  const [cells = []] =
    names.length > 0
      ? await reader.rows(
          `SELECT ${names.map(quoteName).join(', ')} ${fromSql(selection)} LIMIT 1 OFFSET ${row - 1}`,
          1,
        )
      : [];
  const shown = (column: string) => clip(formatCell(cells[names.indexOf(column)] ?? null), 40);
  const table = tableOf(
    {column: 'text', value: 'text', adds: 'number', ...(found.method === 'sampled' && {standard_error: 'number'})},
    found.parts.map(({column, add, error}) => [
      column,
      shown(column),
      add,
      ...(found.method === 'sampled' ? [error] : []),
    ]),
  );
  const said =
    likely === null
      ? `${target} ${formatNumber(answer)}`
      : `${target} ${classes[answer] ?? ''} with probability ${formatNumber(likely)}`;
  const of = found.unit === 'log' ? target : classes[answer];
  const sentence = `Row ${formatCount(row)}: the model says ${said}; ${reasonText(found, shown, of)}.`;
  return {
    table,
    lines: [
      {text: sentence, about: {kind: 'value', from, n: 1}, otherwise: `Explained row ${formatCount(row)}.`},
      {text: methodText(found), about: {kind: 'count', from: [], n: 0}},
    ],
  };
}

function reasonText(
  {base, parts, unit, over, total, isCalibrated}: Contributions,
  shown: (column: string) => string,
  of = '',
): string {
  const what = {
    value: 'on average',
    probability: 'on average',
    log: `in log(${of}) on average`,
    log_odds: `in log-odds of ${of} on average`,
    score: `in the score of ${of} on average`,
  }[unit];
  const before = isCalibrated ? ' before calibration' : '';
  const whose = over === 'training' ? 'over the rows it learnt from' : 'over these rows';
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${formatNumber(Math.abs(value))}`;
  const told = parts.slice(0, toldColumns).filter(({add}) => add !== 0);
  const rest = parts.filter(part => !told.includes(part));
  const others = rest.reduce((sum, {add}) => sum + add, 0);
  const items = told.map(({column, add}) => `${column} = ${shown(column)} ${signed(add)}`);
  if (rest.length > 0)
    items.push(`the other ${rest.length === 1 ? 'column' : `${rest.length} columns`} ${signed(others)}`);
  const sum =
    (unit === 'value' || unit === 'probability') && !isCalibrated
      ? ''
      : `, together ${formatNumber(total)}${unit === 'log' ? `, the logarithm of ${formatNumber(Math.exp(total))} (the model was learnt on log(${of}), where +0.1 is about +10 %)` : ''}`;
  return `${what} ${whose} it is${before} ${formatNumber(base)}${items.length > 0 ? `, and ${items.join(', ')}` : ''}${sum}`;
}

function methodText({method, unit}: Contributions): string {
  const sum = `they sum to the ${unit === 'log' ? 'logarithm of the ' : ''}answer`;
  switch (method) {
    case 'trees':
      return `Exact Shapley values of the trees (path-dependent TreeSHAP); ${sum}. They explain the model, not the world.`;
    case 'sum':
      return `Exact: weight times distance from the mean of these rows; ${sum}. They explain the model, not the world.`;
    case 'sampled':
      return 'Shapley values by sampling 200 other rows; they sum to the answer. They explain the model, not the world.';
    default:
      return method satisfies never;
  }
}
