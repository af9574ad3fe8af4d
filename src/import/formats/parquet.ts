// Parquet: typed already, so only names can need care.

import {ImportError} from '../../core/errors.ts';
import {quotePath} from '../../engine/sql-text.ts';
import type {Format, LoadedTable, LoadJob} from '../job.ts';
import {refuseWide} from '../too-wide.ts';

export const parquet: Format = {
  name: 'parquet',
  kinds: ['parquet'],
  async load(job) {
    const source = `read_parquet(${quotePath(job.stored.path)}, hive_partitioning = false)`;
    try {
      return [await typedTable(job, source, null)];
    } catch (error) {
      if (job.signal.aborted || error instanceof ImportError) throw error;
      throw new ImportError('import.damaged', `${job.shown} is a damaged Parquet file.`, {
        hint: 'Download or export it again; it may have been cut short.',
        cause: error,
      });
    }
  },
};

/** A table whose types the engine knows; `source` is what stands after FROM. */
export async function typedTable(job: LoadJob, source: string, label: string | null): Promise<LoadedTable> {
  const engine = await job.engine();
  const relation = job.tableName();
  await engine.run(`CREATE VIEW ${relation} AS SELECT * FROM ${source}`, job.signal);
  const names = (await engine.run(`DESCRIBE ${relation}`, job.signal)).rows.map(row => String(row[0]));
  refuseWide(names.length, job);
  const [[rows] = []] = (await engine.run(`SELECT count(*) FROM ${relation}`, job.signal)).rows;
  return {
    label,
    relation,
    columns: names.map(name => ({source: name, originalName: name})),
    isText: false,
    decimalComma: null,
    dialect: null,
    encoding: null,
    rowsIn: Number(rows ?? 0),
    rowsDropped: 0,
    counts: {},
    lines: [],
    warnings: [],
  };
}
