// A session as a Jupyter notebook (nbformat 4.5): questions and answers as text, SQL as cells that run with DuckDB's Python
// package over the workspace's Parquet files, and what they gave embedded as their outputs.

import {type Call, callsOf, type Entry, receiptOf} from '../../agent/transcript.ts';
import type {Table} from '../../core/dataset.ts';
import {formatCell, printable} from '../../core/text.ts';
import type {Receipt} from '../../core/tool.ts';
import {statementBody} from '../../engine/sql-text.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {type ExportedSession, refText, viewKeeper} from './export.ts';
import {answerText, headingText, resultText} from './export-markdown.ts';

type Output = {
  output_type: 'execute_result';
  execution_count: number;
  metadata: object;
  data: Record<string, string[]>;
};
type Cell =
  | {cell_type: 'markdown'; id: string; metadata: object; source: string[]}
  | {
      cell_type: 'code';
      id: string;
      metadata: object;
      execution_count: number | null;
      source: string[];
      outputs: Output[];
    };

const shownRows = 50;

export function sessionNotebook({id, entries, workspace, viewOf}: ExportedSession): string {
  const viewsBefore = viewKeeper(viewOf);
  const cells: Cell[] = [];
  let count = 0;
  const say = (text: string) =>
    cells.push({cell_type: 'markdown', id: `cell-${cells.length + 1}`, metadata: {}, source: linesOf(text)});
  const code = (text: string, data: Record<string, string[]> | null) => {
    count += 1;
    const outputs: Output[] = data ? [{output_type: 'execute_result', execution_count: count, metadata: {}, data}] : [];
    const source = linesOf(text);
    cells.push({
      cell_type: 'code',
      id: `cell-${cells.length + 1}`,
      metadata: {},
      execution_count: count,
      source,
      outputs,
    });
  };

  say(
    `# Session ${id}\n\nExported by ds-agent from the workspace ${headingText(workspace)}. The SQL runs with \`pip install duckdb pandas\`.`,
  );
  code(`import duckdb\n\ncon = duckdb.connect()\ncon.execute("SET TimeZone = 'UTC'");`, null);
  for (const entry of entries) {
    say(`## ${headingText(askedText(entry))}`);
    for (const call of callsOf(entry)) {
      const receipt = receiptOf(call);
      if (!receipt || !call.result.ok) continue;
      const sql = runnable(receipt);
      if (sql === null) {
        say(resultText(call).join('\n').trim());
        continue;
      }
      const views = viewsBefore(receipt.datasets).map(({ref, sql: view}) =>
        view === null ? `# ${refText(ref)} is no longer in the workspace.` : `con.execute(${pythonText(view)})`,
      );
      const head = `# Result ${receipt.id}: ${receipt.tool}, from ${receipt.datasets.map(refText).join(', ') || 'no dataset'}`;
      code([head, ...views, `con.sql(${pythonText(sql)}).df()`].join('\n'), outputOf(call));
    }
    const answer = printable(answerText(entry)).trim();
    if (answer !== '') say(answer);
  }
  const metadata = {
    kernelspec: {display_name: 'Python 3', language: 'python', name: 'python3'},
    language_info: {name: 'python'},
  };
  return `${JSON.stringify({cells, metadata, nbformat: 4, nbformat_minor: 5}, null, 1)}\n`;
}

function askedText(entry: Entry): string {
  return entry.kind === 'turn' ? entry.prompt : (entry.line ?? 'a command that was cut off');
}

/** The one statement whose result is the result of the call; null where ds-agent computed more than that. */
function runnable({tool, sql}: Receipt): string | null {
  if (sql === undefined || !(tool === 'run_sql' || tool === 'draw_chart') || sql.includes(';\n')) return null;
  return statementBody(sql).trim();
}

function outputOf(call: Call): Record<string, string[]> | null {
  if (!call.result.ok) return null;
  const {table, summary, artifacts = []} = call.result;
  const drawn = artifacts.flatMap(({preview}) => preview ?? []).join('\n\n');
  const text = [drawn, table ? renderMarkdownTable(table, {maxRows: shownRows}) : summary].filter(Boolean).join('\n\n');
  const plain = {'text/plain': linesOf(printable(text))};
  return table ? {...plain, 'text/html': linesOf(htmlTable(table))} : plain;
}

function htmlTable({columns, rows, totalRows}: Table): string {
  const cells = (texts: string[], tag: string) => texts.map(text => `<${tag}>${escapeHtml(text)}</${tag}>`).join('');
  const shown = rows.slice(0, shownRows);
  const body = shown.map(row => `<tr>${cells(row.map(formatCell), 'td')}</tr>`);
  const head = `<thead><tr>${cells(
    columns.map(({name}) => printable(name, {oneLine: true})),
    'th',
  )}</tr></thead>`;
  const total = totalRows ?? rows.length;
  const note = shown.length < total ? `\n<p>${shown.length} of ${total} rows</p>` : '';
  return `<table>\n${head}\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>${note}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A Python literal of the text, on several lines where nothing in it needs an escape. */
function pythonText(text: string): string {
  const isPlain = !text.includes('"""') && !text.includes('\\') && printable(text) === text;
  return isPlain ? `"""\n${text}\n"""` : JSON.stringify(text);
}

/** As a notebook keeps text: one string a line, each but the last ending in a newline. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}
