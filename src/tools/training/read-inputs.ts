// Brings the inputs of a model into memory, column by column, in memory that a thread can be given without a copy.

import {fromSql, type Reader, type Selection} from '../../analysis/column-values.ts';
import type {Column} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, sizeWords} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {type RawColumn, TextCoder} from '../../models/raw-columns.ts';
import {hasManyTexts, type Input} from './read-columns.ts';

/** More values than this are not held in memory at once (480 MB of numbers). */
const mostValues = 60_000_000;

type Wanted = Pick<Input, 'name' | 'kind' | 'sql'>;
type Sink = {add(row: number, cell: unknown): void; column(): RawColumn};

/**
 * All rows of the selection; every column has the same order. What is not finite is missing.
 * @throws ToolError `analysis.too_many_values`
 */
export async function readInputs(
  reader: Reader,
  selection: Selection,
  inputs: readonly Wanted[],
): Promise<RawColumn[]> {
  if (inputs.length === 0) return [];
  const from = fromSql(selection);
  const [[total] = []] = await reader.rows(`SELECT count(*) ${from}`);
  const rows = Number(total ?? 0);
  if (rows * inputs.length > mostValues)
    throw new ToolError(
      'analysis.too_many_values',
      `${sizeWords(rows, inputs.length)} are more than ${formatCount(mostValues)} values.`,
      {hint: 'Use fewer columns or a condition in where; nothing was sampled.'},
    );
  const sinks = inputs.map(input => (input.kind === 'number' ? numberSink(input.name, rows) : textSink(input, rows)));
  let row = 0;
  await reader.scan(`SELECT ${inputs.map(({sql}) => sql).join(', ')} ${from}`, read => {
    for (const cells of read) {
      for (let j = 0; j < sinks.length; j++) sinks[j]?.add(row, cells[j]);
      row++;
    }
  });
  return sinks.map(sink => sink.column());
}

function numberSink(name: string, rows: number): Sink {
  const values = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
  return {
    add(row, cell) {
      const value = cell === null || cell === undefined ? Number.NaN : Number(cell);
      values[row] = Number.isFinite(value) ? value : Number.NaN;
    },
    column: () => ({name, kind: 'number', values}),
  };
}

function textSink({name, kind}: Wanted, rows: number): Sink {
  const coder = new TextCoder(rows, true);
  return {
    add: (_, cell) => coder.add(cell === null || cell === undefined ? null : String(cell)),
    column: () => coder.column(name, kind === 'text' ? 'text' : 'category'),
  };
}

/** The mean number of words of each text column of many values, over at most 1,000 rows. */
export async function wordCounts(
  reader: Reader,
  {dataset}: Selection,
  columns: readonly Column[],
): Promise<Map<string, number>> {
  const texts = columns.filter(hasManyTexts);
  if (texts.length === 0) return new Map();
  const counts = texts.map(
    ({name}) => `avg(len(regexp_extract_all(${quoteName(name)}, '[\\p{L}\\p{N}_]{2,}')))::DOUBLE`,
  );
  const few = `(SELECT ${texts.map(({name}) => quoteName(name)).join(', ')} FROM ${quoteName(dataset)} LIMIT 1000)`;
  const [cells = []] = await reader.rows(`SELECT ${counts.join(', ')} FROM ${few}`);
  return new Map(texts.map(({name}, i) => [name, Number(cells[i] ?? 0)]));
}
