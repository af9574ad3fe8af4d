// A session as Markdown: each question with its answer, and below it every result with the SQL and data behind it.

import {answerOf, type Call, callsOf, type Entry, receiptOf} from '../../agent/transcript.ts';
import {counted, printable} from '../../core/text.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import type {ExportedSession} from './export.ts';
import {refText} from './export.ts';
import {localTime} from './list.ts';

const shownRows = 50;

export function sessionMarkdown({id, entries, workspace}: ExportedSession): string {
  const head = [`# Session ${id}`, '', `Exported from the workspace ${printable(workspace, {oneLine: true})}.`];
  return `${[...head, ...entries.flatMap(entryText)].join('\n')}\n`;
}

function entryText(entry: Entry): string[] {
  const asked = entry.kind === 'turn' ? entry.prompt : (entry.line ?? 'a command that was cut off');
  return [
    '',
    `## ${headingText(asked)}`,
    '',
    `*${localTime(entry.at)}*`,
    ...said(answerText(entry)),
    ...callsOf(entry).flatMap(resultText),
  ];
}

/** What was answered, with the reason where the turn did not end well. */
export function answerText(entry: Entry): string {
  if (entry.kind === 'command') return entry.ok ? entry.text : `Failed: ${entry.text}`;
  const error = entry.error ? `${entry.error.message}${entry.error.hint ? ` ${entry.error.hint}` : ''}` : '';
  const cut = entry.outcome === null ? 'The run was cut off here.' : '';
  return [answerOf(entry) ?? '', error, cut].filter(part => part !== '').join('\n\n');
}

function said(text: string): string[] {
  return text.trim() === '' ? [] : ['', printable(text.trim())];
}

/** A result as Markdown: its table or summary, charts as text, and where it came from. */
export function resultText(call: Call): string[] {
  const receipt = receiptOf(call);
  if (!receipt || !call.result.ok) return [];
  const {table, summary, artifacts = []} = call.result;
  const {id, tool, sql, args, datasets, rowsRead, sampled} = receipt;
  const read = `${counted(rowsRead, 'row')} read${sampled ? ', a SAMPLE' : ''}`;
  const from = datasets.length > 0 ? `, from ${datasets.map(refText).join(', ')}, ${read}` : '';
  return [
    '',
    `### Result ${id}: ${tool}${from}`,
    '',
    ...(sql ? fenced('sql', sql) : fenced('json', JSON.stringify(args, null, 2))),
    '',
    ...(table ? [printable(renderMarkdownTable(table, {maxRows: shownRows}))] : fenced('', summary)),
    ...artifacts.flatMap(({preview, path, title}) => [
      ...(preview === undefined ? [] : ['', ...fenced('', preview)]),
      ...(path === undefined ? [] : ['', `${printable(title, {oneLine: true})}: ${printable(path, {oneLine: true})}`]),
    ]),
  ];
}

/** A fence longer than any run of backticks in the text, so that nothing in it can close it. */
export function fenced(language: string, text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, printable(text.trimEnd()), fence];
}

/** One line that begins no other Markdown structure. */
export function headingText(text: string): string {
  return printable(text.trim().replaceAll(/\s+/g, ' '), {oneLine: true}).replaceAll(/([\\`*_[\]<>])/g, '\\$1');
}
