// Tables drawn with a mark at both ends of each line, as Markdown and terminals draw them.

import type {LoadedTable, LoadJob} from '../job.ts';

/** Without the column in front of the first mark: it has no name and no cell of it holds anything. */
export async function withoutFrame(job: LoadJob, table: LoadedTable): Promise<LoadedTable> {
  const [first, ...others] = table.columns;
  const isFramed = table.dialect?.delimiter === '|' && table.dialect.headerRows > 0 && first?.originalName === '';
  if (!isFramed || others.length === 0 || table.written) return table;
  const engine = await job.engine();
  const filled = await engine.run(
    `SELECT count(*) FROM ${table.relation} WHERE trim(${first.source}) <> ''`,
    job.signal,
  );
  return Number(filled.rows[0]?.[0]) === 0 ? {...table, columns: others} : table;
}
