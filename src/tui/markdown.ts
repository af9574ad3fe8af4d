// Cuts a streamed reply into finished lines, and styles them lightly. The text stays what the model wrote, so it can be copied.

import type {ChalkInstance} from 'chalk';
import {cellWidth} from './text-width.ts';

export type ProseLine = {kind: 'text' | 'heading' | 'code' | 'table_head' | 'table'; text: string};

/** What has arrived but is not finished: a partial line, the rows of an open table, an open code fence. */
export type Prose = {readonly partial: string; readonly table: readonly string[]; readonly fence: string | null};

export const emptyProse: Prose = {partial: '', table: [], fence: null};

/** Adds `delta`; `lines` are the lines it finished, in order. Table rows wait for the end of their table. */
export function feedProse(prose: Prose, delta: string): {prose: Prose; lines: ProseLine[]} {
  const parts = (prose.partial + delta).split('\n');
  const partial = parts.pop() ?? '';
  let state: Prose = {...prose, partial: ''};
  const lines: ProseLine[] = [];
  for (const part of parts) {
    const step = feedLine(state, part.replace(/\r$/, ''));
    state = step.prose;
    lines.push(...step.lines);
  }
  return {prose: {...state, partial}, lines};
}

/** Ends the reply: whatever waited becomes lines. */
export function endProse(prose: Prose): ProseLine[] {
  const last = prose.partial === '' ? {prose, lines: []} : feedLine({...prose, partial: ''}, prose.partial);
  return [...last.lines, ...alignTable(last.prose.table)];
}

/** What is shown live of text that is not finished yet. */
export function pendingLines(prose: Prose): string[] {
  return prose.partial === '' ? [...prose.table] : [...prose.table, prose.partial];
}

function feedLine(prose: Prose, line: string): {prose: Prose; lines: ProseLine[]} {
  const fence = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? null;
  if (prose.fence !== null) {
    const closes = fence?.startsWith(prose.fence) && /^\s*[`~]+\s*$/.test(line);
    return {prose: closes ? {...prose, fence: null} : prose, lines: [{kind: 'code', text: line}]};
  }
  if (/^\s*\|.*\|\s*$/.test(line)) return {prose: {...prose, table: [...prose.table, line]}, lines: []};
  const before = alignTable(prose.table);
  const state = {...prose, table: [], fence};
  if (fence !== null) return {prose: state, lines: [...before, {kind: 'code', text: line}]};
  const kind = /^ {0,3}#{1,6}\s/.test(line) ? 'heading' : 'text';
  return {prose: state, lines: [...before, {kind, text: line.trimEnd()}]};
}

function alignTable(rows: readonly string[]): ProseLine[] {
  if (rows.length === 0) return [];
  const cells = rows.map(row =>
    row
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map(cell => cell.trim()),
  );
  const isRule = (row: string[]) => row.every(cell => /^:?-+:?$/.test(cell));
  const hasRule = cells.length > 1 && isRule(cells[1] ?? []);
  const body = cells.filter((row, index) => !(hasRule && index === 1) && row.length > 0);
  const count = Math.max(...cells.map(row => row.length));
  const columns = Array.from({length: count}, (_, index) => {
    const values = body.slice(hasRule ? 1 : 0).map(row => row[index] ?? '');
    return {
      width: Math.max(3, ...body.map(row => cellWidth(row[index] ?? ''))),
      right: values.length > 0 && values.every(value => /^[-+]?[$€£]?[\d.,\s]*\d[\d.,]*\s?%?$|^$|^[-–—∅]$/.test(value)),
    };
  });
  return cells.map((row, rowIndex) => {
    const parts = columns.map(({width, right}, index) => {
      if (hasRule && rowIndex === 1) return right ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
      const cell = row[index] ?? '';
      const pad = ' '.repeat(Math.max(0, width - cellWidth(cell)));
      return right ? pad + cell : cell + pad;
    });
    return {kind: hasRule && rowIndex === 0 ? 'table_head' : 'table', text: `| ${parts.join(' | ')} |`};
  });
}

/** One finished line for the screen; `text` is already printable. Without colour it is left exactly as it is. */
export function styleProse(line: ProseLine, style: ChalkInstance): string {
  if (style.level === 0) return line.text;
  switch (line.kind) {
    case 'heading':
    case 'table_head':
      return style.bold(line.text);
    case 'code':
      return style.cyan(line.text);
    case 'table':
      return line.text;
    case 'text':
      return line.text
        .split(/(`[^`]+`)/)
        .map(part =>
          /^`[^`]+`$/.test(part)
            ? style.cyan(part)
            : part.replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, (_, strong: string) => style.bold(strong)),
        )
        .join('');
    default:
      line.kind satisfies never;
      return line.text;
  }
}
