// /copy: the last answer, its code, its table or an earlier result, on the clipboard.

import {writeFile} from 'node:fs/promises';
import {relative} from 'node:path';
import type {Cell, Table} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';

const usage = 'Usage: /copy, /copy code, /copy table, or /copy N for result N.';

export async function copy(args: string, app: App): Promise<SlashAnswer> {
  const {clipboard, workspace} = app;
  if (!clipboard) throw new UsageError('chat.only', '/copy needs a terminal.', {hint: 'In a script, redirect stdout.'});
  const {what, text} = chosen(args.toLowerCase(), app);
  const keep = async (whole: string) => {
    const path = workspace.path('clipboard.txt');
    await writeFile(path, whole, {mode: 0o600});
    return printable(relative(process.cwd(), path) || path, {oneLine: true});
  };
  return {text: `${what}: ${await clipboard.copy(text, keep)}`};
}

function chosen(what: string, {lastAnswer, session}: App): {what: string; text: string} {
  const number = /^#?(\d+)$/.exec(what)?.[1];
  if (number !== undefined) {
    const result = session.result(Number(number));
    if (!result) throw nothing(`result ${number}`);
    return {what: `Result ${number}`, text: result.table ? tabSeparated(result.table) : result.summary};
  }
  const answer = lastAnswer();
  const latest = session.receipts().at(-1)?.id;
  const result = latest === undefined ? undefined : session.result(latest);
  switch (what) {
    case '':
      if (answer === null) throw nothing('answer');
      return {what: 'The last answer', text: answer};
    case 'code': {
      const code =
        answer === null
          ? undefined
          : [...answer.matchAll(/^[ \t]*(```+|~~~+)[^\n]*\n([\s\S]*?)^[ \t]*\1/gm)].at(-1)?.[2];
      if (code !== undefined) return {what: 'The last code', text: code.replace(/\n$/, '')};
      if (!result?.receipt.sql) throw nothing('code');
      return {what: `The SQL of result ${result.receipt.id}`, text: result.receipt.sql};
    }
    case 'table': {
      const table = answer === null ? null : lastTable(answer);
      if (table !== null) return {what: 'The last table, tab-separated', text: table};
      if (!result?.table) throw nothing('table');
      return {what: `The table of result ${result.receipt.id}, tab-separated`, text: tabSeparated(result.table)};
    }
    default:
      throw new UsageError('chat.arguments', `/copy does not know "${printable(what, {oneLine: true})}".`, {
        hint: usage,
      });
  }
}

function nothing(what: string): UsageError {
  return new UsageError('copy.nothing', `There is no ${what} to copy.`, {hint: usage});
}

/** Numbers in full, no thousands separators; null is empty, as spreadsheets read it. */
function tabSeparated({columns, rows}: Table): string {
  const line = (cells: readonly Cell[]) =>
    cells.map(cell => (cell === null ? '' : String(cell).replaceAll(/[\t\r\n]+/g, ' '))).join('\t');
  return [line(columns.map(column => column.name)), ...rows.map(line)].join('\n');
}

/** The last Markdown table of a text without its rule, as tab-separated text. */
function lastTable(answer: string): string | null {
  const blocks = answer.match(/(?:^[ \t]*\|.*\|[ \t]*(?:\n|$)){2,}/gm);
  const rows = blocks?.at(-1)?.trimEnd().split('\n');
  const cells = rows?.map(row =>
    row
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map(cell =>
        cell
          .trim()
          .replaceAll('\\|', '|')
          .replaceAll(/\*\*|`/g, ''),
      ),
  );
  const body = cells?.filter(row => !row.every(cell => /^:?-+:?$/.test(cell)));
  return body ? body.map(row => row.join('\t')).join('\n') : null;
}
