// A session as a SQL script for DuckDB: the data as views over the workspace's Parquet files, then each statement with the
// question it answered.

import {callsOf, type Entry, receiptOf} from '../../agent/transcript.ts';
import {clip, counted, printable} from '../../core/text.ts';
import type {Receipt} from '../../core/tool.ts';
import {statementBody} from '../../engine/sql-text.ts';
import {type ExportedSession, refText, viewKeeper} from './export.ts';

/** Tools whose result is the result of their statement; others compute on what their statements read. */
const sqlTools = new Set(['run_sql', 'draw_chart']);

export function sessionSql({id, entries, workspace, viewOf}: ExportedSession): string {
  const viewsBefore = viewKeeper(viewOf);
  const lines = [
    ...comment(`Session ${id}, exported from the workspace ${workspace}`),
    '-- Run it with DuckDB: duckdb < this file',
    "SET TimeZone = 'UTC';",
  ];
  for (const entry of entries) {
    const receipts = callsOf(entry).flatMap(call => receiptOf(call) ?? []);
    if (receipts.length === 0) continue;
    lines.push('', ...comment(askedText(entry)));
    for (const receipt of receipts) {
      if (!receipt.sql) {
        lines.push(...comment(`#${receipt.id} ${receipt.tool} ${JSON.stringify(receipt.args)}`));
        continue;
      }
      for (const {ref, sql} of viewsBefore(receipt.datasets))
        lines.push(...(sql === null ? comment(`${refText(ref)} is no longer in the workspace.`) : [`${sql};`]));
      lines.push(...comment(resultLine(receipt)), `${statements(receipt.sql)};`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function askedText(entry: Entry): string {
  return entry.kind === 'turn' ? entry.prompt : (entry.line ?? '');
}

function resultLine({id, tool, args, rowsRead}: Receipt): string {
  const head = `#${id} ${tool}, ${counted(rowsRead, 'row')} read`;
  return sqlTools.has(tool) ? head : `${head}; what ds-agent read for ${clip(JSON.stringify(args), 500)}`;
}

/** Without a `;` or a comment at its end. Several statements are kept as they are. */
function statements(sql: string): string {
  const text = sql.trim();
  return text.includes(';\n') ? text.replace(/;\s*$/, '') : statementBody(text).trimEnd();
}

/** Every line of it a comment, whatever stands in it. */
function comment(text: string): string[] {
  return printable(text)
    .split('\n')
    .map(line => `-- ${line}`.trimEnd());
}
