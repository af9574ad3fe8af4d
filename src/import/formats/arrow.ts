// Arrow IPC: a process of its own turns it into lines of text, which are cast to the types that the file declares.

import {open} from 'node:fs/promises';
import {ImportError} from '../../core/errors.ts';
import {quoteName, quotePath, quoteText} from '../../engine/sql-text.ts';
import type {Format, LoadedTable, LoadJob} from '../job.ts';
import {readApart} from '../read-apart.ts';
import type {TypedField} from '../readers/items.ts';
import {refuseWide} from '../too-wide.ts';
import {unpackedLimit} from '../unpack.ts';
import {typedTable} from './parquet.ts';

export const arrow: Format = {
  name: 'arrow',
  kinds: ['arrow'],
  async load(job) {
    const {stored, shown, signal, clock} = job;
    const request = {reader: 'arrow' as const, path: stored.path, shown, choice: undefined};
    const items = readApart(
      {...request, maxBytes: unpackedLimit(job.limitBytes)},
      {signal, clock, sizeBytes: stored.sizeBytes},
    );
    const path = job.temporary('.ndjson');
    const lines = await open(path, 'wx', 0o600);
    let columns: TypedField[] | null = null;
    try {
      for await (const item of items) {
        if (item.kind === 'typed_table') columns = item.columns;
        else if (item.kind === 'bytes') await lines.write(item.bytes);
        if (columns) refuseWide(columns.length, job);
      }
      const {size} = await lines.stat();
      return columns && columns.length > 0 ? [await castLines(job, path, size, columns)] : [];
    } finally {
      await lines.close();
    }
  },
};

async function castLines(
  job: LoadJob,
  path: string,
  sizeBytes: number,
  columns: readonly TypedField[],
): Promise<LoadedTable> {
  const sources = columns.map((_, index) => `${quoteText(`c${index}`)}: 'VARCHAR'`).join(', ');
  const lines =
    sizeBytes === 0
      ? `(SELECT ${columns.map((_, index) => `NULL AS c${index}`).join(', ')} WHERE false)`
      : `read_json(${quotePath(path)}, format = 'newline_delimited', columns = {${sources}}, ` +
        `maximum_object_size = 67108864, hive_partitioning = false)`;
  const casts = columns.map(({type}, index) => `CAST(c${index} AS ${type}) AS ${quoteName(`c${index}`)}`);
  const engine = await job.engine();
  const relation = job.tableName();
  try {
    await engine.run(`CREATE TABLE ${relation} AS SELECT ${casts.join(', ')} FROM ${lines}`, job.signal);
  } catch (error) {
    if (job.signal.aborted || !(error instanceof Error) || !/Conversion|out of range/i.test(error.message)) throw error;
    throw new ImportError('import.damaged', `${job.shown} has a value that does not fit its own type.`, {
      hint: 'Write the file again with a program that checks its values.',
      cause: error,
    });
  }
  const table = await typedTable(job, relation, null);
  return {...table, columns: columns.map(({name, notes}, index) => ({source: `c${index}`, originalName: name, notes}))};
}
