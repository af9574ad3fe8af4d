// Turns errors of DuckDB into ours. DuckDB gives its errors as text only, so this is the one place that reads it.

import type {DsAgentError} from '../core/errors.ts';
import {AbortedError, ToolError} from '../core/errors.ts';
import {clip, nearest, printable} from '../core/text.ts';
import {unknownDataset} from './check.ts';

/** What is known about the place of the error; `hidden` are paths that must not be shown. */
export type ErrorPlace = {
  datasets: ReadonlySet<string>;
  columnsOf(datasets: readonly string[]): Promise<string[]>;
  hidden: readonly string[];
  signal: AbortSignal | undefined;
};

const unknownColumn =
  /Referenced column "([^"]*)" not found|does not have a column named "([^"]*)"|column "?([^"\s]*)"? does not exist|Column with name "?([^"\s]*)"? does not exist/i;

/** The error to throw for `error`; what is ours already passes through. */
export async function sqlError(error: unknown, used: readonly string[], place: ErrorPlace): Promise<DsAgentError> {
  if (place.signal?.aborted) return new AbortedError('The query was stopped.');
  if (error instanceof ToolError || error instanceof AbortedError) return error;
  const text = plainText(error, place.hidden);
  const kind = /^(?:Failed to extract statements: )?(\w+(?: \w+)*) Error: /.exec(text)?.[1] ?? '';
  if (kind === 'INTERRUPT') return new AbortedError('The query was stopped.');
  if (kind === 'Out of Memory') {
    return new ToolError('sql.out_of_memory', `The query needs more memory than it may use. ${text}`, {
      hint: 'Aggregate or filter first, or select fewer columns.',
    });
  }
  if (kind === 'Parser') {
    return new ToolError('sql.syntax', text, {
      hint: 'Check the SQL near the place named; names with blanks need "double quotes".',
    });
  }
  const table = /Table with name ("[^"]*"|\S+) does not exist/.exec(text)?.[1]?.replaceAll('"', '');
  if (table) return unknownDataset(table, place.datasets);
  const column = unknownColumn.exec(text)?.slice(1).find(Boolean);
  if (column) return columnError(column, await place.columnsOf(used));
  return new ToolError('sql.failed', text, {
    hint: 'Change the SQL; describe the dataset to see its columns and types.',
  });
}

function columnError(column: string, names: readonly string[]): ToolError {
  const near = nearest(column, names);
  const list = near.length > 0 ? near : names.slice(0, 30);
  const shown = list.map(name => `"${printable(name, {oneLine: true})}"`).join(', ');
  return new ToolError('sql.unknown_column', `There is no column called "${printable(column, {oneLine: true})}".`, {
    hint: near.length > 0 ? `Did you mean ${shown}?` : shown ? `Columns: ${shown}.` : 'No dataset is read here.',
  });
}

/** One line without source excerpt, advice of the engine on its settings, or paths. */
function plainText(error: unknown, hidden: readonly string[]): string {
  let text = error instanceof Error ? error.message : String(error);
  for (const path of hidden) text = text.replaceAll(path, '…');
  const line = /\n\s*LINE \d+:[^\n]*/.exec(text)?.index ?? text.length;
  const advice = text.indexOf('\nPossible solutions:');
  text = text.slice(0, Math.min(line, advice < 0 ? text.length : advice));
  return clip(printable(text.replace(/\s+/g, ' ').trim(), {oneLine: true}), 600);
}
